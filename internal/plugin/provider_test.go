// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// hanging makes the next requests of an operation hang, and calls then on the first one.
func hanging(w *acctest.Env, operation simulator.Operation, when simulator.When, then func()) {
	w.ClearHooks() // the hook of the clock would end the provider's wait
	w.FailNext(operation, simulator.NewFault(simulator.Hang).At(when))
	w.OnHang(then)
}

// TestStopEndsAReadThatHangs verifies with the complete server that Ctrl-C does not wait for a server that does not respond. The clock
// stands still, so nothing else ends the read.
func TestStopEndsAReadThatHangs(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	token := w.Plain(t)
	token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "ours"})
	process := w.Start(t.Context(), t, token.Provider)
	hanging(w, simulator.OpList, simulator.Before, func() { stop(t, all(t, process.Server())) })

	read := token.Refresh(t.Context(), process)
	if !read.Failed() || !strings.Contains(read.Errors(), "interrupted") {
		t.Errorf("a read that was stopped says %q", read.Errors())
	}
	if read := token.Refresh(t.Context(), process); read.Failed() || token.State == nil {
		t.Errorf("a read after the stop says %q", read.Errors())
	}
}

// TestStopLeavesAWriteItsGrace verifies that a hanging create continues for its grace period after Ctrl-C, on the injected clock, then
// ends, and that the state contains the token that the server created.
func TestStopLeavesAWriteItsGrace(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	token := w.Plain(t)
	process := w.Start(t.Context(), t, token.Provider)
	plan, diagnostics := token.Plan(t.Context(), process, acctest.Arguments{"name": "ours"})
	if diagnostics.Failed() {
		t.Fatal(diagnostics.Errors())
	}
	hanging(w, simulator.OpCreate, simulator.After, func() {
		stop(t, all(t, process.Server()))
		// Two timeouts are pending: that of the call, and that of the list that determines its outcome.
		if err := w.Clock.AwaitSleepers(t.Context(), 2, commandcenter.DefaultRequestTimeout); err != nil {
			t.Errorf("the grace does not begin: %s", err)
		}
		w.Clock.Advance(commandcenter.ShutdownGrace * 3 / 5)
	})
	applied := token.ApplyPlan(t.Context(), process, plan)
	if made := w.Tokens(); !applied.Failed() || len(made) != 1 || token.State == nil || token.ID() != made[0].ID {
		t.Errorf("the server has %+v, the state %v, and the apply says %q", made, token.State, applied.Errors())
	}
}

// TestTheProviderKeepsNoContext verifies that neither the provider nor a library that it uses retains the contexts that the server
// releases.
func TestTheProviderKeepsNoContext(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	process := w.Start(t.Context(), t, w.LoginArguments())
	life := func(ctx context.Context) {
		token := w.Plain(t)
		for _, arguments := range []acctest.Arguments{{"name": "ours"}, {"name": "renamed"}, nil} {
			plan, diagnostics := token.Plan(ctx, process, arguments)
			if !diagnostics.Failed() {
				diagnostics = token.ApplyPlan(ctx, process, plan)
			}
			if !diagnostics.Failed() {
				diagnostics = token.Refresh(ctx, process)
			}
			if diagnostics.Failed() {
				t.Fatal(diagnostics.Errors())
			}
		}
	}
	if n := reachable(t, 5, life); n > 0 {
		t.Errorf("%d of 5 contexts are left behind", n)
	}
	runtime.KeepAlive(process)
}
