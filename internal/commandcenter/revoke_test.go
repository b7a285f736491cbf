// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestATokenRevokedElsewhereIsDoneInEveryDialect(t *testing.T) {
	everyDialect(t, func(b *bench) {
		token := b.elsewhere(simulator.Token{Name: "one"})
		b.RemoveToken(token.ID)
		for _, target := range []cc.Target{
			{ID: token.ID, Owner: cc.Owner{ID: token.UserID}}, {ID: token.ID, Owner: cc.Owner{Caller: true}},
			{ID: token.ID, Owner: cc.Owner{ID: token.UserID}, MayBeHidden: true},
		} {
			b.ResetJournal()
			if err := b.client().Revoke(b.t.Context(), target); err != nil {
				b.t.Errorf("%+v: %s", target, err)
			}
			b.wantAsked("login 1, list 1, revoke 1")
		}
	})
}

func TestARevocationIsOnlyDoneIfTheListProvesIt(t *testing.T) {
	status := func(code int) simulator.Fault { return simulator.NewFault(simulator.Status).WithStatus(code) }
	underStatus200 := simulator.NewFault(simulator.ErrorTop)
	for _, c := range []struct {
		name    string
		fault   simulator.Fault
		hidden  bool // by the server, because it has expired
		target  func(*cc.Target)
		expired bool // another one, which the list shows
		done    bool
	}{
		{name: "missing, as documented", fault: status(404), hidden: true, done: true},
		{name: "missing, under 200", fault: underStatus200, hidden: true, done: true},
		{name: "refused, and listed", fault: underStatus200},
		{name: "missing, but listed", fault: status(404)},
		{name: "forbidden, and hidden", fault: status(403), hidden: true},
		{name: "forbidden, and not listed by one that shows expired ones", fault: status(403), hidden: true, expired: true, done: true},
		{
			name: "forbidden, and not in the list of who knows whom", fault: status(403), hidden: true, expired: true,
			target: func(t *cc.Target) { t.Owner.ID = 0 },
		},
		{name: "forbidden, and not one to be hidden", fault: status(403), hidden: true, done: true, target: func(t *cc.Target) { t.MayBeHidden = false }},
		{name: "failed, and hidden", fault: status(500), hidden: true},
		{name: "lost, and hidden", fault: simulator.NewFault(simulator.BareStatus), hidden: true},
		{name: "lost, and not one to be hidden", fault: simulator.NewFault(simulator.BareStatus), hidden: true, done: true, target: func(t *cc.Target) { t.MayBeHidden = false }},
		{name: "refused by a page, and hidden", fault: simulator.NewFault(simulator.NotFoundHTML404), hidden: true},
		{name: "a redirect, and hidden", fault: simulator.NewFault(simulator.Redirect), hidden: true},
		{name: "busy", fault: simulator.NewFault(simulator.TooMany), hidden: true, target: func(t *cc.Target) { t.MayBeHidden = false }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, simulator.Options{})
			token := b.elsewhere(simulator.Token{Name: "one"})
			if c.expired {
				b.elsewhere(simulator.Token{Name: "expired", ExpiresAt: start.Add(-time.Hour)})
			}
			if c.hidden { // played by a list without it
				b.RemoveToken(token.ID)
			}
			b.FailNext(simulator.OpRevoke, c.fault, c.fault, c.fault)
			target := cc.Target{ID: token.ID, Owner: cc.Owner{ID: token.UserID}, MayBeHidden: true}
			if c.target != nil {
				c.target(&target)
			}
			if err := b.client().Revoke(t.Context(), target); (err == nil) != c.done {
				t.Errorf("done is %t, and the error is %v", c.done, err)
			}
		})
	}
}

func TestWithoutAListOnlyTheAPIsOwnNotFoundIsDone(t *testing.T) {
	for _, c := range []struct {
		fault simulator.Fault
		done  bool
	}{
		{simulator.Fault{}, true}, // the API's own
		{simulator.NewFault(simulator.NotFoundHTML404), false},
		{simulator.NewFault(simulator.ErrorTop), false},
		{simulator.NewFault(simulator.Status).WithStatus(403), false},
		{simulator.NewFault(simulator.BareStatus), false},
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoList: true}})
		b.FailNext(simulator.OpRevoke, c.fault, c.fault, c.fault)
		err := b.client().Revoke(t.Context(), cc.Target{ID: 77, Owner: cc.Owner{ID: b.UserID()}})
		if (err == nil) != c.done {
			t.Errorf("%s: %v", c.fault, err)
		}
	}
}

func TestTheListThatDecidesIsThatOfTheOwner(t *testing.T) {
	b := newBench(t, simulator.Options{})
	other := b.AddUser("other", "x-1234")
	token := b.elsewhere(simulator.Token{Name: "theirs", UserID: other})
	b.FailNext(simulator.OpRevoke, simulator.NewFault(simulator.ErrorTop))
	err := b.client().Revoke(t.Context(), cc.Target{ID: token.ID, Owner: cc.Owner{ID: other}})
	wantKind(t, err, cc.Refused)
	wantSays(t, err, "error code 4711", "The simulator was told to fail")
}
