// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestExpiryThatNoAnswerReturns verifies that a list of the same operation supplies the expiry, so that a later renewal by somebody
// else is detected and no spent pair is sent.
func TestExpiryThatNoAnswerReturns(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{EndUntold: true})
	noRenewedExpiry := editor{answer: func(r *http.Request, answer *httptest.ResponseRecorder) []byte {
		if !isRenewal(r) {
			return answer.Body.Bytes()
		}
		return changed(answer, func(top map[string]any) { delete(top, "tokenExpiryTimestamp") })
	}}
	w.slot.Provider = noRenewedExpiry.provider(t, w.Env)
	w.slot.MustApply(t.Context(), acctest.Create, renewing())
	if got := w.slot.Text("expires_at"); got != acctest.In(30*time.Minute) {
		t.Errorf("expires_at is %q after the create", got)
	}
	w.ResetJournal()
	w.Clock.Advance(25 * time.Minute)
	w.slot.MustApply(t.Context(), acctest.Update, renewing())
	w.did(0, 1, 0)
	if got := w.slot.Text("expires_at"); got != acctest.In(55*time.Minute) {
		t.Errorf("expires_at is %q after the renewal", got)
	}
	w.slot.MustApply(t.Context(), acctest.Noop, renewing())
	w.Clock.Advance(10 * time.Minute)
	if _, err := w.RenewToken(w.slot.ID()); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(25 * time.Minute)
	w.slot.MustApply(t.Context(), acctest.Update, renewing())
	w.did(1, 0, 0)
	w.works()
}

// TestExpiryThatStaysUnknown verifies that a list of a later operation does not supply the expiry. The slot rotates instead.
func TestExpiryThatStaysUnknown(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{EndUntold: true})
	lists := 0
	w.slot.Provider = editor{answer: func(r *http.Request, answer *httptest.ResponseRecorder) []byte {
		if lists++; isList(r) && lists < 20 { // a list of the create, of which the first is empty
			answer.Code = http.StatusBadGateway
			if w.Count(simulator.OpCreate) == 0 {
				answer.Code = http.StatusOK
			}
		}
		return answer.Body.Bytes()
	}}.provider(t, w.Env)
	w.slot.Provider["max_retries"] = 0
	w.slot.MustApply(t.Context(), acctest.Create, renewing())
	lists = 20
	w.ResetJournal()
	w.slot.MustApply(t.Context(), acctest.Noop, renewing())
	w.Clock.Advance(25 * time.Minute)
	run := w.slot.MustApply(t.Context(), acctest.Update, renewing())
	expect(t, run.Warnings(), "it cannot be determined whether its pair of secrets was used")
	w.did(1, 0, 0)
	w.works()
}

// TestExpiryThatNothingTells verifies that a slot is renewed within the shortest documented lifetime if no response and no list
// contains an expiry, and that a second plan is empty.
func TestExpiryThatNothingTells(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{EndUntold: true, BriefList: true})
	w.slot.MustApply(t.Context(), acctest.Create, renewing())
	if got := w.slot.Text("expires_at"); got != "" {
		t.Fatalf("expires_at is %q", got)
	}
	w.ResetJournal()
	for renewals := 1; renewals <= 5; renewals++ {
		w.Clock.Advance(14 * time.Minute)
		w.slot.MustApply(t.Context(), acctest.Noop, renewing())
		w.Clock.Advance(11 * time.Minute)
		w.works()
		w.slot.MustApply(t.Context(), acctest.Update, renewing())
		w.did(0, 1, 0)
		w.works()
		w.slot.MustApply(t.Context(), acctest.Noop, renewing())
		w.ResetJournal()
	}
}
