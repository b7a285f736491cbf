// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Update changes the token in place. Values that the response omits stay in the state, above all the secrets.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := tokenCodec().get(ctx, req.Plan.Raw, req.Plan)
	resp.Diagnostics.Append(diags...)
	state, diags := tokenCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.backend.meet(state.tokenID())
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.ID, state.UserID)...)
	change := plan.change(&state)
	owner := ownerOf(ctx, &state.scopeFields, req.Private)
	var answered commandcenter.Token
	if !change.IsEmpty() {
		client, diags := r.backend.forWrite("change", state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.backend.protect(&state.secretFields)
		var err error
		if answered, err = client.Update(ctx, state.tokenID(), change); err != nil {
			resp.Diagnostics.Append(r.backend.updateDiagnostic(err, state.describe(), change))
			return
		}
		answered = r.backend.withListedType(ctx, state.tokenID(), owner, change, answered)
	}
	plan.keep(&state, answered)
	configured := owner.ID
	if owner.Caller {
		configured = 0
	}
	field := change.Contradicts(state.beforeChange(configured), answered)
	if field != "" {
		plan.takeContradiction(answered)
	}
	renewed := plan.replaceSecrets(&state.tokenFields, answered)
	resp.Diagnostics.Append(tokenCodec().set(ctx, &plan, &resp.State.Raw, &resp.State)...)
	var cut cutEnds
	recall(ctx, req.Private, privateCut, &cut)
	after := cut.after(change, answered)
	if after != cut {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, after)...)
	}
	if change.RenewableUntil != nil || change.TokenExpiry != nil {
		resp.Diagnostics.Append(after.warnings(&plan)...)
	}
	if !change.IsEmpty() && state.AccessToken.IsNull() && answered.AccessToken == "" {
		resp.Diagnostics.Append(r.rememberNoSecrets(ctx, req.Private, resp.Private, &plan)...)
	}
	if renewed {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(answered.ExpiresAt))...)
		resp.Diagnostics.Append(newSecretsDiagnostic(plan.describe()))
	}
	if field != "" {
		resp.Diagnostics.Append(contradictedChangeDiagnostic(plan.describe(), field))
	}
}

// keep replaces values that are unknown in the plan m by those of the response to the update, or by those of the state if the response
// omits them.
func (m *model) keep(state *model, answered commandcenter.Token) {
	if end, known := m.TokenExpiry.Time(); known && m.ExpiresAt.IsUnknown() && answered.ExpiresAt.IsZero() {
		answered.ExpiresAt = end
	}
	m.completeFrom(answered, state)
}

// rememberNoSecrets records that an update of an imported token returned no secrets, so that later plans expect none.
func (*tokenResource) rememberNoSecrets(ctx context.Context, before privateReader, private privateWriter, plan *model) diag.Diagnostics {
	var known bool
	if recall(ctx, before, privateNoSecrets, &known); known {
		return nil
	}
	diags := remember(ctx, private, privateNoSecrets, true)
	diags.AddWarning("Secrets of an imported access token are not available", fmt.Sprintf("The %s was imported, so its secrets are "+
		"not in the state. This release does not return them with a change, so access_token and refresh_token stay null. To "+
		"get a secret, replace the token, or make it a commvault_rotating_access_token with a moved block.", plan.describe()))
	return diags
}
