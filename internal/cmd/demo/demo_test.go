// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestMain(m *testing.M) {
	code := m.Run()
	acctest.Cleanup()
	os.Exit(code)
}

func TestAccDemo(t *testing.T) {
	server := simulator.New(simulator.Options{})
	output, err := try(t.Context(), t, server)
	if err != nil {
		t.Fatalf("%s\n%s", err, output)
	}
	for _, step := range steps {
		if !strings.Contains(output, step.title) {
			t.Errorf("the output lacks %q", step.title)
		}
	}
	if !strings.Contains(output, "0 added, 1 changed, 0 destroyed") || !strings.Contains(output, "token = <sensitive>") {
		t.Errorf("the output is not the CLI's own: %s", output)
	}
	if got := server.Purged(); len(got) != 0 {
		t.Errorf("the server purged %v", got)
	}
}

// TestAccDemoTellsWhatIsWrong breaks the server at one step.
func TestAccDemoTellsWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		arrange func(*simulator.Server)
		want    string
	}{
		"a create is refused": {
			func(s *simulator.Server) { s.FailNext(simulator.OpCreate, simulator.Fault{Kind: simulator.ErrorTop}) },
			"apply exited with 1, want 0",
		},
		"somebody else revokes the token": {
			func(s *simulator.Server) {
				s.OnAnswer(simulator.OpCreate, func(*http.Request) {
					for _, token := range s.Tokens() {
						s.RemoveToken(token.ID)
					}
				})
			},
			"the server has 0 tokens, want 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := simulator.New(simulator.Options{})
			test.arrange(server)
			output, err := try(t.Context(), t, server)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("the error is %v, want %q\n%s", err, test.want, output)
			}
		})
	}
}

// TestAccDemoIsInterrupted ends the context while a create is in progress.
func TestAccDemoIsInterrupted(t *testing.T) {
	server := simulator.New(simulator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server.OnRequest(simulator.OpCreate, func(*http.Request) { cancel() })
	started := time.Now()
	output, err := try(ctx, t, server)
	if err == nil || !strings.Contains(err.Error(), "interrupted at step 4") {
		t.Fatalf("the error is %v\n%s", err, output)
	}
	if took := time.Since(started); took > patience {
		t.Errorf("the CLI took %s to stop", took)
	}
	if strings.Contains(output, steps[4].title) {
		t.Error("a further step was shown")
	}
}

// try runs the demo with the built provider and the CLI of the test run. It expects that no file is left behind.
func try(ctx context.Context, t *testing.T, server *simulator.Server) (output string, err error) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1; make test sets it")
	}
	cli, err := exec.LookPath(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	if err != nil {
		t.Fatalf("TF_ACC_TERRAFORM_PATH is no CLI (make test sets it): %s", err)
	}
	binary := acctest.Binary(t)
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	// This variable must not reach the CLI.
	t.Setenv("TF_CLI_ARGS_plan", "-no-such-flag")
	t.Setenv("COMMVAULT_AUTHTOKEN", "somebody else's")
	var out strings.Builder
	err = run(ctx, settings{cli: cli, provider: binary, out: &out}, server)
	left, readErr := os.ReadDir(directory)
	if readErr != nil {
		t.Fatal(readErr)
	}
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), "commvault-demo-") {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
	return out.String(), err
}

func TestRunNeedsItsPrograms(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, set := range map[string]settings{
		"no provider": {cli: "terraform", provider: "/no/such/file"},
		"no CLI":      {provider: os.Args[0]},
	} {
		var out strings.Builder
		set.out = &out
		if err := run(t.Context(), set, simulator.New(simulator.Options{})); err == nil || !strings.Contains(err.Error(), "make") {
			t.Errorf("%s: the error is %v, which does not say what to do", name, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	got := environment(
		[]string{"PATH=/bin", "TF_LOG=TRACE", "tf_log=x", "COMMVAULT_HOST=production", "CHECKPOINT_DISABLE=", "TFX=1"},
		map[string]string{"COMMVAULT_HOST": "simulator", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS": ""})
	want := []string{"PATH=/bin", "TFX=1", "CHECKPOINT_DISABLE=1", "COMMVAULT_HOST=simulator"}
	if !slices.Equal(got, want) {
		t.Errorf("the CLI gets %q, want %q", got, want)
	}
}

func TestMasked(t *testing.T) {
	for secret, want := range map[string]string{
		"0123456789abcdefghijklmnopqrstuvwxyz": "0123456789…",
		"short-secret":                         "…",
		"":                                     "…",
	} {
		if got := masked(secret); got != want {
			t.Errorf("masked(%q) = %q, want %q", secret, got, want)
		}
	}
}

func TestLeakIsFound(t *testing.T) {
	server := simulator.New(simulator.Options{})
	defer server.Close()
	var out strings.Builder
	d, err := prepare(settings{cli: "terraform", provider: os.Args[0], out: &out}, t.TempDir(), server)
	if err != nil {
		t.Fatal(err)
	}
	d.issued = simulator.Token{AccessToken: "the access token", RefreshToken: "the refresh token"}
	if err := d.nothingLeaked(); err != nil {
		t.Fatal(err)
	}
	d.printf("look: the refresh token")
	if err := d.nothingLeaked(); err == nil {
		t.Error("a secret in the output is not noticed")
	}
}

func TestKnowsEphemerals(t *testing.T) {
	for version, want := range map[string]bool{
		"Terraform v1.9.8\non linux": false, "Terraform v1.10.0": true, "Terraform v1.11.4": true, "Terraform v2.0.0": true,
		"OpenTofu v1.10.6": false, "OpenTofu v1.11.0": true, "OpenTofu v1.12.6": true, "something else": false,
	} {
		if got := knowsEphemerals(version); got != want {
			t.Errorf("%q: %t", version, got)
		}
	}
}
