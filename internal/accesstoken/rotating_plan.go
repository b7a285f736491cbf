// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// ModifyPlan determines the work that is due and marks the values that will change as unknown. It sends nothing and reads no clock.
func (r *rotatingResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	plan, diags := rotatingCodec().get(ctx, req.Plan.Raw, req.Plan)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.refuseOdd(ctx, req.State)...)
	if req.State.Raw.IsNull() {
		return // in a create, all computed attributes are unknown
	}
	state, diags := rotatingCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.backend.sawVersion(state.SecretVersion.ValueInt64())
	stored := recallRotation(ctx, req.Private)
	plan.keepComputed(&state)
	due, diags := r.backend.due(ctx, &plan, &state, stored)
	resp.Diagnostics.Append(diags...)
	plan.expect(&state, stored, due)
	if due.rotates() {
		resp.Diagnostics.Append(plan.expectOwner(ctx, req.Config)...)
	}
	resp.Diagnostics.Append(rotatingCodec().set(ctx, &plan, &resp.Plan.Raw, &resp.Plan)...)
	switch due.rotate {
	case "":
	case noSecret:
		resp.Diagnostics.Append(importedWarning(&plan, &state))
	default:
		resp.Diagnostics.AddWarning("Access token will be rotated", fmt.Sprintf("The %s will be replaced by a new one, "+
			"because %s. The old one stays valid until a later apply revokes it.", state.describe(), due.rotate))
	}
}

// planDestroy refuses to plan a destroy that Delete would refuse.
func (r *rotatingResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.backend == nil || r.backend.Client == nil || req.State.Raw.IsNull() {
		return
	}
	state, diags := rotatingCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	previous, diags := state.previous(ctx)
	resp.Diagnostics.Append(diags...)
	if own := r.ownCredential(&state, previous, recallRotation(ctx, req.Private)); own != nil {
		resp.Diagnostics.Append(ownCredentialDiagnostic(own.describe()))
	}
}

// keepComputed copies the computed attributes from the state to the plan.
func (m *rotatingModel) keepComputed(state *rotatingModel) {
	m.Name, m.AccessTokenID = state.Name, state.AccessTokenID
	m.secretFields, m.endFields = state.secretFields, state.endFields
	m.RotateAfter, m.PreviousTokens, m.SecretVersion = state.RotateAfter, state.PreviousTokens, state.SecretVersion
}

// expect marks the values that will change as unknown.
func (m *rotatingModel) expect(state *rotatingModel, stored rotation, d dueness) {
	switch {
	case d.rotates():
	case m.LifetimeDays.IsUnknown() || m.RotateBeforeDays.IsUnknown():
		m.RotateAfter = timestamp.Unknown()
	case stored.Moved || m.rotateBefore() != state.rotateBefore():
		m.RotateAfter = m.rotateAfter(stored)
	}
	if d.revoke > 0 || d.rescope > 0 {
		m.PreviousTokens = types.ListUnknown(previousTokenType)
	}
	switch {
	case d.rotates():
		m.Name, m.AccessTokenID, m.RotateAfter = types.StringUnknown(), types.StringUnknown(), timestamp.Unknown()
		m.secretFields, m.endFields = unknownSecrets(), unknownEnds()
		if !m.tokenType().Renews() {
			m.forgetRenewal()
		}
		m.PreviousTokens = types.ListUnknown(previousTokenType)
		m.SecretVersion = types.Int64Unknown()
	case d.renew:
		m.secretFields = unknownSecrets()
		m.ExpiresAt, m.RefreshTokenExpiresAt = timestamp.Unknown(), timestamp.Unknown()
		m.SecretVersion = types.Int64Unknown()
	}
	if stored.Moved && m.SecretVersion.IsNull() {
		m.SecretVersion = types.Int64Unknown()
	}
}

// expectOwner marks the owner as unknown if the configuration omits it: a rotation creates a token for the user that the provider
// authenticates as at that time.
func (m *rotatingModel) expectOwner(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	var configured wholenumber.Value
	diags := config.GetAttribute(ctx, path.Root("user_id"), &configured)
	if configured.IsNull() {
		m.UserID = wholenumber.Value{Int64Value: types.Int64Unknown()}
	}
	return diags
}
