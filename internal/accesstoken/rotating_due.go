// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// dueness is what has to be done about a slot.
type dueness struct {
	// rotate is the reason of a rotation, "" for none.
	rotate string
	renew  bool
	revoke int // previous tokens whose overlap has ended
}

// due decides what has to be done, from the plan m, the state, what is remembered, and the time of the last refresh. It
// knows no other clock: Terraform plans again while it applies, and must get the same answer.
func (b *Backend) due(ctx context.Context, m, state *rotatingModel, kept rotation) (dueness, diag.Diagnostics) {
	return b.dueAt(ctx, m, state, kept, kept.refreshed())
}

func (b *Backend) dueAt(
	ctx context.Context, m, state *rotatingModel, kept rotation, now time.Time,
) (dueness, diag.Diagnostics) {
	var d dueness
	previous, diags := state.previous(ctx)
	for _, p := range previous {
		if b.revocationIsDue(p, kept, now) {
			d.revoke++
		}
	}
	if kept.Moved {
		return d, diags // the first update only records the arguments
	}
	d.rotate = m.rotationReason(state, kept, now)
	if d.rotate == "" && m.renewalIsDue(state, now) {
		// Only the expiry that came with the pair can be compared with a listed one.
		if _, d.renew = kept.ourExpiry(); !d.renew {
			d.rotate = "nothing shows whether its pair of secrets was used"
		}
	}
	return d, diags
}

// revocationIsDue reports whether a previous token has to be revoked: its overlap has ended, no administrator is waited for,
// and the provider does not authenticate with it.
func (b *Backend) revocationIsDue(p previousToken, kept rotation, now time.Time) bool {
	return p.isDue(now) && !kept.isPending(p.tokenID(), now) && !b.isPreviousCredential(kept, p.tokenID())
}

// renewalIsDue reports whether Terraform has to renew the token.
func (m *rotatingModel) renewalIsDue(state *rotatingModel, now time.Time) bool {
	expires, known := state.ExpiresAt.Time()
	return m.renews() && (m.RenewBeforeMinutes.IsUnknown() || known && !now.Before(expires.Add(-m.renewBefore())))
}

// renews reports whether Terraform renews the token, or may turn out to: what is not known before the apply has to be planned as
// if it brought about the most, because an apply may change less than its plan shows, but not more.
func (m *rotatingModel) renews() bool {
	return (m.Renew.IsUnknown() || m.Renew.ValueBool()) && m.tokenType().Renews()
}

func (m *rotatingModel) rotationReason(state *rotatingModel, kept rotation, now time.Time) string {
	switch {
	case !state.NamePrefix.IsNull() && !m.NamePrefix.Equal(state.NamePrefix):
		return "name_prefix has changed"
	case m.Type.IsUnknown() || !state.Type.IsNull() && m.tokenType().Canonical() != state.tokenType().Canonical():
		return "type has changed"
	case m.LifetimeDays.IsUnknown() || m.lifetimeDays() != state.lifetimeDays():
		return "lifetime_days has changed"
	case kept.Gone:
		return "the token is gone from the server"
	case kept.OtherType:
		return "it was moved here with another type"
	case kept.Unreadable && m.renews():
		return "what the provider remembers about it cannot be read"
	case kept.Spent:
		return "the outcome of a renewal is unknown, or somebody else renewed the token"
	case state.AccessToken.IsNull():
		return "its secret is not known"
	case m.renews() && state.RefreshToken.IsNull():
		return "its refresh token is not known"
	case m.renews() && kept.renewedSince(instant(state.ExpiresAt)):
		return "somebody else renewed the token"
	case m.RotateBeforeDays.IsUnknown():
		return "rotate_before_days is not known yet"
	}
	if after, known := m.fallsDue(state, kept); known && !now.Before(after) {
		return "its end is near"
	}
	if kept.Closed || m.renews() && state.windowClosed(now) {
		return "its refresh window has closed"
	}
	return ""
}

// windowClosed reports whether the token can no longer be renewed, as far as the state knows.
func (m *rotatingModel) windowClosed(now time.Time) bool {
	window, known := m.RefreshTokenExpiresAt.Time()
	return m.tokenType().Renews() && known && !window.After(now)
}

// fallsDue is when the state's token falls due by the plan's arguments.
func (m *rotatingModel) fallsDue(state *rotatingModel, kept rotation) (time.Time, bool) {
	return m.withTokenOf(state).rotateAfter(kept).Time()
}

// withTokenOf is the plan's arguments with the state's token.
func (m *rotatingModel) withTokenOf(state *rotatingModel) *rotatingModel {
	merged := *m
	merged.RenewableUntil, merged.ExpiresAt = state.RenewableUntil, state.ExpiresAt
	return &merged
}
