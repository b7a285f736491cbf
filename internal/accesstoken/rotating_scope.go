// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// changesType tells that the current token is not of the type that the plan asks for.
func (s *slot) changesType() bool {
	return !s.state.Type.IsNull() && s.plan.tokenType().Canonical() != s.state.tokenType().Canonical()
}

// scopeChange is what an update of the scope from o to m sends.
func (m *rotatingModel) scopeChange(o *rotatingModel) commandcenter.Change {
	plain := model{Name: types.StringNull(), Type: m.Type, APIEndpoints: m.APIEndpoints, AllowedIPs: m.AllowedIPs}
	before := model{Name: types.StringNull(), Type: o.Type, APIEndpoints: o.APIEndpoints, AllowedIPs: o.AllowedIPs}
	return plain.change(&before)
}

// joinIDs lists ids for the private state.
func joinIDs(list []previousToken) string {
	ids := make([]string, 0, len(list))
	for _, p := range list {
		ids = append(ids, p.ID.ValueString())
	}
	return strings.Join(ids, " ")
}

// rescope changes the scope of the current token, unless it was just made with it, and of those in their overlap: a
// narrower one takes effect at once. One that fails does not keep it from the others; but until all of them have it, the
// state keeps the old scope, so that the next plan goes on.
func (s *slot) rescope(ctx context.Context, change commandcenter.Change, rotated bool) {
	done := rotated || s.rescopeCurrent(ctx, scopeOf(change, s.kept.OtherType))
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	for _, p := range previous {
		done = s.rescopePrevious(ctx, p, scopeOf(change, s.kept.isForeign(p.ID))) && done
	}
	if done {
		s.next.APIEndpoints, s.next.AllowedIPs = s.plan.APIEndpoints, s.plan.AllowedIPs
	}
}

// scopeOf is what of a change a token gets: one of another type has no endpoints.
func scopeOf(change commandcenter.Change, otherType bool) commandcenter.Change {
	if otherType {
		change.APIEndpoints = nil
	}
	return change
}

func (s *slot) rescopeCurrent(ctx context.Context, change commandcenter.Change) bool {
	if change.IsEmpty() {
		return true
	}
	plain := s.next.asPlain()
	told, err := s.client.Update(ctx, s.next.tokenID(), change)
	if err != nil {
		s.resp.Diagnostics.Append(updateDiagnostic(s.backend.once(err), plain, change))
		if s.plan.renews() && commandcenter.KindOf(err) == commandcenter.Lost {
			// Some releases issue a new pair with a change: the one in the state may be an old one, which ends the chain.
			s.forgetPair()
			s.resp.Diagnostics.AddWarning("Access token will be rotated", "Whether the change issued new secrets is unknown, so the "+
				"refresh token is taken out of the state, and the next plan rotates the slot.")
		}
		return false
	}
	if s.takeNewSecrets(told) {
		s.resp.Diagnostics.Append(newSecretsDiagnostic(plain))
	}
	return true
}

func (s *slot) rescopePrevious(ctx context.Context, p previousToken, change commandcenter.Change) bool {
	if change.IsEmpty() {
		return true
	}
	_, err := s.client.Update(ctx, p.tokenID(), change)
	if err == nil || s.isGone(ctx, p.tokenID(), err) {
		return true
	}
	s.resp.Diagnostics.Append(updateDiagnostic(s.backend.once(err), &model{Name: types.StringNull(), ID: p.ID}, change))
	return false
}

// takeNewSecrets saves secrets that an update issued, which no plan showed. It tells whether there were any.
func (s *slot) takeNewSecrets(told commandcenter.Token) bool {
	plain, before := s.next.asPlain(), s.next.asPlain()
	if !plain.takeNewSecrets(before, told) {
		return false
	}
	s.next.AccessToken, s.next.RefreshToken = plain.AccessToken, plain.RefreshToken
	s.next.ExpiresAt, s.next.RefreshTokenExpiresAt = plain.ExpiresAt, plain.RefreshTokenExpiresAt
	s.next.SecretVersion = nextVersion(s.next.SecretVersion, s.now)
	if !told.ExpiresAt.IsZero() {
		s.kept.OurExpiry = told.ExpiresAt.Unix()
	}
	return true
}

// isGone tells, after an update that failed with err, that a token is certainly not on the server any more.
func (s *slot) isGone(ctx context.Context, id int64, err error) bool {
	var refusal *commandcenter.Error
	if !errors.As(err, &refusal) || refusal.Kind != commandcenter.Refused || !refusal.Documented {
		return false
	}
	list, err := s.client.FreshTokens(ctx, s.state.owner(s.kept).ID)
	if err != nil {
		return false
	}
	if _, there := list.Get(id); there {
		return false
	}
	// A missing id is answered 404, or under 200 with an error; some servers do not list what has expired.
	return refusal.Status == http.StatusNotFound || refusal.Status < http.StatusMultipleChoices ||
		!s.state.tokenType().Renews() || list.ShowsExpired(s.now)
}
