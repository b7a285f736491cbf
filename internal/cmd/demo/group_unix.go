// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup prevents a terminal's Ctrl-C from reaching the command. The command would count it and the demo's own signal as two, and
// stop immediately.
func ownGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends providers that a killed command may have left behind.
func killGroup(command *exec.Cmd) {
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // usually no process is left
	}
}
