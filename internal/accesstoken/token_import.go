// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// ImportState accepts "<id>", "<user_id>/<id>" or the identity. The Read that follows sets the other attributes.
func (*tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, userID := importIdentity(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), userID)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, ownership{Caller: userID.IsNull()})...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateImported, true)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateAdopted, true)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, id, userID)...)
}

// IdentitySchema returns the schema of the resource identity.
func (*tokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The id of the token on the server.",
			},
			"user_id": identityschema.Int64Attribute{
				OptionalForImport: true,
				Description:       "The id of the user who owns the token. Defaults to the user of the provider.",
			},
		},
	}
}

// identityModel is the resource identity. It contains what an import needs, and nothing that may change.
type identityModel struct {
	ID     types.String `tfsdk:"id"`
	UserID types.Int64  `tfsdk:"user_id"`
}

// setIdentity sets the identity if it is not set yet. An identity never changes.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String, userID wholenumber.Value) diag.Diagnostics {
	if identity == nil || !identity.Raw.IsFullyNull() {
		return nil
	}
	return identity.Set(ctx, identityModel{ID: id, UserID: userID.Int64Value})
}

// importIdentity returns the id and the owner from the argument of an import, which is an id or an identity.
func importIdentity(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) (types.String, wholenumber.Value) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsFullyNull() {
		var given identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &given)...)
		if _, err := validate.ParseID(given.ID.ValueString()); err != nil && !resp.Diagnostics.HasError() {
			resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid identity of an access token",
				fmt.Sprintf("The id is %q. It must be the token's id, a whole number above 0.", given.ID.ValueString()))
		}
		if user := given.UserID.ValueInt64(); !given.UserID.IsNull() && (user < 1 || user > mostUserID) {
			resp.Diagnostics.AddAttributeError(path.Root("user_id"), "Invalid identity of an access token",
				fmt.Sprintf("The user_id is %d. It must be the id of the owner, a whole number from 1 to %d.", user, mostUserID))
		}
		return given.ID, wholenumber.Value{Int64Value: given.UserID}
	}
	id, userID, err := parseImportID(req.ID)
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid import id of an access token", sentence(err))
	}
	return id, userID
}

// parseImportID parses "<id>" or "<user_id>/<id>". Its error contains the given text and the accepted forms.
func parseImportID(given string) (types.String, wholenumber.Value, error) {
	parts := strings.Split(given, "/")
	numbers := make([]int64, len(parts))
	var err error
	for i, part := range parts {
		if numbers[i], err = validate.ParseID(part); err != nil {
			break
		}
	}
	if err != nil || len(parts) > 2 || len(parts) == 2 && numbers[0] > mostUserID {
		return types.StringNull(), wholenumber.Null(), fmt.Errorf(
			"the import id is %q, but it must be <id>, the token's id, for a token of the provider's own user, or <user_id>/<id> "+
				"for a token of another user. Both are whole numbers above 0, such as 42 or 7/42, and a user_id is at most %d", given, mostUserID)
	}
	id := types.StringValue(strconv.FormatInt(numbers[len(numbers)-1], 10))
	if len(parts) == 1 {
		return id, wholenumber.Null(), nil
	}
	return id, wholenumber.Of(numbers[0]), nil
}
