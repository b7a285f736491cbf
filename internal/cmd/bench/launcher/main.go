// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command launcher runs the provider in its place and records the resources that it uses. Terraform starts a provider several times in
// a run and does not report what each process uses.
//
// BENCH_PROGRAM is the path of the program. For each run, the launcher appends two lines of JSON to the file BENCH_USAGE: one at the
// start, and one at the end with the usage, so that a killed run can be recognised.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
)

// usage is a line of the file.
type usage struct {
	Ended bool `json:"ended"`
	// CPUSeconds is the sum of user and system time.
	CPUSeconds float64 `json:"cpuSeconds,omitempty"`
	// PeakKiB is the peak resident memory, or 0 if the system does not report it.
	PeakKiB int64 `json:"peakKiB,omitempty"`
}

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "launcher:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run runs the program with this process's arguments, environment and streams, and returns its exit code.
func run(arguments []string) (code int, err error) {
	runtime.LockOSThread()                                          // the child dies with the thread that started it
	child := exec.Command(os.Getenv("BENCH_PROGRAM"), arguments...) //nolint:gosec,noctx // the provider to measure; it ends by itself
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.SysProcAttr = dieWithParent()
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if err := note(usage{}); err != nil {
		return 0, err
	}
	if err := child.Start(); err != nil {
		return 0, err
	}
	go func() {
		for received := range signals {
			_ = child.Process.Signal(received) // it may have ended in the meantime
		}
	}()
	var exit *exec.ExitError
	if err := child.Wait(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	state := child.ProcessState
	return state.ExitCode(), note(usage{
		Ended: true, CPUSeconds: (state.UserTime() + state.SystemTime()).Seconds(), PeakKiB: peakKiB(state),
	})
}

// note appends a line in one write, because several launchers run at the same time.
func note(u usage) error {
	line, err := json.Marshal(u)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(os.Getenv("BENCH_USAGE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the benchmark names the file
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}
