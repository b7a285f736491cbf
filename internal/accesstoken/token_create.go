// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// Create issues the token. It saves the response to the state first. Nothing after that can fail.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := tokenCodec().get(ctx, req.Plan.Raw, req.Plan)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("create", plan.describePlanned())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued := r.issue(ctx, client, &plan)
	if issued.err != nil && !issued.inState() {
		resp.Diagnostics.Append(r.backend.issueDiagnostic(issued, willBeReplaced))
		return
	}
	plan.Name = types.StringValue(issued.spec.Name)
	plan.complete(issued.token)
	resp.Diagnostics.Append(tokenCodec().set(ctx, &plan, &resp.State.Raw, &resp.State)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.ID, plan.UserID)...)
	stored := ownership{Caller: issued.spec.UserID == 0}
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, stored)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(issued.token.ExpiresAt))...)
	if issued.err != nil { // Terraform taints a token that is saved together with an error: the next apply revokes it
		resp.Diagnostics.Append(r.backend.issueDiagnostic(issued, willBeReplaced))
		return
	}
	resp.Diagnostics.Append(reportedWarning(plan.describe(), issued.token.Reported)...)
	r.complete(ctx, resp, &plan, issued, commandcenter.Owner{ID: issued.owner(), Caller: stored.Caller})
	if stored.Maker = r.backend.learnMaker(ctx); stored.Maker != "" {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, stored)...)
	}
}

// issue creates the token with the configured name, or with a name generated from the prefix.
func (r *tokenResource) issue(ctx context.Context, client *commandcenter.Client, plan *model) issuance {
	if plan.NamePrefix.IsNull() {
		return r.backend.issue(ctx, client, plan.spec(plan.Name.ValueString()))
	}
	return r.backend.issueGenerated(ctx, client, plan.NamePrefix.ValueString(), plan.UserID.ValueInt64(),
		func(name string, _ time.Time) commandcenter.Spec { return plan.spec(name) })
}

// complete reads the expiry from a list if the response omitted it, and reports ends that the server changed.
func (r *tokenResource) complete(
	ctx context.Context, resp *resource.CreateResponse, plan *model, issued issuance, owner commandcenter.Owner,
) {
	created := issued.token
	if created.ExpiresAt.IsZero() {
		expiry, known := r.backend.Client.SupplyExpiry(ctx, created.ID, owner)
		if known {
			created.ExpiresAt = expiry
			plan.ExpiresAt = timestamp.FromTime(expiry)
			resp.Diagnostics.Append(tokenCodec().set(ctx, plan, &resp.State.Raw, &resp.State)...)
			resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(expiry))...)
		}
	}
	if cut := afterCreate(issued.spec, created); cut != (cutEnds{}) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, cut)...)
		resp.Diagnostics.Append(cut.warnings(plan)...)
	}
}
