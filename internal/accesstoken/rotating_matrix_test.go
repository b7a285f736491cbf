// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// slotScenario is the work that is due on a slot when an operation fails.
type slotScenario struct {
	name      string
	operation simulator.Operation
	prepare   func(*walk, acctest.Arguments)
	arguments acctest.Arguments
}

var slotScenarios = []slotScenario{
	{"create", simulator.OpCreate, func(*walk, acctest.Arguments) {}, acctest.Arguments{}},
	{"rotate", simulator.OpCreate, (*walk).begin, acctest.Arguments{"lifetime_days": 60}},
	{"list before a rotation", simulator.OpList, (*walk).begin, acctest.Arguments{"lifetime_days": 60}},
	{"renew", simulator.OpRenew, (*walk).expire, acctest.Arguments{}},
	{"list before a renewal", simulator.OpList, (*walk).expire, acctest.Arguments{}},
	{"revoke of a previous one", simulator.OpRevoke, (*walk).overlapEnded, acctest.Arguments{"lifetime_days": 60}},
}

func (w *walk) begin(arguments acctest.Arguments) {
	w.slot.MustApply(w.Context(), acctest.Create, with(arguments, "lifetime_days", nil))
}

func (w *walk) expire(arguments acctest.Arguments) {
	w.begin(arguments)
	w.Clock.Advance(25 * time.Minute)
}

func (w *walk) overlapEnded(arguments acctest.Arguments) {
	w.begin(arguments)
	w.slot.MustApply(w.Context(), acctest.Update, arguments)
	w.Clock.Advance(25 * time.Hour)
}

// TestRotatingFaultMatrix makes each call of a slot fail in every way, before and after it took effect, once and throughout an apply.
// After another apply without faults, every token on the server is in the state or named in an error, the current token works, and no
// old pair was sent.
//
// Claim: "A rotation never revokes what it replaces"
// Claim: "it is never sent again"
func TestRotatingFaultMatrix(t *testing.T) {
	t.Parallel()
	var cells atomic.Int64
	t.Run("cell", func(t *testing.T) {
		i := 0
		for d, dialect := range variants(alikeForSlots) {
			// The server accepts one form of the credential. If it accepted all forms, a 401 after a successful renewal, which no real
			// server sends, would make the provider send the spent pair in the next form.
			if dialect.Dialect.RenewCredential == simulator.RenewAny {
				dialect.Dialect.RenewCredential = simulator.RenewBearer
			}
			for row, scenario := range slotScenarios {
				for _, c := range slotCells(scenario.operation) {
					i++
					if !acctest.Takes(i) || !paired(d, row, len(slotScenarios), c) || provesNothing(dialect.Dialect, c) {
						continue
					}
					cells.Add(1)
					t.Run(fmt.Sprintf("%s/%s/%s", dialect.Name, scenario.name, c), func(t *testing.T) {
						t.Parallel()
						testSlotCell(t, dialect.Dialect, scenario, c)
					})
				}
			}
		}
	})
	acctest.Proves(t, "%d cells of the slot's fault matrix", cells.Load())
	if cells.Load() < 500 && !acctest.Sampled() {
		t.Errorf("the fault matrix of the slot has %d cells, want at least 500", cells.Load())
	}
}

func slotCells(operation simulator.Operation) []cell {
	var cells []cell
	for number, fault := range simulator.AllFaults() {
		if fault.Kind == simulator.Hang || fault.Kind == simulator.Slow {
			continue // these take real time
		}
		if fault.Kind == simulator.NoSecret && operation != simulator.OpCreate && operation != simulator.OpRenew {
			continue // the response contains no secret
		}
		for _, when := range []simulator.When{simulator.Before, simulator.After} {
			for _, times := range []int{1, 20} {
				if operation == simulator.OpList && (times == 1 || when == simulator.After) {
					continue // a list has no effect, and a retry hides a single failure
				}
				cells = append(cells, cell{operation, fault.At(when), number, times})
			}
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.String(), b.String()) })
	return cells
}

// provesNothing reports whether nothing in a cell can reveal what happened: a renewal that took effect although the response denies it,
// on a server whose lists omit the expiry; or a revocation refused as if the token did not exist, on a server whose lists hide it.
func provesNothing(dialect simulator.Dialect, c cell) bool {
	if c.operation == simulator.OpRevoke && dialect.HideExpired {
		switch c.fault.Kind {
		case simulator.ErrorTop, simulator.ErrorInError, simulator.ErrorInTokenInfo:
			return true
		default:
			return c.fault.Status == 404
		}
	}
	if c.operation != simulator.OpRenew || c.fault.When != simulator.After || !dialect.BriefList {
		return false
	}
	switch c.fault.Kind {
	case simulator.TooMany, simulator.Unavailable, simulator.HTML503:
		return true
	default:
		return c.fault.Status == 401 || c.fault.Status == 429 || c.fault.Status == 503
	}
}

func testSlotCell(t *testing.T, dialect simulator.Dialect, scenario slotScenario, c cell) {
	w := newWalk(t, dialect)
	var log acctest.Log
	ctx := log.Context(t.Context())
	w.slot.Provider["max_retries"] = 1
	arguments := acctest.Arguments{"name_prefix": "slot-", "renew": true}
	for name, value := range scenario.arguments {
		arguments[name] = value
	}
	scenario.prepare(w, arguments)

	w.FailNext(c.operation, slices.Repeat([]simulator.Fault{c.fault}, c.times)...)
	faulty := w.slot.Apply(ctx, arguments)
	w.ClearFaults()
	said := faulty.Errors() + faulty.Warnings()
	if leaks := w.Leaks(said + log.String()); len(leaks) > 0 {
		t.Errorf("a message shows %v: %s", leaks, said)
	}
	if w.slot.State != nil && !w.slot.Tainted && w.slot.Text("access_token") == "" {
		t.Error("a slot without a secret is in the state and not tainted")
	}

	// A later apply revokes the tokens that an apply rotates. The next refresh shows that a lost token is spent.
	for range 2 {
		run := w.slot.Apply(ctx, arguments)
		for _, passes := range []time.Duration{0, 25 * time.Hour} { // see (*matrix).applyAndApprove
			if strings.Contains(run.Errors(), "Revocation of the access token is pending") {
				w.ApproveRevocations()
				w.Clock.Advance(passes)
				run = w.slot.Apply(ctx, arguments)
			}
		}
		w.ApproveRevocations()
		if run.Failed() {
			t.Fatalf("one more apply fails: %s\nafter %s", run.Errors(), said)
		}
		said += run.Errors() + run.Warnings()
		if dialect.EndUntold && dialect.BriefList {
			w.holds() // nothing shows when a renewal is due
		} else {
			w.works()
		}
		w.isAccountedFor(said)
	}
	if again := w.slot.Apply(ctx, arguments); again.Action != acctest.Noop {
		t.Errorf("a plan after that is to %s %v", again.Action, again.Plan.Unknown)
	}
}

// isAccountedFor checks that each token on the server is in the state or was named in a message.
func (w *walk) isAccountedFor(said string) {
	w.Helper()
	held := map[int64]bool{w.slot.ID(): true}
	var previous []tftypes.Value
	if err := w.slot.Attribute("previous_tokens").As(&previous); err != nil {
		w.Fatal(err)
	}
	for _, token := range w.Tokens() {
		for _, p := range previous {
			held[token.ID] = held[token.ID] || strings.Contains(p.String(), fmt.Sprintf("%q", fmt.Sprint(token.ID)))
		}
		named := strings.Contains(said, fmt.Sprintf("%q", token.Name)) &&
			(strings.Contains(said, "revoke it before the next apply") || strings.Contains(said, "revoke it in Command Center"))
		if !held[token.ID] && !named {
			w.Errorf("the token %d is on the server, and neither in the state nor named as to be revoked: %s", token.ID, said)
		}
	}
}
