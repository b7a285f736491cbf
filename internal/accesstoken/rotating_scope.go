// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// joinIDs joins ids for the private state.
func joinIDs(list []previousToken) string {
	ids := make([]string, 0, len(list))
	for _, p := range list {
		ids = append(ids, p.ID.ValueString())
	}
	return strings.Join(ids, " ")
}

// rescope changes the scope of the current token, unless the token was just created with it, and of the tokens in their overlap: a
// narrower scope takes effect immediately. A failure for one token does not stop the others. The failure for a previous token is
// recorded, so that the next plan tries again. The scope that a list shows for the current token would not reveal it.
func (s *slot) rescope(ctx context.Context, change commandcenter.Change, rotated bool) {
	if rotated || s.rescopeCurrent(ctx, scopeOf(change, s.stored.OtherType)) {
		s.next.copyInPlace(&s.plan.scopeFields)
	}
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	for _, p := range previous {
		record := s.stored.record(p.tokenID())
		if record != nil && record.AsIs {
			continue
		}
		missed := record != nil && record.Unscoped
		its := change
		if missed { // it is unknown which changes the token lacks
			its = s.plan.wholeScope()
		}
		if failed := !s.rescopePrevious(ctx, p, scopeOf(its, s.stored.isForeign(p.ID))); failed != missed {
			s.stored = s.stored.withRecord(p.tokenID(), func(r *previousRecord) { r.Unscoped = failed })
		}
	}
}

// wholeScope returns an update that sets the full scope of the slot, whatever the token's scope is.
func (m *rotatingModel) wholeScope() commandcenter.Change {
	t, endpoints, addresses := m.tokenType(), texts(m.APIEndpoints), texts(m.AllowedIPs)
	change := commandcenter.Change{AllowedIPs: &addresses}
	if t.ChangesInPlace(t) {
		change.Type = &t
	}
	if t == commandcenter.TypeCustom {
		change.APIEndpoints = &endpoints
	}
	return change
}

// scopeOf returns the part of an update that applies to a token. A token of another type keeps its type and has no endpoints.
func scopeOf(change commandcenter.Change, otherType bool) commandcenter.Change {
	if otherType {
		change.Type, change.APIEndpoints = nil, nil
	}
	return change
}

// beforeChange returns the fields that an update must leave unchanged. The type of some tokens differs from the slot's.
func (s *slot) beforeChange(otherType bool) commandcenter.Token {
	before := s.state.beforeChange(s.owner.ValueInt64())
	if otherType {
		before.Type = ""
	}
	return before
}

func (s *slot) rescopeCurrent(ctx context.Context, change commandcenter.Change) bool {
	if change.IsEmpty() {
		return true
	}
	answered, err := s.client.Update(ctx, s.next.tokenID(), change)
	if err != nil {
		s.resp.Diagnostics.Append(s.backend.updateDiagnostic(err, s.next.describe(), change))
		if s.plan.renews() && commandcenter.KindOf(err) == commandcenter.Lost {
			// Some releases issue a new pair with an update. The pair in the state may then be spent, and sending it would end the
			// chain.
			s.forgetPair()
			s.resp.Diagnostics.AddWarning("Access token will be rotated", fmt.Sprintf("It is unknown whether the change of the "+
				"%s issued new secrets, so its refresh token is removed from the state. Apply again: the next plan rotates the slot.",
				s.next.describe()))
		}
		return false
	}
	answered = s.backend.withListedType(ctx, s.next.tokenID(), s.state.owner(s.stored), change, answered)
	if s.takeNewSecrets(ctx, answered) {
		s.resp.Diagnostics.Append(newSecretsDiagnostic(s.next.describe()))
	}
	if field := change.Contradicts(s.beforeChange(s.stored.OtherType), answered); field != "" {
		s.next.takeContradiction(answered)
		s.resp.Diagnostics.Append(contradictedChangeDiagnostic(s.next.describe(), field))
		return false
	}
	return true
}

func (s *slot) rescopePrevious(ctx context.Context, p previousToken, change commandcenter.Change) bool {
	if change.IsEmpty() {
		return true
	}
	answered, err := s.client.Update(ctx, p.tokenID(), change)
	if err != nil {
		if s.isGone(ctx, p.tokenID(), err) {
			return true
		}
		s.resp.Diagnostics.Append(s.backend.updateDiagnostic(err, p.ref().describe(), change))
		return false
	}
	answered = s.backend.withListedType(ctx, p.tokenID(), s.state.previousOwner(s.stored, p.tokenID()), change, answered)
	if field := change.Contradicts(s.beforeChange(s.stored.isForeign(p.ID)), answered); field != "" {
		s.resp.Diagnostics.Append(contradictedChangeDiagnostic(p.ref().describe(), field))
		return false
	}
	return true
}

// takeNewSecrets saves secrets that an update issued without a plan for them. It reports whether there were any.
func (s *slot) takeNewSecrets(ctx context.Context, answered commandcenter.Token) bool {
	before := s.next.tokenFields
	if !s.next.replaceSecrets(&before, answered) {
		return false
	}
	now := s.backend.now()
	if !s.next.AccessToken.Equal(before.AccessToken) {
		s.stored.Replaced = s.backend.replaced(s.stored.Replaced, before.AccessToken, instant(before.ExpiresAt), now)
	}
	s.next.SecretVersion = nextVersion(s.next.SecretVersion, now)
	s.stored.OurExpiry, s.stored.Paired = unixOrZero(answered.ExpiresAt), now.Unix()
	s.save(ctx)
	s.learnExpiry(ctx, s.next, &s.stored)
	return true
}

// isGone reports whether a token no longer exists on the server, after an update that failed with err.
func (s *slot) isGone(ctx context.Context, id int64, err error) bool {
	var refusal *commandcenter.Error
	if !errors.As(err, &refusal) || refusal.Kind != commandcenter.Refused || !refusal.Documented {
		return false
	}
	seen, err := s.client.Find(ctx, commandcenter.Wanted{
		ID: id, Owner: s.state.previousOwner(s.stored, id), Fresh: true,
		// A missing id is answered 404, or 200 with an error. After another refusal, a token that may be hidden does not count as gone.
		MayBeHidden: s.state.tokenType().Renews() && !refusal.MayMeanMissing(),
	})
	return err == nil && !seen.Found && seen.Absence == commandcenter.Gone
}
