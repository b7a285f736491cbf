// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const valid = `apiVersion: infra.contrib.fluxcd.io/v1alpha2
kind: Terraform
metadata:
  name: tokens
spec:
  interval: 1h30m
  sourceRef:
    kind: GitRepository
    name: tokens
  vars:
    - name: endpoints
      value: ["/v4/servers"]
  runnerPodTemplate:
    spec:
      env:
        - name: COMMVAULT_HOST
          valueFrom:
            secretKeyRef: {name: login, key: host}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: tokens
spec:
  interval: 10m
  url: https://git.example.com/tokens.git
---
apiVersion: v1
kind: Secret
metadata:
  name: login
stringData:
  COMMVAULT_HOST: commandcenter.example.com
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: renewer
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, update]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: renewer
spec:
  schedule: "*/5 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: main
              volumeMounts:
                - name: work
                  mountPath: /work
`

// TestCheck breaks one thing of the valid objects at a time.
func TestCheck(t *testing.T) {
	for name, test := range map[string]struct{ old, broken, want string }{
		"as it is":                     {"", "", ""},
		"a field that is none":         {"sourceRef:", "sourceReference: 1\n  sourceRef:", `unknown field "spec.sourceReference"`},
		"one that is far down":         {"key: host", "keys: host", `unknown field "spec.runnerPodTemplate.spec.env[0].valueFrom.secretKeyRef.keys"`},
		"a field twice":                {"interval: 1h30m", "interval: 1h\n  interval: 2h", `"interval" already set`},
		"text for a number":            {"interval: 1h30m", "interval: 1h\n  parallelism: many", "parallelism"},
		"a list for a map":             {"metadata:\n  name: login", "metadata:\n  - name: login", "metadata"},
		"a field that is missing":      {"  interval: 1h30m\n", "", "spec.interval is missing"},
		"one that is missing in Flux":  {"  url: https://git.example.com/tokens.git\n", "", "spec.url is missing"},
		"one that is empty":            {"kind: GitRepository\n    name: tokens", "kind: GitRepository\n    name: ''", "spec.sourceRef.name is missing"},
		"one that is missing in a pod": {"- name: COMMVAULT_HOST\n          valueFrom", "- valueFrom", "spec.runnerPodTemplate.spec.env[0].name is missing"},
		"a value that is none":         {"kind: GitRepository\n    name", "kind: HelmRepository\n    name", "spec.sourceRef.kind: HelmRepository is none of"},
		"a duration without a unit":    {"interval: 1h30m", "interval: '90'", "duration"},
		"a negative duration":          {"interval: 1h30m", "interval: -1h", "spec.interval: -1h is no duration"},
		"a name that is none":          {"name: login\nstring", "name: Log In\nstring", "metadata.name: "},
		"no name":                      {"  name: login\nstring", "  labels: {}\nstring", "metadata.name: "},
		"a key that is none":           {"COMMVAULT_HOST: com", "'a b': com", "stringData.a b: "},
		"an older version":             {"v1alpha2", "v1alpha1", `there is no schema for "infra.contrib.fluxcd.io/v1alpha1 Terraform"`},
		"another kind":                 {"kind: Secret", "kind: Sekret", `there is no schema for "v1 Sekret"`},
		"a role without verbs":         {"    verbs: [get, update]\n", "", "rules[0].verbs is missing"},
		"a schedule that is missing":   {"  schedule: \"*/5 * * * *\"\n", "", "spec.schedule is missing"},
		"a mount without a path":       {"\n                  mountPath: /work", "", "volumeMounts[0].mountPath is missing"},
		"no YAML":                      {"spec:\n  interval: 10m", "spec: [", "yaml: line"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.old != "" && strings.Count(valid, test.old) != 1 {
				t.Fatalf("%q is not once in the valid objects", test.old)
			}
			path := filepath.Join(t.TempDir(), "objects.yaml")
			if err := os.WriteFile(path, []byte(strings.Replace(valid, test.old, test.broken, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			err := run([]string{filepath.Dir(path)}, &out)
			if test.want == "" {
				if err != nil || !strings.HasPrefix(out.String(), "5 Kubernetes objects in 1 files") {
					t.Errorf("it says %q, %v", out.String(), err)
				}
			} else if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestNothingToCheck: a directory that moved away must not pass.
func TestNothingToCheck(t *testing.T) {
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "gone")} {
		if err := run([]string{path}, io.Discard); err == nil {
			t.Errorf("nothing in %s is no error", path)
		}
	}
}
