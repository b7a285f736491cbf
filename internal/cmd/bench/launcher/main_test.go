// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain acts as the launcher or as its program if the environment requests it.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("PLAY") == "launcher":
		_ = os.Setenv("PLAY", "program")
		main()
	case os.Getenv("PLAY") == "program":
		program()
	default:
		os.Exit(m.Run())
	}
}

// program prints its identity, repeats a line, and ends as its arguments state.
func program() {
	fmt.Println(os.Getpid(), os.Args[1:])
	fmt.Fprintln(os.Stderr, "on stderr")
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Print("read ", line)
	if os.Args[1] == "wait" {
		time.Sleep(time.Hour) // until it is killed
	}
	os.Exit(7)
}

// start starts a launcher of this test binary.
func start(t *testing.T, arguments ...string) (launched *exec.Cmd, stdout *bufio.Reader, stderr *strings.Builder, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "usage")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	launched = exec.CommandContext(t.Context(), self, arguments...)
	launched.Env = append(os.Environ(), "PLAY=launcher", "BENCH_PROGRAM="+self, "BENCH_USAGE="+file)
	launched.Stdin = strings.NewReader("a line\n")
	stderr = &strings.Builder{}
	launched.Stderr = stderr
	pipe, err := launched.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := launched.Start(); err != nil {
		t.Fatal(err)
	}
	return launched, bufio.NewReader(pipe), stderr, file
}

func lines(t *testing.T, file string) []usage {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []usage
	for line := range strings.Lines(string(data)) {
		var u usage
		if err := json.Unmarshal([]byte(line), &u); err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	return all
}

func TestStreamsArgumentsAndExitCodeAreForwarded(t *testing.T) {
	launched, stdout, stderr, file := start(t, "end", "two words")
	first, _ := stdout.ReadString('\n')
	second, _ := stdout.ReadString('\n')
	_ = launched.Wait() // the test checks its exit code
	if code := launched.ProcessState.ExitCode(); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
	if !strings.HasSuffix(first, "[end two words]\n") || second != "read a line\n" || stderr.String() != "on stderr\n" {
		t.Errorf("stdout %q %q, stderr %q", first, second, stderr)
	}
	used := lines(t, file)
	if len(used) != 2 || used[0] != (usage{}) || !used[1].Ended || used[1].CPUSeconds <= 0 {
		t.Errorf("written down is %+v", used)
	}
}

func TestASignalIsForwarded(t *testing.T) {
	launched, stdout, _, file := start(t, "wait")
	_, _ = stdout.ReadString('\n')
	if err := launched.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = launched.Wait() // a signal ended the program, so it has no exit code
	if used := lines(t, file); len(used) != 2 || !used[1].Ended {
		t.Errorf("written down is %+v", used)
	}
}

func TestAProgramThatDoesNotStartIsAnError(t *testing.T) {
	t.Setenv("BENCH_PROGRAM", "/no/such/program")
	t.Setenv("BENCH_USAGE", filepath.Join(t.TempDir(), "usage"))
	if _, err := run(nil); err == nil {
		t.Error("there is no error")
	}
	t.Setenv("BENCH_USAGE", "/no/such/directory/usage")
	if _, err := run(nil); err == nil {
		t.Error("there is no error")
	}
}
