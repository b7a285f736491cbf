// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWithSimulator runs commands with a program that prints the simulator's exports. The command receives the exports, the script returns
// its exit code, and the simulator has ended with the script.
func TestWithSimulator(t *testing.T) {
	for name, test := range map[string]struct {
		simulator, command string
		code               int
		want               string
	}{
		"it serves":         {`echo "export COMMVAULT_HOST=there"; echo "# Accounts"; exec sleep 60`, `echo "$COMMVAULT_HOST"; exit 7`, 7, "there"},
		"it takes flags":    {`echo "export COMMVAULT_HOST=$*"; echo "# Accounts"; exec sleep 60`, `echo "$COMMVAULT_HOST$ARGS"`, 0, "-x"},
		"it does not start": {"exit 2", "echo started", 1, "does not start"},
	} {
		t.Run(name, func(t *testing.T) {
			root := copyOf(t, "scripts/with-simulator")
			if err := os.Mkdir(filepath.Join(root, "bin"), 0o700); err != nil {
				t.Fatal(err)
			}
			script := "#!/bin/sh\necho $$ >" + root + "/pid\n" + test.simulator + "\n"
			if err := os.WriteFile(filepath.Join(root, "bin/simulator"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			command := exec.Command("bash", filepath.Join(root, "scripts/with-simulator"), "sh", "-c", test.command)
			command.Env = append(os.Environ(), "ARGS=-x")
			output, _ := command.CombinedOutput() // the exit code tells
			if code := command.ProcessState.ExitCode(); code != test.code || !strings.Contains(string(output), test.want) {
				t.Errorf("it exited with %d: %s", code, output)
			}
			pid, err := os.ReadFile(filepath.Join(root, "pid"))
			if err != nil {
				t.Fatal(err)
			}
			if exec.Command("kill", "-0", strings.TrimSpace(string(pid))).Run() == nil {
				t.Error("the simulator still runs")
			}
		})
	}
}
