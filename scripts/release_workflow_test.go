// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReleaseWorkflow verifies that a release comes from main, that it is signed in a job that builds nothing, and that it is
// published last, because that cannot be undone.
func TestReleaseWorkflow(t *testing.T) {
	for _, problem := range checkRelease(read(t, ".github/workflows/release.yml"), read(t, "GNUmakefile")) {
		t.Error(problem)
	}
}

// checkRelease returns a problem for each rule that the workflow of a release violates. The rules for all workflows apply besides.
func checkRelease(text, makefile string) []error {
	w, err := parseWorkflow(text)
	if err != nil {
		return []error{err}
	}
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	for _, id := range slices.Sorted(maps.Keys(w.Jobs)) {
		job := w.Jobs[id]
		if id != "main" && !w.needs(id, "main") {
			report("%s does not need main", id)
		}
		if job.If != "" || !job.Continue.IsZero() {
			report("%s may run although a job before it fails, or fail without effect", id)
		}
		for _, step := range job.Steps {
			if step.If != "" || !step.Continue.IsZero() {
				report("a step of %s may run although a step before it fails, or fail without effect", id)
			}
		}
	}
	for _, before := range []string{"test", "vulnerabilities"} {
		if !w.needs("build", before) {
			report("build does not need %s", before)
		}
	}
	if !w.needs("sign", "build") {
		report("sign does not need build")
	}
	for id, want := range map[string][]string{
		"main":  {"actions/checkout", "make check-on-main"},
		"build": {"actions/checkout", "actions/setup-go", "make release", "actions/attest"},
		"sign":  append([]string{"actions/checkout"}, besideTheKey...),
	} {
		if got := w.Jobs[id].order(); !slices.Equal(got, want) {
			report("the steps of %s are %q, want %q", id, got, want)
		}
		for _, step := range w.Jobs[id].Steps {
			if step.With["ref"] != "" || step.With["repository"] != "" {
				report("%s checks out something else than the tag", id)
			}
		}
	}
	for _, target := range []string{"check-on-main", "sign"} {
		rule := regexp.MustCompile(`(?m)^` + target + `: ##.*\n\t@scripts/` + target + `( dist)?\n(\n|\z)`)
		if !rule.MatchString(makefile) {
			problems = append(problems, errors.New("make "+target+" does more than to run its script"))
		}
	}
	return problems
}

// needs reports whether a job waits for another one, directly or not.
func (w workflow) needs(id, other string) bool {
	needs := w.Jobs[id].Needs
	names := []string{needs.Value}
	for _, node := range needs.Content {
		names = append(names, node.Value)
	}
	return slices.ContainsFunc(names, func(name string) bool { return name == other || name != "" && name != id && w.needs(name, other) })
}

// order returns the actions and commands of the steps.
func (j workflowJob) order() []string {
	var order []string
	for _, step := range j.Steps {
		action, _, _ := strings.Cut(step.Uses.Value, "@")
		order = append(order, action+strings.TrimSpace(step.Run))
	}
	return order
}

// TestBrokenRelease covers the rules: each case breaks one part of the workflow or of the GNUmakefile.
func TestBrokenRelease(t *testing.T) {
	good, makefile := read(t, ".github/workflows/release.yml"), read(t, "GNUmakefile")
	for name, test := range map[string]struct{ from, to, want string }{
		"tests of any commit":      {"  test:\n    needs: main\n", "  test:\n", "test does not need main"},
		"no tests":                 {"needs: [main, test, vulnerabilities]", "needs: [main, vulnerabilities]", "build does not need test"},
		"a signature without":      {"needs: build", "needs: main", "sign does not need build"},
		"a job in any case":        {"needs: build", "needs: build\n    if: always()", "sign may run although"},
		"a check without effect":   {"- run: make check-on-main", "- run: make check-on-main\n        continue-on-error: true", "a step of main may run"},
		"no check":                 {"      - run: make check-on-main\n", "", "the steps of main are"},
		"a check of another":       {"          fetch-depth: 0 # all", "          ref: main\n          fetch-depth: 0 # all", "main checks out something else"},
		"a build beside the key":   {"      - run: make sign\n", "      - run: make release\n      - run: make sign\n", "the steps of sign are"},
		"published too early":      {"      - uses: actions/attest@", "      - run: gh release edit\n      - uses: actions/attest@", "the steps of build are"},
		"a signature that builds":  {"\nsign: ##", "\nsign: build ##", "make sign does more"},
		"a check that does more":   {"\t@scripts/check-on-main\n", "\t@scripts/check-on-main || true\n", "make check-on-main does more"},
		"a signature and a prompt": {"\t@scripts/sign dist\n", "\t@scripts/sign dist\n\t@go version\n", "make sign does more"},
	} {
		t.Run(name, func(t *testing.T) {
			brokenWorkflow, brokenMakefile := strings.Replace(good, test.from, test.to, 1), strings.Replace(makefile, test.from, test.to, 1)
			if brokenWorkflow == good && brokenMakefile == makefile {
				t.Fatal("nothing is broken")
			}
			problems := checkRelease(brokenWorkflow, brokenMakefile)
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), test.want) {
				t.Errorf("the problems are %v, want %q", problems, test.want)
			}
		})
	}
}

// TestCheckOnMain verifies that only a commit of origin's main passes, also an older one, and that nothing passes if main is unknown.
func TestCheckOnMain(t *testing.T) {
	script, err := filepath.Abs("check-on-main")
	if err != nil {
		t.Fatal(err)
	}
	origin, clone := t.TempDir(), t.TempDir()
	check := func(where, want string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), script)
		command.Dir = clone
		output, err := command.CombinedOutput()
		if refused := err != nil; refused != (want != "") || !strings.Contains(string(output), want) {
			t.Errorf("%s: %v %s, want %q", where, err, output, want)
		}
	}
	git(t, origin, "init", "-q", "-b", "main")
	git(t, origin, "commit", "-q", "--allow-empty", "-m", "client: begin")
	git(t, origin, "tag", "v1")
	git(t, origin, "commit", "-q", "--allow-empty", "-m", "client: go on")
	git(t, origin, "tag", "-a", "-m", "annotated", "v2")
	git(t, origin, "checkout", "-q", "-b", "side")
	git(t, origin, "commit", "-q", "--allow-empty", "-m", "client: elsewhere")
	git(t, origin, "tag", "v3")
	git(t, clone, "clone", "-q", "--no-local", origin, ".")
	for tag, want := range map[string]string{"v1": "", "v2": "", "v3": "is not on main"} {
		git(t, clone, "checkout", "-q", tag)
		check(tag, want)
	}
	git(t, clone, "checkout", "-q", "v3")
	git(t, clone, "branch", "-f", "main", "v3") // a local branch proves nothing
	check("a local main", "is not on main")
	git(t, clone, "checkout", "-q", "v1")
	git(t, clone, "remote", "remove", "origin")
	check("no origin", "not known")
}
