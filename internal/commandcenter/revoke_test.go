// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestATokenRevokedElsewhereIsDoneInEveryDialect(t *testing.T) {
	everyDialect(t, func(b *bench) {
		b.elsewhere(simulator.Token{Name: "lasting", Type: simulator.TypeSCIM})
		token := b.elsewhere(simulator.Token{Name: "one"})
		b.RemoveToken(token.ID)
		for lists, target := range []cc.Target{
			1: {ID: token.ID, Owner: cc.Owner{ID: token.UserID, Caller: true, Maker: b.Username()}},
			2: {ID: token.ID, Owner: cc.Owner{ID: token.UserID}}, // and the caller's
		} {
			if lists == 0 {
				continue
			}
			b.ResetJournal()
			if err := b.client().Revoke(b.t.Context(), target); err != nil {
				b.t.Errorf("%+v: %s", target, err)
			}
			b.wantAsked(fmt.Sprintf("login 1, list %d, revoke 1", lists))
		}
	})
}

func TestARevocationIsOnlyDoneIfTheListProvesIt(t *testing.T) {
	status := func(code int) simulator.Fault { return simulator.NewFault(simulator.Status).WithStatus(code) }
	underStatus200 := simulator.NewFault(simulator.ErrorTop)
	notFound200 := underStatus200.WithBody(`{"errorCode":5,"errorMessage":"Access token does not exist"}`)
	lasting := func(t *cc.Target) { t.MayBeHidden = false }
	for _, c := range []struct {
		name    string
		fault   simulator.Fault
		hidden  bool // from the list, because it has expired
		target  func(*cc.Target)
		expired bool // another token, which the list shows
		done    bool
	}{
		{name: "missing, as documented", fault: status(404), hidden: true, done: true},
		{name: "missing, under 200, by its wording", fault: notFound200, hidden: true, done: true},
		{name: "refused under 200, and hidden", fault: underStatus200, hidden: true},
		{name: "refused under 200, and not in a list that would show it", fault: underStatus200, hidden: true, target: lasting, done: true},
		{name: "refused, and listed", fault: underStatus200},
		{name: "missing, but listed", fault: status(404)},
		{name: "missing, under 200, but listed", fault: notFound200},
		{name: "missing, and not listed before", fault: status(404), hidden: true, target: func(t *cc.Target) { t.Unlisted = true }},
		{name: "forbidden, and hidden", fault: status(403), hidden: true},
		{name: "forbidden, and not listed by one that shows expired ones", fault: status(403), hidden: true, expired: true, done: true},
		{
			name: "forbidden, and not in the list of who knows whom", fault: status(403), hidden: true, expired: true,
			target: func(t *cc.Target) { t.Owner.ID = 0 },
		},
		{name: "forbidden, and not one to be hidden", fault: status(403), hidden: true, done: true, target: lasting},
		{name: "failed, and hidden", fault: status(500), hidden: true},
		{name: "lost, and hidden", fault: simulator.NewFault(simulator.BareStatus), hidden: true},
		{name: "lost, and not one to be hidden", fault: simulator.NewFault(simulator.BareStatus), hidden: true, done: true, target: lasting},
		{name: "refused by a page, and hidden", fault: simulator.NewFault(simulator.NotFoundHTML404), hidden: true},
		{name: "a redirect, and hidden", fault: simulator.NewFault(simulator.Redirect), hidden: true},
		{name: "busy", fault: simulator.NewFault(simulator.TooMany), hidden: true, target: lasting},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, simulator.Options{})
			b.elsewhere(simulator.Token{Name: "another of the owner"})
			token := b.elsewhere(simulator.Token{Name: "one"})
			if c.expired {
				b.elsewhere(simulator.Token{Name: "expired", ExpiresAt: start.Add(-time.Hour)})
			}
			if c.hidden { // simulated by a list without it
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

// TestANotFoundOfAnUnprovedAddressProvesNothing covers an authtoken with a wrong base path: another API answers both calls with
// 404.
func TestANotFoundOfAnUnprovedAddressProvesNothing(t *testing.T) {
	notFound := simulator.NewFault(simulator.Status).WithStatus(404)
	for _, proved := range []bool{false, true} {
		b := newBench(t, simulator.Options{})
		c := b.client(authtoken(b.NewSession(b.Username())))
		if proved {
			b.issue(c, cc.Spec{Name: "proof"})
		}
		b.FailNext(simulator.OpRevoke, notFound)
		b.FailNext(simulator.OpList, notFound, notFound)
		err := c.Revoke(t.Context(), cc.Target{ID: 77, Owner: cc.Owner{ID: b.UserID()}})
		if errors.Is(err, cc.ErrTokenNotFound) == proved || (err == nil) != proved {
			t.Errorf("proved %t: %v", proved, err)
		}
	}
}

// TestTheListAfterANotFoundProvesTheAddress guards that the revocation of a token that is already gone succeeds with an authtoken,
// even as the first call of the process.
func TestTheListAfterANotFoundProvesTheAddress(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(authtoken(b.NewSession(b.Username())))
	if err := c.Revoke(t.Context(), cc.Target{ID: 77, Owner: cc.Owner{ID: b.UserID(), Caller: true}}); err != nil {
		t.Error(err)
	}
	b.wantAsked("list 2, revoke 1")
}

func TestANotFoundIsNoProofIfTheListsFail(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.HTML403))
	err := b.client().Revoke(t.Context(), cc.Target{ID: 77, Owner: cc.Owner{ID: b.UserID()}})
	if !errors.Is(err, cc.ErrTokenMayBeListed) {
		t.Error(err)
	}
	wantKind(t, err, cc.Refused)
}

// TestANotFoundToAnotherUserProvesNothing covers an API that answers "not found" to users who are not allowed to see a token. The
// list is another user's.
func TestANotFoundToAnotherUserProvesNothing(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.elsewhere(simulator.Token{Name: "one"})
	service := b.AddUser("service", "its-Passw0rd")
	b.FailNext(simulator.OpRevoke, simulator.NewFault(simulator.Status).WithStatus(404))
	for range 2 { // userId is ignored
		b.FailNext(simulator.OpList, simulator.NewFault(simulator.EmptyObject).WithBody(fmt.Sprintf(
			`{"accessTokens":[{"accessTokenId":2,"tokenName":"theirs","userId":%d}]}`, service)))
	}
	c := b.client(authtoken(b.NewSession("service")))
	err := c.Revoke(t.Context(), cc.Target{ID: token.ID, Owner: cc.Owner{ID: token.UserID, Caller: true, Maker: b.Username()}})
	if !errors.Is(err, cc.ErrTokenOfAnother) {
		t.Errorf("the token lives, and the error is %v", err)
	}
}

func TestARevocationThatWaitsForAnAdministratorIsPending(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RevokePending: true}})
	b.elsewhere(simulator.Token{Name: "another of the owner"})
	token := b.elsewhere(simulator.Token{Name: "one"})
	c := b.client()
	target := cc.Target{ID: token.ID, Owner: cc.Owner{ID: token.UserID, Caller: true}}
	for _, again := range []bool{false, true} {
		target.Pending = again
		if err := c.Revoke(t.Context(), target); !errors.Is(err, cc.ErrRevocationPending) {
			t.Errorf("again %t: %v", again, err)
		}
	}
	b.wantAsked("login 1, list 2, revoke 1")
	b.ApproveRevocations()
	if err := c.Revoke(t.Context(), target); err != nil {
		t.Error(err)
	}
	b.wantAsked("login 1, list 3, revoke 1")
	target.Pending, target.Unlisted = false, true
	b.FailNext(simulator.OpRevoke, simulator.NewFault(simulator.ErrorTop).WithStatus(202).WithBody(`{"errorCode":0}`))
	if err := c.Revoke(t.Context(), target); !errors.Is(err, cc.ErrRevocationPending) {
		t.Errorf("of a token that was not listed: %v", err)
	}
}

func TestWithoutAListOnlyTheAPIsOwnNotFoundIsDone(t *testing.T) {
	for _, c := range []struct {
		fault simulator.Fault
		done  bool
	}{
		{simulator.Fault{}, true}, // the API's own answer
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
	wantSays(t, err, "error code 4711", "The simulator returned this error on request")
}
