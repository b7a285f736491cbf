// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// settings are what the flags say.
type settings struct {
	address      string
	plainHTTP    bool
	listDialects bool
	options      simulator.Options
}

// parse the flags. What is wrong is written to stderr and returned; a request for help is flag.ErrHelp.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	o := &set.options
	f := flag.NewFlagSet("simulator", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&set.address, "address", "127.0.0.1:0", "`host:port` to listen at; port 0 takes a free one")
	f.BoolVar(&set.plainHTTP, "http", false, "plain http instead of https; on loopback addresses only")
	f.StringVar(&o.BasePath, "base-path", simulator.DefaultBasePath, "`path` where the API begins")
	f.StringVar(&o.Username, "username", simulator.DefaultUsername, "`name` of the administrator's account")
	f.StringVar(&o.Password, "password", simulator.DefaultPassword, "`password` of that account")
	dialect := f.String("dialect", "default",
		"`names` of how to differ from the default, separated by commas; \"list\" prints one a line. Known are "+
			strings.Join(append(simulator.DialectNames(), simulator.DialectParameters()...), ", "))

	l := &o.Lifetimes
	lifetimes := []struct {
		flag  string
		field *time.Duration
		usage string
	}{
		{"access-lifetime", &l.Access, "`duration` that an access token lives (30m)"},
		{"refresh-window", &l.RefreshWindow, "`duration` after its end in which it can be renewed (336h)"},
		{"renewable-lifetime", &l.Renewable, "`duration` that a token can be renewed, unless asked (2160h)"},
		{"renewable-max", &l.RenewableMax, "the most that may be asked of that `duration` (8760h)"},
		{"scim-lifetime", &l.SCIM, "`duration` that an MS_SCIM token lives, unless asked (720h)"},
		{"scim-max", &l.SCIMMax, "the most that may be asked of that `duration` (8760h)"},
		{"one-touch-lifetime", &l.OneTouch, "`duration` that a OneTouch token lives, unless asked (168h)"},
		{"one-touch-max", &l.OneTouchMax, "the most that may be asked of that `duration` (336h)"},
		{"session-lifetime", &l.Session, "`duration` that a login session lives (30m)"},
		{"approval", &l.Approval, "`duration` until a revocation takes effect, with -dialect revoke-pending (never)"},
	}
	for _, lifetime := range lifetimes {
		f.DurationVar(lifetime.field, lifetime.flag, 0, lifetime.usage)
	}
	f.IntVar(&o.RateLimit.Writes, "rate-limit-writes", 0, "`number` of writes let through in each period; 0: all")
	f.IntVar(&o.RateLimit.Reads, "rate-limit-reads", 0, "`number` of reads let through in each period; 0: all")
	f.DurationVar(&o.RateLimit.Period, "rate-limit-period", time.Hour, "`duration` of the rate limit's period")
	answer := f.String("rate-limit-answer", "period",
		"`form` in which a 429 tells how long to wait: period (X-RateLimit-Period), seconds or date (Retry-After)")

	err := f.Parse(args)
	if err != nil {
		return settings{}, err // the flag package has written it
	}
	problem := func(format string, args ...any) (settings, error) {
		err := fmt.Errorf(format, args...)
		_, _ = fmt.Fprintln(stderr, "simulator:", err)
		return settings{}, err
	}
	if f.NArg() > 0 {
		return problem("unexpected argument %q", f.Arg(0))
	}
	for _, lifetime := range lifetimes {
		if *lifetime.field < 0 {
			return problem("-%s must not be negative, but is %s", lifetime.flag, *lifetime.field)
		}
	}
	if o.RateLimit.Writes < 0 || o.RateLimit.Reads < 0 || o.RateLimit.Period <= 0 {
		return problem("a rate limit must not be negative, and its period must be more than 0")
	}
	if !slices.Contains([]string{"period", "seconds", "date"}, *answer) {
		return problem("-rate-limit-answer must be period, seconds or date, not %q", *answer)
	}
	o.RateLimit.RetryAfter, o.RateLimit.RetryDate = *answer != "period", *answer == "date"
	o.Accounts = simulator.ExampleAccounts()
	if o.Username == "" || o.Password == "" {
		return problem("-username and -password must not be empty")
	}
	if *dialect == "list" {
		set.listDialects = true
		return set, nil
	}
	o.Dialect, err = simulator.ParseDialect(*dialect)
	if err != nil {
		return problem("-dialect: %w", err)
	}
	return set, nil
}
