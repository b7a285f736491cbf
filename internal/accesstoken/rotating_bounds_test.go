// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestShortLifeIsRenewedAtItsHalf covers a company whose access tokens have a lifetime shorter than renew_before_minutes. A renewal in
// every apply would be useless.
//
// Claim: "Terraform never renews in the first half of the life"
// Claim: "never in the first half of the life"
func TestShortLifeIsRenewedAtItsHalf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		life, due time.Duration
		before    any
	}{
		"a short life": {6 * time.Minute, 3 * time.Minute, nil}, "a long time before": {2 * time.Hour, time.Hour, 43200},
		"a usual life": {30 * time.Minute, 20 * time.Minute, nil}, "a short time before": {30 * time.Minute, 28 * time.Minute, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.NewOverHTTP(t, simulator.Options{Lifetimes: simulator.Lifetimes{Access: c.life}})
			w := &walk{T: t, Env: env, slot: env.Rotating(t)}
			arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true, "renew_before_minutes": c.before}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			for range 2 { // the second lifetime begins with the renewal
				w.ResetJournal()
				w.Clock.Advance(c.due - time.Second)
				w.slot.MustApply(t.Context(), acctest.Noop, arguments)
				w.Clock.Advance(time.Second)
				w.slot.MustApply(t.Context(), acctest.Update, arguments)
				w.did(0, 1, 0)
				w.works()
			}
		})
	}
}

// TestOverlapEndsWithTheToken verifies that revoke_after is not later than the end of the replaced token.
//
// Claim: "The old token is never kept beyond its own end"
func TestOverlapEndsWithTheToken(t *testing.T) {
	t.Parallel()
	for _, tokenType := range []string{"ALL", "MS_SCIM"} {
		w := newWalk(t, simulator.Dialect{})
		arguments := acctest.Arguments{"name_prefix": "slot-", "type": tokenType, "lifetime_days": 2, "overlap_hours": 48}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		w.Clock.Advance(40 * time.Hour)
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		if got := w.slot.Attribute("previous_tokens").String(); !strings.Contains(got, acctest.In(2*acctest.Day)) {
			t.Errorf("%s: the previous tokens are %s, the end is %s", tokenType, got, acctest.In(2*acctest.Day))
		}
		w.slot.MustApply(t.Context(), acctest.Noop, arguments)
		w.ResetJournal()
		w.Clock.Advance(8 * time.Hour)
		w.slot.MustApply(t.Context(), acctest.Update, arguments)
		w.did(0, 0, 1)
	}
}

// TestBoundsOfTheSlot verifies that no number overflows a duration.
func TestBoundsOfTheSlot(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	for _, c := range []struct {
		argument string
		value    int
		with     acctest.Arguments
		says     string // "" if it is accepted
	}{
		{"overlap_hours", 90 * 24, nil, ""},
		{"overlap_hours", 90*24 + 1, nil, "The value must be from 1 to 2160, 24 hours for each day of the lifetime"},
		{"overlap_hours", 48, acctest.Arguments{"lifetime_days": 2}, ""},
		{"overlap_hours", 49, acctest.Arguments{"lifetime_days": 2}, "The value must be from 1 to 48"},
		{"overlap_hours", 49, acctest.Arguments{"lifetime_days": acctest.Unknown}, ""},
		{"overlap_hours", 5000000, acctest.Arguments{"lifetime_days": acctest.Unknown}, "the value must be a whole number from 1 to 8760"},
		{"overlap_hours", 0, nil, "the value must be a whole number from 1 to 8760"},
		{"renew_before_minutes", 43200, acctest.Arguments{"renew": true}, ""},
		{"renew_before_minutes", 200000000, acctest.Arguments{"renew": true}, "the value must be a whole number from 1 to 43200"},
		{"renew_before_minutes", 0, acctest.Arguments{"renew": true}, "the value must be a whole number from 1 to 43200"},
		{"lifetime_days", 366, nil, "the value must be a whole number from 1 to 365"},
		{"rotate_before_days", 365, acctest.Arguments{"lifetime_days": acctest.Unknown}, "the value must be a whole number from 1 to 364"},
	} {
		arguments := acctest.Arguments{"name_prefix": "slot-", c.argument: c.value}
		for name, value := range c.with {
			arguments[name] = value
		}
		_, said := w.slot.Plan(t.Context(), w.Start(t.Context(), t, w.slot.Provider), arguments)
		if said.Failed() != (c.says != "") || !strings.Contains(said.Errors(), c.says) {
			t.Errorf("%s = %d with %v: %q, want %q", c.argument, c.value, c.with, said.Errors(), c.says)
		}
	}
}
