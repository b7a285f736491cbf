// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPipelinesHaveTheNewestGo guards that pipelines install a Go that every module here takes: a tool may want a newer one
// than the provider does, and the action that installs Go keeps it from fetching another.
func TestPipelinesHaveTheNewestGo(t *testing.T) {
	installed := "go" + strings.TrimSpace(read(t, ".github/go-version"))
	if !version.IsValid(installed) || version.Lang(installed) == installed {
		t.Fatalf("%q is no version with a patch", installed)
	}
	directive := regexp.MustCompile(`(?m)^go (\S+)$`)
	for _, name := range append(glob(t, "tools/*/go.mod"), "go.mod") {
		wants := directive.FindStringSubmatch(read(t, name))
		if wants == nil || version.Compare("go"+wants[1], installed) > 0 {
			t.Errorf("%s wants Go %v, and pipelines install %s", name, wants, installed)
		}
	}
}

// TestWorkflowsArePinnedAndNarrow guards that nobody but us decides what runs in our pipelines, that no job may do more than
// it says, and that they run what people run, too.
func TestWorkflowsArePinnedAndNarrow(t *testing.T) {
	var (
		uses   = regexp.MustCompile(`(?m)^ +(?:- )?uses: (.*)$`)
		pinned = regexp.MustCompile(`^(\./\.github/workflows/\S+|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
		job    = regexp.MustCompile(`(?m)^  [a-z]+:$`)
		run    = regexp.MustCompile(`(?m)^ +- run: (\S+) (\S+)`)
	)
	makefile := read(t, "GNUmakefile")
	for _, name := range glob(t, ".github/workflows/*.yml") {
		text := read(t, name)
		for _, action := range uses.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(action[1]) {
				t.Errorf("%s uses %s, which is not pinned by its hash with the version beside it", name, action[1])
			}
		}
		if !strings.Contains(text, "\npermissions: {}\n") {
			t.Errorf("%s does not begin with no permissions", name)
		}
		_, jobs, _ := strings.Cut(text, "\njobs:\n")
		starts := job.FindAllStringIndex(jobs, -1)
		if len(starts) == 0 {
			t.Errorf("%s has no jobs", name)
		}
		for i, start := range starts {
			end := len(jobs)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			if body := jobs[start[0]:end]; !strings.Contains(body, "\n    permissions:\n      contents: ") {
				t.Errorf("%s: a job does not say what it may do: %s", name, body)
			}
		}
		if checkouts := strings.Count(text, "actions/checkout@"); checkouts != strings.Count(text, "persist-credentials: false") {
			t.Errorf("%s leaves its credentials to the steps that follow", name)
		}
		for _, command := range run.FindAllStringSubmatch(text, -1) {
			if command[1] != "make" || !strings.Contains(makefile, "\n.PHONY: "+command[2]+"\n") {
				t.Errorf("%s runs %s %s, which is no target of the GNUmakefile", name, command[1], command[2])
			}
		}
	}
}

// read is the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// glob are the names of files of the repository, of which there has to be one.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there is no %s (%v)", pattern, err)
	}
	for i, path := range paths {
		paths[i] = strings.TrimPrefix(path, "../")
	}
	return paths
}
