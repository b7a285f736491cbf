// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// ImportState accepts "<id>" or "<user_id>/<id>". The Read that follows sets the other attributes. The secret cannot be fetched, so the
// first apply rotates the slot, and the imported token becomes a previous one.
func (*rotatingResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, userID, err := parseImportID(req.ID)
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("access_token_id"), "Invalid import id of an access token", sentence(err))
		return
	}
	imported := rotatingModel{
		tokenFields: tokenFields{scopeFields: nullScope()}, AccessTokenID: id,
		PreviousTokens:    types.ListValueMust(previousTokenType, nil),
		RotateWhenChanged: types.MapNull(types.StringType),
	}
	imported.UserID = userID
	resp.Diagnostics.Append(rotatingCodec().set(ctx, &imported, &resp.State.Raw, &resp.State)...)
	stored := rotation{Imported: true}
	stored.Caller, stored.Owner = userID.IsNull(), userID.ValueInt64()
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, stored)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateAdopted, true)...)
}

// refreshImported sets the attributes that only an imported slot lacks. The prefix is taken from the name. The owner that a list shows
// for a token of the provider's own user is recorded in private state only, so that a generated configuration omits user_id.
func (m *rotatingModel) refreshImported(before *rotatingModel, stored *rotation) {
	if m.NamePrefix.IsNull() && !m.Name.IsNull() {
		m.NamePrefix = types.StringValue(prefixOf(m.Name.ValueString()))
	}
	if before.UserID.IsNull() && !m.UserID.IsNull() {
		stored.Owner, m.UserID = m.UserID.ValueInt64(), wholenumber.Null()
	}
	stored.Imported = false
}

var generatedSuffix = regexp.MustCompile(`\d{8}T\d{6}Z-(?:[0-9a-f]{4}|[0-9a-f]{8})$`)

// prefixOf returns the name_prefix that a name may have been generated from. If the prefix would be blank, it returns the name.
func prefixOf(name string) string {
	if prefix := generatedSuffix.ReplaceAllString(name, ""); strings.TrimSpace(prefix) != "" {
		return prefix
	}
	return name
}

// importedWarning announces that an imported token will be revoked.
func importedWarning(plan, state *rotatingModel) diag.Diagnostic {
	overlap := "its overlap"
	if given(plan.OverlapHours) {
		overlap = fmt.Sprintf("its overlap of %d hours", plan.OverlapHours.ValueInt64())
	}
	return diag.NewWarningDiagnostic("Imported access token will be revoked", fmt.Sprintf(
		"The state lacks the secret of the %s, because Command Center shows it only when it creates the token. The apply "+
			"creates a new token for the slot, and the first apply after %s revokes the imported one. Before that, give the "+
			"new secret to everything that uses the old one. To keep the imported token, remove the import block, or run "+
			"terraform state rm <address>, before the apply.",
		state.describe(), overlap))
}
