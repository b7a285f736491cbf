// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command probe asks a real Command Center the open questions about its API (API.md#open-questions). It creates temporary tokens of its
// own account and revokes them at the end. It reads the environment variables of the provider, prints a line for each question and the
// nearest dialect of the simulator, and writes a report without secrets, hosts, users and ids.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"syscall"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

func main() {
	// A second Ctrl-C does not abort the cleanup, which has a time limit of its own.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], process{
		getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, clock: clock.System(), random: rand.Reader,
	})
	stop()
	os.Exit(code)
}
