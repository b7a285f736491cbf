// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// recipe is an example that runs for hours of the clock of the Env: Terraform runs on a schedule, and a consumer calls Command Center
// once a second with the token that it was given last.
type recipe struct {
	*workspace
	// every is the interval of the runs. The token that a run issues or renews reaches the consumer after delivery.
	every, delivery time.Duration
	// failing is the number of a run that cannot log in. The first run is number 0.
	failing int
	// token reads what the runs hand to the consumer.
	token func() string

	// calls counts those of the consumer, and refused those that were answered 401.
	calls, refused int
}

// recipeLives are those of a server whose access tokens live as long as in most releases. A slot rotates in the last third of
// two hours, so that a test meets several rotations.
var recipeLives = simulator.Lifetimes{Access: 30 * time.Minute, Renewable: 2 * time.Hour, RenewableMax: 2 * time.Hour}

// eachAnswerToRenewals runs a test with both answers to the open question whether an access token outlives its renewal, see
// API.md#life-of-a-token.
func eachAnswerToRenewals(t *testing.T, test func(t *testing.T, testEnv *acctest.Env, oldLives bool)) {
	t.Helper()
	for name, oldLives := range map[string]bool{"old token lives": true, "old token dies": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialect := simulator.Dialect{OldAccessLives: oldLives}
			test(t, acctest.New(t, simulator.Options{Dialect: dialect, Lifetimes: recipeLives}), oldLives)
		})
	}
}

// newTimedWorkspace is a copy of a directory in which Terraform runs on the clock of the Env.
func newTimedWorkspace(t *testing.T, testEnv *acctest.Env, from string, others map[string]*shapes) *workspace {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.FromSlash(from))); err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t, testEnv, dir, others)
	w.timed = true
	return w
}

// live runs Terraform by schedule for d, and reports what the consumer met. Where a renewal ends the old access token, the only
// calls that may be refused are those between the renewal and its delivery.
func (r *recipe) live(name string, d time.Duration, oldLives bool) {
	t := r.t
	t.Helper()
	if err := r.steps([]string{"init"}); err != nil {
		t.Fatal(err)
	}
	token, allowed, renewals := "", 0, 0
	for run := range int(d / r.every) {
		if run == r.failing {
			r.testEnv.FailNext(simulator.OpLogin, simulator.NewFault(simulator.HTML403))
		}
		err := r.steps([]string{"apply"})
		if failed := err != nil; failed != (run == r.failing) {
			t.Fatalf("run %d: %v", run, err)
		}
		r.testEnv.ClearFaults()
		if run == 0 {
			token = r.token()
		}
		if renewed := r.testEnv.Count(simulator.OpRenew) - renewals; renewed > 0 {
			renewals += renewed
			if !oldLives {
				allowed += int(r.delivery / time.Second)
			}
		}
		r.callsFor(token, r.delivery)
		token = r.token()
		r.callsFor(token, r.every-r.delivery)
	}
	if purged := r.testEnv.Purged(); len(purged) > 0 {
		t.Errorf("the server purged %v", purged)
	}
	if r.refused != allowed || renewals == 0 {
		t.Errorf("%d of %d calls were refused, want %d; there were %d renewals", r.refused, r.calls, allowed, renewals)
	}
	answer := "lives"
	if !oldLives {
		answer = "dies"
	}
	acctest.Proves(t, "%d calls of the recipe %s where the old access token %s, with %d renewals and %d tokens: %d refused",
		r.calls, name, answer, renewals, r.testEnv.Count(simulator.OpCreate), r.refused)
}

// callsFor lets the consumer call for d.
func (r *recipe) callsFor(token string, d time.Duration) {
	calls, refused := r.consume(token, d, time.Second)
	r.calls, r.refused = r.calls+calls, r.refused+refused
}

// consume calls Command Center for d at each interval, and counts the calls and those that were answered 401.
func (w *workspace) consume(token string, d, interval time.Duration) (calls, refused int) {
	for range int(d / interval) {
		w.testEnv.Clock.Advance(interval)
		calls++
		if !w.testEnv.Works(token) {
			refused++
		}
	}
	return calls, refused
}

// output reads a value of the state as a consumer gets it.
func (w *workspace) output(name string) string {
	w.t.Helper()
	return w.cli.Must("-chdir="+w.dir, "output", "-no-color", "-raw", name).Stdout
}
