// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// plan performs terraform plan -out: it refreshes and plans in a new process.
func (w *walk) plan(arguments acctest.Arguments) *acctest.Plan {
	w.Helper()
	process := w.Start(w.Context(), w.T, w.slot.Provider)
	said := w.slot.Refresh(w.Context(), process)
	plan, more := w.slot.Plan(w.Context(), process, arguments)
	if said.Failed() || more.Failed() {
		w.Fatalf("the plan fails: %s%s", said.Errors(), more.Errors())
	}
	return plan
}

// applySaved performs terraform apply with a saved plan.
func (w *walk) applySaved(plan *acctest.Plan) acctest.Diagnostics {
	w.Helper()
	return w.slot.ApplyPlan(w.Context(), w.Start(w.Context(), w.T, w.slot.Provider), plan)
}

// did checks the numbers of creates, renewals and revocations since the last ResetJournal.
func (w *walk) did(creates, renewals, revocations int) {
	w.Helper()
	got := []int{w.Count(simulator.OpCreate), w.Count(simulator.OpRenew), w.Count(simulator.OpRevoke)}
	if want := []int{creates, renewals, revocations}; !slices.Equal(got, want) {
		w.Errorf("%v creates, renewals and revocations were sent, want %v", got, want)
	}
	w.ResetJournal()
}

func with(arguments acctest.Arguments, name string, value any) acctest.Arguments {
	changed := acctest.Arguments{name: value}
	for key, value := range arguments {
		if key != name {
			changed[key] = value
		}
	}
	return changed
}

// TestSavedPlanDoesWhatItShows verifies that work that falls due between plan and apply is left to the next plan.
func TestSavedPlanDoesWhatItShows(t *testing.T) {
	t.Parallel()
	rotate := func(w *walk, arguments acctest.Arguments) acctest.Arguments {
		arguments = with(arguments, "lifetime_days", 80)
		w.slot.MustApply(w.Context(), acctest.Update, arguments)
		w.ResetJournal()
		return arguments
	}
	for name, c := range map[string]struct {
		renew         bool
		before        func(*walk, acctest.Arguments) acctest.Arguments
		passes        time.Duration
		now, nextTime [3]int
	}{
		"renewal falls due":  {true, nil, 31 * time.Minute, [3]int{}, [3]int{0, 1, 0}},
		"rotation falls due": {false, nil, 77 * acctest.Day, [3]int{}, [3]int{1, 0, 0}},
		"overlap ends":       {false, rotate, 25 * time.Hour, [3]int{}, [3]int{0, 0, 1}},
		"all of them at once": {
			true, rotate, 70 * acctest.Day, [3]int{}, [3]int{1, 0, 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": c.renew}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.ResetJournal()
			if c.before != nil {
				arguments = c.before(w, arguments)
			}
			arguments = with(arguments, "overlap_hours", 48)
			plan := w.plan(arguments)
			if len(plan.Unknown) > 0 {
				t.Errorf("%v are unknown, though nothing is due", plan.Unknown)
			}
			w.Clock.Advance(c.passes)
			if said := w.applySaved(plan); said.Failed() {
				t.Fatalf("the saved plan fails: %s", said.Errors())
			}
			w.did(c.now[0], c.now[1], c.now[2])
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(c.nextTime[0], c.nextTime[1], c.nextTime[2])
			w.holds()
		})
	}
}

// TestOldSavedPlan verifies that a plan that is at least a day old performs the changes that it shows.
func TestOldSavedPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		renew   bool
		due     time.Duration
		unknown []string
		does    [3]int
	}{
		"renewal": {
			true, 25 * time.Minute,
			[]string{"access_token", "expires_at", "refresh_token", "refresh_token_expires_at", "secret_version"}, [3]int{0, 1, 0},
		},
		"rotation": {
			false, 77 * acctest.Day,
			[]string{
				"access_token", "access_token_id", "expires_at", "name", "previous_tokens", "refresh_token",
				"refresh_token_expires_at", "renewable_until", "rotate_after", "secret_version", "user_id",
			}, [3]int{1, 0, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": c.renew}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.ResetJournal()
			w.Clock.Advance(c.due)
			plan := w.plan(arguments)
			slices.Sort(plan.Unknown)
			if !slices.Equal(plan.Unknown, c.unknown) {
				t.Errorf("%v are unknown, want %v", plan.Unknown, c.unknown)
			}
			w.Clock.Advance(acctest.Day)
			if said := w.applySaved(plan); said.Failed() {
				t.Fatalf("the saved plan fails: %s", said.Errors())
			}
			w.did(c.does[0], c.does[1], c.does[2])
			w.works()
			if again := w.slot.Apply(t.Context(), arguments); again.Action != acctest.Noop {
				t.Errorf("a second plan is to %s", again.Action)
			}
		})
	}
	t.Run("revocation", func(t *testing.T) {
		t.Parallel()
		w := newWalk(t, simulator.Dialect{})
		w.slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "slot-"})
		arguments := acctest.Arguments{"name_prefix": "slot-", "lifetime_days": 80}
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.Clock.Advance(25 * time.Hour)
		w.ResetJournal()
		plan := w.plan(arguments)
		if !slices.Equal(plan.Unknown, []string{"previous_tokens"}) {
			t.Errorf("%v are unknown, want previous_tokens", plan.Unknown)
		}
		w.Clock.Advance(acctest.Day)
		if said := w.applySaved(plan); said.Failed() || previousTokens(t, w.slot) != 0 {
			t.Errorf("%d previous tokens are left: %s", previousTokens(t, w.slot), said.Errors())
		}
		w.did(0, 0, 1)
	})
}

// TestSavedRenewalThatCameTooLate verifies that the apply fails without changes, and that the next plan rotates the slot.
func TestSavedRenewalThatCameTooLate(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*walk){
		"the window has closed": func(w *walk) { w.Clock.Advance(15 * acctest.Day) },
		"the token ended":       func(w *walk) { w.Clock.Advance(91 * acctest.Day) },
		"the token was revoked": func(w *walk) { w.RemoveToken(w.slot.ID()) },
		"the list cannot be had": func(w *walk) {
			w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML403)}, 9)...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.Clock.Advance(25 * time.Minute)
			plan := w.plan(arguments)
			w.ResetJournal()
			state, private := *w.slot.State, w.slot.Private
			meanwhile(w)
			said := w.applySaved(plan)
			if !strings.Contains(said.Errors(), "not renewed") || !strings.Contains(said.Errors(), "again") {
				t.Errorf("the error does not say what to do: %q", said.Errors())
			}
			if !w.slot.State.Equal(state) || !bytes.Equal(w.slot.Private, private) {
				t.Error("the refusal changed the state")
			}
			w.did(0, 0, 0)
			w.ClearFaults()
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.works()
		})
	}
}

// TestSomebodyElseRenews verifies that the pair in the state is not sent after somebody else has renewed the token, at whichever point
// that happens.
func TestSomebodyElseRenews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ beforePlan, refresh bool }{
		"before the plan": {true, true}, "before a plan without refresh": {true, false}, "between plan and apply": {false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			id := w.slot.ID()
			w.Clock.Advance(25 * time.Minute)
			plan := w.plan(arguments) // the renewal is due
			if c.beforePlan {
				if _, err := w.RenewToken(id); err != nil {
					t.Fatal(err)
				}
				if process := w.Start(t.Context(), t, w.slot.Provider); c.refresh {
					said := w.slot.Refresh(t.Context(), process)
					if !strings.Contains(said.Warnings(), "renewed by somebody else") || !strings.Contains(said.Warnings(), "(id 1001)") {
						t.Errorf("the refresh does not name the token: %q", said.Warnings())
					}
				}
				plan, _ = w.slot.Plan(t.Context(), w.Start(t.Context(), t, w.slot.Provider), arguments)
			} else if _, err := w.RenewToken(id); err != nil {
				t.Fatal(err)
			}
			w.ResetJournal()
			said := w.applySaved(plan)
			if said.Failed() {
				if !strings.Contains(said.Errors(), "renewed by somebody else") || w.slot.Text("refresh_token") != "" {
					t.Errorf("the refresh token is still in the state: %s", said.Errors())
				}
				w.slot.MustApply(t.Context(), acctest.Update, arguments)
			}
			w.did(1, 0, 0)
			w.works()
			if w.slot.ID() == id {
				t.Error("the slot did not rotate")
			}
		})
	}
}
