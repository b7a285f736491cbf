// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command launcher stands in a provider's place, runs the real one, and writes down what that used. Terraform starts a
// provider several times in a run and tells nobody what each took.
//
// The program is named by BENCH_PROGRAM. Two lines of JSON for each run are appended to the file BENCH_USAGE: one when it
// began, one with what it used when it ended, so that a run that was killed shows.
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
	// CPUSeconds are those in user and in system mode together.
	CPUSeconds float64 `json:"cpuSeconds,omitempty"`
	// PeakKiB is the most memory that was resident, 0 where the system does not tell.
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

// run the program with this process's arguments, environment and streams, and return its exit code.
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
			_ = child.Process.Signal(received) // it may have ended meanwhile
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

// note appends a line, in one write: several launchers run at a time.
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
