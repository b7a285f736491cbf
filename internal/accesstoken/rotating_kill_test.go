// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// killed runs Terraform without saving the state. The server keeps the effects.
func (w *walk) killed(arguments acctest.Arguments) {
	w.Helper()
	before := *w.slot
	w.slot.Apply(w.Context(), arguments)
	*w.slot = before
}

// TestKillAroundARenewal verifies that the pair is sent again only if the server has not accepted it. A list without expiries cannot
// show this, so dialects with such lists are excluded.
func TestKillAroundARenewal(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		for _, when := range []simulator.When{simulator.Before, simulator.After} {
			if when == simulator.After && dialect.BriefList {
				continue
			}
			w := newWalk(t, dialect)
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.Clock.Advance(25 * time.Minute)
			w.FailNext(simulator.OpRenew, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.Reset).At(when)}, 3)...)
			w.killed(arguments)
			w.ClearFaults()
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.works()
		}
	})
}

// TestKillDuringARotation verifies that the token in the state survives a rotation that is missing from the state.
func TestKillDuringARotation(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	w.slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "slot-"})
	arguments := acctest.Arguments{"name_prefix": "slot-", "lifetime_days": 30}
	w.killed(arguments)
	w.works()
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	w.works()
}

// TestLostRenewalRotates verifies that the pair is forgotten, that an error reports it, and that the slot rotates even if renew is
// reset to false.
func TestLostRenewalRotates(t *testing.T) {
	t.Parallel()
	for _, renew := range []bool{true, false} {
		w := newWalk(t, simulator.Dialect{BriefList: true})
		arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		w.Clock.Advance(25 * time.Minute)
		w.FailNext(simulator.OpRenew, simulator.NewFault(simulator.Reset).At(simulator.After))
		run := w.slot.Apply(t.Context(), arguments)
		if !strings.Contains(run.Errors(), "never sent again") || w.slot.Text("refresh_token") != "" {
			t.Errorf("the pair is still in the state: %q", run.Errors())
		}
		w.ResetJournal()
		w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "renew", renew))
		w.did(1, 0, 0)
		w.works()
	}
}

// TestUserRenewsWithoutTerraform verifies that with renew = false a renewal by the consumer causes no diff, and that no old pair is
// sent.
func TestUserRenewsWithoutTerraform(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, dialect simulator.Dialect) {
		w := newWalk(t, dialect)
		arguments := acctest.Arguments{"name_prefix": "slot-"}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		for day := 7; day <= 119; day += 7 {
			w.Clock.Advance(7 * acctest.Day)
			if _, err := w.RenewToken(w.slot.ID()); err != nil {
				t.Fatal(err)
			}
			want := acctest.Noop
			if day == 77 || day == 84 { // rotation, then the end of the overlap
				want = acctest.Update
			}
			w.slot.MustApply(t.Context(), want, arguments)
		}
		if sent := w.Count(simulator.OpRenew); sent > 0 || len(w.Purged()) > 0 || len(w.Tokens()) != 1 {
			t.Errorf("%d renewals were sent, %v purged, %d tokens are left", sent, w.Purged(), len(w.Tokens()))
		}
	}, "revoke-pending", "extreme") // Without an administrator nothing is revoked.
}

// TestSlotOfEachType verifies that the slot holds a working token on every day, for the calls that its type permits.
func TestSlotOfEachType(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		arguments acctest.Arguments
		rotations int // in 45 days
	}{
		"MS_SCIM":               {acctest.Arguments{"type": "MS_SCIM"}, 2},  // every 20 days
		"OneTouch":              {acctest.Arguments{"type": "OneTouch"}, 9}, // every 5 days, because Terraform runs daily
		"CUSTOM":                {acctest.Arguments{"type": "CUSTOM", "api_endpoints": []string{"/client"}, "renew": true}, 0},
		"DEFAULT":               {acctest.Arguments{"type": "DEFAULT", "renew": true, "lifetime_days": 30}, 2},
		"Hyperscale":            {acctest.Arguments{"type": "Hyperscale", "renew": true, "lifetime_days": 30, "rotate_before_days": 5}, 1},
		"a server's short life": {acctest.Arguments{"type": "MS_SCIM", "lifetime_days": 300, "rotate_before_days": 290}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewOverHTTP(t, simulator.Options{Lifetimes: simulator.Lifetimes{SCIMMax: 30 * acctest.Day}})
			s := &walk{T: t, Env: w, slot: w.Rotating(t)}
			arguments := with(c.arguments, "name_prefix", "slot-")
			s.slot.MustApply(t.Context(), acctest.Create, arguments)
			for range 45 {
				w.Clock.Advance(acctest.Day)
				if run := s.slot.Apply(t.Context(), arguments); run.Failed() {
					t.Fatal(run.Errors())
				}
				s.works()
			}
			if rotations := w.Count(simulator.OpCreate) - 1; rotations != c.rotations {
				t.Errorf("%d rotations, want %d", rotations, c.rotations)
			}
			if s.slot.MustApply(t.Context(), acctest.Delete, nil); len(w.Tokens()) > 0 {
				t.Errorf("%d tokens are left after the destroy", len(w.Tokens()))
			}
		})
	}
}

// TestNothingDueWritesNothing verifies that an empty plan leaves the state and the private state byte for byte identical. Terraform
// would write a new state for a change in either.
func TestNothingDueWritesNothing(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, dialect simulator.Dialect) {
		for _, arguments := range []acctest.Arguments{
			{"name_prefix": "slot-"}, {"name_prefix": "slot-", "type": "MS_SCIM"},
			{"name_prefix": "slot-", "renew": true, "renew_before_minutes": 1},
		} {
			w := newWalk(t, dialect)
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			state, private := *w.slot.State, w.slot.Private
			steps := []time.Duration{time.Minute, 27 * time.Minute}
			if arguments["renew"] == nil {
				steps = append(steps, 2*time.Hour, 5*acctest.Day)
			}
			for _, step := range steps {
				w.Clock.Advance(step)
				w.slot.MustApply(t.Context(), acctest.Noop, arguments)
				if !w.slot.State.Equal(state) || !bytes.Equal(w.slot.Private, private) {
					t.Errorf("after %s the state is another: %s", step, w.slot.Private)
				}
			}
			w.Clock.Advance(80 * acctest.Day)
			without := w.Start(t.Context(), t, w.slot.Provider)
			if plan, _ := w.slot.Plan(t.Context(), without, arguments); plan.Action != acctest.Noop {
				t.Errorf("without a refresh the plan is to %s", plan.Action)
			}
		}
	}, "listed-ends-earlier", "listed-ends-later", "extreme") // A list that rounds ends changes the state's ends once.
}

// TestGoneTokenRotates verifies that the slot gets a new token, and that a later apply revokes the missing token in case it was only
// hidden.
func TestGoneTokenRotates(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, dialect simulator.Dialect) {
		w := newWalk(t, dialect)
		arguments := acctest.Arguments{"name_prefix": "slot-"}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		gone := w.slot.ID()
		w.RemoveToken(gone)
		w.ResetJournal()
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.did(1, 0, 0)
		w.works()
		if previousTokens(t, w.slot) != 1 || !strings.Contains(w.slot.Attribute("previous_tokens").String(), fmt.Sprint(gone)) {
			t.Error("the token that is gone is not in previous_tokens")
		}
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.did(0, 0, 1)
		w.slot.MustApply(t.Context(), acctest.Noop, arguments)
	}, "empty-null", "empty-left-out", "revoke-pending", "extreme") // A null or omitted list proves no absence.
}
