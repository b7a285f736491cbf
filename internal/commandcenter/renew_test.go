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

// allForms are the ways to authenticate a renewal, in the order in which they are tried.
var allForms = []string{"both", "bearer", "authtoken", "authtoken bearer", "own", "none", "authtoken QSDK"}

// forms returns the forms in which the pair's renewals so far were authenticated.
func (b *bench) forms(pair cc.Pair) []string {
	b.t.Helper()
	secret := pair.AccessToken.Reveal()
	headers := map[[2]string]string{
		{"Bearer " + secret, secret}: "both",
		{"Bearer " + secret, ""}:     "bearer",
		{"", secret}:                 "authtoken",
		{"", "Bearer " + secret}:     "authtoken bearer",
		{"", "QSDK " + secret}:       "authtoken QSDK",
		{"", ""}:                     "none",
		{"", b.last(simulator.OpList).Header.Get("Authtoken")}: "own",
	}
	want := fmt.Sprintf(`{"accessToken":%q,"refreshToken":%q}`, secret, pair.RefreshToken.Reveal())
	var forms []string
	for _, r := range b.Journal() {
		if r.Operation != simulator.OpRenew || string(r.Body) != want {
			continue
		}
		form, known := headers[[2]string{r.Header.Get("Authorization"), r.Header.Get("Authtoken")}]
		if !known {
			b.t.Errorf("a renewal was sent with %q", r.Header)
		}
		forms = append(forms, form)
	}
	return forms
}

func pairOf(t cc.Token) cc.Pair {
	return cc.Pair{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken}
}

// renewal returns the renewal of a token that a client made.
func renewal(t cc.Token) cc.Renewal {
	return cc.Renewal{
		Wanted: cc.Wanted{ID: t.ID, Owner: cc.Owner{ID: t.UserID, Caller: true}, MayBeHidden: true},
		Pair:   pairOf(t), ExpiresAt: t.ExpiresAt,
	}
}

func TestAPairIsRenewedInTheFirstFormThatIsAccepted(t *testing.T) {
	for credential, last := range map[simulator.RenewCredential]string{
		simulator.RenewAny: "both", simulator.RenewBoth: "both", simulator.RenewBearer: "both", simulator.RenewAuthtoken: "both",
		simulator.RenewAuthtokenBearer: "authtoken bearer", simulator.RenewSession: "own", simulator.RenewNone: "none",
		simulator.RenewAuthtokenQSDK: "authtoken QSDK",
	} {
		for _, forbid := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, wrong ones forbidden: %t", last, forbid), func(t *testing.T) {
				b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewCredential: credential, RenewWrong403: forbid}})
				c := b.client()
				made, other := b.issue(c, cc.Spec{Name: "one"}), b.issue(c, cc.Spec{Name: "other"})
				b.clock.Advance(time.Hour)                               // it has expired and can still be renewed
				if _, err := c.FreshTokens(t.Context(), 0); err != nil { // in a new session
					t.Fatal(err)
				}
				renewed, err := c.Renew(t.Context(), made.ID, pairOf(made))
				if err != nil {
					t.Fatal(err)
				}
				now, _ := b.Token(made.ID)
				if renewed.ID != made.ID || renewed.AccessToken.Reveal() != now.AccessToken || renewed.RefreshToken.Reveal() != now.RefreshToken ||
					!renewed.ExpiresAt.Equal(now.ExpiresAt) {
					t.Errorf("the renewal was read as %+v", renewed)
				}
				tried := b.forms(pairOf(made))
				if !slices.Equal(tried, allForms[:len(tried)]) || len(tried) == 0 {
					t.Errorf("tried %q", tried)
				}
				accepted := tried[len(tried)-1]
				if credential != simulator.RenewBearer && credential != simulator.RenewAuthtoken && accepted != last {
					t.Errorf("tried %q, want %q last", tried, last)
				}
				if _, err := c.Renew(t.Context(), other.ID, pairOf(other)); err != nil {
					t.Error(err)
				}
				if got := b.forms(pairOf(other)); !slices.Equal(got, []string{accepted}) {
					t.Errorf("the next one was sent as %q", got)
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
			})
		}
	}
}

func TestOneRenewalFindsTheFormWhileTheOthersWait(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewCredential: simulator.RenewNone}})
	c := b.client()
	tokens := make([]cc.Token, 10)
	for i := range tokens {
		tokens[i] = b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)})
	}
	parallel(len(tokens), func(i int) {
		if _, err := c.Renew(t.Context(), tokens[i].ID, pairOf(tokens[i])); err != nil {
			t.Error(err)
		}
	})
	if got, want := b.Count(simulator.OpRenew), slices.Index(allForms, "none")+len(tokens); got != want {
		t.Errorf("%d renewals were sent, want %d", got, want)
	}
}

func TestAfterOneRenewalWasRefusedInEveryFormNoOtherIsTried(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	first, second := b.issue(c, cc.Spec{Name: "first"}), b.issue(c, cc.Spec{Name: "second"})
	b.FailNext(simulator.OpRenew, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.Status).WithStatus(403)}, len(allForms))...)
	for _, token := range []cc.Token{first, second} {
		_, err := c.Renew(t.Context(), token.ID, pairOf(token))
		if err == nil || !cc.KeepsPair(err) {
			t.Errorf("the error is %v", err)
		}
	}
	if got := b.forms(pairOf(first)); !slices.Equal(got, allForms) {
		t.Errorf("tried %q", got)
	}
	if got := b.forms(pairOf(second)); got != nil {
		t.Errorf("the next one was sent as %q", got)
	}
}

func TestAnExpiredSessionIsRenewedForTheFormThatWasAccepted(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewCredential: simulator.RenewSession}})
	c := b.client()
	first, second := b.issue(c, cc.Spec{Name: "first"}), b.issue(c, cc.Spec{Name: "second"})
	if _, err := c.Renew(t.Context(), first.ID, pairOf(first)); err != nil {
		t.Fatal(err)
	}
	b.ExpireSessions()
	b.ResetJournal()
	if _, err := c.Renew(t.Context(), second.ID, pairOf(second)); err != nil {
		t.Error(err)
	}
	b.wantAsked("login 1, renew 2")
}

func TestAPairIsSentOnceAfterEveryFault(t *testing.T) {
	eachFault(t, simulator.Options{}, func(b *bench, f simulator.Fault) {
		c := b.client()
		made := b.issue(c, cc.Spec{Name: "one"})
		b.FailNext(simulator.OpRenew, f)
		_, err := c.Renew(b.t.Context(), made.ID, pairOf(made))
		forms, keeps, succeeds := allForms[:1], false, false
		switch kind, documented := meaning(simulator.OpRenew, f); kind {
		case cc.Unauthorized:
			forms, succeeds = allForms[:2], true
		case cc.Refused:
			if f.Status == 403 && documented {
				forms, succeeds = allForms[:2], true
			}
		case cc.Busy:
			keeps = documented
		case harmless:
			succeeds = f.Kind != simulator.NoSecret
		default:
		}
		if succeeds && len(forms) > 1 && f.When == simulator.After {
			return // no server uses a pair and then rejects the credential
		}
		if (err == nil) != succeeds {
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

func TestAnInterruptedRenewalMayFinish(t *testing.T) {
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
