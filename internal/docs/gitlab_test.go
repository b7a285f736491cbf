// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// gitlabPipeline is all that the example has of the language of .gitlab-ci.yml, as its reference describes it; any other
// key is an error.
type gitlabPipeline struct {
	Workflow struct {
		Rules []gitlabRule `yaml:"rules"`
	} `yaml:"workflow"`
	Stages  []string `yaml:"stages"`
	Default struct {
		Image struct {
			Name       string   `yaml:"name"`
			Entrypoint []string `yaml:"entrypoint"`
		} `yaml:"image"`
		Timeout string `yaml:"timeout"`
	} `yaml:"default"`
	Variables map[string]string `yaml:"variables"`
	Validate  gitlabJob         `yaml:"validate"`
	Apply     gitlabJob         `yaml:"apply"`
}

type gitlabRule struct {
	If string `yaml:"if"`
}

type gitlabJob struct {
	Stage       string       `yaml:"stage"`
	Rules       []gitlabRule `yaml:"rules"`
	Environment struct {
		Name   string `yaml:"name"`
		Action string `yaml:"action"`
	} `yaml:"environment"`
	ResourceGroup string            `yaml:"resource_group"`
	Interruptible *bool             `yaml:"interruptible"`
	Variables     map[string]string `yaml:"variables"`
	Script        []string          `yaml:"script"`
}

func readGitLabPipeline(t *testing.T) gitlabPipeline {
	t.Helper()
	data, err := os.ReadFile(examples + "/pipelines/gitlab-ci/.gitlab-ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var p gitlabPipeline
	if err := decoder.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestGitLabPipelineIsSafe guards what its README promises.
func TestGitLabPipelineIsSafe(t *testing.T) {
	p := readGitLabPipeline(t)
	for name, job := range map[string]gitlabJob{"validate": p.Validate, "apply": p.Apply} {
		if !slices.Contains(p.Stages, job.Stage) || len(job.Script) == 0 {
			t.Errorf("%s is of the stage %q, and has %d lines", name, job.Stage, len(job.Script))
		}
	}
	apply := p.Apply
	if apply.ResourceGroup == "" || apply.Interruptible == nil || *apply.Interruptible || apply.Environment.Name == "" {
		t.Error("apply lacks its resource group or its environment, or may be interrupted")
	}
	if len(apply.Rules) != 1 || apply.Rules[0].If != "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" {
		t.Errorf("apply runs by the rules %v, want the default branch only", apply.Rules)
	}
	if p.Validate.Environment.Name != "" || len(p.Validate.Variables) > 0 {
		t.Error("validate is given credentials")
	}
	if image, tag, _ := strings.Cut(p.Default.Image.Name, ":"); image == "" || tag == "" || tag == "latest" || len(p.Default.Image.Entrypoint) != 1 {
		t.Errorf("the image is %+v", p.Default.Image)
	}
}

// TestAccGitLabPipelineRotates runs the scripts of the jobs, with the state where GitLab keeps it.
func TestAccGitLabPipelineRotates(t *testing.T) {
	t.Parallel()
	r := newRunner(t, "gitlab-ci", "")
	p := readGitLabPipeline(t)
	const jobToken = "a-job-token"
	predefined := map[string]string{
		"CI_API_V4_URL": stateServer(t, jobToken).URL + "/api/v4", "CI_PROJECT_ID": "7", "CI_JOB_TOKEN": jobToken,
	}
	run := func(job gitlabJob, more map[string]string) error {
		env := map[string]string{}
		for _, variables := range []map[string]string{p.Variables, job.Variables, more} {
			for name, value := range variables {
				env[name] = os.Expand(value, func(name string) string {
					if _, known := predefined[name]; !known {
						t.Errorf("GitLab predefines no %s", name)
					}
					return predefined[name]
				})
			}
		}
		// The runner makes one script of the lines; the image has a POSIX shell only.
		return r.run([]string{"sh", "-e", "-c"}, strings.Join(job.Script, "\n"), env)
	}
	if err := run(p.Validate, nil); err != nil {
		t.Fatal(err)
	}
	r.rotates(func(replace string) error {
		return run(p.Apply, map[string]string{
			"COMMVAULT_HOST": r.world.URL(), "COMMVAULT_USERNAME": r.world.Username(), "COMMVAULT_PASSWORD": r.world.Password(), "REPLACE": replace,
		})
	})
	if strings.Contains(r.said.String(), jobToken) {
		t.Error("the pipeline printed the job's token")
	}
}
