// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ action.Action              = (*revokeAction)(nil)
	_ action.ActionWithConfigure = (*revokeAction)(nil)
)

// revokeAction is commvault_revoke_access_token. It revokes tokens that no configuration manages.
type revokeAction struct {
	backend *Backend
}

// NewRevokeAction returns the action commvault_revoke_access_token.
func NewRevokeAction() action.Action { return &revokeAction{} }

type revokeModel struct {
	IDs    types.List        `tfsdk:"ids"`
	UserID wholenumber.Value `tfsdk:"user_id"`
}

// Metadata sets the name of the action.
func (*revokeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_revoke_access_token"
}

// Schema returns the schema of the action.
func (*revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes access tokens by id, mainly those that no configuration manages, and reports the " +
			"outcome of each. A missing token is not an error, and a refusal does not stop the remaining revocations.\n\n" +
			"Needs Terraform 1.14 or newer.",
		Attributes: map[string]schema.Attribute{
			"ids": schema.ListAttribute{
				ElementType: types.StringType,
				Required:    true,
				MarkdownDescription: "The ids of the tokens, revoked in this order. Duplicates are ignored, and an empty list " +
					"is a no-op.",
				Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(validate.ID())},
			},
			"user_id": schema.Int64Attribute{
				CustomType:          wholenumber.Type{},
				Optional:            true,
				MarkdownDescription: "The id of the user who owns the tokens. Defaults to the user of the provider.",
				Validators:          ownerValidators(),
			},
		},
	}
}

// Configure stores the backend, which is nil while Terraform only validates.
func (a *revokeAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	a.backend = backend
}
