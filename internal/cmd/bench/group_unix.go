// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup makes killGroup reach the processes that the command starts.
func ownGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { killGroup(command); return nil }
}

// killGroup ends a command and the processes that it started.
func killGroup(command *exec.Cmd) {
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // usually no process is left
	}
}
