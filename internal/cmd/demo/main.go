// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command demo shows the lifecycle of an access token with a real Terraform or OpenTofu CLI, the built provider and a Command Center in
// memory. It changes nothing outside a temporary directory, which it removes. It exits with 1 if a step has an unexpected result.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func main() {
	cli := flag.String("cli", os.Getenv("TERRAFORM"), "`path` of the Terraform or OpenTofu CLI")
	binary := flag.String("provider", "", "`path` of the built provider")
	flag.Parse()

	// A further Ctrl-C has no effect until the demo has cleaned up, because every wait has a limit.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	set := settings{cli: *cli, provider: *binary, out: os.Stdout, colors: isTerminal(os.Stdout)}
	err := run(ctx, set, simulator.New(simulator.Options{}))
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}
