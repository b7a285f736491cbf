// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// walk is a slot for which Terraform runs from time to time.
type walk struct {
	*testing.T
	*acctest.Env
	slot *acctest.Instance
}

func newWalk(t *testing.T, dialect simulator.Dialect) *walk {
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})
	return &walk{T: t, Env: w, slot: w.Rotating(t)}
}

// holds checks that the server has the token in the state, that the token works or can be renewed, and that no old pair was sent.
func (w *walk) holds() {
	w.Helper()
	token, found := w.Token(w.slot.ID())
	if !found {
		w.Fatal("the token in the state is not on the server")
	}
	if token.AccessToken != w.slot.Text("access_token") || token.RefreshToken != w.slot.Text("refresh_token") {
		w.Error("the secrets in the state are not the server's")
	}
	if purged := w.Purged(); len(purged) > 0 {
		w.Fatalf("an old pair was sent: the server purged %v", purged)
	}
}

func (w *walk) works() {
	w.Helper()
	w.holds()
	if !w.Works(w.slot.Text("access_token")) {
		w.Error("the access token in the state does not work")
	}
}

func previousTokens(t *testing.T, i *acctest.Instance) int {
	t.Helper()
	var list []tftypes.Value
	if err := i.Attribute("previous_tokens").As(&list); err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestWalkOf120Days renews a token weekly, rotates it before its end, keeps the old token for its overlap and then revokes it, in every
// dialect.
func TestWalkOf120Days(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, dialect simulator.Dialect) {
		w := newWalk(t, dialect)
		arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
		w.slot.MustApply(t.Context(), acctest.Create, arguments)
		w.works()
		first := w.slot.ID()
		var rotated []int
		for day := 1; day <= 120; day++ {
			w.Clock.Advance(acctest.Day)
			if day%7 != 0 && day != 77 && day != 78 {
				continue
			}
			before := w.slot.ID()
			run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.works()
			if w.slot.ID() != before {
				rotated = append(rotated, day)
				if _, there := w.Token(before); !there {
					t.Errorf("day %d: the rotation revoked the token that it replaced", day)
				}
			}
			if again := w.slot.Apply(t.Context(), arguments); again.Failed() || again.Action != acctest.Noop {
				t.Errorf("day %d: after %v a second plan is to %s: %s", day, run.Plan.Unknown, again.Action, again.Errors())
			}
		}
		if !slices.Equal(rotated, []int{77}) { // the end is on day 90, and the first run in the 14 days before it is on day 77
			t.Errorf("the slot rotated on the days %v, want 77", rotated)
		}
		if _, there := w.Token(first); there {
			t.Error("the first token was never revoked")
		}
		if renewals := w.Count(simulator.OpRenew); renewals == 0 {
			t.Error("nothing was renewed")
		}
	}, "revoke-pending", "extreme") // Without an administrator nothing is revoked. In the dialect extreme nothing shows when a renewal is due.
}
