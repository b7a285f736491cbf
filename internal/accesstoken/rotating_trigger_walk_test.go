// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestSlotRotatesWhenATriggerChanges verifies that a changed value of rotate_when_changed rotates with the overlap, that a change from
// or to an empty map is only recorded, and that no value is sent.
//
// Claim: "Arbitrary values that are never sent"
func TestSlotRotatesWhenATriggerChanges(t *testing.T) {
	t.Parallel()
	type values = map[string]string
	w := newWalk(t, simulator.Dialect{})
	arguments := acctest.Arguments{"name_prefix": "slot-"}
	w.slot.MustApply(t.Context(), acctest.Create, arguments)
	w.ResetJournal()
	sends := func() string {
		return strings.Join(append(w.Bodies(simulator.OpCreate), w.Bodies(simulator.OpUpdate)...), " ")
	}
	for _, step := range []struct {
		value   any
		action  acctest.Action
		rotates int
	}{
		{values{}, acctest.Update, 0}, {nil, acctest.Update, 0}, {values{"by": "a"}, acctest.Update, 0},
		{values{"by": "a"}, acctest.Noop, 0}, {values{"by": "b"}, acctest.Update, 1}, {values{"by": "b", "of": "b"}, acctest.Update, 1},
		{nil, acctest.Update, 0}, {values{"by": "c"}, acctest.Update, 0},
	} {
		arguments = with(arguments, "rotate_when_changed", step.value)
		before := previousTokens(t, w.slot)
		w.slot.MustApply(t.Context(), step.action, arguments)
		if got := previousTokens(t, w.slot) - before; got != step.rotates {
			t.Errorf("%v: %d more previous tokens", step.value, got)
		}
		if body := sends(); strings.Contains(body, `"by"`) || step.rotates > 0 && body == "" {
			t.Errorf("%v: %q was sent", step.value, body)
		}
		w.did(step.rotates, 0, 0)
		w.slot.MustApply(t.Context(), acctest.Noop, arguments)
	}
	w.works()
}
