// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ resource.Resource                   = (*tokenResource)(nil)
	_ resource.ResourceWithConfigure      = (*tokenResource)(nil)
	_ resource.ResourceWithIdentity       = (*tokenResource)(nil)
	_ resource.ResourceWithImportState    = (*tokenResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*tokenResource)(nil)
	_ resource.ResourceWithValidateConfig = (*tokenResource)(nil)
)

// tokenResource is commvault_access_token. It creates, updates and revokes one token.
type tokenResource struct {
	backend *Backend
}

// NewResource returns the resource commvault_access_token.
func NewResource() resource.Resource { return &tokenResource{} }

// Metadata sets the name of the resource.
func (*tokenResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Configure stores the backend, which is nil while Terraform only validates.
func (r *tokenResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	r.backend = backend
}
