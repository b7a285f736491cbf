// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// previousToken is a token in its overlap, or a token whose revocation failed.
type previousToken struct {
	ID          types.String    `tfsdk:"id"`
	RevokeAfter timestamp.Value `tfsdk:"revoke_after"`
}

var previousTokenType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "revoke_after": timestamp.Type{},
}}

// ref returns a reference to the token. Only its id is known.
func (p previousToken) ref() tokenRef { return tokenRef{ID: p.ID} }

func (p previousToken) tokenID() int64 { return p.ref().tokenID() }

// isDue reports whether the overlap has ended. An unknown end counts as past.
func (p previousToken) isDue(now time.Time) bool {
	end, known := p.RevokeAfter.Time()
	return !known || !end.After(now)
}

// previous returns the previous tokens. A null list is empty.
func (m *rotatingModel) previous(ctx context.Context) ([]previousToken, diag.Diagnostics) {
	var list []previousToken
	if m.PreviousTokens.IsNull() || m.PreviousTokens.IsUnknown() {
		return nil, nil
	}
	diags := m.PreviousTokens.ElementsAs(ctx, &list, false)
	return list, diags
}

func (m *rotatingModel) setPrevious(ctx context.Context, list []previousToken) diag.Diagnostics {
	if list == nil {
		list = []previousToken{}
	}
	value, diags := types.ListValueFrom(ctx, previousTokenType, list)
	m.PreviousTokens = value
	return diags
}
