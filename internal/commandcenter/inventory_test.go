// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestTwentyParallelCreatesSendOneLoginOneListAndTwentyPosts(t *testing.T) {
	b := newTLSBench(t, simulator.Options{})
	c := b.client()
	b.gate(simulator.OpCreate, 20) // they do not wait for each other
	parallel(20, func(i int) {
		if _, err := c.Issue(t.Context(), cc.Spec{Name: fmt.Sprint("t", i)}); err != nil {
			t.Error(err)
		}
	})
	b.wantAsked("login 1, list 1, create 20")
}

func TestAListIsRequestedOncePerOwner(t *testing.T) {
	b := newBench(t, simulator.Options{})
	other := b.AddUser("other", "x-1234")
	var ids []int64
	for i := range 10 {
		ids = append(ids, b.elsewhere(simulator.Token{Name: fmt.Sprint("t", i), UserID: []int64{b.UserID(), other}[i%2]}).ID)
	}
	c := b.client()
	parallel(30, func(i int) {
		owner := []int64{b.UserID(), other}[i%2]
		seen, err := c.Find(t.Context(), cc.Wanted{ID: ids[i%10], Owner: cc.Owner{ID: owner}})
		if err != nil || !seen.Found || seen.List == nil || seen.Token.Name != fmt.Sprint("t", i%10) {
			t.Errorf("found %+v, %v", seen, err)
		}
	})
	b.wantAsked("login 1, list 2")
}

func TestAFailedListFailsEveryReadAndIsNotRequestedAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.ForeignObject))
	c := b.client(noRetries)
	errs := make([]error, 12)
	parallel(len(errs), func(i int) {
		switch i % 3 {
		case 0:
			_, errs[i] = c.Tokens(t.Context(), 0)
		case 1:
			_, errs[i] = c.Find(t.Context(), cc.Wanted{ID: 1, Owner: cc.Owner{Caller: true}})
		default:
			_, errs[i] = c.Issue(t.Context(), cc.Spec{Name: fmt.Sprint("t", i)})
		}
	})
	for i, err := range errs {
		wantKind(t, err, cc.Lost)
		if i%3 == 2 {
			failure := failedIssue(t, err, cc.NothingCreated)
			wantKind(t, failure.ListErr, cc.Lost)
			wantSays(t, err, "nothing was sent, because the list of tokens")
		}
	}
	b.wantAsked("login 1, list 1")
}

func TestOwnWritesAreInTheSharedListsWithoutANewRequest(t *testing.T) {
	everyDialect(t, func(b *bench) {
		c := b.client()
		other := b.elsewhere(simulator.Token{Name: "other"})
		byID, err := c.Tokens(b.t.Context(), b.UserID())
		if err != nil {
			b.t.Fatal(err)
		}
		caller, err := c.Tokens(b.t.Context(), 0)
		if err != nil {
			b.t.Fatal(err)
		}
		made := b.issue(c, cc.Spec{
			Name: "one", Type: cc.TypeCustom, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"1.2.3.4"}, RenewableUntil: start.Add(30 * day),
		})
		for name, list := range map[string]*cc.List{"caller's": caller, "user's": byID} {
			got, found := list.Get(made.ID)
			if b.dialect.Ends != simulator.RoundNone {
				got.RenewableUntil = start.Add(30 * day)
			}
			if !found || got.Name != "one" || got.Type != cc.TypeCustom || !slices.Equal(got.APIEndpoints, []string{"/a"}) ||
				!slices.Equal(got.AllowedIPs, []string{"1.2.3.4"}) || !got.RenewableUntil.Equal(start.Add(30*day)) || got.UserID != b.UserID() {
				b.t.Errorf("after the create the %s list has %+v", name, got)
			}
			if got.AccessToken != "" || got.RefreshToken != "" {
				b.t.Errorf("the %s list holds secrets", name)
			}
		}

		name, endpoints, ips, until := "two", []string{"/b"}, []string{}, start.Add(40*day)
		change := cc.Change{Name: &name, APIEndpoints: &endpoints, AllowedIPs: &ips, RenewableUntil: &until}
		if _, err := c.Update(b.t.Context(), made.ID, change); err != nil {
			b.t.Fatal(err)
		}
		got, _ := caller.Get(made.ID)
		if b.dialect.Ends != simulator.RoundNone {
			got.RenewableUntil = until
		}
		if got.Name != "two" || !slices.Equal(got.APIEndpoints, endpoints) || len(got.AllowedIPs) != 0 || !got.RenewableUntil.Equal(until) {
			b.t.Errorf("after the update the list has %+v", got)
		}
		if got := caller.ByName("two"); len(got) != 1 || len(caller.ByName("one")) != 0 {
			b.t.Errorf("by name it has %+v", got)
		}

		if b.dialect.RevokePending {
			return
		}
		for _, id := range []int64{made.ID, other.ID} {
			if err := c.Revoke(b.t.Context(), cc.Target{ID: id}); err != nil {
				b.t.Fatal(err)
			}
			_, inCaller := caller.Get(id)
			_, inByID := byID.Get(id)
			if inCaller || inByID {
				b.t.Error("after the revocation the list still has it")
			}
		}
		b.wantAsked("login 1, list 2, create 1, update 1, revoke 2")
	})
}

func TestATokenMadeForAUserIsInTheCallersListIfThatIsWhoHeIs(t *testing.T) {
	b := newBench(t, simulator.Options{})
	other := b.AddUser("other", "x-1234")
	b.elsewhere(simulator.Token{Name: "shows who the caller is"})
	c := b.client()
	caller, err := c.Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	mine := b.issue(c, cc.Spec{Name: "mine", UserID: b.UserID()})
	theirs := b.issue(c, cc.Spec{Name: "theirs", UserID: other})
	if _, found := caller.Get(mine.ID); !found {
		t.Error("the caller's list lacks his token")
	}
	if _, found := caller.Get(theirs.ID); found {
		t.Error("the caller's list has somebody else's token")
	}
}

func TestWritesDuringAListRequestApplyToIt(t *testing.T) {
	b := newBench(t, simulator.Options{})
	changed, revoked := b.elsewhere(simulator.Token{Name: "changed"}), b.elsewhere(simulator.Token{Name: "revoked"})
	c := b.client()
	var made cc.Token
	var lists atomic.Int32
	b.OnAnswer(simulator.OpList, func(*http.Request) { // the answer exists and has not been sent yet
		if lists.Add(1) > 1 {
			return
		}
		made = b.issue(c, cc.Spec{Name: "made", UserID: b.UserID()})
		name := "new name"
		if _, err := c.Update(t.Context(), changed.ID, cc.Change{Name: &name}); err != nil {
			t.Error(err)
		}
		if err := c.Revoke(t.Context(), cc.Target{ID: revoked.ID}); err != nil {
			t.Error(err)
		}
	})
	list, err := c.Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, found := list.Get(made.ID); !found || got.Name != "made" {
		t.Errorf("the token that was made is listed as %+v, %t", got, found)
	}
	if got, _ := list.Get(changed.ID); got.Name != "new name" {
		t.Errorf("the one that was changed is listed as %+v", got)
	}
	if _, found := list.Get(revoked.ID); found {
		t.Error("the one that was revoked is listed")
	}
}

func TestAReleaseWithoutTheListCallIsRecognized(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.NewFault(simulator.NotFoundHTML404), simulator.NewFault(simulator.Status).WithStatus(404),
		simulator.NewFault(simulator.BareStatus).WithStatus(405), simulator.NewFault(simulator.BareStatus).WithStatus(501),
	} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpList, fault)
		c := b.client()
		for i := range 3 {
			seen, err := c.Find(t.Context(), cc.Wanted{ID: 1, Owner: cc.Owner{Caller: true}})
			if seen.Found || !errors.Is(err, cc.ErrNoListCall) {
				t.Fatalf("%s: found %t, %v", fault, seen.Found, err)
			}
			if seen.List == nil || seen.List.WarnOnce() != (i == 0) {
				t.Errorf("%s: the warning is not shown once", fault)
			}
		}
		b.wantAsked("login 1, list 1")
	}
	for _, status := range []int{400, 401, 403, 410, 500, 503} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpList, simulator.NewFault(simulator.Status).WithStatus(status))
		_, err := b.client(noRetries, authtoken(b.NewSession(b.Username()))).Tokens(t.Context(), 0)
		if err == nil || errors.Is(err, cc.ErrNoListCall) {
			t.Errorf("%d is taken for %v", status, err)
		}
	}
	notOfAList := &cc.Error{Operation: cc.OpCreate, Kind: cc.Refused, Status: 404}
	if errors.Is(notOfAList, cc.ErrNoListCall) {
		t.Error("a create that is not there is taken for a list that is not there")
	}
}

func TestOnlyListedTokensShowThatTheServerListsExpiredOnes(t *testing.T) {
	for _, hide := range []bool{false, true} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{HideExpired: hide}})
		b.elsewhere(simulator.Token{Name: "expired", ExpiresAt: start.Add(-time.Hour)})
		b.elsewhere(simulator.Token{Name: "expired later", ExpiresAt: start.Add(-time.Minute)})
		c := b.client()
		list, err := c.Tokens(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if list.ShowsExpired(start) == hide {
			t.Errorf("hidden %t, shown %t", hide, list.ShowsExpired(start))
		}
		b.issue(c, cc.Spec{Name: "expires while the list is in use"})
		b.clock.Advance(time.Hour)
		if list.ShowsExpired(b.clock.Now()) == hide {
			t.Errorf("after an own token expired: hidden %t, shown %t", hide, list.ShowsExpired(b.clock.Now()))
		}
		if list.ShowsExpired(start.Add(-2*time.Hour)) || !hide && !list.ShowsExpired(start.Add(-30*time.Minute)) {
			t.Error("shown before it expired, or not after")
		}
	}
}

func TestATokenThatExpiresAfterItWasListedShowsNothing(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{HideExpired: true}})
	b.elsewhere(simulator.Token{Name: "soon", ExpiresAt: start.Add(time.Minute)})
	list, err := b.client().Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if list.ShowsExpired(start.Add(time.Hour)) {
		t.Error("what was listed while it was good shows that expired tokens are listed")
	}
}

func TestTheResultOfAnUpdateIsInTheSharedList(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	made := b.issue(c, cc.Spec{Name: "one"})
	until := start.Add(1000 * day) // shortened to the maximum
	answered, err := c.Update(t.Context(), made.ID, cc.Change{RenewableUntil: &until})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	now, _ := b.Token(made.ID)
	got, _ := list.Get(made.ID)
	if !got.RenewableUntil.Equal(now.RenewableUntil) || !answered.RenewableUntil.Equal(now.RenewableUntil) || !got.ExpiresAt.Equal(now.ExpiresAt) {
		t.Errorf("listed is %+v, told %+v, and the server has %+v", got, answered, now)
	}
}
