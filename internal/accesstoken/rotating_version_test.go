// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func secretVersion(t *testing.T, slot *acctest.Instance) int64 {
	t.Helper()
	var version *big.Float
	if err := slot.Attribute("secret_version").As(&version); err != nil {
		t.Fatal(err)
	}
	number, _ := version.Int64()
	return number
}

// TestSecretVersionGrows covers every way in which a secret is replaced, also with a clock that stands still or was set back. Otherwise
// a write-only argument would not receive the new secret.
func TestSecretVersionGrows(t *testing.T) {
	t.Parallel()
	replace := func(w *walk, arguments acctest.Arguments, createFirst, oneProcess bool) {
		p := w.Start(w.Context(), w.T, w.slot.Provider)
		said := w.slot.Refresh(w.Context(), p)
		plan, more := w.slot.Plan(w.Context(), p, arguments)
		if said.Failed() || more.Failed() || plan.Action != acctest.Replace {
			w.Fatalf("the plan is not to replace: %s%s", said.Errors(), more.Errors())
		}
		if !oneProcess {
			p = w.Start(w.Context(), w.T, w.slot.Provider)
		}
		if said := w.slot.ApplyResolved(w.Context(), p, plan, arguments, createFirst); said.Failed() {
			w.Fatalf("the apply failed: %s", said.Errors())
		}
	}
	for name, again := range map[string]func(*walk, acctest.Arguments){
		"rotation": func(w *walk, a acctest.Arguments) {
			w.slot.MustApply(w.Context(), acctest.Update, with(a, "lifetime_days", 60))
		},
		"renewal": func(w *walk, a acctest.Arguments) {
			a = with(with(with(a, "renew", true), "renew_before_minutes", 43200), "lifetime_days", 60)
			w.slot.MustApply(w.Context(), acctest.Update, a)
			rotated := secretVersion(w.T, w.slot)
			w.Clock.Advance(16 * time.Minute)
			w.slot.MustApply(w.Context(), acctest.Update, a)
			if renewed := secretVersion(w.T, w.slot); w.Count(simulator.OpRenew) != 1 || renewed <= rotated {
				w.Errorf("%d renewals; the version was %d and is %d", w.Count(simulator.OpRenew), rotated, renewed)
			}
		},
		"another owner": func(w *walk, a acctest.Arguments) {
			replace(w, with(a, "user_id", w.AddUser("service", "S3rvice-Passw0rd")), false, false)
		},
		"taint": func(w *walk, a acctest.Arguments) {
			w.slot.Tainted = true
			replace(w, a, false, false)
		},
		"create before destroy": func(w *walk, a acctest.Arguments) {
			replace(w, with(a, "user_id", w.AddUser("service", "S3rvice-Passw0rd")), true, true)
		},
		"create before destroy of a tainted one": func(w *walk, a acctest.Arguments) {
			w.slot.Tainted = true
			replace(w, a, true, true)
		},
	} {
		for clock, moves := range map[string]time.Duration{"stands still": 0, "was set back": -time.Hour} {
			t.Run(name+", the clock "+clock, func(t *testing.T) {
				t.Parallel()
				w := newWalk(t, simulator.Dialect{})
				arguments := acctest.Arguments{"name_prefix": "slot-"}
				w.slot.MustApply(t.Context(), acctest.Create, arguments)
				before := secretVersion(t, w.slot)
				w.Clock.Advance(moves)
				secret := w.slot.Text("access_token")
				again(w, arguments)
				if w.slot.Text("access_token") == secret {
					t.Fatal("the secret is the same")
				}
				if after := secretVersion(t, w.slot); after <= before {
					t.Errorf("the version was %d and is %d", before, after)
				}
			})
		}
	}
}
