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

// openTofuHost is where OpenTofu looks for a source that names no host.
const openTofuHost = "registry.opentofu.org"

// change is a further argument of the token, one that changes in place.
const change = "\n  allowed_ips = [\"127.0.0.0/8\"]"

// head is what every configuration begins with.
func head() string {
	return fmt.Sprintf(`terraform {
  required_providers {
    commvault = { source = %q }
  }
}

provider "commvault" {} # host and login: COMMVAULT_* in the environment
`, source)
}

// config is the configuration of one token, with more arguments or none.
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

// fillMirror puts the provider where init finds it in place of a registry, for Terraform and for OpenTofu.
func fillMirror(mirror, binary string) error {
	const version = "0.0.1"             // any that is neither a pre-release nor 0.0.0, which init passes over
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

// cliConfigText is a CLI configuration that knows the mirror and nothing else.
func cliConfigText(mirror string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
}
