// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccParallelCreatesWithLostAnswersConverge guards that of twenty creates at a time, three of which lose their answer,
// each is made once, and one more apply mends all.
func TestAccParallelCreatesWithLostAnswersConverge(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(`
resource "commvault_access_token" "test" {
  count       = 20
  name_prefix = "worker-${count.index}-"
}`))
	w.FailNext(simulator.OpCreate, simulator.Fault{}, simulator.Fault{}, simulator.NewFault(simulator.Reset).At(simulator.After),
		simulator.Fault{}, simulator.NewFault(simulator.Empty).At(simulator.After), simulator.Fault{},
		simulator.NewFault(simulator.BareStatus).WithStatus(502).At(simulator.After))
	first := cli.Run("apply", "-auto-approve", "-no-color", "-parallelism=20")
	if first.Code == 0 || strings.Count(first.Text, "Access token created without its secret") != 3 {
		t.Errorf("the three lost answers are not told: %s", first.Text)
	}
	if creates := w.Count(simulator.OpCreate); creates != 20 || len(w.Tokens()) != 20 {
		t.Errorf("%d creates were sent and made %d tokens, want 20 of each", creates, len(w.Tokens()))
	}
	w.ResetJournal()
	if second := cli.Run("apply", "-auto-approve", "-no-color", "-parallelism=20"); second.Code != 0 {
		t.Fatalf("one more apply fails: %s", second.Text)
	}
	if creates, revokes := w.Count(simulator.OpCreate), w.Count(simulator.OpRevoke); creates != 3 || revokes != 3 {
		t.Errorf("one more apply created %d and revoked %d, want 3 of each", creates, revokes)
	}
	if plan := cli.Plan(); plan.Code != 0 || len(w.Tokens()) != 20 {
		t.Errorf("the server has %d tokens, want 20, and a second plan: %s", len(w.Tokens()), plan.Text)
	}
	state := cli.File("terraform.tfstate")
	for _, token := range w.Tokens() {
		if !strings.Contains(state, token.AccessToken) {
			t.Errorf("the state lacks the secret of the token %d", token.ID)
		}
	}
}
