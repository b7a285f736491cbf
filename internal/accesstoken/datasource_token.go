// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ datasource.DataSource                   = (*tokenData)(nil)
	_ datasource.DataSourceWithConfigure      = (*tokenData)(nil)
	_ datasource.DataSourceWithValidateConfig = (*tokenData)(nil)
)

// tokenData is the data source commvault_access_token. It finds one token by its id or its name.
type tokenData struct{ configuredData }

// NewTokenData returns the data source commvault_access_token.
func NewTokenData() datasource.DataSource { return &tokenData{} }

// Metadata sets the name of the data source.
func (*tokenData) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Schema returns the schema of the data source.
func (*tokenData) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := listedAttributes()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{validate.ID()},
		MarkdownDescription: "The id of the token. Exactly one of `id` and `name` must be set.",
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{validate.TokenName()},
		MarkdownDescription: "The name of the token, in the exact spelling of the server. Exactly one of `id` and `name` must " +
			"be set.",
	}
	attributes["user_id"] = schema.Int64Attribute{
		CustomType: wholenumber.Type{}, Optional: true, Computed: true, Validators: ownerValidators(),
		MarkdownDescription: "The id of the owner. Defaults to the user of the provider.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up one access token by id or name, without its secrets. Attributes that the server does " +
			"not list are null. A missing token is an error.\n\n" +
			"Needs Terraform 1.5.7 or OpenTofu 1.8, or newer.",
		Attributes: attributes,
	}
}

// ValidateConfig requires exactly one of id and name.
func (*tokenData) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config listedModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	switch {
	case resp.Diagnostics.HasError() || config.ID.IsUnknown() || config.Name.IsUnknown():
	case config.ID.IsNull() && config.Name.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Missing id or name of the access token",
			"Neither id nor name is set. Exactly one of them must be set to identify the token.")
	case !config.ID.IsNull() && !config.Name.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Both id and name are set", fmt.Sprintf(
			"id is %q and name is %q. Exactly one of them must be set.", config.ID.ValueString(), config.Name.ValueString()))
	}
}

// Read looks the token up in its owner's list.
func (d *tokenData) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listedModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, diags := d.backend.inventory(ctx, config.UserID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	found := list.named(config.Name.ValueString())
	if !config.ID.IsNull() {
		found = list.withID(config.ID.ValueString())
	}
	switch len(found) {
	case 0:
		resp.Diagnostics.Append(config.notFoundDiagnostic(list.all(), list.Partial()))
	case 1:
		state := list.model(found[0])
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	default:
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Name of the access token is not unique", fmt.Sprintf(
			"%s has %d access tokens named %q: %s. Set id to identify the token.",
			capital(whose(list.owner)), len(found), config.Name.ValueString(), described(found)))
	}
}

// notFoundDiagnostic returns an error that names the token and the most similar ones.
func (m *listedModel) notFoundDiagnostic(all []commandcenter.Token, partial string) diag.Diagnostic {
	at, looked, spelling := path.Root("name"), m.Name.ValueString(), func(t commandcenter.Token) string { return t.Name }
	if !m.ID.IsNull() {
		at, looked = path.Root("id"), m.ID.ValueString()
		spelling = func(t commandcenter.Token) string { return strconv.FormatInt(t.ID, 10) }
	}
	what := fmt.Sprintf("%s has no access token with the %s %q.", capital(whose(m.UserID.ValueInt64())), at, looked)
	if partial != "" {
		what = fmt.Sprintf("The list of the access tokens of %s contains no token with the %s %q, and may omit tokens: %s.",
			whose(m.UserID.ValueInt64()), at, looked, partial)
	}
	if len(all) == 0 {
		what += " The list of its access tokens is empty."
	} else {
		shown := nearest(all, func(t commandcenter.Token) int { return levenshtein.Distance(looked, spelling(t), nil) })
		what += fmt.Sprintf(" The nearest, of %d in total: %s.", len(all), described(shown))
	}
	if m.UserID.IsNull() {
		what += " To look up a token of another user, set user_id."
	}
	return diag.NewAttributeErrorDiagnostic(at, "Access token not found", what+" Some servers do not list tokens that have expired.")
}

// described returns the tokens as text for a message.
func described(tokens []commandcenter.Token) string {
	names := make([]string, 0, len(tokens))
	for _, t := range tokens {
		names = append(names, commandcenter.Describe(t.Name, t.ID))
	}
	return strings.Join(names, ", ")
}
