// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/validate"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// ownedList is a list together with the user id it was requested for, which is 0 for the provider's own user.
type ownedList struct {
	*commandcenter.List
	owner int64
}

// all returns the owner's tokens, ordered by id.
func (l ownedList) all() []commandcenter.Token { return l.owned(l.All()) }

// named returns the owner's tokens with the name.
func (l ownedList) named(name string) []commandcenter.Token { return l.owned(l.ByName(name)) }

// withID returns the owner's token with the id, if there is one.
func (l ownedList) withID(id string) []commandcenter.Token {
	number, err := validate.ParseID(id)
	if err != nil {
		return nil
	}
	t, listed := l.Get(number)
	if !listed {
		return nil
	}
	return l.owned([]commandcenter.Token{t})
}

// owned returns the tokens that belong to the owner. A token without an owner belongs to the user whom the list was requested for. A
// token of another owner is dropped.
func (l ownedList) owned(tokens []commandcenter.Token) []commandcenter.Token {
	for i := range tokens {
		if tokens[i].UserID == 0 {
			tokens[i].UserID = l.owner
		}
	}
	return slices.DeleteFunc(tokens, func(t commandcenter.Token) bool { return l.owner != 0 && t.UserID != l.owner })
}

// inventory returns the list of a user's tokens, or of the provider's own user if userID is null. All operations of a walk share it.
func (b *Backend) inventory(ctx context.Context, userID wholenumber.Value) (ownedList, diag.Diagnostics) {
	var diags diag.Diagnostics
	if b.Client == nil {
		diags.Append(b.unknownDiagnostic("list", "access tokens"))
		return ownedList{}, diags
	}
	owner := userID.ValueInt64()
	list, err := b.Client.Listed(ctx, owner)
	if err != nil {
		diags.Append(b.notListedDiagnostic(err, owner))
		return ownedList{}, diags
	}
	if why := list.Partial(); why != "" {
		diags.Append(partialListWarning(owner, why))
	}
	return ownedList{list, owner}, diags
}

// partialListWarning reports a list that may be incomplete.
func partialListWarning(owner int64, why string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("List of access tokens is incomplete", fmt.Sprintf("The list of the access tokens of %s "+
		"may omit tokens: %s. A token that it does not contain may exist.", whose(owner), why))
}

// notListedDiagnostic reports a failed list whose tokens the user asked to see.
func (b *Backend) notListedDiagnostic(err error, owner int64) diag.Diagnostic {
	f := failedCall{
		summary: "Access tokens not listed",
		what:    fmt.Sprintf("The list of the access tokens of %s could not be read:", whose(owner)), err: err,
		after: "Nothing was changed.",
	}
	if errors.Is(err, commandcenter.ErrNoListCall) {
		f.what = fmt.Sprintf("This release of Command Center has no call that lists access tokens, or host has another base "+
			"path, so the tokens of %s cannot be looked up. Answer:", whose(owner))
		f.step = "You can still use the resources. To see which tokens exist, open Command Center."
	}
	return b.failed(f)
}

// whose describes an owner for a message.
func whose(owner int64) string {
	if owner == 0 {
		return "the user of the provider"
	}
	return fmt.Sprintf("the user with the id %d", owner)
}
