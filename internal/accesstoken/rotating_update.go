// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// slot is an update in progress. next is the future state. It is saved after every step that cannot be undone.
type slot struct {
	*rotatingResource
	client *commandcenter.Client
	state  *rotatingModel // before the update
	plan   *rotatingModel
	next   *rotatingModel
	owner  wholenumber.Value // as configured
	stored rotation
	resp   *resource.UpdateResponse
}

// Update performs the work that is due. It rotates or renews, revokes previous tokens whose overlap has ended, and changes the scope of
// the remaining ones. It derives this work from the same arguments, state and private state as the plan, with the same result. It reads
// the clock only to refuse an outdated plan.
func (r *rotatingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s := &slot{rotatingResource: r, state: &rotatingModel{}, plan: &rotatingModel{}, resp: resp}
	resp.Diagnostics.Append(req.Plan.Get(ctx, s.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, s.state)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_id"), &s.owner)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s.stored = recallRotation(ctx, req.Private)
	due, diags := r.backend.due(ctx, s.plan, s.state, s.stored)
	resp.Diagnostics.Append(diags...)
	change := s.plan.change(&s.state.scopeFields)
	rescopes := !change.IsEmpty() || due.rescope > 0
	s.next = s.start()
	if rescopes { // recorded when it is done
		s.next.copyInPlace(&s.state.scopeFields)
	}
	if due != (dueness{}) || rescopes {
		s.client, diags = r.backend.forWrite("change", s.state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.backend.protect(&s.state.secretFields)
	}
	dueBy := s.stored.refreshed() // the work that the plan showed, not work that has fallen due since
	switch {
	case due.rotate != "":
		if !s.rotate(ctx) {
			return
		}
	case due.renew:
		if !s.renew(ctx) {
			return
		}
	}
	if due.revoke > 0 {
		s.revokeDue(ctx, dueBy)
	}
	if rescopes {
		s.rescope(ctx, change, due.rotate != "")
	}
	s.stored.Moved = false
	s.stored.Refreshed = max(s.stored.Refreshed, r.backend.now().Unix())
	s.save(ctx)
}

// start returns the plan with unknown values replaced by those of the state's token.
func (s *slot) start() *rotatingModel {
	next := *s.plan
	next.keepComputed(s.state)
	if s.plan.UserID.IsUnknown() {
		next.UserID = s.state.UserID
	}
	if !s.plan.RotateAfter.IsUnknown() {
		next.RotateAfter = s.plan.RotateAfter
	}
	if s.plan.SecretVersion.IsUnknown() && s.state.SecretVersion.IsNull() {
		next.SecretVersion = nextVersion(s.state.SecretVersion, s.backend.now()) // after a move
	}
	return &next
}

// save writes next to the response state. Terraform stores it when the call returns.
func (s *slot) save(ctx context.Context) {
	s.resp.Diagnostics.Append(rotatingCodec().set(ctx, s.next, &s.resp.State.Raw, &s.resp.State)...)
	s.resp.Diagnostics.Append(remember(ctx, s.resp.Private, privateRotation, s.stored)...)
}

// fail reports d after the finished steps were saved.
func (s *slot) fail(ctx context.Context, d diag.Diagnostic) bool {
	s.save(ctx)
	s.resp.Diagnostics.Append(d)
	return false
}
