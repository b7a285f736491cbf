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

// ValidateConfig refuses what the arguments cannot mean together.
func (*rotatingResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config rotatingModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.validate()...)
}

func (m *rotatingModel) validate() diag.Diagnostics {
	var diags diag.Diagnostics
	t := m.tokenType()
	if !m.Type.IsUnknown() {
		plain := model{Type: m.Type, APIEndpoints: m.APIEndpoints} // a slot has other ends
		diags.Append(plain.validateType()...)
	}
	// A type that is not known yet counts as ALL, which has the highest limit.
	if limit := inDays(t.LongestLifetime()); m.LifetimeDays.ValueInt64() > limit {
		diags.AddAttributeError(path.Root("lifetime_days"), "Lifetime beyond the server's limit", fmt.Sprintf(
			"lifetime_days is %d. Accepted is 1 to %d for the type %s.", m.LifetimeDays.ValueInt64(), limit, t))
	}
	lifetimeKnown := !m.LifetimeDays.IsUnknown() && (!m.LifetimeDays.IsNull() || !m.Type.IsUnknown())
	before := m.RotateBeforeDays
	if lifetimeKnown && !before.IsNull() && !before.IsUnknown() && before.ValueInt64() >= m.lifetimeDays() {
		diags.AddAttributeError(path.Root("rotate_before_days"), "Rotation before the token's creation", fmt.Sprintf(
			"rotate_before_days is %d, and the lifetime is %d days. Accepted is less than the lifetime: the slot would rotate at "+
				"every apply.", before.ValueInt64(), m.lifetimeDays()))
	}
	if m.Renew.IsUnknown() {
		return diags
	}
	if m.Renew.ValueBool() && !m.Type.IsUnknown() && !t.Renews() {
		diags.AddAttributeError(path.Root("renew"), "An access token of this type cannot be renewed", fmt.Sprintf(
			"renew is true, and the type is %s. renew goes with ALL, DEFAULT, CUSTOM and Hyperscale.", t))
	}
	if !m.Renew.ValueBool() && given(m.RenewBeforeMinutes) {
		diags.AddAttributeError(path.Root("renew_before_minutes"), "Nothing to renew",
			"renew_before_minutes is set, and renew is not true. Set renew = true, or remove renew_before_minutes.")
	}
	return diags
}

// ModifyPlan decides what is due and makes unknown what will change, and nothing else. It sends nothing and reads no clock.
func (r *rotatingResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	if req.State.Raw.IsNull() {
		return // a create: all that is computed is unknown
	}
	var plan, state rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kept := recallRotation(ctx, req.Private)
	plan.keepComputed(&state)
	due, diags := r.backend.due(ctx, &plan, &state, kept)
	resp.Diagnostics.Append(diags...)
	plan.expect(&state, kept, due)
	if due.rotate != "" {
		resp.Diagnostics.Append(plan.expectOwner(ctx, req.Config)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	if due.rotate != "" && !plan.isOpen() {
		resp.Diagnostics.AddWarning("Access token will be rotated", fmt.Sprintf("The %s is replaced by a new one, because %s. "+
			"The old one stays valid until a later apply revokes it.", state.describe(), due.rotate))
	}
}

// planDestroy refuses to plan what Delete would refuse.
func (r *rotatingResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.backend == nil || r.backend.Client == nil || req.State.Raw.IsNull() {
		return
	}
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	previous, diags := state.previous(ctx)
	resp.Diagnostics.Append(diags...)
	if own := r.ownCredential(&state, previous, recallRotation(ctx, req.Private)); own != nil {
		resp.Diagnostics.Append(ownCredentialDiagnostic(own))
	}
}

// keepComputed starts the plan from what the state holds.
func (m *rotatingModel) keepComputed(state *rotatingModel) {
	m.Name, m.AccessTokenID = state.Name, state.AccessTokenID
	m.AccessToken, m.RefreshToken = state.AccessToken, state.RefreshToken
	m.ExpiresAt, m.RefreshTokenExpiresAt = state.ExpiresAt, state.RefreshTokenExpiresAt
	m.RenewableUntil, m.RotateAfter = state.RenewableUntil, state.RotateAfter
	m.PreviousTokens, m.SecretVersion = state.PreviousTokens, state.SecretVersion
}

// expect makes unknown what will change.
func (m *rotatingModel) expect(state *rotatingModel, kept rotation, d dueness) {
	if d.rotate == "" && m.rotationRelevant(state, kept) {
		m.RotateAfter = m.rotateAfter(kept)
		if m.isOpen() {
			m.RotateAfter = timestamp.Unknown()
		}
	}
	if d.revoke > 0 {
		m.PreviousTokens = types.ListUnknown(previousTokenType)
	}
	switch {
	case d.rotate != "":
		m.Name, m.AccessTokenID, m.AccessToken = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		m.ExpiresAt, m.RotateAfter = timestamp.Unknown(), timestamp.Unknown()
		m.RefreshToken, m.RefreshTokenExpiresAt, m.RenewableUntil = types.StringNull(), timestamp.Null(), timestamp.Null()
		if m.Type.IsUnknown() || m.tokenType().Renews() {
			m.RefreshToken, m.RefreshTokenExpiresAt = types.StringUnknown(), timestamp.Unknown()
			m.RenewableUntil = timestamp.Unknown()
		}
		m.PreviousTokens = types.ListUnknown(previousTokenType)
		m.SecretVersion = types.Int64Unknown()
	case d.renew:
		m.AccessToken, m.RefreshToken = types.StringUnknown(), types.StringUnknown()
		m.ExpiresAt, m.RefreshTokenExpiresAt = timestamp.Unknown(), timestamp.Unknown()
		m.SecretVersion = types.Int64Unknown()
	}
	if kept.Moved && m.SecretVersion.IsNull() {
		m.SecretVersion = types.Int64Unknown()
	}
}

// expectOwner makes the owner unknown where the configuration does not name him: a rotation makes a token for whoever the
// provider acts as then.
func (m *rotatingModel) expectOwner(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	var configured wholenumber.Value
	diags := config.GetAttribute(ctx, path.Root("user_id"), &configured)
	if configured.IsNull() {
		m.UserID = wholenumber.Value{Int64Value: types.Int64Unknown()}
	}
	return diags
}

// rotationRelevant reports whether what rotate_after is made of has changed.
func (m *rotatingModel) rotationRelevant(state *rotatingModel, kept rotation) bool {
	return kept.Moved || m.rotateBefore() != state.rotateBefore()
}

// isOpen reports whether an argument which decides about rotation is not known yet.
func (m *rotatingModel) isOpen() bool {
	return m.NamePrefix.IsUnknown() || m.Type.IsUnknown() || m.LifetimeDays.IsUnknown() || m.RotateBeforeDays.IsUnknown() ||
		m.Renew.IsUnknown()
}
