// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Package scripts contains only tests. They run the scripts, and the one make target whose output other programs read.
package scripts

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	terraform = `echo "Terraform v1.9.8"; echo "on linux_amd64"`
	openTofu  = `echo "OpenTofu v1.12.6"; echo "on linux_amd64"`
	ancient   = `echo "Terraform v0.15.5"`
	emptyShim = `echo "no version is set" >&2; exit 126`
)

// TestWithCLIChooses runs with-cli with several PATHs. The last column is what it passes on.
func TestWithCLIChooses(t *testing.T) {
	for name, test := range map[string]struct {
		onPath    map[string]string
		TERRAFORM string
		want      string // the program, or the error
	}{
		"terraform before tofu":     {map[string]string{"terraform": terraform, "tofu": openTofu}, "", "terraform"},
		"tofu alone":                {map[string]string{"tofu": openTofu}, "", "tofu"},
		"a shim without a version":  {map[string]string{"terraform": emptyShim, "tofu": openTofu}, "", "tofu"},
		"a version before 1.0":      {map[string]string{"terraform": ancient, "tofu": openTofu}, "", "tofu"},
		"the one that is asked for": {map[string]string{"terraform": terraform, "other": openTofu}, "other", "other"},
		"one that is not there":     {map[string]string{"terraform": terraform}, "other", "TERRAFORM=other is no"},
		"one that is none":          {map[string]string{"other": "exit 0"}, "other", "TERRAFORM=other is no"},
		"none at all":               {map[string]string{}, "", "make: --no-print-directory -C"},
		"nothing that works":        {map[string]string{"terraform": emptyShim}, "", "make: --no-print-directory -C"},
	} {
		t.Run(name, func(t *testing.T) {
			test.onPath["make"] = `echo "make: $*" >&2; exit 1` // otherwise it would build OpenTofu
			bin := programs(t, test.onPath)
			env, err := withCLI(t, bin, "TERRAFORM="+test.TERRAFORM)
			if _, known := test.onPath[test.want]; !known {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("the error is %v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := filepath.Join(bin, test.want)
			if env["TERRAFORM"] != want || env["TF_ACC_TERRAFORM_PATH"] != want {
				t.Errorf("it chose %q and %q, want %q", env["TERRAFORM"], env["TF_ACC_TERRAFORM_PATH"], want)
			}
			host := map[string]string{openTofu: "registry.opentofu.org"}[test.onPath[test.want]]
			if env["TF_ACC_PROVIDER_HOST"] != host {
				t.Errorf("the provider's host is %q, want %q", env["TF_ACC_PROVIDER_HOST"], host)
			}
		})
	}
}

func TestWithCLIShieldsFromTheShell(t *testing.T) {
	bin := programs(t, map[string]string{
		// This variable makes a real CLI fail when it prints its version.
		"terraform": `[ -z "$TF_CLI_ARGS" ] && ` + terraform,
	})
	env, err := withCLI(t, bin, "TF_CLI_ARGS=-no-such-flag", "TF_LOG=TRACE", "TF_CLI_CONFIG_FILE=/no/such/file",
		"TF_REATTACH_PROVIDERS={}", "COMMVAULT_HOST=production", "COMMVAULT_PASSWORD=two\nTF_LINES=x", "KEPT=as it is")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"TF_ACC_TERRAFORM_PATH", "TF_CLI_CONFIG_FILE"}
	for name := range env {
		if (strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "COMMVAULT_")) && !slices.Contains(allowed, name) {
			t.Errorf("%s is handed on", name)
		}
	}
	if env["TF_CLI_CONFIG_FILE"] != os.DevNull {
		t.Errorf("the CLI's configuration is %q", env["TF_CLI_CONFIG_FILE"])
	}
	if env["KEPT"] != "as it is" {
		t.Errorf("KEPT is %q", env["KEPT"])
	}
}

func TestWithCLIKeepsTheExitCode(t *testing.T) {
	bin := programs(t, map[string]string{"terraform": terraform})
	command := exec.Command("./with-cli", "sh", "-c", "exit 7")
	command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
	if err := command.Run(); command.ProcessState.ExitCode() != 7 {
		t.Errorf("it exited with %d (%v), want 7", command.ProcessState.ExitCode(), err)
	}
}

// TestMakeSimulatorSpeaksFirst verifies that the output begins with the exports, also from another directory, so that other programs
// can read it.
func TestMakeSimulatorSpeaksFirst(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	for name, arguments := range map[string][]string{
		"here":           {"simulator"},
		"from elsewhere": {"-C", "..", "simulator"},
		"announcing":     {"-w", "-C", "..", "simulator"},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "make", append(arguments, "ARGS=-http -dialect default")...)
			if name == "here" {
				command.Dir = ".."
			}
			for _, variable := range os.Environ() {
				if !strings.HasPrefix(variable, "MAKE") && !strings.HasPrefix(variable, "MFLAGS") {
					command.Env = append(command.Env, variable)
				}
			}
			var stderr strings.Builder
			command.Stderr = &stderr
			command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			stdout, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(stdout).ReadString('\n')
			// The signal goes to make and to its child, as from a terminal.
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGINT)
			_ = command.Wait() // interrupted, so the error does not matter
			if err != nil || !strings.HasPrefix(line, "export COMMVAULT_HOST=http://127.0.0.1:") {
				t.Errorf("the first line is %q (%v)\n%s", line, err, &stderr)
			}
		})
	}
}

// TestMakeSimulatorTellsThatItBuilds verifies that make announces a slow build on stderr, stays silent about a fast one, and fails if
// the compiler fails.
func TestMakeSimulatorTellsThatItBuilds(t *testing.T) {
	root := copyOf(t, "GNUmakefile")
	const program = `mkdir -p bin; printf '#!/bin/sh\necho export A=$1\n' >bin/simulator; chmod +x bin/simulator`
	for name, test := range map[string]struct {
		compiler string
		stdout   string
		says     bool
		fails    bool
	}{
		"at once":        {program, "export A=-x\n", false, false},
		"after a while":  {"sleep 2; " + program, "export A=-x\n", true, false},
		"a mistake":      {"echo wrong; exit 1", "", false, true},
		"a late mistake": {"sleep 2; exit 1", "", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "make", "-C", root, "simulator", "ARGS=-x")
			command.Env = []string{"PATH=" + programs(t, map[string]string{"go": test.compiler}) + ":" + os.Getenv("PATH"), "HOME=" + root}
			var stdout, stderr strings.Builder
			command.Stdout, command.Stderr = &stdout, &stderr
			started := time.Now()
			if err := command.Run(); (err != nil) != test.fails {
				t.Errorf("it ends with %v", err)
			}
			slow := !test.says && time.Since(started) > time.Second // a busy machine may be slow in every case
			if said := strings.Contains(stderr.String(), "building the simulator…\n"); said != test.says && !slow || stdout.String() != test.stdout {
				t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
			}
		})
	}
}

// withCLI runs env under the script and returns its output. The error contains stderr.
func withCLI(t *testing.T, bin string, variables ...string) (map[string]string, error) {
	t.Helper()
	command := exec.Command("./with-cli", "env", "-0")
	command.Env = append([]string{"PATH=" + bin}, variables...)
	var stderr strings.Builder
	command.Stderr = &stderr
	stdout, err := command.Output()
	if err != nil {
		return nil, &failure{err, stderr.String()}
	}
	env := map[string]string{}
	for variable := range strings.SplitSeq(string(stdout), "\x00") {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	return env, nil
}

type failure struct {
	error
	stderr string
}

func (f *failure) Error() string { return f.error.Error() + ": " + f.stderr }

// programs creates a directory of shell scripts with links to the programs that with-cli needs, so that it can be the full PATH.
func programs(t *testing.T, bodies map[string]string) string {
	t.Helper()
	bin := t.TempDir()
	for name, body := range bodies {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sh", "env", "sed", "head", "dirname", "mkdir", "chmod", "true"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}
