// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// slot is an update under way. next is what the state will hold; it is saved after every step that cannot be undone.
type slot struct {
	*rotatingResource
	client *commandcenter.Client
	state  *rotatingModel // before the update
	plan   *rotatingModel
	next   *rotatingModel
	owner  wholenumber.Value // as configured
	kept   rotation
	resp   *resource.UpdateResponse
}

// Update does what the plan shows: it rotates, or renews; it revokes previous tokens whose overlap has ended; and it changes
// the scope of those that are left. It reads the clock only to refuse.
func (r *rotatingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s := &slot{rotatingResource: r, state: &rotatingModel{}, plan: &rotatingModel{}, resp: resp}
	resp.Diagnostics.Append(req.Plan.Get(ctx, s.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, s.state)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_id"), &s.owner)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s.kept = recallRotation(ctx, req.Private)
	rotates, renews := s.plan.AccessTokenID.IsUnknown(), s.plan.AccessToken.IsUnknown()
	revokes := s.plan.PreviousTokens.IsUnknown()
	change := s.plan.scopeChange(s.state)
	rescopes := !change.IsEmpty()
	s.next = s.start()
	if rescopes { // recorded when it is done
		s.next.APIEndpoints, s.next.AllowedIPs = s.state.APIEndpoints, s.state.AllowedIPs
	}
	if rotates || renews || revokes || rescopes {
		var diags diag.Diagnostics
		s.client, diags = r.backend.forWrite("change", s.state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.backend.protect(s.state.asPlain())
	}
	dueBy := s.kept.refreshed() // what the plan showed, not what has fallen due since
	if s.changesType() && s.kept.Moved {
		s.kept.OtherType = true
	}
	switch {
	case rotates:
		if !s.rotate(ctx) {
			return
		}
	case renews:
		if !s.renew(ctx) {
			return
		}
	}
	if revokes {
		s.revokeDue(ctx, dueBy)
	}
	if rescopes {
		s.rescope(ctx, change, rotates)
	}
	s.kept.Moved = false
	s.kept.Refreshed = max(s.kept.Refreshed, r.backend.now().Unix())
	s.save(ctx)
}

// start is the plan with the state's token in what is unknown.
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

// save puts next into the state that Terraform stores when the call returns.
func (s *slot) save(ctx context.Context) {
	s.resp.Diagnostics.Append(s.resp.State.Set(ctx, s.next)...)
	s.resp.Diagnostics.Append(remember(ctx, s.resp.Private, privateRotation, s.kept)...)
}

// fail reports d after what was done so far was saved.
func (s *slot) fail(ctx context.Context, d diag.Diagnostic) bool {
	s.save(ctx)
	s.resp.Diagnostics.Append(d)
	return false
}

// rotate issues a new token and lets the old one enter its overlap. It revokes nothing: the state reaches the disk only
// when this call returns, and a kill in between has to leave a token that is valid.
func (s *slot) rotate(ctx context.Context) bool {
	issued := s.issue(ctx, s.client, s.plan, s.owner)
	previous, diags := s.state.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	if issued.err != nil {
		return s.rotationFailed(ctx, issued, previous)
	}
	revokeAfter := issued.at.Add(s.plan.overlap())
	if s.kept.Gone {
		revokeAfter = issued.at // in case it was only hidden
	}
	previous = append(previous, newPrevious(s.state.tokenID(), revokeAfter))
	s.next.UserID = s.plan.UserID
	s.next.take(issued.spec.Name, issued.token)
	s.kept = s.rotated(issued, previous)
	s.next.RotateAfter = s.next.rotateAfter(s.kept)
	s.next.SecretVersion = nextVersion(s.state.SecretVersion, issued.at)
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, previous)...)
	s.save(ctx)
	s.resp.Diagnostics.Append(reportedWarning(s.next.describe(), issued.token.Reported)...)
	if s.learn(ctx, s.next, &s.kept) {
		s.save(ctx)
	}
	return !s.resp.Diagnostics.HasError()
}

// rotated is what the slot remembers after a rotation: its new token, and the one that it replaced.
func (s *slot) rotated(issued issuance, previous []previousToken) rotation {
	old := s.kept
	record := previousRecord{
		keptOwner: old.keptOwner, ID: s.state.tokenID(),
		Secrets: s.backend.replaced(old.Replaced, s.state.AccessToken, instant(s.state.ExpiresAt), issued.at),
	}
	record.Owner = s.state.owner(old).ID
	kept := issued.remembered()
	kept.Previous = append(slices.Clone(old.Previous), record)
	kept.Foreign = old.Foreign
	if old.OtherType || s.changesType() {
		kept.Foreign = joinIDs(previous)
	}
	return kept
}

// rotationFailed leaves the slot as it is. A new token that exists without being of use becomes a previous one, due at once.
func (s *slot) rotationFailed(ctx context.Context, issued issuance, previous []previousToken) bool {
	d := issueDiagnostic(s.backend.once(issued.err), issued.spec, willBePrevious(s.state))
	if !issued.inState() {
		s.resp.Diagnostics.Append(d)
		return false
	}
	*s.next = *s.state
	s.kept = s.kept.withRecord(issued.token.ID, func(p *previousRecord) { p.keptOwner = issued.remembered().keptOwner })
	s.kept.Refreshed = max(s.kept.Refreshed, issued.at.Unix()) // it is due at once
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, append(previous, newPrevious(issued.token.ID, issued.at)))...)
	return s.fail(ctx, d)
}

func newPrevious(id int64, revokeAfter time.Time) previousToken {
	return previousToken{ID: types.StringValue(fmt.Sprint(id)), RevokeAfter: timestamp.FromTime(revokeAfter.Truncate(time.Second))}
}

// revokeDue revokes the previous tokens that the plan showed as due. One that fails stays, with a warning.
func (s *slot) revokeDue(ctx context.Context, dueBy time.Time) {
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	current := s.state.AccessTokenID // replaced by this very apply, it is left to a later one
	left := slices.DeleteFunc(previous, func(p previousToken) bool {
		if p.ID.Equal(current) || !s.backend.revocationIsDue(p, s.kept, dueBy) {
			return false
		}
		var err error
		s.kept, err = s.revokePrevious(ctx, s.client, s.state, s.kept, p.tokenID())
		if err != nil {
			s.resp.Diagnostics.Append(notRevokedWarning(p, errors.Is(err, commandcenter.ErrRevocationPending), s.backend.once(err)))
		}
		return err == nil
	})
	s.kept = s.kept.onlyRecordsOf(left)
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, left)...)
}
