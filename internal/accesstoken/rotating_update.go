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
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// slot is an update under way. next is what the state will hold; it is saved after every step that cannot be undone.
type slot struct {
	*rotatingResource
	client *commandcenter.Client
	state  *rotatingModel // before the update
	plan   *rotatingModel
	next   *rotatingModel
	kept   rotation
	now    time.Time
	resp   *resource.UpdateResponse
}

// Update does what the plan shows: it rotates, or renews; it changes the scope; and it revokes previous tokens whose
// overlap has ended. It reads the clock only to refuse.
func (r *rotatingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s := &slot{rotatingResource: r, state: &rotatingModel{}, plan: &rotatingModel{}, now: r.backend.Clock.Now(), resp: resp}
	resp.Diagnostics.Append(req.Plan.Get(ctx, s.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, s.state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	recall(ctx, req.Private, privateRotation, &s.kept)
	rotates, renews := s.plan.AccessTokenID.IsUnknown(), s.plan.AccessToken.IsUnknown()
	revokes := s.plan.PreviousTokens.IsUnknown()
	rescopes := !s.plan.sameScope(s.state)
	s.next = s.start()
	if rotates || renews || revokes || rescopes {
		var diags diag.Diagnostics
		s.client, diags = r.backend.forWrite("change", s.state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	dueBy := s.kept.refreshed() // what the plan showed, not what has fallen due since
	switch {
	case rotates:
		if !s.rotate(ctx) {
			return
		}
	case renews && !s.mayRenew(ctx):
		return
	}
	if rescopes && !s.rescope(ctx, rotates) {
		return
	}
	if renews && !rotates && !s.renew(ctx) {
		return
	}
	if revokes {
		s.revokeDue(ctx, dueBy)
	}
	s.kept.Moved = false
	s.kept.Refreshed = max(s.kept.Refreshed, s.now.Unix())
	s.save(ctx)
}

// start is the plan with the state's token in what is unknown.
func (s *slot) start() *rotatingModel {
	next := *s.plan
	next.keepComputed(s.state)
	if !s.plan.RotateAfter.IsUnknown() {
		next.RotateAfter = s.plan.RotateAfter
	}
	if s.plan.SecretVersion.IsUnknown() && s.state.SecretVersion.IsNull() {
		next.SecretVersion = nextVersion(s.state.SecretVersion, s.now) // after a move
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

func (m *rotatingModel) sameScope(o *rotatingModel) bool {
	return len(m.scopeChange(o)) == 0
}

// scopeChange is what an update of the scope from o to m sends; empty for nothing.
func (m *rotatingModel) scopeChange(o *rotatingModel) []commandcenter.Change {
	plain := model{Name: types.StringNull(), Type: m.Type, APIEndpoints: m.APIEndpoints, AllowedIPs: m.AllowedIPs}
	before := model{Name: types.StringNull(), Type: o.Type, APIEndpoints: o.APIEndpoints, AllowedIPs: o.AllowedIPs}
	change := plain.change(&before)
	if change.IsEmpty() {
		return nil
	}
	return []commandcenter.Change{change}
}

// rotate issues a new token and lets the old one enter its overlap. It revokes nothing: the state reaches the disk only
// when this call returns, and a kill in between has to leave a token that is valid.
func (s *slot) rotate(ctx context.Context) bool {
	issued, err := s.issue(ctx, s.client, s.plan)
	previous, diags := s.state.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	if err != nil {
		d := issueDiagnostic(err, issued.spec)
		if issued.orphaned() {
			d = rotationOrphanDiagnostic(issued, s.state)
			*s.next = *s.state
			s.resp.Diagnostics.Append(s.next.setPrevious(ctx, append(previous, s.previousToken(issued.token.ID, s.now)))...)
			return s.fail(ctx, d)
		}
		s.resp.Diagnostics.Append(d)
		return false
	}
	revokeAfter := s.now.Add(s.plan.overlap())
	if s.kept.Gone {
		revokeAfter = s.now // in case it was only hidden
	}
	previous = append(previous, s.previousToken(s.state.tokenID(), revokeAfter))
	s.next.take(issued.spec.Name, issued.token)
	caller := s.kept.Caller
	s.kept = issued.remembered(caller)
	s.next.RotateAfter = s.next.rotateAfter(s.kept)
	s.next.SecretVersion = nextVersion(s.state.SecretVersion, s.now)
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, previous)...)
	s.save(ctx)
	return !s.resp.Diagnostics.HasError()
}

func (s *slot) previousToken(id int64, revokeAfter time.Time) previousToken {
	return previousToken{ID: types.StringValue(fmt.Sprint(id)), RevokeAfter: timestamp.FromTime(revokeAfter.Truncate(time.Second))}
}

// rescope changes the scope of the current token, unless it was just made with it, and of those in their overlap: a
// narrower one takes effect at once. Until all of them have it, the state keeps the old one, so that the next plan goes on.
func (s *slot) rescope(ctx context.Context, rotated bool) bool {
	change := s.plan.scopeChange(s.state)[0]
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	ids := []int64{}
	if !rotated {
		ids = append(ids, s.next.tokenID())
	}
	for _, p := range previous {
		ids = append(ids, p.tokenID())
	}
	for _, id := range ids {
		current := id == s.next.tokenID()
		told, err := s.client.Update(ctx, id, change)
		if err != nil && !current && s.isGone(ctx, id) {
			continue
		}
		if err != nil {
			named := &model{Name: types.StringNull(), ID: types.StringValue(fmt.Sprint(id))}
			if current {
				named.Name = s.next.Name
			}
			s.next.APIEndpoints, s.next.AllowedIPs = s.state.APIEndpoints, s.state.AllowedIPs
			return s.fail(ctx, updateDiagnostic(err, named, change))
		}
		if current && s.takeNewSecrets(told) {
			plain := &model{ID: s.next.AccessTokenID, Name: s.next.Name}
			return s.fail(ctx, newSecretsDiagnostic(plain))
		}
	}
	return true
}

// takeNewSecrets saves secrets that an update issued, which no plan showed. It tells whether there were any.
func (s *slot) takeNewSecrets(told commandcenter.Token) bool {
	plain := model{AccessToken: s.next.AccessToken, RefreshToken: s.next.RefreshToken, ExpiresAt: s.next.ExpiresAt,
		RefreshTokenExpiresAt: s.next.RefreshTokenExpiresAt}
	before := plain
	if !plain.takeNewSecrets(&before, told) {
		return false
	}
	s.next.AccessToken, s.next.RefreshToken = plain.AccessToken, plain.RefreshToken
	s.next.ExpiresAt, s.next.RefreshTokenExpiresAt = plain.ExpiresAt, plain.RefreshTokenExpiresAt
	s.next.SecretVersion = nextVersion(s.state.SecretVersion, s.now)
	if !told.ExpiresAt.IsZero() {
		s.kept.OurExpiry = told.ExpiresAt.Unix()
	}
	return true
}

// isGone tells that a token is certainly not on the server any more.
func (s *slot) isGone(ctx context.Context, id int64) bool {
	list, err := s.client.FreshTokens(ctx, s.state.owner(s.kept).ID)
	if err != nil {
		return false
	}
	_, there := list.Get(id)
	return !there && (list.ShowsExpired(s.now) || !s.state.tokenType().Renews())
}

// revokeDue revokes the previous tokens that the plan showed as due. One that fails stays, with a warning.
func (s *slot) revokeDue(ctx context.Context, dueBy time.Time) {
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	current := s.state.AccessTokenID // replaced by this very apply, it is left to a later one
	left := slices.DeleteFunc(previous, func(p previousToken) bool {
		if !p.isDue(dueBy) || p.ID.Equal(current) {
			return false
		}
		if err := s.revoke(ctx, s.client, s.state, s.kept, p.tokenID()); err != nil {
			s.resp.Diagnostics.AddWarning("Previous access token not revoked", fmt.Sprintf(
				"The %s was not revoked: %s It stays in previous_tokens, and a later apply tries again.",
				describePrevious(p), sentence(err)))
			return false
		}
		return true
	})
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, left)...)
}

// rotationOrphanDiagnostic tells of a rotation whose new token has lost its secret.
func rotationOrphanDiagnostic(i issuance, state *rotatingModel) diag.Diagnostic {
	var failure *commandcenter.IssueError
	cause := i.err
	if errors.As(i.err, &failure) {
		cause = failure.Err
	}
	return diag.NewErrorDiagnostic("Rotation lost the secret of the new access token", fmt.Sprintf(
		"The answer to the creation of the %s was lost: %s The token exists, and nobody has its secret; it is in previous_tokens, "+
			"to be revoked by the next apply. The slot keeps the %s, which was not touched. Apply again to rotate.",
		commandcenter.Describe(i.spec.Name, i.token.ID), sentence(cause), state.describe()))
}
