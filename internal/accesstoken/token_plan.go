// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// ModifyPlan performs the checks that need the time or the state, and marks as unknown the values that the update will change. The
// planned values never depend on the clock: Terraform plans again during apply and must get the same plan.
func (r *tokenResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.backend == nil {
		return
	}
	now := r.backend.now()
	var plan, state *model
	if !req.Plan.Raw.IsNull() {
		planned, diags := tokenCodec().get(ctx, req.Plan.Raw, req.Plan)
		plan = &planned
		resp.Diagnostics.Append(diags...)
	}
	if !req.State.Raw.IsNull() {
		prior, diags := tokenCodec().get(ctx, req.State.Raw, req.State)
		state = &prior
		resp.Diagnostics.Append(diags...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if plan == nil {
		r.planDestroy(state, resp)
		return
	}
	resp.Diagnostics.Append(endsInThePast(plan, state, now)...)
	resp.Diagnostics.Append(plan.farEndWarning(state, now)...)
	resp.Diagnostics.Append(plan.oddNameWarning(state)...)
	resp.Diagnostics.Append(plan.refuseOdd(ctx, req.State)...)
	if state == nil {
		return
	}
	var returnsNone bool
	recall(ctx, req.Private, privateNoSecrets, &returnsNone)
	if plan.expectAnswer(state, returnsNone) {
		resp.Diagnostics.Append(tokenCodec().set(ctx, plan, &resp.Plan.Raw, &resp.Plan)...)
	}
	resp.Diagnostics.Append(deadWarning(plan, state, now)...)
}

// planDestroy refuses to plan a destroy that Delete would refuse.
func (r *tokenResource) planDestroy(state *model, resp *resource.ModifyPlanResponse) {
	client := r.backend.Client
	if state != nil && client != nil && client.IsCredential(commandcenter.Secret(state.AccessToken.ValueString())) {
		resp.Diagnostics.Append(ownCredentialDiagnostic(state.describe()))
	}
}

// endsInThePast refuses past ends in a create, and past ends that change. An unchanged old configuration must still plan.
func endsInThePast(plan, state *model, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	check := func(attribute string, planned timestamp.Value, before func(*model) timestamp.Value) {
		end, known := planned.Time()
		if !known || end.After(now) || state != nil && timestamp.SameInstant(planned, before(state)) {
			return
		}
		diags.AddAttributeError(path.Root(attribute), "End of the access token is in the past", fmt.Sprintf(
			"%s is %q, which is not after the current time %s. Set a time in the future. Nothing was sent.", attribute,
			planned.ValueString(), now.UTC().Format(time.RFC3339)))
	}
	check("renewable_until", plan.RenewableUntil, func(m *model) timestamp.Value { return m.RenewableUntil })
	check("token_expiry", plan.TokenExpiry, func(m *model) timestamp.Value { return m.TokenExpiry })
	return diags
}

// expectAnswer marks as unknown the values that the response to an update will set: the expiry, if the update changes it, and the
// secrets, if the state lacks them after an import. Some releases return such secrets; returnsNone reports that this one does not. An
// unknown argument counts as changed, because the plan during apply may only narrow this one. expectAnswer reports whether it changed
// the plan.
func (m *model) expectAnswer(state *model, returnsNone bool) bool {
	before := *m
	if m.change(state).TokenExpiry != nil || m.TokenExpiry.IsUnknown() {
		m.ExpiresAt = timestamp.Unknown()
	}
	mayChange := m.hasUnknownArgument() || !m.change(state).IsEmpty()
	if mayChange && !returnsNone && state.AccessToken.IsNull() && m.AccessToken.IsNull() {
		m.AccessToken = types.StringUnknown()
		if state.tokenType().Renews() {
			m.RefreshToken = types.StringUnknown()
		}
	}
	return !reflect.DeepEqual(*m, before)
}

// hasUnknownArgument reports whether an argument that an update sends, or an element of it, is unknown.
func (m *model) hasUnknownArgument() bool {
	return m.Name.IsUnknown() || m.Type.IsUnknown() || m.RenewableUntil.IsUnknown() || m.TokenExpiry.IsUnknown() ||
		hasUnknown(m.APIEndpoints, slices.Values(m.APIEndpoints.Elements())) ||
		hasUnknown(m.AllowedIPs, slices.Values(m.AllowedIPs.Elements()))
}

// hasUnknown reports whether a collection, or an element of it, is unknown.
func hasUnknown(collection attr.Value, elements iter.Seq[attr.Value]) bool {
	for element := range elements {
		if element.IsUnknown() {
			return true
		}
	}
	return collection.IsUnknown()
}

// deadWarning reports a token that can no longer be used or renewed according to the planned ends.
func deadWarning(plan, state *model, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	judged := *state
	judged.RenewableUntil = plan.RenewableUntil
	if !plan.TokenExpiry.IsNull() && !timestamp.SameInstant(plan.TokenExpiry, state.TokenExpiry) {
		judged.ExpiresAt = plan.TokenExpiry
	}
	since, dead := judged.deadSince(now)
	if !dead {
		return diags
	}
	diags.AddWarning("Access token can no longer be used or renewed", fmt.Sprintf(
		"The %s has been unusable since %s. Replace it with terraform apply -replace, or by changing rotate_when_changed.",
		state.describe(), since.Format(time.RFC3339)))
	return diags
}
