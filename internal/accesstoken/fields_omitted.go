// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// typeOmitted returns the type of a token whose configuration omits it: ALL; but that of a token which Terraform did not make
// stays what the server says, so that no import widens what a token may do.
func typeOmitted(ctx context.Context, state tfsdk.State, private privateReader) types.String {
	byDefault := types.StringValue(string(commandcenter.TypeAll))
	if state.Raw.IsNull() {
		return byDefault
	}
	var adopted bool
	recall(ctx, private, privateAdopted, &adopted)
	var before types.String
	if state.GetAttribute(ctx, path.Root("type"), &before).HasError() || !adopted || before.IsNull() {
		return byDefault
	}
	return before
}

// omittedType is the default of type.
type omittedType struct{}

// Description says what the default is.
func (omittedType) Description(context.Context) string {
	return "Default ALL. An imported token keeps its type."
}

// MarkdownDescription is Description.
func (m omittedType) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString plans the default.
func (omittedType) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = typeOmitted(ctx, req.State, req.Private)
	}
}

// omittedEndpoints plans the endpoints of a token whose configuration omits them: those of an imported CUSTOM token stay,
// as its type does; a token of another type has none.
type omittedEndpoints struct{}

// Description says what is planned.
func (omittedEndpoints) Description(context.Context) string {
	return "An imported CUSTOM token keeps its endpoints."
}

// MarkdownDescription is Description.
func (m omittedEndpoints) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifySet plans the endpoints.
func (omittedEndpoints) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if !req.ConfigValue.IsNull() {
		return
	}
	resp.PlanValue = types.SetNull(types.StringType)
	if req.StateValue.IsNull() {
		return
	}
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("type"), &configured)...)
	kept := typeOmitted(ctx, req.State, req.Private).ValueString() == string(commandcenter.TypeCustom)
	switch {
	case configured.IsNull() && kept:
		resp.PlanValue = req.StateValue
	case configured.IsUnknown() && kept: // null would keep them
		resp.PlanValue = types.SetUnknown(types.StringType)
	}
}
