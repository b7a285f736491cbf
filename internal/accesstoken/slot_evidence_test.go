// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// renewing returns the arguments of a slot that Terraform renews.
func renewing() acctest.Arguments { return acctest.Arguments{"name_prefix": "slot-", "renew": true} }

// TestPrivateStateThatCannotBeRead verifies that in this case no pair is sent and the slot rotates, also if a later release wrote the
// private state.
func TestPrivateStateThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(private map[string][]byte){
		"missing":       func(p map[string][]byte) { delete(p, "rotation") },
		"another form":  func(p map[string][]byte) { p["rotation"] = []byte(`{"refreshed":"soon"}`) },
		"later release": func(p map[string][]byte) { p["version"] = []byte("3") },
		"odd version":   func(p map[string][]byte) { p["version"] = []byte(`"two"`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			w.slot.MustApply(t.Context(), acctest.Create, renewing())
			w.Clock.Advance(25 * time.Minute)
			var private map[string][]byte
			if err := json.Unmarshal(w.slot.Private, &private); err != nil {
				t.Fatal(err)
			}
			spoil(private)
			w.slot.Private, _ = json.Marshal(private)
			w.ResetJournal()
			run := w.slot.MustApply(t.Context(), acctest.Update, renewing())
			expect(t, run.Warnings(), "its private state cannot be read")
			w.did(1, 0, 0)
			if w.Count(simulator.OpRenew) > 0 || len(w.Purged()) > 0 {
				t.Error("a pair was sent")
			}
			w.works()
			w.slot.MustApply(t.Context(), acctest.Noop, renewing())
		})
	}
}

// authtoken returns the arguments of a provider with an access token as its credential.
func authtoken(w *acctest.Env, secret string) acctest.Arguments {
	return acctest.Arguments{"host": w.URL(), "authtoken": secret}
}

// TestPreviousTokenThatIsTheCredential verifies that the token is not revoked during the run, that nothing is due in the meantime, and
// that it is revoked once another credential is used. The same applies if the credential is a secret that a renewal replaced.
func TestPreviousTokenThatIsTheCredential(t *testing.T) {
	t.Parallel()
	for name, renewed := range map[string]bool{"its last secret": false, "one that a renewal replaced": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &walk{T: t, Env: acctest.NewOverHTTP(t, simulator.Options{
				Dialect:   simulator.Dialect{TokensManageTokens: true, OldAccessLives: true},
				Lifetimes: simulator.Lifetimes{Access: 12 * time.Hour},
			})}
			w.slot = w.Rotating(t)
			arguments := acctest.Arguments{"name_prefix": "slot-", "overlap_hours": 1, "renew": true, "renew_before_minutes": 5}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			login, own, first := w.slot.Provider, w.slot.Text("access_token"), w.slot.ID()
			if renewed {
				w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "renew_before_minutes", 719))
				w.Clock.Advance(7 * time.Hour) // a renewal falls due after half of the lifetime at the earliest
				w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "renew_before_minutes", 719))
			}
			arguments = with(arguments, "lifetime_days", 80)
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			if strings.Contains(string(w.slot.Private), own) {
				t.Error("a secret is in the private state")
			}
			w.Clock.Advance(90 * time.Minute)
			w.ResetJournal()
			w.slot.Provider = authtoken(w.Env, own)
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			run := w.slot.Apply(t.Context(), nil)
			expect(t, run.Errors(), "Access token is the provider's own credential", fmt.Sprintf("id %d", first))
			w.did(0, 0, 0)
			if previousTokens(t, w.slot) != 1 {
				t.Error("the token is not in previous_tokens any more")
			}
			w.slot.Provider = login
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(0, 0, 1)
			if previousTokens(t, w.slot) != 0 {
				t.Error("the token is still in previous_tokens")
			}
		})
	}
}

// TestSlotOfSeveralUsers covers a slot that one user created, another one rotated, and the first one plans again. No token counts as
// gone, and each token is revoked in its owner's list.
func TestSlotOfSeveralUsers(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]simulator.Dialect{"named": {}, "nameless": {BriefList: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, dialect)
			arguments := acctest.Arguments{"name_prefix": "slot-"}
			seven, nine := w.slot.Provider, colleague(w.Env, "nine")
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.slot.Provider = nine
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			arguments = with(arguments, "lifetime_days", 80)
			run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
			if !slices.Contains(run.Plan.Unknown, "user_id") {
				t.Error("the owner is known in a plan that rotates")
			}
			token, _ := w.Token(w.slot.ID())
			if got := w.slot.Attribute("user_id"); !got.Equal(tftypes.NewValue(tftypes.Number, token.UserID)) || token.UserID == w.UserID() {
				t.Errorf("user_id is %s, the owner is %d", got, token.UserID)
			}
			w.ResetJournal()
			w.slot.Provider = seven
			run = w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			if run.Warnings() != "" {
				t.Errorf("the plan warns: %s", run.Warnings())
			}
			w.Clock.Advance(25 * time.Hour)
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(0, 0, 1)
			w.slot.MustApply(t.Context(), acctest.Delete, nil)
			if left := w.Tokens(); len(left) > 0 {
				t.Errorf("%d tokens are left", len(left))
			}
		})
	}
}

// TestPreviousTokenThatWaitsForAnAdministrator verifies that the revocation is requested once a day and causes no diff in between, and
// that the token leaves the state once a list proves that it is gone.
func TestPreviousTokenThatWaitsForAnAdministrator(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{RevokePending: true})
	arguments := acctest.Arguments{"name_prefix": "slot-", "type": "MS_SCIM"}
	w.slot.MustApply(t.Context(), acctest.Create, arguments)
	arguments = with(arguments, "lifetime_days", 60)
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	w.ResetJournal()
	w.Clock.Advance(25 * time.Hour)
	run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
	expect(t, run.Warnings(), "Revocation of a previous access token is pending", "id 1001")
	w.did(0, 0, 1)
	w.slot.MustApply(t.Context(), acctest.Noop, arguments)
	w.Clock.Advance(25 * time.Hour)
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	w.did(0, 0, 1)
	w.ApproveRevocations()
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	w.did(0, 0, 0)
	if previousTokens(t, w.slot) != 0 {
		t.Error("the token is still in previous_tokens")
	}
	w.slot.MustApply(t.Context(), acctest.Noop, arguments)

	// A destroy also sends one request, and completes once the lists prove that the token is gone.
	for range 2 {
		run = w.slot.Apply(t.Context(), nil)
		expect(t, run.Errors(), "Revocation of the access token is pending")
	}
	w.did(0, 0, 1)
	w.ApproveRevocations()
	process := w.Start(t.Context(), t, w.slot.Provider)
	plan, _ := w.slot.Plan(t.Context(), process, nil)
	if said := w.slot.ApplyPlan(t.Context(), process, plan); said.Failed() || w.slot.State != nil {
		t.Errorf("the destroy fails: %s", said.Errors())
	}
	w.did(0, 0, 0)
}

// TestPairThatTheListDoesNotProve covers lists that lack the token without proving that it is gone. Nothing is sent, and the slot
// rotates.
func TestPairThatTheListDoesNotProve(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		says string
	}{
		"a page of it":      {`{"tokens":[{"accessTokenId":9,"tokenName":"x"}],"totalCount":2}`, "does not prove that it was revoked"},
		"another user's":    {`{"tokens":[{"accessTokenId":9,"tokenName":"x","userId":99}]}`, "does not prove that it was revoked"},
		"no array":          {`{}`, "does not prove that it was revoked"},
		"proved to be gone": {`{"tokens":[]}`, "it no longer exists on the server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			w.slot.MustApply(t.Context(), acctest.Create, renewing())
			w.Clock.Advance(25 * time.Minute)
			plan := w.plan(renewing())
			w.ResetJournal()
			odd := simulator.NewFault(simulator.ErrorTop).WithBody(c.body)
			w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{odd}, 9)...)
			said := w.applySaved(plan)
			w.ClearFaults()
			expect(t, said.Errors(), c.says, "rotates")
			w.did(0, 0, 0)
			w.slot.Apply(t.Context(), renewing())
			w.works()
		})
	}
}

// TestRenewalThatIsNotTaken verifies that the pair is kept, and works in the next apply, after responses that prove that it was not
// processed. A firewall's response proves nothing.
func TestRenewalThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault simulator.Fault
		keeps bool
	}{
		"401":            {simulator.NewFault(simulator.Status).WithStatus(http.StatusUnauthorized), true},
		"documented 403": {simulator.NewFault(simulator.Status).WithStatus(http.StatusForbidden), true},
		"429":            {simulator.NewFault(simulator.TooMany), true},
		"503":            {simulator.NewFault(simulator.Unavailable), true},
		"a firewall":     {simulator.NewFault(simulator.HTML403), false},
		"a waking ring":  {simulator.NewFault(simulator.HTML503), false},
		"a refusal":      {simulator.NewFault(simulator.ErrorTop), false},
		"documented 500": {simulator.NewFault(simulator.Status), false},
		"404":            {simulator.NewFault(simulator.Status).WithStatus(http.StatusNotFound), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			w.slot.Provider["max_retries"] = 1
			w.slot.MustApply(t.Context(), acctest.Create, renewing())
			id := w.slot.ID()
			w.Clock.Advance(25 * time.Minute)
			w.FailNext(simulator.OpRenew, slices.Repeat([]simulator.Fault{c.fault}, 30)...)
			run := w.slot.Apply(t.Context(), renewing())
			w.ClearFaults()
			if !run.Failed() || c.keeps != (w.slot.Text("refresh_token") != "") {
				t.Errorf("the refresh token stays: %t, want %t: %s", !c.keeps, c.keeps, run.Errors())
			}
			w.slot.MustApply(t.Context(), acctest.Update, renewing())
			w.works()
			if unchanged := w.slot.ID() == id; unchanged != c.keeps {
				t.Errorf("the slot keeps its token: %t, want %t", unchanged, c.keeps)
			}
		})
	}
}

// TestSecretsOfTheStateAreHidden covers messages of a server that echoes the request, trimmed or in another letter case.
func TestSecretsOfTheStateAreHidden(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	w.slot.MustApply(t.Context(), acctest.Create, renewing())
	var log acctest.Log
	secrets := []string{w.slot.Text("access_token"), w.slot.Text("refresh_token")}
	echo := simulator.NewFault(simulator.Status).WithStatus(http.StatusBadRequest).WithBody(fmt.Sprintf(
		`{"errorCode":3,"errorMessage":"bad %s and %s"}`, strings.ToUpper(secrets[0]), strings.ToLower(secrets[1])))
	for _, op := range []simulator.Operation{simulator.OpRenew, simulator.OpRevoke, simulator.OpUpdate} {
		w.FailNext(op, echo)
	}
	w.Clock.Advance(25 * time.Minute)
	ctx := log.Context(t.Context())
	said := w.slot.Apply(ctx, with(renewing(), "allowed_ips", []string{"192.0.2.1"})).Errors()
	said += w.slot.Apply(ctx, nil).Errors() + log.String()
	for _, secret := range secrets {
		if strings.Contains(strings.ToLower(said), strings.ToLower(secret)) {
			t.Errorf("a secret is shown: %s", said)
		}
	}
	expect(t, said, "(hidden)")
}

// TestRenewalsRefusedInEveryFormAreExplainedOnce covers a fleet on a server that accepts no form of the credential of a renewal.
func TestRenewalsRefusedInEveryFormAreExplainedOnce(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	forbidden := simulator.NewFault(simulator.Status).WithStatus(http.StatusForbidden)
	w.FailNext(simulator.OpRenew, slices.Repeat([]simulator.Fault{forbidden}, 99)...)
	slots := []*acctest.Instance{w.Rotating(t), w.Rotating(t), w.Rotating(t)}
	for _, slot := range slots {
		slot.MustApply(t.Context(), acctest.Create, renewing())
	}
	w.Clock.Advance(25 * time.Minute)
	process := w.Start(t.Context(), t, slots[0].Provider)
	explained, sent := 0, 0
	for _, slot := range slots {
		slot.Refresh(t.Context(), process)
		plan, _ := slot.Plan(t.Context(), process, renewing())
		said := slot.ApplyPlan(t.Context(), process, plan)
		expect(t, said.Errors(), "Access token not renewed", "stays in the state")
		if strings.Contains(said.Errors(), "every known way") {
			explained++
		}
		if now := w.Count(simulator.OpRenew); explained == 1 && sent == 0 {
			sent = now
		} else if now != sent {
			t.Errorf("%d renewals were sent after all forms were refused", now-sent)
		}
		if slot.Text("refresh_token") == "" {
			t.Error("the pair is forgotten, though nobody has used it")
		}
	}
	if explained != 1 {
		t.Errorf("the refusal was explained %d times, want once", explained)
	}
}
