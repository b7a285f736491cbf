// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// expect checks that the messages contain the phrases.
func expect(t *testing.T, said string, phrases ...string) {
	t.Helper()
	for _, phrase := range phrases {
		if !strings.Contains(said, phrase) {
			t.Errorf("%q is missing in what was said: %s", phrase, said)
		}
	}
}

// TestListThatLeavesTokensOutDropsNone covers tokens that are not on the listed page, for every way in which the server announces more.
func TestListThatLeavesTokensOutDropsNone(t *testing.T) {
	t.Parallel()
	for name, mark := range map[string]simulator.PageMark{"total": simulator.PageTotal, "next page": simulator.PageNext} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{PageSize: 2, PageMark: mark}})
			tokens := []*acctest.Instance{w.Plain(t), w.Plain(t), w.Plain(t), w.Plain(t)}
			for i, token := range tokens {
				token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": fmt.Sprint("t", i)})
			}
			process := w.Start(t.Context(), t, w.LoginArguments())
			warned := 0
			for i, token := range tokens {
				said := token.Refresh(t.Context(), process)
				if said.Failed() || token.State == nil {
					t.Fatalf("the token %d left the state: %s", i, said.Errors())
				}
				if strings.Contains(said.Warnings(), "List of access tokens is incomplete") {
					warned++
				}
			}
			if warned != 1 {
				t.Errorf("%d warnings were given for the walk, want 1", warned)
			}
			// A token that the list omits can still be destroyed: the response to DELETE reports success.
			tokens[3].MustApply(t.Context(), acctest.Delete, nil)
			if creates := w.Count(simulator.OpCreate); creates != len(tokens) {
				t.Errorf("%d creates were sent, want %d", creates, len(tokens))
			}
		})
	}
}

// TestHiddenByTheServersClock covers a token that has expired by the server's clock only, on a server that hides expired tokens.
func TestHiddenByTheServersClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-3 * time.Hour, -time.Hour, time.Hour, 3 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{HideExpired: true, ClockOffset: skew}})
			token := w.Plain(t)
			arguments := acctest.Arguments{"name": "idle"}
			token.MustApply(t.Context(), acctest.Create, arguments)
			for range 3 {
				w.Clock.Advance(31 * time.Minute)
				token.MustApply(t.Context(), acctest.Noop, arguments)
			}
			// A slot is renewed at the right time by the server's clock.
			slot := w.Rotating(t)
			arguments = acctest.Arguments{"name_prefix": "slot-", "renew": true}
			slot.MustApply(t.Context(), acctest.Create, arguments)
			w.Clock.Advance(19 * time.Minute)
			slot.MustApply(t.Context(), acctest.Noop, arguments)
			w.Clock.Advance(2 * time.Minute)
			slot.MustApply(t.Context(), acctest.Update, arguments)
			if !w.Works(slot.Text("access_token")) || len(w.Purged()) > 0 || w.Count(simulator.OpRenew) != 1 {
				t.Errorf("the slot was not renewed once: %d renewals", w.Count(simulator.OpRenew))
			}
		})
	}
}

// namedFor returns the argument that names a token: name, or name_prefix for a slot.
func namedFor(i *acctest.Instance, name string) acctest.Arguments {
	if i.Type == "commvault_access_token" {
		return acctest.Arguments{"name": name}
	}
	return acctest.Arguments{"name_prefix": name + "-"}
}

// TestWrongBasePathDestroysNothing verifies that an API that answers every request with 404 does not prove that tokens are gone.
func TestWrongBasePathDestroysNothing(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	missing := slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.Status).WithStatus(http.StatusNotFound)}, 99)
	for _, token := range []*acctest.Instance{w.Plain(t), w.Rotating(t)} {
		arguments := namedFor(token, "kept")
		token.MustApply(t.Context(), acctest.Create, arguments)
		token.Provider = acctest.Arguments{"host": w.URL(), "authtoken": w.NewSession(w.Username())} // no login proves the base path
		for _, op := range []simulator.Operation{simulator.OpList, simulator.OpRevoke, simulator.OpWhoAmI} {
			w.FailNext(op, missing...)
		}
		run := token.Apply(t.Context(), nil)
		if !run.Failed() || token.State == nil {
			t.Fatalf("the destroy succeeds: %s", run.Errors())
		}
		expect(t, run.Errors(), "terraform state rm", "base path")
		w.ClearFaults()
		token.MustApply(t.Context(), acctest.Delete, nil)
	}
	if left := w.Tokens(); len(left) > 0 {
		t.Errorf("%d tokens are left", len(left))
	}
}

// TestIgnoredOwnerIsAnErrorEachTime covers a server that creates a token for the caller instead of the requested user. No token
// remains, however often the user applies.
func TestIgnoredOwnerIsAnErrorEachTime(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{IgnoreUserID: true}})
	owner := service(w)
	for _, token := range []*acctest.Instance{w.Plain(t), w.Rotating(t)} {
		arguments := namedFor(token, "x")
		arguments["user_id"] = owner
		for range 2 {
			run := token.Apply(t.Context(), arguments)
			expect(t, run.Errors(), "Command Center does not honour an argument", "userId", "It was revoked at once", "does not help")
			if left := w.Tokens(); token.State != nil || len(left) > 0 {
				t.Fatalf("%d tokens are left, and the state is %v", len(left), token.State)
			}
		}
	}
	process := w.Start(t.Context(), t, w.LoginArguments())
	_, said := process.Open(t.Context(), acctest.Arguments{"user_id": owner})
	expect(t, said.Errors(), "Command Center does not honour an argument")
	if left := w.Tokens(); len(left) > 0 {
		t.Errorf("%d tokens are left by the ephemeral one", len(left))
	}
}

// TestContradictionThatCannotBeRevokedIsTainted covers such a token when its revocation fails.
func TestContradictionThatCannotBeRevokedIsTainted(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{IgnoreUserID: true}})
	owner := service(w)
	w.FailNext(simulator.OpRevoke, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML403)}, 9)...)
	token := w.Plain(t)
	run := token.Apply(t.Context(), acctest.Arguments{"name": "x", "user_id": owner})
	expect(t, run.Errors(), "It could not be revoked", "saved in the state as tainted")
	if !token.Tainted || token.ID() != 1001 || !w.Works(token.Text("access_token")) {
		t.Fatal("the token is not in the state with its secret")
	}
	w.ClearFaults()
	token.MustApply(t.Context(), acctest.Delete, nil)
	if left := w.Tokens(); len(left) > 0 {
		t.Errorf("%d tokens are left", len(left))
	}
}

// TestTokenOfAnotherOwnerIsNeverGone covers a state of an older release whose token was created for the caller although the
// configuration names another user.
func TestTokenOfAnotherOwnerIsNeverGone(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	owner := service(w)
	token, caller := w.Plain(t), w.UserID()
	arguments := acctest.Arguments{"name": "x", "user_id": owner}
	token.MustApply(t.Context(), acctest.Create, arguments)
	if err := w.EditToken(token.ID(), func(token *simulator.Token) { token.UserID = caller }); err != nil {
		t.Fatal(err)
	}
	run := token.MustApply(t.Context(), acctest.Noop, arguments)
	expect(t, run.Warnings(), "Access token belongs to another user", fmt.Sprintf("id %d", owner), fmt.Sprintf("id %d", w.UserID()))
	token.MustApply(t.Context(), acctest.Delete, nil)
	if left := w.Tokens(); len(left) > 0 || w.Count(simulator.OpCreate) != 1 {
		t.Errorf("%d tokens are left", len(left))
	}
}

// TestListOfAColleagueProvesNothing covers a server that ignores ?userId= and lists the caller's tokens.
func TestListOfAColleagueProvesNothing(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]simulator.Dialect{"named": {}, "nameless": {BriefList: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})
			arguments := acctest.Arguments{"name": "ours"}
			token, slot := w.Plain(t), w.Rotating(t)
			token.MustApply(t.Context(), acctest.Create, arguments)
			slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "ours-"})
			colleague(w, "eight")
			id := int64(12)
			elsewhere(t, w, simulator.Token{Name: "theirs", UserID: id})
			provider := editor{request: func(r *http.Request) {
				if isList(r) {
					r.URL.RawQuery = ""
				}
			}}.provider(t, w)
			provider["username"], provider["password"] = "eight", "C0lleague-Passw0rd"
			token.Provider, slot.Provider = provider, provider
			run := token.MustApply(t.Context(), acctest.Noop, arguments)
			expect(t, run.Warnings(), "Access tokens of another user listed")
			slot.MustApply(t.Context(), acctest.Noop, acctest.Arguments{"name_prefix": "ours-"})
			if creates := w.Count(simulator.OpCreate); creates != 2 {
				t.Errorf("%d creates were sent, want 2", creates)
			}
		})
	}
}

// TestRevocationThatWaitsForAnAdministrator verifies that DELETE is sent once a day, that no message claims that the token is gone, and
// that the token leaves the state once a list proves that it is gone.
func TestRevocationThatWaitsForAnAdministrator(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{RevokePending: true}})
	token := w.Plain(t)
	token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "x", "type": "MS_SCIM"})
	for i, sent := range []int{1, 1, 2} {
		run := token.Apply(t.Context(), nil)
		expect(t, run.Errors(), "Revocation of the access token is pending", "administrator")
		if token.State == nil || w.Count(simulator.OpRevoke) != sent {
			t.Fatalf("after the destroy %d, %d revocations were sent, want %d; the state is %v", i, w.Count(simulator.OpRevoke), sent, token.State)
		}
		if i == 1 {
			w.Clock.Advance(25 * time.Hour)
		} else {
			w.Clock.Advance(5 * time.Minute)
		}
	}
	w.ApproveRevocations()
	w.ResetJournal()
	process := w.Start(t.Context(), t, token.Provider) // as with -refresh=false
	plan, _ := token.Plan(t.Context(), process, nil)
	if said := token.ApplyPlan(t.Context(), process, plan); said.Failed() || token.State != nil || w.Count(simulator.OpRevoke) > 0 {
		t.Errorf("the destroy after the authorization fails or asks again: %s", said.Errors())
	}
}

// TestAnswerWithSecretsAndAFailure verifies that secrets in a response are saved, and that the failure in it is reported.
func TestAnswerWithSecretsAndAFailure(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	failing := editor{answer: func(r *http.Request, answer *httptest.ResponseRecorder) []byte {
		if !isCreate(r) && !isRenewal(r) {
			return answer.Body.Bytes()
		}
		return changed(answer, func(top map[string]any) {
			top["errorCode"], top["errorMessage"] = 99, "The audit log is full"
			top["error"] = map[string]any{"errorCode": 99, "errorMessage": "The audit log is full"}
		})
	}}
	token := w.Plain(t)
	token.Provider = failing.provider(t, w)
	run := token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "x"})
	expect(t, run.Warnings(), "Command Center returned the secrets together with a failure", "error code 99", "The audit log is full")
	if !w.Works(token.Text("access_token")) {
		t.Error("the secret is not in the state")
	}
	slot := w.Rotating(t)
	slot.Provider = token.Provider
	arguments := acctest.Arguments{"name_prefix": "s-", "renew": true}
	slot.MustApply(t.Context(), acctest.Create, arguments)
	w.Clock.Advance(25 * time.Minute)
	run = slot.MustApply(t.Context(), acctest.Update, arguments)
	expect(t, run.Warnings(), "Command Center returned the secrets together with a failure")
	if !w.Works(slot.Text("access_token")) || w.Count(simulator.OpRenew) != 1 {
		t.Error("the new pair is not in the state")
	}
}
