// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ resource.Resource                   = (*rotatingResource)(nil)
	_ resource.ResourceWithConfigure      = (*rotatingResource)(nil)
	_ resource.ResourceWithImportState    = (*rotatingResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*rotatingResource)(nil)
	_ resource.ResourceWithMoveState      = (*rotatingResource)(nil)
	_ resource.ResourceWithValidateConfig = (*rotatingResource)(nil)
)

// rotatingResource is commvault_rotating_access_token: a slot whose token is replaced before it ends.
type rotatingResource struct {
	backend *Backend
}

// NewRotatingResource returns the resource commvault_rotating_access_token.
func NewRotatingResource() resource.Resource { return &rotatingResource{} }

// Metadata sets the name of the resource.
func (*rotatingResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_rotating_access_token"
}

// Configure stores the backend, which is nil while Terraform only validates.
func (r *rotatingResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	r.backend = backend
}
