// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestNarrowerScopeReachesTheOverlap verifies that a narrower scope takes effect immediately in every dialect, even if an update issues
// new secrets. In that case an error asks for another apply.
func TestNarrowerScopeReachesTheOverlap(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		w := newWalk(t, dialect)
		arguments := acctest.Arguments{"name_prefix": "slot-", "type": "CUSTOM", "api_endpoints": []string{"/a", "/b"}}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		arguments = with(arguments, "lifetime_days", 60)
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		arguments = with(arguments, "api_endpoints", []string{"/a"})
		if run := w.slot.Apply(t.Context(), arguments); run.Failed() != (dialect.UpdateSecrets == simulator.UpdateRepeatsNew) {
			t.Fatalf("the apply said %q", run.Errors())
		}
		for _, token := range w.Tokens() {
			if !slices.Equal(token.APIEndpoints, []string{"/a"}) {
				t.Errorf("the token %d may call %v", token.ID, token.APIEndpoints)
			}
		}
		w.works()
		w.slot.MustApply(t.Context(), acctest.Noop, arguments)
	})
}

// TestChangedTypeDoesNotBlockTheSlot verifies that a type that the old tokens cannot change to is not sent to them, and neither are its
// endpoints: the server would refuse the update.
func TestChangedTypeDoesNotBlockTheSlot(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	w.slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "slot-", "type": "MS_SCIM"})
	arguments := acctest.Arguments{"name_prefix": "slot-", "type": "CUSTOM", "api_endpoints": []string{"/a"}}
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	arguments = with(arguments, "api_endpoints", []string{"/b"})
	w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "allowed_ips", []string{"192.0.2.1"}))
	for _, token := range w.Tokens() {
		if !slices.Equal(token.AllowedIPs, []string{"192.0.2.1"}) || (len(token.APIEndpoints) > 0) != (token.Type == "CUSTOM") {
			t.Errorf("the token %d has the scope %v %v", token.ID, token.APIEndpoints, token.AllowedIPs)
		}
	}
	w.Clock.Advance(25 * time.Hour)
	w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "allowed_ips", []string{"192.0.2.1"}))
	if left := w.Tokens(); len(left) != 1 {
		t.Errorf("%d tokens are left", len(left))
	}
}

// TestGoneTokenDoesNotBlockTheScope covers a change of the scope together with the rotation of a missing token.
func TestGoneTokenDoesNotBlockTheScope(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		w := newWalk(t, dialect)
		w.slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "slot-"})
		w.RemoveToken(w.slot.ID())
		arguments := acctest.Arguments{"name_prefix": "slot-", "allowed_ips": []string{"192.0.2.1"}}
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.slot.MustApply(t.Context(), acctest.Noop, arguments)
	})
}

// TestUnknownArgumentsPlanTheMost verifies that an argument that becomes known only during apply can cause no more changes than the
// plan shows. Terraform would report an inconsistent final plan.
func TestUnknownArgumentsPlanTheMost(t *testing.T) {
	t.Parallel()
	base := acctest.Arguments{"name_prefix": "slot-"}
	for name, c := range map[string]struct {
		argument string
		values   []any
		before   time.Duration
	}{
		"name_prefix":          {"name_prefix", []any{"slot-", "other-"}, 0},
		"type":                 {"type", []any{nil, "MS_SCIM"}, 0},
		"lifetime_days":        {"lifetime_days", []any{nil, 90, 30}, 0},
		"rotate_before_days":   {"rotate_before_days", []any{nil, 14, 89}, 40 * acctest.Day},
		"renew":                {"renew", []any{nil, false, true}, 31 * time.Minute},
		"renew_before_minutes": {"renew_before_minutes", []any{nil, 1, 29}, time.Minute},
		"overlap_hours":        {"overlap_hours", []any{nil, 3}, 77 * acctest.Day},
		"allowed_ips":          {"allowed_ips", []any{nil, []string{"192.0.2.1"}}, 0},
	} {
		for _, value := range c.values {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWalk(t, simulator.Dialect{})
				arguments := maps.Clone(base)
				if c.argument == "renew_before_minutes" {
					arguments["renew"] = true
				}
				w.slot.MustApply(t.Context(), acctest.Create, arguments)
				w.Clock.Advance(c.before)
				arguments["overlap_hours"] = 30 // an update advances the clock of the plan
				w.slot.MustApply(t.Context(), acctest.Update, arguments)
				plan := w.plan(with(arguments, c.argument, acctest.Unknown))
				plan.Config = w.plan(with(arguments, c.argument, value)).Config
				if said := w.applySaved(plan); said.Failed() { // it checks that known values stayed
					t.Fatalf("%v: %s", value, said.Errors())
				}
				w.holds()
			})
		}
	}
}

// TestScopeInTheStateIsThatOfTheToken verifies that an update that failed leaves the old scope in the state, and that one that succeeded
// leaves the new scope, although no list shows it.
func TestScopeInTheStateIsThatOfTheToken(t *testing.T) {
	t.Parallel()
	before := acctest.Arguments{"name_prefix": "slot-", "type": "CUSTOM", "api_endpoints": []string{"/a"}, "allowed_ips": []string{"192.0.2.1"}}
	for argument, after := range map[string]any{"api_endpoints": []string{"/b"}, "allowed_ips": []string{"192.0.2.2"}, "type": "ALL"} {
		w := newWalk(t, simulator.Dialect{BriefList: true, UpdateIDOnly: true})
		changed := with(before, argument, after)
		if argument == "type" {
			changed = with(changed, "api_endpoints", nil)
		}
		w.slot.MustApply(t.Context(), acctest.Create, before)
		w.FailNext(simulator.OpUpdate, simulator.NewFault(simulator.HTML403))
		if run := w.slot.Apply(t.Context(), changed); !run.Failed() {
			t.Errorf("%s: the update did not fail", argument)
		}
		w.slot.MustApply(t.Context(), acctest.Noop, before)
		w.slot.MustApply(t.Context(), acctest.Update, changed)
		w.slot.MustApply(t.Context(), acctest.Noop, changed)
		w.slot.MustApply(t.Context(), acctest.Update, before)
	}
}

// TestOwnerIsSentOnlyWhenConfigured covers the rotation, whose plan knows the owner from the state.
func TestOwnerIsSentOnlyWhenConfigured(t *testing.T) {
	t.Parallel()
	for _, owner := range []any{nil, 11} {
		w := newWalk(t, simulator.Dialect{})
		arguments := acctest.Arguments{"name_prefix": "slot-", "user_id": owner}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "lifetime_days", 60))
		for _, body := range w.Bodies(simulator.OpCreate) {
			if strings.Contains(body, "userId") != (owner != nil) {
				t.Errorf("with the owner %v it sent %s", owner, body)
			}
		}
	}
}
