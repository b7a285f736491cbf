// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// keep gives what the plan m left unknown its value: from the answer to the update, and where that does not tell, from
// the state.
func (m *model) keep(state *model, answered commandcenter.Token) {
	if end, known := m.TokenExpiry.Time(); known && m.ExpiresAt.IsUnknown() && answered.ExpiresAt.IsZero() {
		answered.ExpiresAt = end
	}
	fromState := *state
	fallback := func(unknown bool, answered bool, take func()) {
		if unknown && !answered {
			take()
		}
	}
	fallback(m.ID.IsUnknown(), false, func() { m.ID = fromState.ID })
	fallback(m.Name.IsUnknown(), answered.Name != "", func() { m.Name = fromState.Name })
	fallback(m.UserID.IsUnknown(), answered.UserID != 0, func() { m.UserID = fromState.UserID })
	fallback(m.AccessToken.IsUnknown(), answered.AccessToken != "", func() { m.AccessToken = fromState.AccessToken })
	fallback(m.RefreshToken.IsUnknown(), answered.RefreshToken != "", func() { m.RefreshToken = fromState.RefreshToken })
	fallback(m.ExpiresAt.IsUnknown(), !answered.ExpiresAt.IsZero(), func() { m.ExpiresAt = fromState.ExpiresAt })
	fallback(m.RefreshTokenExpiresAt.IsUnknown(), !answered.RefreshTokenExpiresAt.IsZero(),
		func() { m.RefreshTokenExpiresAt = fromState.RefreshTokenExpiresAt })
	fallback(m.RenewableUntil.IsUnknown(), !answered.RenewableUntil.IsZero(), func() { m.RenewableUntil = fromState.RenewableUntil })
	m.complete(answered)
}

// takeScope takes the scope that the answer to an update shows, against the plan.
func (m *model) takeScope(answered commandcenter.Token) {
	if answered.APIEndpoints != nil {
		m.APIEndpoints = refreshSet(m.APIEndpoints, answered.APIEndpoints, sameTexts)
	}
	if answered.AllowedIPs != nil {
		m.AllowedIPs = refreshSet(m.AllowedIPs, answered.AllowedIPs, ipset.Same)
	}
}

// takeNewSecrets saves secrets in the answer that the state did not have, against the plan: the old ones may be spent.
// It reports whether there were any.
func (m *model) takeNewSecrets(state *model, answered commandcenter.Token) bool {
	renewed := false
	take := func(planned *types.String, before types.String, secret commandcenter.Secret) {
		if secret == "" || before.IsNull() || before.ValueString() == secret.Reveal() {
			return
		}
		*planned = types.StringValue(secret.Reveal())
		renewed = true
	}
	take(&m.AccessToken, state.AccessToken, answered.AccessToken)
	take(&m.RefreshToken, state.RefreshToken, answered.RefreshToken)
	if renewed {
		m.ExpiresAt = refreshTime(m.ExpiresAt, timestamp.FromTime(answered.ExpiresAt))
		m.RefreshTokenExpiresAt = refreshTime(m.RefreshTokenExpiresAt, timestamp.FromTime(answered.RefreshTokenExpiresAt))
	}
	return renewed
}
