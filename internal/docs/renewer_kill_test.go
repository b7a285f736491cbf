// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// calls are the programs that the last run called.
func (r *renewer) calls() []string {
	r.t.Helper()
	log, err := os.ReadFile(filepath.Join(r.aside, "count"))
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.Fields(string(log))
}

// killEverywhere kills a first run before and after each call of a program, and lets others follow: they have to finish what was
// begun, or say that nobody knows what became of the pair. after happens between them.
func killEverywhere(t *testing.T, name string, testEnv *acctest.Env, begin func() *renewer, after func(number int, r *renewer)) {
	t.Helper()
	clean := begin()
	clean.must(renewerDone, "KILL_BEFORE=never")
	calls := clean.calls()
	killed, lost, number := 0, 0, 0
	for _, moment := range []string{"BEFORE", "AFTER"} {
		for n, tool := range calls {
			number++
			// A kill after a call differs from one before the next only where the call has an effect.
			effect := slices.Contains([]string{"curl", "mv", "rm"}, tool)
			if !acctest.Takes(number) && tool != "curl" || moment == "AFTER" && !effect {
				continue
			}
			r := begin()
			cell := fmt.Sprintf("killed %s call %d of %d, %s", strings.ToLower(moment), n+1, len(calls), tool)
			switch o := r.run(fmt.Sprintf("KILL_%s=%d", moment, n+1)); o.code {
			case renewerKilled:
				killed++
			case renewerDone: // the calls of a pipeline change places
			default:
				t.Errorf("%s: it exits with %d: %s", cell, o.code, o.said)
			}
			after(number, r)
			switch o := r.run(); o.code {
			case renewerDone:
				r.supplied()
			case renewerLost:
				lost++
				r.must(renewerLost)
				if tool != "curl" {
					continue
				}
				r.issue()
				r.must(renewerDone)
				r.supplied()
			default:
				t.Errorf("%s: the next run exits with %d: %s", cell, o.code, o.said)
			}
			if t.Failed() {
				t.Fatal(cell)
			}
		}
	}
	if purged := testEnv.Purged(); len(purged) > 0 {
		t.Errorf("a pair was sent twice: the server purged %v", purged)
	}
	bodies := testEnv.Bodies(simulator.OpRenew)
	slices.Sort(bodies)
	if once := len(slices.Compact(slices.Clone(bodies))); once != len(bodies) {
		t.Errorf("%d pairs were sent in %d renewals", once, len(bodies))
	}
	if lost == 0 || !acctest.Sampled() && lost > killed/2 {
		t.Errorf("%d of %d kills leave a pair of which nobody knows", lost, killed)
	}
	acctest.Proves(t, "%d kills of the renewer %s: the next run finishes after %d, and says after %d that nobody knows: %d pairs sent twice",
		killed, name, killed-lost, lost, len(testEnv.Purged()))
}

// TestRenewerKilled proves that a renewer that is killed anywhere sends no pair twice.
//
// Claim: "is never sent again"
func TestRenewerKilled(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	killEverywhere(t, "beside a service", testEnv, func() *renewer { return newRenewer(t, testEnv).quick().shim(renewerTools...) }, func(int, *renewer) {})
}
