// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
)

type ephemeralModel struct {
	scopeFields
	secretFields

	NamePrefix    types.String    `tfsdk:"name_prefix"`
	RevokeOnClose types.Bool      `tfsdk:"revoke_on_close"`
	ID            types.String    `tfsdk:"id"`
	Name          types.String    `tfsdk:"name"`
	ExpiresAt     timestamp.Value `tfsdk:"expires_at"`
}

// Schema returns the schema of the ephemeral resource.
func (*ephemeralToken) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access token for one run. It is created when Terraform opens it, revoked when Terraform " +
			"closes it, and never in the state or a plan. Use it to configure another provider, or as the value of a " +
			"write-only argument.\n\n" +
			"Needs Terraform 1.10 or OpenTofu 1.11, or newer. Terraform opens it in both plans and applies.",
		Attributes: attributes(ephemeralScopeAttributes(), map[string]schema.Attribute{
			"name_prefix": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The prefix of the token's name. The provider appends the UTC second of the creation and " +
					"eight random hexadecimal digits. Defaults to `terraform-`.",
				Validators: []validator.String{validate.NotBlank()},
			},
			"revoke_on_close": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether Terraform revokes the token when it closes it. Defaults to `true`.",
			},
			"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token on the server."},
			"name": schema.StringAttribute{Computed: true, MarkdownDescription: "The name of the token."},
			"access_token": schema.StringAttribute{
				Computed: true, Sensitive: true, MarkdownDescription: "The secret to send in the header `Authtoken`.",
			},
			"refresh_token": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The secret for one renewal of the token. Null for the types " + typesThat(false, "`", "and") + ".",
			},
			"expires_at": schema.StringAttribute{
				CustomType: timestamp.Type{}, Computed: true,
				MarkdownDescription: "When the token expires, RFC 3339 in UTC. Terraform does not renew it, so the run must " +
					"end before that.",
			},
		}),
	}
}
