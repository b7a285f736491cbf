// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Since skips a test with a CLI older than the one that brought what it is about: a version of Terraform, and one of OpenTofu,
// "" if it has none yet.
func Since(terraform, openTofu string) []tfversion.TerraformVersionCheck {
	first := terraform
	if strings.Contains(registryHost(), "opentofu") {
		first = openTofu
		if openTofu == "" {
			first = "1000"
		}
	}
	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(version.Must(version.NewVersion(first)))}
}
