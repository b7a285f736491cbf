// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestARefusedLoginIsExplainedOnce verifies that among all failures that one refused login causes in a run, the first explains the
// reason and the others refer to it. The login is tried once, so that the account is not locked.
func TestARefusedLoginIsExplainedOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := acctest.New(t, simulator.Options{})
	plain, slot := w.Plain(t), w.Rotating(t)
	plain.MustApply(ctx, acctest.Create, acctest.Arguments{"name": "ours"})
	slot.MustApply(ctx, acctest.Create, acctest.Arguments{"name_prefix": "slot-"})
	w.ResetJournal()

	arguments := w.LoginArguments()
	arguments["password"] = "not-the-password"
	p := w.Start(ctx, t, arguments)
	_, opened := p.Open(ctx, acctest.Arguments{})
	_, invoked := p.Invoke(ctx, acctest.Arguments{"ids": []string{"7"}})
	listed := p.List(ctx, acctest.Query{}, func(acctest.Listed) bool { return true })
	explained := 0
	for name, diagnostics := range map[string]acctest.Diagnostics{
		"read":           plain.Refresh(ctx, p),
		"read of a slot": slot.Refresh(ctx, p),
		"ephemeral":      opened,
		"action":         invoked,
		"list":           listed,
	} {
		text := diagnostics.Errors()
		switch why, again := strings.Contains(text, "login of \"admin\" was refused"), strings.Contains(text, "as another error of this run explains"); {
		case why == again:
			t.Errorf("the %s says %q", name, text)
		case why:
			explained++
		}
	}
	if explained != 1 || w.Count(simulator.OpLogin) != 1 {
		t.Errorf("the refused login was explained %d times, and tried %d times, want once", explained, w.Count(simulator.OpLogin))
	}
}
