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

// ephemeralToken is a token for one run. It is created at open and revoked at close, and is stored in neither state nor plan.
type ephemeralToken struct {
	backend *Backend
}

// NewEphemeral returns the ephemeral resource commvault_access_token.
func NewEphemeral() ephemeral.EphemeralResource { return &ephemeralToken{} }

// Metadata sets the name of the ephemeral resource.
func (*ephemeralToken) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Configure stores the backend, which is nil while Terraform only validates.
func (e *ephemeralToken) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	e.backend = backend
}

// ValidateConfig refuses arguments that contradict each other.
func (*ephemeralToken) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() && !config.Type.IsUnknown() {
		resp.Diagnostics.Append(config.validateScope()...)
	}
}
