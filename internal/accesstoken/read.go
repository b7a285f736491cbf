// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// presence says what a read found out.
type presence int

const (
	// undecided leaves the state as it is.
	undecided presence = iota
	present
	absent
)

// absenceMeans says what becomes of a token that its owner's list does not hold.
type absenceMeans string

const (
	leavesState     absenceMeans = "It leaves the state, and the plan creates a new one if the configuration still asks for it."
	goneFromSlot    absenceMeans = "The plan rotates the slot."
	nothingToImport absenceMeans = ""
)

// reading is the result of looking a token up.
type reading struct {
	presence presence
	token    commandcenter.Token
}

// ownerOf says in whose list the token is to be looked up.
func ownerOf(ctx context.Context, state *model, private privateReader) commandcenter.Owner {
	var kept ownership
	recall(ctx, private, privateOwner, &kept)
	return commandcenter.Owner{ID: state.UserID.ValueInt64(), Caller: kept.Caller || state.UserID.IsNull()}
}

// find looks the token up in its owner's list. Whatever keeps the list from telling leaves the token in the state: an
// error, or where nothing is wrong a warning. Only what is imported has to be seen.
func (b *Backend) find(
	ctx context.Context, state *model, owner commandcenter.Owner, absence absenceMeans,
) (reading, diag.Diagnostics) {
	var diags diag.Diagnostics
	imported := absence == nothingToImport
	if b.Client == nil {
		if imported {
			diags.Append(b.unknownDiagnostic("import", state.describe()))
		} else if b.warnOnce() {
			diags.AddWarning("Access tokens not refreshed", fmt.Sprintf("The provider arguments %s are not known yet, so the "+
				"access tokens of this provider stay in the state as they were last seen.", b.unknownArguments()))
		}
		return reading{}, diags
	}
	token, found, list, err := b.Client.Find(ctx, owner, state.tokenID())
	switch {
	case err != nil && errors.Is(err, commandcenter.ErrNoListCall) && !imported:
		if list == nil || list.WarnOnce() {
			diags.AddWarning("Access tokens cannot be refreshed", "This release of Command Center has no call that lists "+
				"access tokens, so the tokens stay in the state as they were last seen. Whether somebody else changed or revoked "+
				"them cannot be told. Answer: "+err.Error()+".")
		}
		return reading{}, diags
	case err != nil:
		diags.Append(readDiagnostic(b.once(err), state))
		return reading{}, diags
	case found:
		return reading{presence: present, token: token}, diags
	case imported:
		diags.Append(importMissingDiagnostic(state, owner))
		return reading{}, diags
	}
	now := b.Clock.Now()
	if state.mayBeHidden(now) && !list.ShowsExpired(now) {
		diags.AddWarning("Access token not listed", fmt.Sprintf("The list of its owner's tokens does not show the %s. Its "+
			"access token expired at %s and can be renewed until %s. Some servers do not list expired tokens, and this list "+
			"shows none, so it cannot be told whether the token was revoked. It stays in the state. If it was revoked, run "+
			"terraform state rm or replace the resource.",
			state.describe(), state.ExpiresAt.ValueString(), state.RefreshTokenExpiresAt.ValueString()))
		return reading{}, diags
	}
	diags.AddWarning("Access token is gone", fmt.Sprintf("The %s is no longer among its owner's tokens: somebody else revoked it. "+
		"Its last known end was %s. %s", state.describe(), state.lastKnownEnd(), absence))
	return reading{presence: absent}, diags
}

// mayBeHidden tells whether some servers would not list the token although it exists: its access token has expired, and
// its refresh window is open.
func (m *model) mayBeHidden(now time.Time) bool {
	expires, known := m.ExpiresAt.Time()
	if !known || expires.After(now) {
		return false
	}
	window, known := m.RefreshTokenExpiresAt.Time()
	return known && window.After(now)
}

// lastKnownEnd is the latest instant up to which the state knows the token to be usable or renewable.
func (m *model) lastKnownEnd() string {
	if !m.RenewableUntil.IsNull() && !m.RenewableUntil.IsUnknown() {
		return m.RenewableUntil.ValueString()
	}
	if !m.ExpiresAt.IsNull() && !m.ExpiresAt.IsUnknown() {
		return m.ExpiresAt.ValueString()
	}
	return "not known"
}
