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

// typeOmitted returns the planned type of a token whose configuration omits it. The default is ALL. A token that Terraform did not
// create keeps the type that the server returns, so that an import does not widen its rights.
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

// omittedType plans the default of type.
type omittedType struct{}

// Description describes the default.
func (omittedType) Description(context.Context) string {
	return "Defaults to ALL. An imported token keeps its type."
}

// MarkdownDescription returns Description.
func (m omittedType) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString plans the default.
func (omittedType) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = typeOmitted(ctx, req.State, req.Private)
	}
}

// omittedEndpoints plans api_endpoints if the configuration omits them. An imported CUSTOM token keeps its endpoints, as it keeps its
// type. A token of another type has none.
type omittedEndpoints struct{}

// Description describes the planned value.
func (omittedEndpoints) Description(context.Context) string {
	return "An imported CUSTOM token keeps its endpoints."
}

// MarkdownDescription returns Description.
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
	isCustom := typeOmitted(ctx, req.State, req.Private).ValueString() == string(commandcenter.TypeCustom)
	switch {
	case configured.IsNull() && isCustom:
		resp.PlanValue = req.StateValue
	case configured.IsUnknown() && isCustom: // if the type turns out to be null, the endpoints are kept
		resp.PlanValue = types.SetUnknown(types.StringType)
	}
}
