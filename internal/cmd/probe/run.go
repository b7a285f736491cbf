// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // interrupted, stopped early, or tokens are left
	exitBadFlags = 2
)

// process is the part of the operating system that a run uses.
type process struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	clock          clock.Clock
	random         io.Reader
}

// settings are the flags.
type settings struct {
	yes, readOnly, destructive bool
	sweep                      time.Duration // 0 to run the probe
	report                     string
}

// removalTime limits the cleanup.
const removalTime = 5 * time.Minute

// run runs the program and returns its exit code. It has revoked its tokens then, or has named those that are left.
func run(ctx context.Context, args []string, with process) int {
	say := func(format string, arguments ...any) { _, _ = fmt.Fprintf(with.stdout, format+"\n", arguments...) }
	complain := func(err error) { _, _ = fmt.Fprintln(with.stderr, "probe:", err) }
	set, err := parse(args, with.stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitBadFlags // the flag package has printed it
	}
	t, err := readTarget(with.getenv)
	if err != nil {
		complain(err)
		return exitBadFlags
	}
	p, err := newProbe(newClient(t, with.clock), with.random)
	if err != nil {
		complain(err)
		return exitFailed
	}
	if set.sweep > 0 {
		return p.sweepAndSay(ctx, set, with)
	}
	p.readOnly, p.destructive = set.readOnly, set.destructive
	say("%s", p.announcement())
	if !set.yes && !set.readOnly && !agrees(with) {
		say("Nothing was sent.")
		return exitFailed
	}

	p.ask(ctx)
	ended := p.ended(ctx)
	left := p.cleanUp(ctx)
	r := p.newReport(ended, left)
	for _, a := range r.Questions {
		say("%s", a.line())
	}
	say("\nNearest dialect: make simulator ARGS='-dialect %s'", r.Dialect)
	say("%d reads, %d writes. %s", r.Reads, r.Writes, p.summary(left))
	if ended != nil {
		say("Some questions were not asked: %s.", r.Ended)
	}
	if set.report != "" {
		if err := r.write(set.report); err != nil {
			complain(err)
			return exitFailed
		}
		say("The report is in %s. Please send it with the issue form \"Probe report\".", set.report)
	}
	if ended != nil || len(left) > 0 {
		return exitFailed
	}
	return exitOK
}

// parse parses the flags, and prints errors to stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	f := flag.NewFlagSet("probe", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.BoolVar(&set.yes, "yes", false, "do not ask before writing")
	f.BoolVar(&set.readOnly, "read-only", false, "create nothing, and answer only what reads can answer")
	f.BoolVar(&set.destructive, "destructive", false,
		"also send a pair of secrets twice; the server then deletes that token and sends an e-mail to the account's user")
	f.DurationVar(&set.sweep, "sweep", 0,
		"only revoke the tokens that the probe and the live tests left behind longer than this `duration` ago")
	f.StringVar(&set.report, "report", "probe-report.json", "`file` to write the report to; empty for none")
	if err := f.Parse(args); err != nil {
		return set, err
	}
	var err error
	switch {
	case f.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case set.readOnly && set.destructive:
		err = errors.New("-read-only and -destructive are mutually exclusive")
	case set.sweep < 0 || set.sweep > 0 && (set.readOnly || set.destructive):
		err = errors.New("-sweep must be a positive duration, without -read-only and -destructive")
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "probe:", err)
	}
	return set, err
}

// announcement describes what the probe is about to do.
func (p *probe) announcement() string {
	if p.readOnly {
		return "The probe logs in to the server of COMMVAULT_HOST and reads lists. It creates nothing."
	}
	text := fmt.Sprintf("The probe logs in to the server of COMMVAULT_HOST. It creates at most 7 access tokens for its own "+
		"account, named %s…,\nchanges, renews and revokes them, and touches no other token. It sends at most %d writes, and "+
		"waits as long as the server asks.", p.ledger.prefix, mostWrites)
	if p.destructive {
		text += "\nIt sends the pair of one of these tokens twice. THE SERVER THEN SENDS AN E-MAIL TO THE ACCOUNT'S USER."
	}
	return text
}

// agrees asks for confirmation.
func agrees(with process) bool {
	_, _ = fmt.Fprint(with.stdout, "Enter yes to continue (-yes skips this question): ")
	line, _ := bufio.NewReader(with.stdin).ReadString('\n') // end of input is not a yes
	return strings.TrimSpace(line) == "yes"
}

// ended returns the reason why the probe stopped early, or nil.
func (p *probe) ended(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("it was interrupted")
	case p.client.stopped != nil:
		return p.client.stopped
	case p.client.target.authtoken == "" && p.credential.Get("Authtoken") == "":
		return errors.New("the login failed: " + p.seen.login.how())
	case !p.readOnly && (p.seen.all == nil || p.seen.all.fate != made):
		return errors.New("no access token could be created: " + p.seen.allMade.how())
	}
	return nil
}

// cleanUp revokes the tokens and ends the session, also after an interruption.
func (p *probe) cleanUp(ctx context.Context) (left []string) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer p.client.clock.AfterFunc(removalTime, cancel)()
	left = p.removeAll(ctx)
	p.endSession(ctx)
	return left
}

// endSession logs out if the probe has logged in.
func (p *probe) endSession(ctx context.Context) {
	if session := p.credential.Get("Authtoken"); session != "" && p.client.target.authtoken == "" {
		p.logout(ctx, session)
	}
}
