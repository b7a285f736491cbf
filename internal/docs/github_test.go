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

// workflow is what the tests read of a workflow of GitHub Actions. actionlint checks the rest: make check-examples.
type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		If          string            `yaml:"if"`
		Environment string            `yaml:"environment"`
		Permissions map[string]string `yaml:"permissions"`
		Concurrency struct {
			Group  string `yaml:"group"`
			Cancel *bool  `yaml:"cancel-in-progress"`
		} `yaml:"concurrency"`
		Env   map[string]string `yaml:"env"`
		Steps []struct {
			Uses string            `yaml:"uses"`
			With map[string]string `yaml:"with"`
			Run  string            `yaml:"run"`
			Env  map[string]string `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

const githubExample = examples + "/pipelines/github-actions/.github/workflows/tokens.yml"

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

// TestGitHubWorkflowIsSafe guards what its README promises.
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
	for name, job := range w.Jobs {
		secrets := strings.Contains(strings.Join(slices.Collect(maps.Values(job.Env)), " "), "secrets.")
		if secrets {
			t.Errorf("%s has secrets in the environment of each step", name)
		}
		for _, step := range job.Steps {
			if step.Uses != "" {
				match := pinned.FindStringSubmatch(step.Uses)
				if match == nil || ours[match[1]] != match[2] {
					t.Errorf("%s uses %s, which is not pinned as in this repository's workflows", name, step.Uses)
				}
				if strings.Contains(step.Uses, "artifact") || strings.Contains(step.Uses, "cache") {
					t.Errorf("%s uses %s, where a plan would be readable", name, step.Uses)
				}
			}
			if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != "false" {
				t.Errorf("%s leaves the credential of its checkout behind", name)
			}
			if strings.Contains(step.Run, "${{") {
				t.Errorf("%s has an expression in a script: %s", name, step.Run)
			}
			secrets = secrets || strings.Contains(strings.Join(slices.Collect(maps.Values(step.Env)), " "), "secrets.")
		}
		want := map[string]string{"contents": "read"}
		if secrets {
			want["id-token"] = "write"
			if job.Environment == "" || job.Concurrency.Group == "" || job.Concurrency.Cancel == nil || *job.Concurrency.Cancel ||
				!strings.Contains(job.If, "pull_request") || !strings.Contains(job.If, "refs/heads/main") {
				t.Errorf("%s has secrets, and lacks its environment, its concurrency group, or its condition", name)
			}
			// In one group, a merge would take the place of an emergency that waits.
			if !strings.Contains(job.Concurrency.Group, "inputs.replace &&") {
				t.Errorf("%s lets an emergency wait in the group %s of all runs", name, job.Concurrency.Group)
			}
		}
		if !maps.Equal(job.Permissions, want) {
			t.Errorf("%s has the permissions %v, want %v", name, job.Permissions, want)
		}
	}
}

// TestAccGitHubWorkflowRotates runs the steps of the jobs.
func TestAccGitHubWorkflowRotates(t *testing.T) {
	t.Parallel()
	r := newRunner(t, "github-actions", "terraform {\n  backend \"local\" {}\n}\n")
	w := readWorkflow(t, githubExample)
	job := func(name, replace string) error {
		given := map[string]string{
			"vars.ARM_CLIENT_ID": "client", "vars.ARM_TENANT_ID": "tenant", "vars.ARM_SUBSCRIPTION_ID": "subscription",
			"vars.COMMVAULT_HOST": r.world.URL(), "secrets.COMMVAULT_USERNAME": r.world.Username(), "secrets.COMMVAULT_PASSWORD": r.world.Password(),
			"inputs.replace && 'commvault_rotating_access_token.backups' || ''": replace,
		}
		for _, step := range w.Jobs[name].Steps {
			env := map[string]string{}
			for _, variables := range []map[string]string{w.Jobs[name].Env, step.Env} {
				for variable, value := range variables {
					env[variable] = expression.ReplaceAllStringFunc(value, func(text string) string {
						inner := expression.FindStringSubmatch(text)[1]
						if _, known := given[inner]; !known {
							t.Errorf("nothing gives %s", inner)
						}
						return given[inner]
					})
				}
			}
			if step.Run == "" {
				continue
			}
			// The shell of a step that names none.
			if err := r.run([]string{"bash", "-e", "-c"}, step.Run, env); err != nil {
				return err
			}
		}
		return nil
	}
	if err := job("validate", ""); err != nil {
		t.Fatal(err)
	}
	r.rotates(func(replace string) error { return job("apply", replace) })
}
