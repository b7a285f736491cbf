// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import "github.com/hashicorp/terraform-plugin-framework/resource"

// NewResource is the resource commvault_access_token.
func NewResource() resource.Resource { return nil }
