// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"cmp"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestPipelinesHaveTheNewestGo verifies that pipelines install a Go version that is new enough for every module: a tool may require a
// newer one than the provider, and the action that installs Go prevents it from downloading another.
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
	elsewhere := map[string]string{"manifests": "make check-examples", "benchplot": "make lint"}
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

// TestDependabotRaisesEveryPin verifies that the pins in the example, which have to equal ours, are updated automatically.
func TestDependabotRaisesEveryPin(t *testing.T) {
	var config struct {
		Updates []struct {
			Ecosystem   string         `yaml:"package-ecosystem"`
			Directories []string       `yaml:"directories"`
			Groups      map[string]any `yaml:"groups"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/dependabot.yml")), &config); err != nil {
		t.Fatal(err)
	}
	want := []string{"/"}
	for _, name := range glob(t, "examples/pipelines/*/.github") {
		want = append(want, "/"+filepath.Dir(name))
	}
	for _, update := range config.Updates {
		if update.Ecosystem == "github-actions" && slices.Equal(update.Directories, want) && len(update.Groups) == 1 {
			return
		}
	}
	t.Errorf("nothing raises the actions of %s in one group: %+v", want, config.Updates)
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
