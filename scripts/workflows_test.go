// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWorkflowsArePinnedAndNarrow verifies that workflows run only pinned actions, that no job has more permissions than it needs, and
// that jobs run the same commands as developers.
func TestWorkflowsArePinnedAndNarrow(t *testing.T) {
	targets := makeTargets(t)
	for _, name := range glob(t, ".github/workflows/*.yml") {
		for _, problem := range checkWorkflow(name, read(t, name), targets) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// TestPipelinesRunTheSame verifies that .ci/run, which developers run, agrees with the workflow that a pull request has to pass.
func TestPipelinesRunTheSame(t *testing.T) {
	w, err := parseWorkflow(read(t, ".github/workflows/test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	hub, here := map[string]bool{}, map[string]bool{}
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if words := strings.Fields(step.Run); len(words) > 1 {
				hub[words[1]] = true
			}
		}
	}
	for _, match := range regexp.MustCompile(`(?m)\bmake ([a-z-]+)(?: |$)`).FindAllStringSubmatch(code(read(t, ".ci/run")), -1) {
		here[match[1]] = true
	}
	hub["build"] = true                           // as a part of each of the others
	hub["test-fast"], hub["testacc"] = true, true // as parts of test
	here["demo"] = true                           // as a test
	if got, want := slices.Sorted(maps.Keys(hub)), slices.Sorted(maps.Keys(here)); !slices.Equal(got, want) {
		t.Errorf("test.yml makes %s\nand .ci/run %s", got, want)
	}
}

// TestEachToolIsBuilt verifies that each change builds every pinned tool.
func TestEachToolIsBuilt(t *testing.T) {
	built := code(read(t, ".ci/run"))
	elsewhere := map[string]string{"manifests": "make check-examples", "benchplot": "make lint", "terraform-provider-time": "make test"}
	suffix, tool := regexp.MustCompile(`/v\d+$`), regexp.MustCompile(`(?m)^(?:tool |\t)([\w./-]+)$`)
	for _, name := range glob(t, "tools/*/go.mod") {
		pinned := tool.FindAllStringSubmatch(read(t, name), -1)
		if pinned == nil { // a program of ours
			pinned = [][]string{{"", filepath.Dir(name)}}
		}
		for _, match := range pinned {
			program := filepath.Base(suffix.ReplaceAllString(match[1], ""))
			by := cmp.Or(elsewhere[program], "bin/"+program)
			if !regexp.MustCompile(by + `\b`).MatchString(built) {
				t.Errorf(".ci/run makes no %s", by)
			}
		}
	}
}

// code returns a shell script without its comments.
func code(script string) string {
	return regexp.MustCompile(`(?m)^ *#.*$`).ReplaceAllString(script, "")
}

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// glob returns the names of matching files of the repository. At least one must exist.
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
