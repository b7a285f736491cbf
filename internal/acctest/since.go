// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Since skips a test with a CLI that is too old: it names the first version of Terraform and the first one of OpenTofu that suffice.
// The latter is "" if there is none yet.
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
