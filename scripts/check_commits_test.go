// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckCommits covers the form of a commit's subject.
func TestCheckCommits(t *testing.T) {
	for subject, want := range map[string]string{
		"client: retry":                      "",
		"docs, test: name each claim":        "",
		"go.mod: update the framework":       "",
		"Retry":                              "no scope",
		"client: Retry":                      "no scope",
		"client: retry.":                     "full stop",
		"client: " + strings.Repeat("a", 65): "73 characters",
		"client: " + strings.Repeat("a", 64): "",
	} {
		repository := t.TempDir()
		git(t, repository, "init", "-q")
		git(t, repository, "commit", "-q", "--allow-empty", "-m", "client: begin")
		git(t, repository, "commit", "-q", "--allow-empty", "-m", subject, "-m", "A body is as long as it has to be, and no line of it is a subject. It ends as it likes")
		script, err := filepath.Abs("check-commits")
		if err != nil {
			t.Fatal(err)
		}
		check := exec.CommandContext(t.Context(), script, "HEAD~1..HEAD")
		check.Dir = repository
		output, err := check.CombinedOutput()
		if refused := err != nil; refused != (want != "") || !strings.Contains(string(output), want) {
			t.Errorf("%q: %v %s, want %q", subject, err, output, want)
		}
	}
}
