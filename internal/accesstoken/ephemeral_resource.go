// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
)

var (
	_ ephemeral.EphemeralResource                   = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithClose          = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithConfigure      = (*ephemeralToken)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*ephemeralToken)(nil)
)

// ephemeralToken is a token for one run: created at open, revoked at close, never in state or plan.
type ephemeralToken struct {
	backend *Backend
}

// NewEphemeral is the ephemeral resource commvault_access_token.
func NewEphemeral() ephemeral.EphemeralResource { return &ephemeralToken{} }

// Metadata names the ephemeral resource.
func (*ephemeralToken) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Configure takes the backend; it is nil while Terraform only validates.
func (e *ephemeralToken) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	e.backend = backend
}

// ValidateConfig refuses what the arguments cannot mean together.
func (*ephemeralToken) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() && !config.Type.IsUnknown() {
		resp.Diagnostics.Append(config.validateScope()...)
	}
}
