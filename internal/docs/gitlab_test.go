// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// gitlabPipeline contains the keys of .gitlab-ci.yml that the example uses, as the reference describes them. Any other key is an
// error.
type gitlabPipeline struct {
	Workflow struct {
		Rules []struct {
			If string `yaml:"if"`
		} `yaml:"rules"`
	} `yaml:"workflow"`
	Report struct {
		Image struct {
			Name       string   `yaml:"name"`
			Entrypoint []string `yaml:"entrypoint"`
		} `yaml:"image"`
		Timeout     string `yaml:"timeout"`
		Environment struct {
			Name   string `yaml:"name"`
			Action string `yaml:"action"`
		} `yaml:"environment"`
		Interruptible *bool             `yaml:"interruptible"`
		Variables     map[string]string `yaml:"variables"`
		BeforeScript  []string          `yaml:"before_script"`
		Script        []string          `yaml:"script"`
		AfterScript   []string          `yaml:"after_script"`
	} `yaml:"report"`
}

// decodeStrictly reads a YAML file of an example. A key without a field in into is an error.
func decodeStrictly(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(examples + "/pipelines/" + file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %s", file, err)
	}
}

func readGitLabPipeline(t *testing.T) (p gitlabPipeline) {
	t.Helper()
	decodeStrictly(t, "gitlab-ci/.gitlab-ci.yml", &p)
	return p
}

// TestGitLabPipelineIsSafe verifies what the README promises.
func TestGitLabPipelineIsSafe(t *testing.T) {
	p := readGitLabPipeline(t)
	var when []string
	for _, rule := range p.Workflow.Rules {
		source, found := strings.CutPrefix(rule.If, "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE == ")
		if !found {
			t.Errorf("the pipeline runs if %s, want the default branch only", rule.If)
		}
		when = append(when, source)
	}
	if !slices.Equal(when, []string{`"schedule"`, `"web"`}) {
		t.Errorf("the pipeline runs for %v", when)
	}
	if p.Report.Interruptible == nil || *p.Report.Interruptible || p.Report.Environment.Name == "" || p.Report.Timeout == "" {
		t.Error("the job lacks its environment or its timeout, or may be interrupted")
	}
	if image, tag, _ := strings.Cut(p.Report.Image.Name, ":"); image == "" || tag == "" || tag == "latest" || len(p.Report.Image.Entrypoint) != 1 {
		t.Errorf("the image is %+v", p.Report.Image)
	}
}

// gitlabCI runs the pipeline as a GitLab runner does: before_script and script in one shell, and after_script in another one. The
// result of after_script is ignored. Every line gets every variable.
func gitlabCI(t *testing.T) pipeline {
	t.Helper()
	report := readGitLabPipeline(t).Report
	return pipeline{name: "gitlab-ci", trusting: true, steps: func(j *job, parts int) []step {
		env := map[string]string{
			"COMMVAULT_HOST": j.testEnv.URL(), "COMMVAULT_USERNAME": j.testEnv.Username(), "COMMVAULT_PASSWORD": j.testEnv.Password(),
		}
		maps.Copy(env, report.Variables)
		// The image has a POSIX shell only.
		shell := []string{"sh", "-e"}
		script := append(slices.Clone(report.BeforeScript), lengthened(report.Script, parts)...)
		return []step{
			{shell: shell, script: strings.Join(script, "\n"), env: env},
			{shell: shell, script: strings.Join(report.AfterScript, "\n"), env: env, anyway: true, unheard: true},
		}
	}}
}

// TestAccGitLabPipeline proves that the job issues a token, uses it, and revokes it.
func TestAccGitLabPipeline(t *testing.T) {
	t.Parallel()
	gitlabCI(t).runsOnce(t)
}

// TestAccGitLabPipelineForHours proves that the token works for every call of a long job, and that no job ends another job's token.
func TestAccGitLabPipelineForHours(t *testing.T) {
	t.Parallel()
	gitlabCI(t).worksForHours(t)
}

// TestAccGitLabPipelineFails proves that a failed job leaves no token.
func TestAccGitLabPipelineFails(t *testing.T) {
	t.Parallel()
	gitlabCI(t).endsItsToken(t)
}
