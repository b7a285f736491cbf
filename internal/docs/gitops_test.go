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
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const gitops = examples + "/gitops/tofu-controller"

// object is what the tests read of Kubernetes objects. What their APIs accept is checked by make check-examples.
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

// TestAccGitOps does what tofu-controller does with the objects of the example: it takes what they refer to, runs the
// configuration with that, and writes its outputs into a Secret.
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
	if spec.Interval > 24*time.Hour || spec.RetryInterval < 5*time.Minute {
		t.Errorf("it runs every %s, and retries after %s", spec.Interval, spec.RetryInterval)
	}
	source, ok := objects[spec.SourceRef.Kind+"/"+spec.SourceRef.Name]
	if !ok || source.Metadata.Namespace != tokens.Metadata.Namespace {
		t.Errorf("there is no source %s in the namespace %s", spec.SourceRef.Name, tokens.Metadata.Namespace)
	}

	world := acctest.NewOnSystemClock(t, simulator.Options{})
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(gitops, spec.Path))); err != nil {
		t.Fatal(err)
	}
	w := &workspace{t: t, world: world, cli: acctest.NewCLI(t, ""), dir: dir}
	w.cli.Setenv("TF_CLI_CONFIG_FILE", mirror(t, nil))
	w.cli.Setenv("COMMVAULT_CA_CERTIFICATE", world.CACertificate())
	reachable := map[string]string{}
	for _, variable := range login(world) {
		name, value, _ := strings.Cut(variable, "=")
		reachable[name] = value
	}
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

	if err := w.steps([]string{"init", "apply", "plan"}); err != nil {
		t.Fatal(err)
	}
	var outputs map[string]struct {
		Value     string `json:"value"`
		Sensitive bool   `json:"sensitive"`
	}
	if err := json.Unmarshal([]byte(w.cli.Must("-chdir="+dir, "output", "-json").Stdout), &outputs); err != nil {
		t.Fatal(err)
	}
	written := spec.WriteOutputsToSecret.Outputs
	if !slices.Equal(slices.Sorted(maps.Keys(outputs)), slices.Sorted(slices.Values(written))) {
		t.Errorf("the outputs %v are written, want %v", written, slices.Sorted(maps.Keys(outputs)))
	}
	for name, output := range outputs {
		if !output.Sensitive {
			t.Errorf("the output %s is not sensitive", name)
		}
	}
	if !world.Works(outputs["access_token"].Value) {
		t.Error("the Secret does not get a token that works")
	}
	if err := w.steps([]string{"destroy"}); err != nil {
		t.Fatal(err)
	}
	if left := world.Tokens(); len(left) > 0 {
		t.Errorf("an object that is deleted leaves %v", left)
	}
	if err := w.leaks(); err != nil {
		t.Error(err)
	}
}
