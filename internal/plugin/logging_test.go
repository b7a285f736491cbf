// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// TestLogsThatNobodyWantsAreOff verifies that loggers are disabled only if no variable enables logs.
func TestLogsThatNobodyWantsAreOff(t *testing.T) {
	t.Parallel()
	off := map[string]string{
		"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_SMALL_THING": "OFF",
	}
	for environ, quiet := range map[string]bool{
		"":                                      true,
		"HOME=/root TF_DATA_DIR=x":              true,
		"TF_LOG=":                               true,
		"TF_LOG=OFF":                            true,
		"TF_LOG=off":                            true,
		"TF_LOG_PATH=all.log":                   true, // sets a destination, not a level
		"TF_LOG_PATH_MASK=%s.log":               true,
		"TF_LOGIN=DEBUG TF_LOGGING=DEBUG":       true,
		"MY_TF_LOG=DEBUG":                       true,
		"TF_LOG=DEBUG":                          false,
		"TF_LOG=TRACE TF_LOG_PATH=all.log":      false,
		"TF_LOG=ERROR":                          false,
		"TF_LOG=json":                           false,
		"TF_LOG=1":                              false, // Terraform treats an unknown level as TRACE
		"TF_LOG_PATH=all.log TF_LOG=INFO":       false,
		"TF_LOG=OFF TF_LOG_PROVIDER=TRACE":      false,
		"TF_LOG_PROVIDER=WARN":                  false,
		"TF_LOG_PROVIDER_SMALL_THING=TRACE":     false,
		"TF_LOG_PROVIDER_OTHER=TRACE":           false,
		"TF_LOG_CORE=DEBUG":                     false,
		"TF_LOG_CLOUD=DEBUG":                    false,
		"TF_LOG_SDK=TRACE":                      false,
		"TF_LOG_SDK_PROTO=TRACE":                false,
		"TF_LOG_SDK_FRAMEWORK=TRACE":            false,
		"TF_LOG_SDK_PROTO_DATA_DIR=/tmp/states": false,
		"TF_LOG_TOMORROW=DEBUG":                 false,
		"TF_ACC_LOG=DEBUG":                      false,
		"TF_ACC_LOG_PATH=all.log":               false,
		"tf_log=debug":                          false,
	} {
		set := map[string]string{}
		plugin.Quieten("registry.terraform.io/somebody/small-thing", strings.Fields(environ), func(name, value string) error {
			set[name] = value
			return nil
		})
		want := map[string]string{}
		if quiet {
			want = off
		}
		if !maps.Equal(set, want) {
			t.Errorf("with %q the environment gets %v, want %v", environ, set, want)
		}
	}
}

// measured is the result of a separate process that executes calls.
type measured struct {
	allocations int    // per call
	would       string // whether the SDKs' root logger and its subsystems would log an error
	log         string
}

// measure executes calls in a process with these variables.
func measure(t *testing.T, environ ...string) (m measured) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	child := exec.CommandContext(t.Context(), self, "-test.benchtime=200x")
	child.Env = append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_")
	}), childVariable+"=1")
	child.Env = append(child.Env, environ...)
	child.Stderr = &log
	stdout, err := child.Output()
	if err != nil {
		t.Fatalf("the child failed: %s\n%s", err, log.String())
	}
	m.log = log.String()
	number, would, _ := strings.Cut(strings.TrimSpace(string(stdout)), "\n")
	m.would = would
	if m.allocations, err = strconv.Atoi(number); err != nil {
		t.Fatalf("the child says %q: %s", stdout, err)
	}
	return m
}

// TestNoWorkForLogsThatNobodyWants verifies that the SDKs still read the variables that quieten sets: without them no line is written
// or formatted, and with logs enabled nothing is missing.
func TestNoWorkForLogsThatNobodyWants(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures in processes of their own")
	}
	t.Parallel()
	quiet, loud := measure(t), measure(t, "TF_LOG=TRACE")
	if quiet.log != "" || quiet.would != "false false false" {
		t.Errorf("unasked, the loggers would log: %s, and did:\n%.500s", quiet.would, quiet.log)
	}
	for _, module := range []string{"sdk.proto", "sdk.framework", "small"} {
		if !strings.Contains(loud.log, `"@module":"`+module) {
			t.Errorf("with TF_LOG=TRACE, %s logs nothing", module)
		}
	}
	t.Logf("a call allocates %d times, and %d times with TF_LOG=TRACE", quiet.allocations, loud.allocations)
	if quiet.allocations > loud.allocations*3/4 || loud.would != "true true true" {
		t.Errorf("a call that logs nothing allocates %d times, one that logs everything (%s) %d times",
			quiet.allocations, loud.would, loud.allocations)
	}
}
