// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestRenewerUnits validates the units with systemd, if it is installed.
func TestRenewerUnits(t *testing.T) {
	t.Parallel()
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	units, err := filepath.Glob(renewerDir + "/systemd/*")
	if err != nil || len(units) != 2 {
		t.Fatalf("the units are %v, %v", units, err)
	}
	command := exec.CommandContext(t.Context(), verify, append([]string{"verify", "--man=no"}, units...)...)
	if output, err := command.CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("systemd says of the units: %v\n%s", err, output)
	}
}

// cronJob contains the fields of the objects that the test reads. make check-examples checks the objects against their APIs.
type cronJob struct {
	Kind  string `yaml:"kind"`
	Rules []struct {
		Resources     []string `yaml:"resources"`
		ResourceNames []string `yaml:"resourceNames"`
		Verbs         []string `yaml:"verbs"`
	} `yaml:"rules"`
	Spec struct {
		Schedule          string `yaml:"schedule"`
		ConcurrencyPolicy string `yaml:"concurrencyPolicy"`
		JobTemplate       struct {
			Spec struct {
				Template struct {
					Spec struct {
						RestartPolicy                 string `yaml:"restartPolicy"`
						TerminationGracePeriodSeconds int    `yaml:"terminationGracePeriodSeconds"`
						Containers                    []struct {
							Command []string `yaml:"command"`
							Env     []struct {
								Name  string `yaml:"name"`
								Value string `yaml:"value"`
							} `yaml:"env"`
						} `yaml:"containers"`
					} `yaml:"spec"`
				} `yaml:"template"`
			} `yaml:"spec"`
		} `yaml:"jobTemplate"`
	} `yaml:"spec"`
}

// TestRenewerObjects verifies what the README says about the objects: the permissions, that only one pod runs at a time, and that a
// pod can wait for an answer. The CronJob has the schedule of TestRenewerInKubernetes.
func TestRenewerObjects(t *testing.T) {
	t.Parallel()
	byKind := map[string]cronJob{}
	for _, file := range []string{"access.yaml", "cronjob.yaml"} {
		text, err := os.ReadFile(filepath.Join(renewerDir, "kubernetes", file))
		if err != nil {
			t.Fatal(err)
		}
		decoder := yaml.NewDecoder(bytes.NewReader(text))
		for {
			var o cronJob
			if err := decoder.Decode(&o); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			byKind[o.Kind] = o
		}
	}
	rules := byKind["Role"].Rules
	if len(rules) != 1 || !slices.Equal(rules[0].Resources, []string{"secrets"}) || !slices.Equal(rules[0].ResourceNames, []string{"commvault-token"}) ||
		!slices.Equal(rules[0].Verbs, []string{"get", "update"}) {
		t.Errorf("the Role allows %+v", rules)
	}
	spec := byKind["CronJob"].Spec
	pod := spec.JobTemplate.Spec.Template.Spec
	if spec.Schedule != "*/5 * * * *" || spec.ConcurrencyPolicy != "Forbid" || pod.RestartPolicy != "OnFailure" || pod.TerminationGracePeriodSeconds < 150 {
		t.Errorf("the CronJob has %+v", spec)
	}
	script := readScripts(t)
	for _, variable := range pod.Containers[0].Env {
		if !strings.Contains(script, "${"+variable.Name) {
			t.Errorf("the renewer reads no variable %s", variable.Name)
		}
	}
	readme, err := os.ReadFile(filepath.Join(renewerDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`stop ([0-9]+)`).FindAllStringSubmatch(script, -1) {
		if !strings.Contains(string(readme), "\n| "+match[1]+" | ") {
			t.Errorf("the README lacks the exit code %s", match[1])
		}
	}
}

func readScripts(t *testing.T) string {
	t.Helper()
	scripts, err := filepath.Glob(renewerDir + "/*.sh")
	if err != nil || len(scripts) != 3 {
		t.Fatalf("the scripts are %v, %v", scripts, err)
	}
	var all strings.Builder
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
