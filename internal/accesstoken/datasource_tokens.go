// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

var (
	_ datasource.DataSource              = (*tokensData)(nil)
	_ datasource.DataSourceWithConfigure = (*tokensData)(nil)
)

// tokensData is the data source commvault_access_tokens. It lists a user's tokens, without their secrets.
type tokensData struct{ configuredData }

// NewTokensData returns the data source commvault_access_tokens.
func NewTokensData() datasource.DataSource { return &tokensData{} }

type tokensModel struct {
	filterModel

	Tokens []listedModel `tfsdk:"tokens"`
}

// Metadata sets the name of the data source.
func (*tokensData) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_tokens"
}

// Schema returns the schema of the data source.
func (*tokensData) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := filterAttributes()
	attributes["tokens"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The tokens that match all filters, in numerical order of their ids. Empty if no token matches.",
		NestedObject:        schema.NestedAttributeObject{Attributes: listedAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the access tokens of a user, without their secrets. All data sources and resources of a " +
			"run share one list of a user's tokens. Data sources that are read after a change share a new list. Attributes " +
			"that the server does not list are null.\n\n" +
			"Needs Terraform 1.5.7 or OpenTofu 1.8, or newer.",
		Attributes: attributes,
	}
}

// Read filters the list. No match is an empty list. A list that cannot be read is an error.
func (d *tokensData) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config tokensModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, chosen, diags := d.backend.choose(ctx, config.filterModel)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.Tokens = make([]listedModel, 0, len(chosen))
	for _, t := range chosen {
		config.Tokens = append(config.Tokens, list.model(t))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}
