// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command simulator is a Command Center in memory, for trying the provider and the scripts around it.
//
// Its first lines on stdout are the shell commands that make the provider use it:
//
//	export COMMVAULT_HOST=https://127.0.0.1:4711/commandcenter/api
//	export COMMVAULT_USERNAME=admin
//	export COMMVAULT_PASSWORD=…
//	export COMMVAULT_CA_CERTIFICATE=/tmp/…/ca.pem
//
// Comments follow, with the id and the password of each account. Then it serves until it is interrupted, and logs each request to stderr without its secrets.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
