// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestPreviousTokenWithoutARecord covers a previous token from an older release. After another user has rotated the slot, the token is
// still looked up in its owner's list.
func TestPreviousTokenWithoutARecord(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	arguments := acctest.Arguments{"name_prefix": "slot-", "overlap_hours": 48}
	w.slot.MustApply(t.Context(), acctest.Create, arguments)
	arguments = with(arguments, "lifetime_days", 80)
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	editRotation(t, w.slot, func(stored map[string]any) { delete(stored, "previous") })
	w.slot.Provider = colleague(w.Env, "nine")
	arguments = with(arguments, "lifetime_days", 70)
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	if !strings.Contains(readable(t, w.slot.Private), `"id":1001`) {
		t.Errorf("the private state is %s", readable(t, w.slot.Private))
	}
	w.Clock.Advance(49 * time.Hour)
	w.ResetJournal()
	if run := w.slot.MustApply(t.Context(), acctest.Update, arguments); run.Warnings() != "" {
		t.Errorf("the apply warns: %s", run.Warnings())
	}
	w.did(0, 0, 2)
	if left := w.Tokens(); len(left) != 1 {
		t.Errorf("%d tokens are left", len(left))
	}
}

// editRotation changes the private state of a slot.
func editRotation(t *testing.T, slot *acctest.Instance, change func(stored map[string]any)) {
	t.Helper()
	var private map[string][]byte
	if err := json.Unmarshal(slot.Private, &private); err != nil {
		t.Fatal(err)
	}
	stored := map[string]any{}
	if err := json.Unmarshal(private["rotation"], &stored); err != nil {
		t.Fatal(err)
	}
	change(stored)
	private["rotation"], _ = json.Marshal(stored)
	slot.Private, _ = json.Marshal(private)
}

// TestOwnerThatTheCreateAnswered verifies that the owner in the response to a create is recorded, and used for lookups by a user whose
// own list lacks the token.
func TestOwnerThatTheCreateAnswered(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]simulator.Dialect{"named": {}, "nameless": {BriefList: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, dialect)
			arguments := acctest.Arguments{"name_prefix": "slot-"}
			w.slot.Provider = colleague(w.Env, "nine")
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			made, _ := w.Token(w.slot.ID())
			w.slot.Provider = w.LoginArguments()
			for _, lifetime := range []int{80, 70} { // another user plans and rotates, and a third one plans
				if run := w.slot.MustApply(t.Context(), acctest.Noop, arguments); run.Warnings() != "" {
					t.Errorf("the plan warns: %s", run.Warnings())
				}
				arguments = with(arguments, "lifetime_days", lifetime)
				w.slot.MustApply(t.Context(), acctest.Update, arguments)
				w.slot.Provider = colleague(w.Env, fmt.Sprintf("colleague-%d", lifetime))
			}
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			if token, _ := w.Token(w.slot.ID()); token.UserID == made.UserID {
				t.Error("the owner is the same")
			}
			w.works()
		})
	}
}
