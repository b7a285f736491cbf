// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// forms in which the renewals so far were authenticated.
func (b *bench) forms(pair cc.Pair) []string {
	b.t.Helper()
	var forms []string
	for _, r := range b.Journal() {
		if r.Operation != simulator.OpRenew {
			continue
		}
		secret := pair.AccessToken.Reveal()
		switch authorization, authtoken := r.Header.Get("Authorization"), r.Header.Get("Authtoken"); {
		case authorization == "Bearer "+secret && authtoken == "":
			forms = append(forms, "bearer")
		case authorization == "" && authtoken == secret:
			forms = append(forms, "authtoken")
		case authorization == "" && authtoken == "":
			forms = append(forms, "none")
		default:
			b.t.Errorf("a renewal was sent with %q and %q", authorization, authtoken)
		}
		if want := fmt.Sprintf(`{"accessToken":%q,"refreshToken":%q}`, secret, pair.RefreshToken.Reveal()); string(r.Body) != want {
			b.t.Errorf("a renewal was sent with the body %s", r.Body)
		}
	}
	return forms
}

func pairOf(t cc.Token) cc.Pair {
	return cc.Pair{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken}
}

func TestAPairIsRenewedInTheFirstFormThatIsAccepted(t *testing.T) {
	for credential, want := range map[simulator.RenewCredential][]string{
		simulator.RenewBearer: {"bearer"}, simulator.RenewAuthtoken: {"bearer", "authtoken"}, simulator.RenewNone: {"bearer", "authtoken", "none"},
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewCredential: credential}})
		c := b.client()
		made := b.issue(c, cc.Spec{Name: "one"})
		b.clock.Advance(time.Hour) // it has expired, and can still be renewed
		renewed, err := c.Renew(t.Context(), made.ID, pairOf(made))
		if err != nil {
			t.Fatal(err)
		}
		now, _ := b.Token(made.ID)
		if renewed.ID != made.ID || renewed.AccessToken.Reveal() != now.AccessToken || renewed.RefreshToken.Reveal() != now.RefreshToken ||
			!renewed.ExpiresAt.Equal(now.ExpiresAt) {
			t.Errorf("the renewal was read as %+v", renewed)
		}
		if got := b.forms(pairOf(made)); !slices.Equal(got, want) {
			t.Errorf("tried %q, want %q", got, want)
		}
		list, err := c.Tokens(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if listed, _ := list.Get(made.ID); !listed.ExpiresAt.Equal(now.ExpiresAt) || listed.AccessToken != "" {
			t.Errorf("the shared list has %+v", listed)
		}
		for _, secret := range []cc.Secret{made.RefreshToken, renewed.AccessToken, renewed.RefreshToken} {
			if got := c.Mask().Hide(secret.Reveal()); got != "(hidden)" {
				t.Errorf("the mask makes %q of a secret", got)
			}
		}
		b.wantNoSecret()
	}
}

func TestAPairIsSentOnceAfterEveryFault(t *testing.T) {
	strict := simulator.Options{Dialect: simulator.Dialect{RenewCredential: simulator.RenewBearer}}
	eachFault(t, strict, func(b *bench, f simulator.Fault) {
		c := b.client()
		made := b.issue(c, cc.Spec{Name: "one"})
		b.FailNext(simulator.OpRenew, f)
		_, err := c.Renew(b.t.Context(), made.ID, pairOf(made))
		forms := []string{"bearer"}
		keeps := false
		switch kind, _ := meaning(simulator.OpRenew, f); kind {
		case cc.Unauthorized:
			forms, keeps = []string{"bearer", "authtoken", "none"}, true // the simulator takes the first form only
			if f.When == simulator.After {
				return // no server uses a pair and answers 401
			}
		case cc.Busy:
			keeps = true
		case harmless:
			if f.Kind != simulator.NoSecret {
				keeps = true // there is no error
			}
		default:
		}
		if (err == nil) != (f.Kind == simulator.Slow) {
			b.t.Fatalf("the error is %v", err)
		}
		if err != nil && cc.KeepsPair(err) != keeps {
			b.t.Errorf("keeps the pair: %t, %v", cc.KeepsPair(err), err)
		}
		if got := b.forms(pairOf(made)); !slices.Equal(got, forms) {
			b.t.Errorf("sent as %q, want %q", got, forms)
		}
		if slept := b.clock.Slept(); len(slept) > 0 {
			b.t.Errorf("waited %v", slept)
		}
		if len(b.Purged()) > 0 {
			b.t.Error("the chain was purged")
		}
		if err != nil {
			b.wantNoSecret(err.Error())
		}
	})
}

func TestARenewalThatNeverLeftKeepsThePair(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	b.Close()
	_, err := c.Renew(t.Context(), 1, cc.Pair{AccessToken: "an-access", RefreshToken: "a-refresh"})
	if failure := failureOf(t, err, cc.NeverSent); failure.Attempts != 1 || !cc.KeepsPair(err) {
		t.Errorf("the error is %+v", failure)
	}
}

func TestAnInterruptedRenewalIsLeftToEnd(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	made := b.issue(c, cc.Spec{Name: "one"})
	ctx, cancel := context.WithCancel(t.Context())
	b.OnAnswer(simulator.OpRenew, func(*http.Request) { cancel() })
	if _, err := c.Renew(ctx, made.ID, pairOf(made)); err != nil {
		t.Error(err)
	}
	_, err := c.Renew(ctx, made.ID, pairOf(made))
	wantKind(t, err, cc.Interrupted)
	if !cc.KeepsPair(err) {
		t.Error("a renewal that was not sent used the pair")
	}
	b.wantAsked("login 1, list 1, create 1, renew 1")
}

func TestAFreshSearchAsksForListsOfThisMoment(t *testing.T) {
	b := newBench(t, simulator.Options{})
	other := b.AddUser("other", "x-1234")
	mine := b.elsewhere(simulator.Token{Name: "mine"}).ID
	theirs := b.elsewhere(simulator.Token{Name: "theirs", UserID: other}).ID
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	for _, search := range []struct {
		owner cc.Owner
		id    int64
		found bool
		asked string
	}{
		{cc.Owner{ID: b.UserID(), Caller: true}, mine, true, "list 1"}, {cc.Owner{Caller: true}, 77, false, "list 1"},
		{cc.Owner{ID: other}, theirs, true, "list 1"}, {cc.Owner{ID: other, Caller: true}, theirs, true, "list 2"},
		{cc.Owner{ID: b.UserID(), Caller: true}, 77, false, "list 1"},
	} {
		b.ResetJournal()
		if token, found, list, err := c.FindFresh(t.Context(), search.owner, search.id); err != nil || found != search.found || list == nil {
			t.Errorf("%+v: found %+v, %t, %v", search.owner, token, found, err)
		}
		b.wantAsked(search.asked)
	}
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.HTML403))
	_, found, _, err := c.FindFresh(t.Context(), cc.Owner{Caller: true}, mine)
	if found {
		t.Error("found in a list that failed")
	}
	wantKind(t, err, cc.Refused)
}
