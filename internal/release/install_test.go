// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package release

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestInstallsFromAMirror does what a user does with a release: it puts the zips where `terraform providers mirror` would, and runs
// init, apply, plan and destroy. Each request contains the version that the release was stamped with.
func TestInstallsFromAMirror(t *testing.T) {
	r := built(t)
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	dir, mirror := t.TempDir(), t.TempDir()
	host := os.Getenv("TF_ACC_PROVIDER_HOST")
	if host == "" {
		host = "registry.terraform.io"
	}
	packed := filepath.Join(mirror, host, source())
	if err := os.MkdirAll(packed, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, platform := range platforms {
		name := r.name(platform + ".zip")
		if err := os.Symlink(filepath.Join(r.dir, name), filepath.Join(packed, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "cli.tfrc", cliconfig.Mirror(mirror))
	// A pre-release has to be requested by its number.
	write(t, dir, "main.tf", fmt.Sprintf(`
terraform {
  required_providers {
    commvault = {
      source  = %q
      version = %q
    }
  }
}
`, source(), r.version)+w.Config(acctest.Token(`name = "released"`)))
	cli := func(arguments ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
		command.Dir = dir
		command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"), "TF_IN_AUTOMATION=1")
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s\n%s", arguments, err, output)
		}
		return string(output)
	}

	cli("init", "-no-color", "-input=false")
	if lock, err := os.ReadFile(filepath.Join(dir, ".terraform.lock.hcl")); err != nil || !strings.Contains(string(lock), `"h1:`) {
		t.Errorf("nothing is locked: %v\n%s", err, lock)
	}
	cli("apply", "-no-color", "-input=false", "-auto-approve")
	if tokens := w.Tokens(); len(tokens) != 1 || tokens[0].Name != "released" {
		t.Errorf("the server holds %d tokens after the apply, want the one", len(tokens))
	}
	if output := cli("plan", "-no-color", "-input=false"); !strings.Contains(output, "No changes.") {
		t.Errorf("a second plan is not empty:\n%s", output)
	}
	cli("destroy", "-no-color", "-input=false", "-auto-approve")
	if left := len(w.Tokens()); left != 0 {
		t.Errorf("%d tokens are left after the destroy", left)
	}
	requests := w.Journal()
	if len(requests) == 0 {
		t.Error("nothing was sent")
	}
	for _, request := range requests {
		if agent := request.Header.Get("User-Agent"); !strings.Contains(agent+" ", "terraform-provider-commvault/"+r.version+" ") {
			t.Errorf("%s %s is sent by %q, want version %s", request.Method, request.Path, agent, r.version)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
