// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// listedModel is what the inventory shows of a token: never a secret.
type listedModel struct {
	scopeFields
	endFields

	ID     types.String    `tfsdk:"id"`
	Name   types.String    `tfsdk:"name"`
	EndsAt timestamp.Value `tfsdk:"ends_at"`
}

// model maps what the list shows of a token. What it does not show is null.
func (l ownedList) model(t commandcenter.Token) listedModel {
	return listedModel{
		scopeFields: listedScope(t),
		endFields:   answeredEnds(t),
		ID:          types.StringValue(strconv.FormatInt(t.ID, 10)),
		Name:        textOrNull(t.Name),
		EndsAt:      l.endsAt(t),
	}
}

// endsAt is when the token ends for good: until when it can be renewed, or its expiry where nothing renews. Of a token
// whose type is unknown, an expiry alone does not show which of the two it is, unless other items show more.
func (l ownedList) endsAt(t commandcenter.Token) timestamp.Value {
	renews := t.Type.Renews()
	if t.Type == "" {
		renews = !t.RenewableUntil.IsZero() || !t.RefreshTokenExpiresAt.IsZero() || !l.ShowsRenewal()
	}
	if renews {
		return timestamp.FromTime(t.RenewableUntil)
	}
	return timestamp.FromTime(t.ExpiresAt)
}
