// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

const gitops = examples + "/gitops/tofu-controller"

// object contains the fields of Kubernetes objects that the tests read. make check-examples checks the objects against their APIs.
type object struct {
	Kind     string `yaml:"kind"`
	Metadata struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
	StringData map[string]string `yaml:"stringData"`
	Spec       struct {
		SourceRef struct {
			Kind string `yaml:"kind"`
			Name string `yaml:"name"`
		} `yaml:"sourceRef"`
		Path                       string        `yaml:"path"`
		ApprovePlan                string        `yaml:"approvePlan"`
		DisableDriftDetection      bool          `yaml:"disableDriftDetection"`
		DestroyResourcesOnDeletion bool          `yaml:"destroyResourcesOnDeletion"`
		StoreReadablePlan          string        `yaml:"storeReadablePlan"`
		Interval                   time.Duration `yaml:"interval"`
		RetryInterval              time.Duration `yaml:"retryInterval"`
		Vars                       []struct {
			Name  string `yaml:"name"`
			Value any    `yaml:"value"`
		} `yaml:"vars"`
		RunnerPodTemplate struct {
			Spec struct {
				EnvFrom []struct {
					SecretRef struct {
						Name string `yaml:"name"`
					} `yaml:"secretRef"`
				} `yaml:"envFrom"`
			} `yaml:"spec"`
		} `yaml:"runnerPodTemplate"`
		WriteOutputsToSecret struct {
			Name    string   `yaml:"name"`
			Outputs []string `yaml:"outputs"`
		} `yaml:"writeOutputsToSecret"`
	} `yaml:"spec"`
}

func readObjects(t *testing.T) map[string]object {
	t.Helper()
	objects := map[string]object{}
	files, err := filepath.Glob(gitops + "/cluster/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var o object
		if err := yaml.Unmarshal(data, &o); err != nil {
			t.Fatalf("%s: %s", file, err)
		}
		objects[o.Kind+"/"+o.Metadata.Name] = o
	}
	return objects
}

// TestAccGitOps does what tofu-controller does with the objects of the example: it resolves their references, runs the configuration
// at each interval, and writes the outputs into a Secret. It proves that the token in the Secret works for every call.
func TestAccGitOps(t *testing.T) {
	t.Parallel()
	objects := readObjects(t)
	tokens, ok := objects["Terraform/commvault-tokens"]
	if !ok {
		t.Fatalf("the objects are %v", slices.Collect(maps.Keys(objects)))
	}
	spec := tokens.Spec
	if spec.ApprovePlan != "auto" || spec.DisableDriftDetection || spec.StoreReadablePlan != "none" || !spec.DestroyResourcesOnDeletion {
		t.Error("nothing rotates by itself, a plan is readable, or tokens outlive the object")
	}
	if spec.RetryInterval < 5*time.Minute {
		t.Errorf("it retries after %s", spec.RetryInterval)
	}
	source, ok := objects[spec.SourceRef.Kind+"/"+spec.SourceRef.Name]
	if !ok || source.Metadata.Namespace != tokens.Metadata.Namespace {
		t.Errorf("there is no source %s in the namespace %s", spec.SourceRef.Name, tokens.Metadata.Namespace)
	}
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		w := newTimedWorkspace(t, testEnv, filepath.Join(gitops, spec.Path), nil)
		reachable := map[string]string{}
		for _, variable := range login(testEnv) {
			name, value, _ := strings.Cut(variable, "=")
			reachable[name] = value
			w.cli.Setenv(name, "")
		}
		w.cli.Setenv("COMMVAULT_CA_CERTIFICATE", testEnv.CACertificate())
		for _, from := range spec.RunnerPodTemplate.Spec.EnvFrom {
			secret, ok := objects["Secret/"+from.SecretRef.Name]
			if !ok || secret.Metadata.Namespace != tokens.Metadata.Namespace {
				t.Errorf("there is no Secret %s in the namespace %s", from.SecretRef.Name, tokens.Metadata.Namespace)
			}
			for name := range secret.StringData {
				w.cli.Setenv(name, reachable[name]) // in place of the pattern's
			}
		}
		for _, variable := range spec.Vars {
			value, err := json.Marshal(variable.Value)
			if err != nil {
				t.Fatal(err)
			}
			w.cli.Setenv("TF_VAR_"+variable.Name, string(value))
		}
		r := &recipe{
			workspace: w, every: spec.Interval, delivery: 90 * time.Second, failing: 3,
			token: func() string { return w.written(spec.WriteOutputsToSecret.Outputs)["access_token"] },
		}
		r.live("gitops/tofu-controller", 3*time.Hour, oldLives)
		if err := w.steps([]string{"destroy"}); err != nil {
			t.Fatal(err)
		}
		if left := testEnv.Tokens(); len(left) > 0 {
			t.Errorf("an object that is deleted leaves %v", left)
		}
		if err := w.leaks(); err != nil {
			t.Error(err)
		}
	})
}

// written returns the outputs that a controller writes into a Secret, and checks that there are no others.
func (w *workspace) written(names []string) map[string]string {
	w.t.Helper()
	var outputs map[string]struct {
		Value     string `json:"value"`
		Sensitive bool   `json:"sensitive"`
	}
	if err := json.Unmarshal([]byte(w.cli.Must("-chdir="+w.dir, "output", "-json").Stdout), &outputs); err != nil {
		w.t.Fatal(err)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(outputs)), slices.Sorted(slices.Values(names))) {
		w.t.Errorf("the outputs %v are written, want %v", names, slices.Sorted(maps.Keys(outputs)))
	}
	values := map[string]string{}
	for name, output := range outputs {
		if !output.Sensitive {
			w.t.Errorf("the output %s is not sensitive", name)
		}
		values[name] = output.Value
	}
	return values
}
