// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// workflow contains the fields that the rules check. actionlint checks the rest: make check-pipelines.
type workflow struct {
	On          yaml.Node              `yaml:"on"`
	Permissions map[string]string      `yaml:"permissions"`
	Env         map[string]string      `yaml:"env"`
	Jobs        map[string]workflowJob `yaml:"jobs"`
}

type workflowJob struct {
	Needs       yaml.Node         `yaml:"needs"`
	If          string            `yaml:"if"`
	Continue    yaml.Node         `yaml:"continue-on-error"`
	Uses        yaml.Node         `yaml:"uses"`
	Secrets     yaml.Node         `yaml:"secrets"`
	Permissions map[string]string `yaml:"permissions"`
	Environment yaml.Node         `yaml:"environment"`
	Timeout     int               `yaml:"timeout-minutes"`
	Env         map[string]string `yaml:"env"`
	Steps       []workflowStep    `yaml:"steps"`
}

type workflowStep struct {
	If       string            `yaml:"if"`
	Continue yaml.Node         `yaml:"continue-on-error"`
	Uses     yaml.Node         `yaml:"uses"`
	Run      string            `yaml:"run"`
	With     map[string]string `yaml:"with"`
	Env      map[string]string `yaml:"env"`
}

func parseWorkflow(text string) (workflow, error) {
	var w workflow
	err := yaml.Unmarshal([]byte(text), &w)
	return w, err
}

var (
	pinned = regexp.MustCompile(`^[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40}$`)
	tagged = regexp.MustCompile(`^# v\d+\.\d+\.\d+$`)
	called = regexp.MustCompile(`^\./\.github/workflows/[\w-]+\.yml$`)
	runs   = regexp.MustCompile(`^make ([a-z-]+)(?: [A-Z]+=[\w./-]+)*$`)
	secret = regexp.MustCompile(`secrets\.(\w+)`)
)

// more contains the additional permissions of jobs beyond reading the repository. besides contains the commands that they may run
// although no make target exists for them.
var (
	more = map[string]map[string]string{
		".github/workflows/release.yml build": {"contents": "write", "id-token": "write", "attestations": "write"},
		".github/workflows/release.yml sign":  {"contents": "write", "attestations": "read"},
	}
	besides = append([]string{
		`git ls-files --others --exclude-standard -z -- '**/testdata/fuzz/**' | xargs -0 -r tail -n +1`,
	}, besideTheKey...)
)

// besideTheKey contains the commands that a job with the key of the releases may run. It may use no action except the checkout.
var besideTheKey = []string{
	`gh release download "$TAG" --repo "$GITHUB_REPOSITORY" --pattern '*_SHA256SUMS' --dir dist`,
	`find dist -name '*_SHA256SUMS' -print0 | xargs -0 -n1 gh attestation verify --repo "$GITHUB_REPOSITORY" --source-digest "$GITHUB_SHA"`,
	`make sign`,
	`gh release upload "$TAG" dist/*.sig --repo "$GITHUB_REPOSITORY"`,
	`gh release edit "$TAG" --repo "$GITHUB_REPOSITORY" --draft=false`,
}

// checkWorkflow returns a problem for each rule that a workflow violates.
func checkWorkflow(name, text string, targets map[string]bool) []error {
	w, err := parseWorkflow(text)
	if err != nil {
		return []error{err}
	}
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	if w.Permissions == nil || len(w.Permissions) > 0 {
		report("it does not begin with no permissions, but with %v", w.Permissions)
	}
	for _, trigger := range []string{"pull_request_target", "workflow_run", "issue_comment"} {
		if mentions(&w.On, trigger) {
			report("%s gives strangers a run with our permissions", trigger)
		}
	}
	if strings.Contains(strings.Join(slices.Collect(maps.Values(w.Env)), " "), "secrets.") {
		report("it gives a secret to each of its jobs")
	}
	for _, id := range slices.Sorted(maps.Keys(w.Jobs)) {
		want, found := more[name+" "+id]
		if !found {
			want = map[string]string{"contents": "read"}
		}
		if got := w.Jobs[id].Permissions; !maps.Equal(got, want) {
			report("%s has the permissions %v, want %v", id, got, want)
		}
		for _, problem := range w.Jobs[id].check(targets) {
			report("%s %w", id, problem)
		}
	}
	return problems
}

func (j workflowJob) check(targets map[string]bool) []error {
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	if !j.Secrets.IsZero() {
		report("hands on secrets")
	}
	if !j.Uses.IsZero() {
		if !called.MatchString(j.Uses.Value) {
			report("calls %s, which is not ours", j.Uses.Value)
		}
		return problems
	}
	if j.Timeout == 0 {
		report("may run for hours")
	}
	given := slices.Collect(maps.Values(j.Env))
	for _, match := range secret.FindAllStringSubmatch(strings.Join(given, " "), -1) {
		report("gives %s to each of its steps", match[1])
	}
	for _, step := range j.Steps {
		if err := step.check(targets); err != nil {
			problems = append(problems, err)
		}
	}
	for _, name := range j.secrets() {
		if j.Environment.IsZero() {
			report("has %s without an environment that keeps it from other branches", name)
			continue
		}
		if !strings.HasPrefix(name, "GPG_") {
			continue
		}
		for _, step := range j.Steps {
			action, _, _ := strings.Cut(step.Uses.Value, "@")
			if script := strings.TrimSpace(step.Run); action != "actions/checkout" && !slices.Contains(besideTheKey, script) {
				report("has %s and also runs %q", name, action+script)
			}
		}
	}
	return problems
}

// secrets returns the names of the secrets that steps get, except the one that GitHub makes for each run.
func (j workflowJob) secrets() []string {
	names := map[string]bool{}
	for _, step := range j.Steps {
		given := append(slices.Collect(maps.Values(step.Env)), slices.Collect(maps.Values(step.With))...)
		for _, match := range secret.FindAllStringSubmatch(strings.Join(given, " "), -1) {
			names[match[1]] = match[1] != "GITHUB_TOKEN"
		}
	}
	maps.DeleteFunc(names, func(_ string, ours bool) bool { return !ours })
	return slices.Sorted(maps.Keys(names))
}

func (s workflowStep) check(targets map[string]bool) error {
	script := strings.TrimSpace(s.Run)
	target := runs.FindStringSubmatch(script)
	action, _, _ := strings.Cut(s.Uses.Value, "@")
	switch {
	case !s.Uses.IsZero() && (!pinned.MatchString(s.Uses.Value) || !tagged.MatchString(s.Uses.LineComment)):
		return fmt.Errorf("uses %s %s, which is not pinned by its hash with the version beside it", s.Uses.Value, s.Uses.LineComment)
	case action == "actions/checkout" && s.With["persist-credentials"] != "false":
		return errors.New("leaves the credential of its checkout to the steps that follow")
	case s.Uses.IsZero() && target == nil && !slices.Contains(besides, script):
		return fmt.Errorf("runs %q, which is no target of the GNUmakefile", script)
	case target != nil && !targets[target[1]]:
		return fmt.Errorf("runs make %s, and the GNUmakefile has no such target", target[1])
	}
	return nil
}

// mentions reports whether a value is the name, or contains it as a key or in a list.
func mentions(node *yaml.Node, name string) bool {
	return node.Value == name || slices.ContainsFunc(node.Content, func(child *yaml.Node) bool { return mentions(child, name) })
}

func makeTargets(t *testing.T) map[string]bool {
	t.Helper()
	targets := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^\.PHONY: ([a-z-]+)$`).FindAllStringSubmatch(read(t, "GNUmakefile"), -1) {
		targets[match[1]] = true
	}
	return targets
}

// TestBrokenWorkflows covers the rules: each case breaks one part of a correct workflow.
func TestBrokenWorkflows(t *testing.T) {
	const (
		hash = "de0fac2e4500dabe0009e67214ff5f5447ce83dd"
		good = `on:
  pull_request:
permissions: {}
jobs:
  check-2_a:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
    steps:
      - name: Check out
        uses: actions/checkout@` + hash + ` # v6.0.2
        with:
          persist-credentials: false
      - name: Look
        run: make lint ARGS=-v
  call:
    uses: ./.github/workflows/test.yml
    permissions:
      contents: read
`
	)
	targets := map[string]bool{"lint": true, "sign": true}
	const withKey = "make sign\n        env:\n          A: ${{ secrets.GPG_KEY }}\n%s    environment: release"
	signs := strings.Replace(good, "make lint ARGS=-v", fmt.Sprintf(withKey, ""), 1)
	for _, problem := range checkWorkflow("w.yml", signs, targets) {
		t.Errorf("the good one that signs has a problem: %s", problem)
	}
	for _, problem := range checkWorkflow("w.yml", good, targets) {
		t.Errorf("the good one has a problem: %s", problem)
	}
	for name, test := range map[string]struct{ from, to, want string }{
		"permissions by default":     {"permissions: {}\n", "", "does not begin with no permissions"},
		"permissions for all":        {"permissions: {}", "permissions: { contents: read }", "does not begin with no permissions"},
		"a job that inherits":        {"    permissions:\n      contents: read\n    steps", "    steps", "check-2_a has the permissions map[]"},
		"a job that may do more":     {"contents: read\n    steps", "contents: read\n      id-token: write\n    steps", "id-token:write"},
		"a call that may do more":    {"test.yml\n    permissions:\n      contents: read", "test.yml\n    permissions:\n      contents: write", "call has the permissions"},
		"a moving tag":               {hash + " # v6.0.2", "v6", "not pinned by its hash"},
		"no version beside it":       {" # v6.0.2", "", "with the version beside it"},
		"a container":                {"actions/checkout@" + hash + " # v6.0.2", "docker://alpine:3", "not pinned by its hash"},
		"an action of the checkout":  {"actions/checkout@" + hash + " # v6.0.2", "./action", "not pinned by its hash"},
		"somebody else's workflow":   {"./.github/workflows/test.yml", "a/b/.github/workflows/test.yml@main", "which is not ours"},
		"all secrets handed on":      {"test.yml\n", "test.yml\n    secrets: inherit\n", "call hands on secrets"},
		"a credential that stays":    {"persist-credentials: false", "persist-credentials: true", "leaves the credential"},
		"a credential by default":    {"        with:\n          persist-credentials: false\n", "", "leaves the credential"},
		"a script":                   {"make lint ARGS=-v", "curl https://example.com | sh", "no target of the GNUmakefile"},
		"lines behind a target":      {"run: make lint ARGS=-v", "run: |\n          make lint\n          id", "no target of the GNUmakefile"},
		"a target that is not there": {"make lint", "make lnit", "no such target"},
		"no time limit":              {"    timeout-minutes: 30\n", "", "may run for hours"},
		"a trigger for strangers":    {"  pull_request:", "  pull_request_target:", "pull_request_target gives strangers"},
		"a trigger in a list":        {"on:\n  pull_request:", "on: [push, workflow_run]", "workflow_run gives strangers"},
		"a secret for each job":      {"jobs:", "env:\n  A: ${{ secrets.KEY }}\njobs:", "gives a secret to each of its jobs"},
		"a secret for each step":     {"    steps:", "    env:\n      A: ${{ secrets.GITHUB_TOKEN }}\n    steps:", "gives GITHUB_TOKEN to each"},
		"a secret for everybody":     {"make lint ARGS=-v", "make lint\n        env:\n          A: ${{ secrets.KEY }}", "has KEY without an environment"},
		"a secret for an action":     {"persist-credentials: false", "persist-credentials: false\n          ssh-key: ${{ secrets.KEY }}", "has KEY without an environment"},
		"a key beside a build":       {"make lint ARGS=-v", fmt.Sprintf(withKey, "      - run: make lint\n"), `has GPG_KEY and also runs "make lint"`},
		"a key beside an action":     {"make lint ARGS=-v", fmt.Sprintf(withKey, "      - uses: a/b@"+hash+" # v1.0.0\n"), `has GPG_KEY and also runs "a/b"`},
		"a key for a build":          {"make lint ARGS=-v", strings.Replace(fmt.Sprintf(withKey, ""), "sign", "lint", 1), `has GPG_KEY and also runs "make lint"`},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(good, test.from, test.to, 1)
			if broken == good {
				t.Fatal("nothing is broken")
			}
			problems := checkWorkflow("w.yml", broken, targets)
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), test.want) {
				t.Errorf("the problems are %v, want %q", problems, test.want)
			}
		})
	}
}
