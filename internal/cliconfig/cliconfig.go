// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package cliconfig writes the configuration by which Terraform and OpenTofu find a provider without a registry. TF_CLI_CONFIG_FILE
// names the file.
package cliconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mirror returns a configuration with which init installs providers only from a directory.
func Mirror(dir string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", dir)
}

// Overrides returns a configuration with which the CLI runs providers without init. It maps their sources to the directories of
// their programs.
func Overrides(directories map[string]string) string {
	var b strings.Builder
	b.WriteString("provider_installation {\n  dev_overrides {\n")
	for _, source := range slices.Sorted(maps.Keys(directories)) {
		fmt.Fprintf(&b, "    %q = %q\n", source, directories[source])
	}
	b.WriteString("  }\n  direct {}\n}\n")
	return b.String()
}
