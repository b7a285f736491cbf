// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// workflow contains the part of a GitHub Actions workflow that the tests read. actionlint checks the rest: make check-examples.
type workflow struct {
	On          map[string]any    `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		If          string            `yaml:"if"`
		Environment string            `yaml:"environment"`
		Permissions map[string]string `yaml:"permissions"`
		Env         map[string]string `yaml:"env"`
		Steps       []workflowStep    `yaml:"steps"`
	} `yaml:"jobs"`
}

type workflowStep struct {
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	With map[string]string `yaml:"with"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
}

const githubExample = examples + "/pipelines/github-actions/.github/workflows/report.yml"

func readWorkflow(t *testing.T, file string) workflow {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(data, &w); err != nil {
		t.Fatalf("%s: %s", file, err)
	}
	return w
}

var (
	pinned     = regexp.MustCompile(`^([\w.-]+/[\w./-]+)@([0-9a-f]{40})$`)
	expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)
)

func valuesOf(variables map[string]string) string {
	return strings.Join(slices.Collect(maps.Values(variables)), " ")
}

// TestGitHubWorkflowIsSafe verifies what the README promises.
func TestGitHubWorkflowIsSafe(t *testing.T) {
	ours := map[string]string{} // what the workflows of this repository pin
	files, err := filepath.Glob(root + "/.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("the workflows of this repository are %v (%v)", files, err)
	}
	for _, file := range files {
		for _, job := range readWorkflow(t, file).Jobs {
			for _, step := range job.Steps {
				if match := pinned.FindStringSubmatch(step.Uses); match != nil {
					ours[match[1]] = match[2]
				}
			}
		}
	}
	w := readWorkflow(t, githubExample)
	if w.Permissions == nil || len(w.Permissions) > 0 {
		t.Errorf("the workflow has the permissions %v, want none but those of its jobs", w.Permissions)
	}
	if got := slices.Sorted(maps.Keys(w.On)); !slices.Equal(got, []string{"schedule", "workflow_dispatch"}) {
		t.Errorf("the workflow runs on %v, want no event that a stranger can cause", got)
	}
	report := w.Jobs["report"]
	if len(w.Jobs) != 1 || report.If != "github.ref == 'refs/heads/main'" || report.Environment == "" {
		t.Errorf("the jobs are %v, want one for the branch main and its environment", w.Jobs)
	}
	if !maps.Equal(report.Permissions, map[string]string{"contents": "read"}) {
		t.Errorf("the job has the permissions %v", report.Permissions)
	}
	if strings.Contains(valuesOf(report.Env), "secrets.") {
		t.Error("each step has the secrets in its environment")
	}
	for _, step := range report.Steps {
		if step.Uses != "" {
			match := pinned.FindStringSubmatch(step.Uses)
			if match == nil || ours[match[1]] != match[2] {
				t.Errorf("%s is not pinned as in this repository's workflows", step.Uses)
			}
			if strings.Contains(step.Uses, "artifact") || strings.Contains(step.Uses, "cache") {
				t.Errorf("%s keeps files of the job", step.Uses)
			}
		}
		if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != "false" {
			t.Error("the checkout leaves its credential behind")
		}
		if strings.Contains(step.Run, "${{") {
			t.Errorf("there is an expression in a script: %s", step.Run)
		}
	}
}

// githubActions runs the workflow as a GitHub runner does.
func githubActions(t *testing.T) pipeline {
	t.Helper()
	report := readWorkflow(t, githubExample).Jobs["report"]
	var written []workflowStep
	for _, s := range report.Steps {
		if s.Run != "" {
			written = append(written, s)
		}
	}
	return pipeline{name: "github-actions", masks: "::add-mask::", steps: func(j *job, parts int) (steps []step) {
		given := map[string]string{
			"vars.COMMVAULT_HOST": j.testEnv.URL(), "vars.COMMVAULT_USERNAME": j.testEnv.Username(), "secrets.COMMVAULT_PASSWORD": j.testEnv.Password(),
		}
		for _, s := range lengthened(written, parts) {
			env := map[string]string{"RUNNER_TEMP": j.temp}
			for _, variables := range []map[string]string{report.Env, s.Env} {
				for variable, value := range variables {
					env[variable] = expression.ReplaceAllStringFunc(value, func(text string) string {
						value, known := given[expression.FindStringSubmatch(text)[1]]
						if !known {
							j.t.Errorf("nothing gives %s", text)
						}
						return value
					})
				}
			}
			// The shell of a step that names none.
			steps = append(steps, step{shell: []string{"bash", "-e"}, script: s.Run, env: env, anyway: s.If == "always()"})
		}
		return steps
	}}
}

// TestAccGitHubWorkflow proves that the job issues a token, uses it, and revokes it.
func TestAccGitHubWorkflow(t *testing.T) {
	t.Parallel()
	githubActions(t).runsOnce(t)
}

// TestAccGitHubWorkflowForHours proves that the token works for every call of a long job, and that no job ends another job's token.
func TestAccGitHubWorkflowForHours(t *testing.T) {
	t.Parallel()
	githubActions(t).worksForHours(t)
}

// TestAccGitHubWorkflowFails proves that a failed job leaves no token.
//
// Claim: "if: always()"
func TestAccGitHubWorkflowFails(t *testing.T) {
	t.Parallel()
	githubActions(t).endsItsToken(t)
}
