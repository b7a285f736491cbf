// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// Create issues the first token of the slot.
func (r *rotatingResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := rotatingCodec().get(ctx, req.Plan.Raw, req.Plan)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("create", fmt.Sprintf("access token %q", plan.NamePrefix.ValueString()))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued := r.issue(ctx, client, &plan, plan.UserID)
	if issued.err != nil && !issued.inState() {
		resp.Diagnostics.Append(r.backend.issueDiagnostic(issued, willBeReplaced))
		return
	}
	plan.take(issued.spec.Name, issued.token)
	stored := issued.remembered()
	plan.RotateAfter = plan.rotateAfter(stored)
	plan.SecretVersion = nextVersion(types.Int64Value(r.backend.version.Load()), issued.at)
	resp.Diagnostics.Append(plan.setPrevious(ctx, nil)...)
	save := func() {
		resp.Diagnostics.Append(rotatingCodec().set(ctx, &plan, &resp.State.Raw, &resp.State)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, stored)...)
	}
	save()
	if issued.err != nil { // Terraform taints a token that is saved together with an error: the next apply revokes it
		resp.Diagnostics.Append(r.backend.issueDiagnostic(issued, willBeReplaced))
		return
	}
	resp.Diagnostics.Append(reportedWarning(plan.describe(), issued.token.Reported)...)
	if r.learn(ctx, &plan, &stored) {
		save()
	}
}

// remembered returns the private state for a new token.
func (i issuance) remembered() rotation {
	return rotation{
		storedOwner: storedOwner{Caller: i.spec.UserID == 0, Owner: i.owner()},
		Refreshed:   i.at.Unix(), Issued: i.at.Unix(), Paired: i.at.Unix(), OurExpiry: unixOrZero(i.token.ExpiresAt),
	}
}

// issue creates a token for the slot with a generated name. It sends the owner only if it is configured.
func (r *rotatingResource) issue(
	ctx context.Context, client *commandcenter.Client, plan *rotatingModel, owner wholenumber.Value,
) issuance {
	return r.backend.issueGenerated(ctx, client, plan.NamePrefix.ValueString(), owner.ValueInt64(),
		func(name string, now time.Time) commandcenter.Spec { return plan.spec(name, owner, now) })
}

// learnExpiry reads the expiry of the pair from a list of the same operation, if the response omitted it. The caller has already saved
// the pair to the response state. learnExpiry reports whether it found the expiry.
func (r *rotatingResource) learnExpiry(ctx context.Context, m *rotatingModel, stored *rotation) bool {
	if _, known := stored.ourExpiry(); known {
		return false
	}
	expiry, known := r.backend.Client.SupplyExpiry(ctx, m.tokenID(), m.owner(*stored))
	if known {
		stored.OurExpiry = expiry.Unix()
		m.ExpiresAt = timestamp.FromTime(expiry)
		m.RotateAfter = m.rotateAfter(*stored)
	}
	return known
}

// learn is like learnExpiry, for a new token. It also records the name of its maker.
func (r *rotatingResource) learn(ctx context.Context, m *rotatingModel, stored *rotation) bool {
	expiry := r.learnExpiry(ctx, m, stored)
	stored.Maker = r.backend.learnMaker(ctx)
	return expiry || stored.Maker != ""
}
