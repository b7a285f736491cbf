// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-commvault serves the provider to Terraform and OpenTofu, which start it themselves.
package main

import (
	"flag"
	"log"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// version is set by the linker in a release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger, and print the TF_REATTACH_PROVIDERS that attaches a CLI")
	flag.Parse()

	if err := plugin.Serve(provider.Address, provider.New(version)(), *debug); err != nil {
		log.Fatal(err)
	}
}
