// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"regexp"
	"strings"
	"testing"
)

// azurePipeline contains the keys of azure-pipelines.yml that the example uses, as the reference describes them. Any other key is an
// error.
type azurePipeline struct {
	Trigger   string `yaml:"trigger"`
	PR        string `yaml:"pr"`
	Schedules []struct {
		Cron        string `yaml:"cron"`
		DisplayName string `yaml:"displayName"`
		Branches    struct {
			Include []string `yaml:"include"`
		} `yaml:"branches"`
		Always bool `yaml:"always"`
	} `yaml:"schedules"`
	Pool struct {
		VMImage string `yaml:"vmImage"`
	} `yaml:"pool"`
	Variables []struct {
		Group string `yaml:"group"`
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
	} `yaml:"variables"`
	Jobs []struct {
		Job           string      `yaml:"job"`
		Timeout       int         `yaml:"timeoutInMinutes"`
		CancelTimeout int         `yaml:"cancelTimeoutInMinutes"`
		Steps         []azureStep `yaml:"steps"`
	} `yaml:"jobs"`
}

type azureStep struct {
	Checkout           string            `yaml:"checkout"`
	PersistCredentials *bool             `yaml:"persistCredentials"`
	Task               string            `yaml:"task"`
	Inputs             map[string]string `yaml:"inputs"`
	Bash               string            `yaml:"bash"`
	DisplayName        string            `yaml:"displayName"`
	Condition          string            `yaml:"condition"`
	Env                map[string]string `yaml:"env"`
}

func readAzurePipeline(t *testing.T) (p azurePipeline) {
	t.Helper()
	decodeStrictly(t, "azure-devops/azure-pipelines.yml", &p)
	if len(p.Jobs) != 1 {
		t.Fatalf("there are %d jobs", len(p.Jobs))
	}
	return p
}

// azureMacro matches a variable that Azure Pipelines replaces in a text.
var azureMacro = regexp.MustCompile(`\$\((\w+)\)`)

// TestAzurePipelineIsSafe verifies what the README promises.
//
// Claim: "always: true"
func TestAzurePipelineIsSafe(t *testing.T) {
	p := readAzurePipeline(t)
	if p.Trigger != "none" || p.PR != "none" || len(p.Schedules) != 1 || !p.Schedules[0].Always || strings.Join(p.Schedules[0].Branches.Include, " ") != "main" {
		t.Errorf("the pipeline runs on pushes or pull requests, or not by its schedule: %+v", p)
	}
	if p.Jobs[0].Timeout == 0 || p.Jobs[0].CancelTimeout == 0 {
		t.Error("the job has no timeout, or no time for its last step after a cancellation")
	}
	for _, s := range p.Jobs[0].Steps {
		if s.Checkout != "" && (s.PersistCredentials == nil || *s.PersistCredentials) {
			t.Error("the checkout leaves its credential behind")
		}
		if azureMacro.MatchString(s.Bash) {
			t.Errorf("Azure Pipelines writes a variable into a script: %s", s.Bash)
		}
		if strings.Contains(s.Task, "Publish") || strings.Contains(s.Task, "Cache") {
			t.Errorf("%s keeps files of the job", s.Task)
		}
	}
}

// azureDevOps runs the pipeline as an agent of Azure Pipelines does: without set -e, a script continues after a failed command. Each
// step gets the variables that are not secret, and the secrets that it maps.
func azureDevOps(t *testing.T) pipeline {
	t.Helper()
	p := readAzurePipeline(t)
	var written []azureStep
	for _, s := range p.Jobs[0].Steps {
		if s.Bash != "" {
			written = append(written, s)
		}
	}
	return pipeline{name: "azure-devops", masks: "##vso[task.setsecret]", steps: func(j *job, parts int) (steps []step) {
		secrets := map[string]string{"COMMVAULT_PASSWORD": j.testEnv.Password()}
		for _, s := range lengthened(written, parts) {
			env := map[string]string{
				"AGENT_TEMPDIRECTORY": j.temp, "COMMVAULT_HOST": j.testEnv.URL(), "COMMVAULT_USERNAME": j.testEnv.Username(),
			}
			for _, variable := range p.Variables {
				if variable.Name != "" {
					env[variable.Name] = variable.Value
				}
			}
			for name, value := range s.Env {
				env[name] = azureMacro.ReplaceAllStringFunc(value, func(macro string) string {
					secret, known := secrets[azureMacro.FindStringSubmatch(macro)[1]]
					if !known {
						j.t.Errorf("nothing gives %s", macro)
					}
					return secret
				})
			}
			shell := []string{"bash", "--noprofile", "--norc"}
			steps = append(steps, step{shell: shell, script: s.Bash, env: env, anyway: s.Condition == "always()"})
		}
		return steps
	}}
}

// TestAccAzurePipeline proves that the job issues a token, uses it, and revokes it.
func TestAccAzurePipeline(t *testing.T) {
	t.Parallel()
	azureDevOps(t).runsOnce(t)
}

// TestAccAzurePipelineForHours proves that the token works for every call of a long job, and that no job ends another job's token.
func TestAccAzurePipelineForHours(t *testing.T) {
	t.Parallel()
	azureDevOps(t).worksForHours(t)
}

// TestAccAzurePipelineFails proves that a failed job leaves no token.
//
// Claim: "condition: always()"
func TestAccAzurePipelineFails(t *testing.T) {
	t.Parallel()
	azureDevOps(t).endsItsToken(t)
}
