// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccScheduledRotation runs the script of the guide where a token is missing, where nothing is due, and where it cannot log in.
func TestAccScheduledRotation(t *testing.T) {
	t.Parallel()
	configuration := lastBlock(t, "docs/guides/pipelines.md", "terraform", "")
	script := lastBlock(t, "docs/guides/pipelines.md", "shell", "")
	dir, bin, temp := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, dir, "main.tf", requiringOurs+configuration)
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cli, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	testEnv := acctest.NewOnSystemClock(t, simulator.Options{})
	w := newWorkspace(t, testEnv, dir, nil)
	if err := w.steps([]string{"init"}); err != nil {
		t.Fatal(err)
	}
	w.cli.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	w.cli.Setenv("TMPDIR", temp)
	run := func() (string, error) {
		command := exec.CommandContext(t.Context(), "sh", "-e", "-c", script)
		command.Dir, command.Env = dir, w.cli.Environ()
		output, err := command.CombinedOutput()
		w.said.Write(output)
		return string(output), err
	}
	holds := func(creates int) {
		t.Helper()
		tokens := testEnv.Tokens()
		if len(tokens) != 1 || tokens[0].Type != "MS_SCIM" || !testEnv.Works(tokens[0].AccessToken) || testEnv.Count(simulator.OpCreate) != creates {
			t.Fatalf("the server holds %d tokens after %d creates, want one that works after %d: %s",
				len(tokens), testEnv.Count(simulator.OpCreate), creates, w.said.String())
		}
	}
	if _, err := run(); err != nil {
		t.Fatalf("the first run: %s: %s", err, w.said.String())
	}
	holds(1)
	if said, err := run(); err != nil || !strings.Contains(said, "Nothing is due.") {
		t.Errorf("a run when nothing is due: %v: %s", err, said)
	}
	holds(1)
	testEnv.FailNext(simulator.OpLogin, simulator.NewFault(simulator.HTML403))
	if said, err := run(); err == nil {
		t.Errorf("a run that cannot log in succeeds: %s", said)
	}
	testEnv.ClearFaults()
	holds(1)
	if err := succeeds(w.run("apply", "-no-color", "-input=false", "-auto-approve", "-replace=commvault_rotating_access_token.scim")); err != nil {
		t.Fatal(err)
	}
	holds(2)
	if err := w.leaks(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("the script left %v (%v)", left, err)
	}
}
