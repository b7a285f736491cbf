// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// registryHost and source are the two parts of the provider's address.
var registryHost, source, _ = strings.Cut(provider.Address, "/")

// openTofuHost is the host where OpenTofu looks for a source without a host.
const openTofuHost = "registry.opentofu.org"

// change is an additional argument of the token that changes in place.
const change = "\n  allowed_ips = [\"127.0.0.0/8\"]"

// head returns the beginning of every configuration.
func head() string {
	return fmt.Sprintf(`terraform {
  required_providers {
    commvault = { source = %q }
  }
}

provider "commvault" {} # host and login: COMMVAULT_* in the environment
`, source)
}

// config returns the configuration of one token. more contains additional arguments.
func config(more string) string {
	return head() + fmt.Sprintf(`
resource "commvault_access_token" "ci" {
  name_prefix = "ci-"%s
}

output "token" {
  value     = commvault_access_token.ci.access_token
  sensitive = true
}
`, more)
}

// fillMirror copies the provider to a directory in which init finds it, for Terraform and for OpenTofu.
func fillMirror(mirror, binary string) error {
	const version = "0.0.1"             // init ignores a pre-release and 0.0.0
	program, err := os.ReadFile(binary) //nolint:gosec // the provider that the demo is told to show
	if err != nil {
		return err
	}
	for _, host := range []string{registryHost, openTofuHost} {
		dir := filepath.Join(mirror, host, filepath.FromSlash(source), version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		file := filepath.Join(dir, "terraform-provider-commvault_v"+version+filepath.Ext(binary))
		if err := os.WriteFile(file, program, 0o700); err != nil { //nolint:gosec // a program has to be executable
			return err
		}
	}
	return nil
}
