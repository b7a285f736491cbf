// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// presence is the conclusion of a read.
type presence int

const (
	// undecided leaves the state unchanged.
	undecided presence = iota
	present
	absent
)

// absenceMeans describes the consequence when the owner's list does not contain a token.
type absenceMeans string

const (
	leavesState absenceMeans = "It is removed from the state, and the plan creates a new one if the configuration still " +
		"contains it."
	goneFromSlot    absenceMeans = "The plan rotates the slot."
	nothingToImport absenceMeans = ""
)

// tokenRef identifies a token in lookups and messages. Its fields are those of the token's model, or nil if only the id is known.
type tokenRef struct {
	ID, Name types.String
	*tokenFields
}

// tokenID returns the id as a number, or 0 if the state has none.
func (r tokenRef) tokenID() int64 {
	id, err := strconv.ParseInt(r.ID.ValueString(), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// describe returns the token's name and id for messages.
func (r tokenRef) describe() string { return commandcenter.Describe(r.Name.ValueString(), r.tokenID()) }

// reading is the result of a lookup.
type reading struct {
	presence presence
	token    commandcenter.Token
	// callers reports whether the caller's own list contains the token.
	callers bool
}

// ownerOf returns the owner whose list is searched for the token.
func ownerOf(ctx context.Context, state *scopeFields, private privateReader) commandcenter.Owner {
	var stored ownership
	recall(ctx, private, privateOwner, &stored)
	return commandcenter.Owner{ID: state.UserID.ValueInt64(), Caller: stored.Caller || state.UserID.IsNull(), Maker: stored.Maker}
}

// find looks up the token in its owner's list. The token leaves the state only if a list proves that it is gone. After an error, or a
// warning that is not the token's fault, it stays in the state. An import requires that the list contains the token.
func (b *Backend) find(
	ctx context.Context, state tokenRef, owner commandcenter.Owner, absence absenceMeans,
) (reading, diag.Diagnostics) {
	var diags diag.Diagnostics
	imported := absence == nothingToImport
	if b.Client == nil {
		if imported {
			diags.Append(b.unknownDiagnostic("import", state.describe()))
		} else if b.warnOnce() {
			diags.AddWarning("Access tokens not refreshed", fmt.Sprintf("The provider arguments %s are not known yet, so the "+
				"state of this provider's access tokens is unchanged. The refresh after the apply reads them.", b.unknownArguments()))
		}
		return reading{}, diags
	}
	seen, err := b.Client.Find(ctx, commandcenter.Wanted{
		ID: state.tokenID(), Owner: owner, HiddenAt: state.mayBeHidden,
	})
	switch {
	case err != nil && errors.Is(err, commandcenter.ErrNoListCall) && !imported:
		if seen.List == nil || seen.List.WarnOnce() {
			diags.AddWarning("Access tokens cannot be refreshed", "This release of Command Center has no call that lists "+
				"access tokens, so their state is unchanged. Whether somebody else changed or revoked them cannot be "+
				"determined. Answer: "+err.Error()+".")
		}
		return reading{}, diags
	case err != nil:
		diags.Append(b.readDiagnostic(err, state.describe()))
		return reading{}, diags
	case seen.Found:
		b.meet(seen.Token.ID)
		if !owner.Caller {
			diags.Append(otherOwnerWarning(state, seen.Token)...)
		}
		return reading{presence: present, token: seen.Token, callers: seen.List.IsCallers()}, diags
	case imported:
		diags.Append(importMissingDiagnostic(state, owner, seen))
		return reading{}, diags
	case seen.Absence != commandcenter.Gone:
		if seen.Absence == commandcenter.MayBeHidden || seen.List.WarnOnce() {
			diags.Append(notProvedGoneWarning(state, owner, seen))
		}
		return reading{}, diags
	}
	diags.AddWarning("Access token is gone", fmt.Sprintf("The %s is no longer among its owner's tokens: somebody else revoked "+
		"it. Its last known end was %s. %s", state.describe(), state.lastKnownEnd(), absence))
	return reading{presence: absent}, diags
}

// notProvedGoneWarning explains why a token stays in the state although its owner's list does not contain it.
func notProvedGoneWarning(state tokenRef, owner commandcenter.Owner, seen commandcenter.Sighting) diag.Diagnostic {
	const after = " It stays in the state. If it was revoked, run terraform state rm or replace the resource."
	switch seen.Absence {
	case commandcenter.MayBeHidden:
		expiry, window := "may have expired", "may still be renewed"
		if _, known := state.ExpiresAt.Time(); known {
			expiry = "expired at " + state.ExpiresAt.ValueString()
		}
		if _, known := state.RefreshTokenExpiresAt.Time(); known {
			window = "can be renewed until " + state.RefreshTokenExpiresAt.ValueString()
		}
		return diag.NewWarningDiagnostic("Access token not listed", fmt.Sprintf("The list of its owner's tokens does not "+
			"contain the %s. Its access token %s and %s. Some servers omit expired tokens, and this list contains none, so it "+
			"cannot be determined whether the token was revoked.%s", state.describe(), expiry, window, after))
	case commandcenter.NotTheOwners:
		return diag.NewWarningDiagnostic("Access tokens of another user listed", fmt.Sprintf("The list of access tokens does "+
			"not contain the %s, and nothing proves that it is the list of %s, who owns the token. This release may ignore "+
			"userId, or the provider may not log in as the user who created the token.%s To refresh it, log in "+
			"as that user. The same applies to the other tokens of this owner.", state.describe(), whoseByName(owner), after))
	case commandcenter.NotComplete, commandcenter.Gone: // the caller handles a token that is gone
	}
	return diag.NewWarningDiagnostic("List of access tokens is incomplete", fmt.Sprintf("The list of its owner's tokens does not "+
		"contain the %s, but the list may omit tokens: %s. So it cannot be determined whether the token was revoked.%s The same "+
		"applies to the other tokens of this owner.", state.describe(), seen.List.Partial(), after))
}

// whoseByName describes the owner for a message, from the known fields.
func whoseByName(owner commandcenter.Owner) string {
	switch {
	case owner.ID != 0:
		return whose(owner.ID)
	case owner.Maker != "":
		return fmt.Sprintf("the user %q", owner.Maker)
	default:
		return "the user who created the token"
	}
}

// otherOwnerWarning reports a token whose owner on the server differs from the one in the state.
func otherOwnerWarning(state tokenRef, listed commandcenter.Token) diag.Diagnostics {
	var diags diag.Diagnostics
	if !given(state.UserID) || listed.UserID == 0 || listed.UserID == state.UserID.ValueInt64() {
		return diags
	}
	diags.AddWarning("Access token belongs to another user", fmt.Sprintf("The %s should belong to %s, but Command Center "+
		"lists it as a token of %s. This release does not honour user_id, so replacing the token does not help. Remove "+
		"user_id, or let the provider log in as that user.", state.describe(), whose(state.UserID.ValueInt64()), whose(listed.UserID)))
	return diags
}

// lastKnownEnd returns the latest time up to which the token can be used or renewed according to the state.
func (f *endFields) lastKnownEnd() string {
	if given(f.RenewableUntil) {
		return f.RenewableUntil.ValueString()
	}
	if given(f.ExpiresAt) {
		return f.ExpiresAt.ValueString()
	}
	return "not known"
}
