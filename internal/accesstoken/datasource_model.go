// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// listedModel holds the attributes of a token that a list shows. It holds no secrets.
type listedModel struct {
	scopeFields
	endFields

	ID     types.String    `tfsdk:"id"`
	Name   types.String    `tfsdk:"name"`
	EndsAt timestamp.Value `tfsdk:"ends_at"`
}

// model maps a listed token. Omitted fields become null.
func (l ownedList) model(t commandcenter.Token) listedModel {
	return listedModel{
		scopeFields: listedScope(t),
		endFields:   answeredEnds(t),
		ID:          types.StringValue(strconv.FormatInt(t.ID, 10)),
		Name:        textOrNull(t.Name),
		EndsAt:      l.endsAt(t),
	}
}

// endsAt returns the end of the token: the end of its refresh window, or its expiry if the type cannot be renewed. If the type is
// unknown, an expiry alone does not show which of the two applies, unless other items of the list do.
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
