// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// settings are the values of the flags.
type settings struct {
	address      string
	plainHTTP    bool
	directory    string // for ca.pem and commvault.env; a temporary directory if empty
	listDialects bool
	version      bool
	options      simulator.Options

	names, dialect, answer string // as given
	lifetimes              []lifetime
}

// lifetime is a flag for one of the simulator's lifetimes.
type lifetime struct {
	flag  string
	field *time.Duration
	usage string
}

// parse parses the flags. It writes errors to stderr and returns them. A request for help returns flag.ErrHelp.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	f := flag.NewFlagSet("simulator", flag.ContinueOnError)
	f.SetOutput(stderr)
	set.declare(f)
	if err := f.Parse(args); err != nil {
		return settings{}, err // the flag package has written it
	}
	err := set.check()
	if f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "simulator:", err)
		return settings{}, err
	}
	return set, nil
}

// declare declares the flags. A test compares the table of flags in the guide with these texts.
func (set *settings) declare(f *flag.FlagSet) {
	o, l := &set.options, &set.options.Lifetimes
	f.StringVar(&set.address, "address", "127.0.0.1:0", "`host:port` to listen on; with port 0, a free port is chosen")
	f.StringVar(&set.names, "name", "",
		"`names` and addresses, separated by commas, that other machines use; the certificate is valid for them, and the "+
			"first one is printed")
	f.StringVar(&set.directory, "directory", "",
		"`path` of a directory for ca.pem and, once the server listens, for commvault.env with the export lines")
	f.BoolVar(&set.plainHTTP, "http", false, "plain http instead of https; only on loopback addresses")
	f.StringVar(&o.BasePath, "base-path", simulator.DefaultBasePath, "base `path` of the API")
	f.StringVar(&o.Username, "username", simulator.DefaultUsername, "`name` of the administrator's account")
	f.StringVar(&o.Password, "password", simulator.DefaultPassword, "`password` of that account")
	f.StringVar(&set.dialect, "dialect", "default",
		"`names` of dialects, separated by commas; \"list\" prints all of them with descriptions")
	set.lifetimes = []lifetime{
		{"access-lifetime", &l.Access, "`duration` for which an access token is valid (30m)"},
		{"refresh-window", &l.RefreshWindow, "`duration` after the expiry in which an access token can still be renewed (336h)"},
		{"renewable-lifetime", &l.Renewable, "default `duration` for which a token can be renewed (2160h)"},
		{"renewable-max", &l.RenewableMax, "longest `duration` that a request can set for it (8760h)"},
		{"scim-lifetime", &l.SCIM, "default `duration` for which an MS_SCIM token is valid (720h)"},
		{"scim-max", &l.SCIMMax, "longest `duration` that a request can set for it (8760h)"},
		{"one-touch-lifetime", &l.OneTouch, "default `duration` for which a OneTouch token is valid (168h)"},
		{"one-touch-max", &l.OneTouchMax, "longest `duration` that a request can set for it (336h)"},
		{"session-lifetime", &l.Session, "`duration` for which a login session is valid (30m)"},
		{"approval", &l.Approval, "`duration` until a revocation takes effect, with -dialect revoke-pending (none)"},
	}
	for _, lifetime := range set.lifetimes {
		f.DurationVar(lifetime.field, lifetime.flag, 0, lifetime.usage)
	}
	f.IntVar(&o.RateLimit.Writes, "rate-limit-writes", 0, "`number` of writes allowed in each period; 0 is unlimited")
	f.IntVar(&o.RateLimit.Reads, "rate-limit-reads", 0, "`number` of reads allowed in each period; 0 is unlimited")
	f.DurationVar(&o.RateLimit.Period, "rate-limit-period", time.Hour, "`duration` of the period of the rate limit")
	f.StringVar(&set.answer, "rate-limit-answer", "period",
		"`form` of the wait in a 429: period (X-RateLimit-Period), seconds or date (Retry-After)")
	f.BoolVar(&set.version, "version", false, "print the version and exit")
}

// check checks the values and sets the options that depend on them.
func (set *settings) check() (err error) {
	o := &set.options
	for _, lifetime := range set.lifetimes {
		if *lifetime.field < 0 {
			return fmt.Errorf("-%s must not be negative, but is %s", lifetime.flag, *lifetime.field)
		}
	}
	if o.RateLimit.Writes < 0 || o.RateLimit.Reads < 0 || o.RateLimit.Period <= 0 {
		return errors.New("a rate limit must not be negative, and its period must be more than 0")
	}
	if !slices.Contains([]string{"period", "seconds", "date"}, set.answer) {
		return fmt.Errorf("-rate-limit-answer must be period, seconds or date, not %q", set.answer)
	}
	o.RateLimit.RetryAfter, o.RateLimit.RetryDate = set.answer != "period", set.answer == "date"
	o.Accounts = simulator.ExampleAccounts()
	if o.Username == "" || o.Password == "" {
		return errors.New("-username and -password must not be empty")
	}
	if set.names != "" {
		if set.plainHTTP {
			return errors.New("-name requires https; plain http is only for loopback addresses")
		}
		if o.Names, err = parseNames(set.names); err != nil {
			return err
		}
	}
	if set.dialect == "list" {
		set.listDialects = true
		return nil
	}
	if o.Dialect, err = simulator.ParseDialect(set.dialect); err != nil {
		return fmt.Errorf("-dialect: %w", err)
	}
	return nil
}

// parseNames splits names at commas. Each is an IP address or a host name, which may contain underscores, as names of containers do.
func parseNames(text string) ([]string, error) {
	names := strings.Split(text, ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		if !hostName.MatchString(names[i]) && net.ParseIP(names[i]) == nil {
			return nil, fmt.Errorf("-name: %q is neither a host name nor an IP address", names[i])
		}
	}
	return names, nil
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`)
