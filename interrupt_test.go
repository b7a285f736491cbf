// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// interruptDuring starts a command and interrupts the CLI once, after the server has performed an operation and before it responds.
func interruptDuring(
	t *testing.T, w *acctest.Env, cli *acctest.CLI, operation simulator.Operation, with func(*acctest.Command), arguments ...string,
) acctest.Output {
	t.Helper()
	started := make(chan *acctest.Command, 1)
	var once sync.Once
	w.OnAnswer(operation, func(*http.Request) {
		once.Do(func() {
			command := <-started
			with(command)
		})
	})
	command := cli.Start(arguments...)
	started <- command
	output := command.Wait()
	w.ClearHooks()
	return output
}

// TestAccInterruptKeepsStateAndServerAlike verifies that Ctrl-C during a request interrupts neither the request nor the update of the
// state.
func TestAccInterruptKeepsStateAndServerAlike(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	config := w.Config(acctest.Token(`name = "ours"`))
	renamed := w.Config(acctest.Token(`name = "renamed"`))
	cli := acctest.NewCLI(t, config, acctest.LogStops)
	interrupt := (*acctest.Command).Interrupt

	output := interruptDuring(t, w, cli, simulator.OpCreate, interrupt, "apply", "-auto-approve", "-no-color")
	if !strings.Contains(output.Text, "Interrupt") {
		t.Errorf("the CLI was not interrupted: %s", output.Text)
	}
	created := only(t, w)
	if state := cli.File("terraform.tfstate"); !strings.Contains(state, created.AccessToken) {
		t.Fatal("the state lacks the secret of the token that was created")
	}
	if plan := cli.Plan(); plan.Code != 0 {
		t.Errorf("after an interrupted create the plan is not empty: %s", plan.Text)
	}

	cli.Write(renamed)
	interruptDuring(t, w, cli, simulator.OpUpdate, interrupt, "apply", "-auto-approve", "-no-color")
	if state := cli.File("terraform.tfstate"); !strings.Contains(state, `"renamed"`) || only(t, w).Name != "renamed" {
		t.Error("after an interrupted change the state and the server differ")
	}
	if plan := cli.Plan(); plan.Code != 0 {
		t.Errorf("after an interrupted change the plan is not empty: %s", plan.Text)
	}

	interruptDuring(t, w, cli, simulator.OpRevoke, interrupt, "destroy", "-auto-approve", "-no-color")
	if state := cli.File("terraform.tfstate"); strings.Contains(state, created.AccessToken) || len(w.Tokens()) != 0 {
		t.Error("after an interrupted revocation the state and the server differ")
	}
}

// TestAccKillLeavesAnOrphanThatIsNamed verifies that after a kill between the server's commit and its response, the error of the next
// apply contains the orphaned token's id and the next step.
func TestAccKillLeavesAnOrphanThatIsNamed(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(acctest.Token(`name = "ours"`)))
	interruptDuring(t, w, cli, simulator.OpCreate, (*acctest.Command).Kill, "apply", "-auto-approve", "-no-color", "-lock=false")
	orphan := only(t, w)
	if state := cli.File("terraform.tfstate"); strings.Contains(state, orphan.AccessToken) {
		t.Fatal("the state has the secret: the kill came too late")
	}
	next := cli.Run("apply", "-auto-approve", "-no-color", "-lock=false")
	for _, want := range []string{fmt.Sprintf("id %d", orphan.ID), fmt.Sprintf("terraform import <address> %d", orphan.ID)} {
		if next.Code == 0 || !strings.Contains(next.Text, want) {
			t.Errorf("the next apply does not say %q: %s", want, next.Text)
		}
	}
	if now := only(t, w); now.ID != orphan.ID || now.AccessToken != orphan.AccessToken {
		t.Error("the orphan was touched")
	}
}
