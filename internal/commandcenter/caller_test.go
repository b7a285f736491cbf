// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestTheCallersNameIsRequestedOnce(t *testing.T) {
	b := newBench(t, simulator.Options{})
	session := b.NewSession(b.Username())
	for name, c := range map[string]struct {
		change func(*cc.Config)
		fault  simulator.Fault
		known  bool
		asked  string
	}{
		"from the login":      {func(*cc.Config) {}, simulator.Fault{}, true, "login 1"},
		"from WhoAmI":         {authtoken(session), simulator.Fault{}, true, "whoami 1"},
		"after a lost answer": {authtoken(session), simulator.NewFault(simulator.Reset), true, "whoami 2"},
		"an empty answer":     {authtoken(session), simulator.NewFault(simulator.Empty), false, "whoami 1"},
		"a failure":           {authtoken(session), simulator.NewFault(simulator.Status), false, "whoami 1"},
		"a page":              {authtoken(session), simulator.NewFault(simulator.HTML200), false, "whoami 1"},
		"of another form":     {authtoken(session), simulator.NewFault(simulator.EmptyObject), false, "whoami 1"},
		"refused":             {authtoken(session), simulator.NewFault(simulator.Status).WithStatus(403), false, "whoami 1"},
		"unauthorized":        {authtoken("QSDK nobody"), simulator.Fault{}, false, "whoami 1"},
	} {
		t.Run(name, func(t *testing.T) {
			b.ResetJournal()
			b.ClearFaults()
			b.FailNext(simulator.OpWhoAmI, c.fault)
			client := b.client(c.change)
			for range 3 {
				got, known := client.CallerName(t.Context())
				if known != c.known || known && got != b.Username() {
					t.Errorf("the caller is %q, %t", got, known)
				}
			}
			b.wantAsked(c.asked)
			for _, r := range b.Journal() {
				if r.Operation == simulator.OpWhoAmI && (r.Method != "POST" || len(r.Body) > 0) {
					t.Errorf("sent %s with %s", r.Method, r.Body)
				}
			}
		})
	}
}

func TestAnInterruptedSearchForTheCallerIsNotRemembered(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(authtoken(b.NewSession(b.Username())))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, known := c.CallerName(ctx); known {
		t.Error("known without a request")
	}
	if name, known := c.CallerName(t.Context()); !known || name != b.Username() {
		t.Errorf("the caller is %q, %t", name, known)
	}
}
