// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"testing"
)

// TestTheProgramDiesWithTheLauncher verifies that no program remains when a CLI kills the launcher. The end of the program's stdout
// shows that it has ended.
func TestTheProgramDiesWithTheLauncher(t *testing.T) {
	launched, stdout, _, file := start(t, "wait")
	var pid int
	if _, err := fmt.Fscan(stdout, &pid); err != nil || pid == launched.Process.Pid {
		t.Fatalf("the program has the id %d: %v", pid, err)
	}
	if err := launched.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stdout); err != nil {
		t.Fatal(err)
	}
	_ = launched.Wait() // killed
	if used := lines(t, file); len(used) != 1 {
		t.Errorf("written down is %+v, want a begin without an end", used)
	}
}

func TestPeakMemoryIsTold(t *testing.T) {
	launched, stdout, _, file := start(t, "end")
	_, _ = io.Copy(io.Discard, stdout)
	_ = launched.Wait() // exits with 7
	if used := lines(t, file); len(used) != 2 || used[1].PeakKiB < 1000 || used[1].PeakKiB > 1<<20 {
		t.Errorf("written down is %+v", used)
	}
}
