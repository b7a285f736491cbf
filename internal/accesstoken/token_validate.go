// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// ValidateConfig refuses arguments that contradict each other. An unknown argument is checked when it is known.
func (*tokenResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config, diags := tokenCodec().get(ctx, req.Config.Raw, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.validateName()...)
	if !config.Type.IsUnknown() {
		resp.Diagnostics.Append(config.validateScope()...)
		resp.Diagnostics.Append(config.validateEnds()...)
	}
}

func (m *model) validateName() diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case m.Name.IsUnknown() || m.NamePrefix.IsUnknown():
	case m.Name.IsNull() && m.NamePrefix.IsNull():
		diags.AddAttributeError(path.Root("name"), "Missing name of the access token",
			"Neither name nor name_prefix is set. Exactly one of them must be set: name for a fixed name, or name_prefix for "+
				"a generated one.")
	case !m.Name.IsNull() && !m.NamePrefix.IsNull():
		diags.AddAttributeError(path.Root("name_prefix"), "Both name and name_prefix are set", fmt.Sprintf(
			"name is %q and name_prefix is %q. Exactly one of them must be set.", m.Name.ValueString(), m.NamePrefix.ValueString()))
	}
	return diags
}

// validateScope refuses arguments that do not apply to the type, API.md#create (reference). An unknown argument may turn out to be null
// and is checked during apply: every variable is unknown while Terraform validates.
func (f *scopeFields) validateScope() diag.Diagnostics {
	var diags diag.Diagnostics
	t := f.tokenType()
	if t == commandcenter.TypeCustom && f.APIEndpoints.IsNull() {
		diags.AddAttributeError(path.Root("api_endpoints"), "Missing endpoints of a CUSTOM access token",
			"The type is CUSTOM, but api_endpoints is not set. A CUSTOM token can call only the endpoints in this list, such "+
				"as [\"/v4/servers\"].")
	}
	if t != commandcenter.TypeCustom && given(f.APIEndpoints) {
		diags.AddAttributeError(path.Root("api_endpoints"), "Endpoints only for a CUSTOM access token", fmt.Sprintf(
			"api_endpoints is set, but the type is %s. Only the type CUSTOM is limited to endpoints: set type = \"CUSTOM\", "+
				"or remove api_endpoints.", t))
	}
	return diags
}

// validateEnds refuses an end that does not apply to the type.
func (m *model) validateEnds() diag.Diagnostics {
	var diags diag.Diagnostics
	t := m.tokenType()
	if !t.Renews() && given(m.RenewableUntil) {
		diags.AddAttributeError(path.Root("renewable_until"), "renewable_until is not supported for this token type", fmt.Sprintf(
			"renewable_until is set, but the type is %s, whose end is set by token_expiry. renewable_until is supported for "+
				"the types %s.",
			t, typesThat(true, "", "and")))
	}
	if t.Renews() && given(m.TokenExpiry) {
		diags.AddAttributeError(path.Root("token_expiry"), "token_expiry is not supported for this token type", fmt.Sprintf(
			"token_expiry is set, but the type is %s, whose end is set by renewable_until. token_expiry is supported for the "+
				"types %s.",
			t, typesThat(false, "", "and")))
	}
	return diags
}
