// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// dueness is the work that is due on a slot.
type dueness struct {
	// rotate is the reason for a rotation, or "".
	rotate string
	// mayRotate reports whether an argument that is still unknown may cause a rotation. It is never set in an apply.
	mayRotate bool
	renew     bool
	revoke    int // previous tokens whose overlap has ended
	rescope   int // other previous tokens that a change of the scope did not reach
}

// rotates reports whether a plan has to show a rotation.
func (d dueness) rotates() bool { return d.rotate != "" || d.mayRotate }

// due determines the work from the plan m, the state, the private state and the time of the last refresh. It reads no other clock:
// Terraform plans again during apply and must get the same answer.
func (b *Backend) due(ctx context.Context, m, state *rotatingModel, stored rotation) (dueness, diag.Diagnostics) {
	return b.dueAt(ctx, m, state, stored, stored.refreshed())
}

// dueAt is like due, for another time. An unknown argument counts as the value that causes the most work: the second plan, in which the
// argument is known, may do less than the first plan shows, but not more.
func (b *Backend) dueAt(
	ctx context.Context, m, state *rotatingModel, stored rotation, now time.Time,
) (dueness, diag.Diagnostics) {
	var d dueness
	previous, diags := state.previous(ctx)
	for _, p := range previous {
		switch record := stored.record(p.tokenID()); {
		case b.revocationIsDue(p, stored, now):
			d.revoke++
		case record != nil && record.Unscoped:
			d.rescope++
		}
	}
	d.rotate = m.least(state).rotationReason(state, stored, now)
	most := m.most()
	d.mayRotate = d.rotate == "" && most.rotationReason(state, stored, now) != ""
	d.renew = d.rotate == "" && !stored.Moved && most.renewalIsDue(state, stored, now)
	return d, diags
}

// least returns the plan with unknown arguments replaced by those of the state. An unknown renew becomes false.
func (m *rotatingModel) least(state *rotatingModel) *rotatingModel {
	least := *m
	complete(&least.NamePrefix, state.NamePrefix, state.NamePrefix)
	complete(&least.Type, state.Type, state.Type)
	complete(&least.LifetimeDays, state.LifetimeDays, state.LifetimeDays)
	complete(&least.RotateBeforeDays, state.RotateBeforeDays, state.RotateBeforeDays)
	if least.Renew.IsUnknown() {
		least.Renew = types.BoolValue(false)
	}
	if hasUnknown(m.RotateWhenChanged, maps.Values(m.RotateWhenChanged.Elements())) {
		least.RotateWhenChanged = state.RotateWhenChanged
	}
	return &least
}

// most returns the plan with unknown arguments replaced by the values that cause the most work. An unknown name_prefix, type,
// lifetime_days or rotate_when_changed stays unknown, because rotationReason treats it as a change.
func (m *rotatingModel) most() *rotatingModel {
	most := *m
	if most.Renew.IsUnknown() {
		most.Renew = types.BoolValue(true)
	}
	if most.RotateBeforeDays.IsUnknown() {
		most.RotateBeforeDays = wholenumber.Of(max(1, m.lifetimeDays()-1))
	}
	if most.RenewBeforeMinutes.IsUnknown() {
		most.RenewBeforeMinutes = wholenumber.Of(mostRenewBeforeMinutes)
	}
	return &most
}

// revocationIsDue reports whether a previous token has to be revoked: its overlap has ended, its revocation awaits no approval, and the
// provider does not authenticate with it.
func (b *Backend) revocationIsDue(p previousToken, stored rotation, now time.Time) bool {
	return p.isDue(now) && !stored.isPending(p.tokenID(), now) && !b.isPreviousCredential(stored, p.tokenID())
}

// renewalIsDue reports whether Terraform has to renew the token: its expiry is near or past, and at least half of the lifetime that the
// server last granted is over. The second condition prevents a renewal in every apply if the lifetime is short. If no response and no
// list contains the expiry, the shortest documented lifetime applies: a token that is renewed too often works, but a token that is
// never renewed stops working.
func (m *rotatingModel) renewalIsDue(state *rotatingModel, stored rotation, now time.Time) bool {
	expires, known := state.ExpiresAt.Time()
	given, isGiven := stored.paired(state.SecretVersion)
	if !m.renews() || !known && !isGiven {
		return false
	}
	if !known {
		expires = given.Add(commandcenter.ShortestAccessLifetime)
	}
	before := m.renewBefore()
	if isGiven && expires.After(given) {
		before = min(before, expires.Sub(given)/2)
	}
	return !now.Before(expires.Add(-before))
}

// renews reports whether Terraform renews the token.
func (m *rotatingModel) renews() bool { return m.Renew.ValueBool() && m.tokenType().Renews() }

// rotationReason returns the reason why the slot has to rotate, or "". An unknown argument counts as changed.
func (m *rotatingModel) rotationReason(state *rotatingModel, stored rotation, now time.Time) string {
	switch {
	case state.AccessToken.IsNull():
		return noSecret
	case valuesChange(state.RotateWhenChanged, m.RotateWhenChanged):
		return "rotate_when_changed has changed"
	case m.Type.IsUnknown() || m.needsTokenOfType(state):
		return "type has changed"
	case stored.Moved:
		return "" // the first update only records the other arguments
	}
	switch {
	case !state.NamePrefix.IsNull() && !m.NamePrefix.Equal(state.NamePrefix):
		return "name_prefix has changed"
	case m.LifetimeDays.IsUnknown() || m.lifetimeDays() != state.lifetimeDays():
		return "lifetime_days has changed"
	case stored.Gone:
		return "the token no longer exists on the server"
	case stored.OtherType:
		return "it was moved here with another type"
	case stored.Unreadable && m.renews():
		return "its private state cannot be read"
	case stored.Spent:
		return "the outcome of a renewal is unknown, or somebody else renewed the token"
	case m.renews() && state.RefreshToken.IsNull():
		return "its refresh token is not known"
	case m.renews() && stored.renewedSince(instant(state.ExpiresAt)):
		return "somebody else renewed the token"
	}
	if after, known := m.fallsDue(state, stored); known && !now.Before(after) {
		return "its end is near"
	}
	if stored.WindowClosed || m.renews() && state.windowClosed(now) {
		return "its refresh window has closed"
	}
	// A listed expiry can be compared only with the expiry that came with the pair.
	if _, known := stored.ourExpiry(); !known && !state.ExpiresAt.IsNull() && m.renewalIsDue(state, stored, now) {
		return "it cannot be determined whether its pair of secrets was used"
	}
	return ""
}

// noSecret is the reason to rotate an imported token.
const noSecret = "its secret is not known"

// needsTokenOfType reports whether the slot needs a new token because the server does not change the type of the current one in place.
func (m *rotatingModel) needsTokenOfType(state *rotatingModel) bool {
	before, after := state.tokenType(), m.tokenType()
	return !state.Type.IsNull() && before.Canonical() != after.Canonical() && !before.ChangesInPlace(after)
}

// windowClosed reports whether the token can no longer be renewed, according to the state.
func (m *rotatingModel) windowClosed(now time.Time) bool {
	window, known := m.RefreshTokenExpiresAt.Time()
	return m.tokenType().Renews() && known && !window.After(now)
}

// fallsDue returns the time at which the state's token falls due according to the plan's arguments.
func (m *rotatingModel) fallsDue(state *rotatingModel, stored rotation) (time.Time, bool) {
	return m.withTokenOf(state).rotateAfter(stored).Time()
}

// withTokenOf returns the plan's arguments with the state's token.
func (m *rotatingModel) withTokenOf(state *rotatingModel) *rotatingModel {
	merged := *m
	merged.RenewableUntil, merged.ExpiresAt = state.RenewableUntil, state.ExpiresAt
	return &merged
}
