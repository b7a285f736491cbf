// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// rotatingModel is the state, plan and configuration of commvault_rotating_access_token.
type rotatingModel struct {
	tokenFields

	NamePrefix         types.String      `tfsdk:"name_prefix"`
	LifetimeDays       wholenumber.Value `tfsdk:"lifetime_days"`
	RotateBeforeDays   wholenumber.Value `tfsdk:"rotate_before_days"`
	OverlapHours       wholenumber.Value `tfsdk:"overlap_hours"`
	Renew              types.Bool        `tfsdk:"renew"`
	RenewBeforeMinutes wholenumber.Value `tfsdk:"renew_before_minutes"`
	RotateWhenChanged  types.Map         `tfsdk:"rotate_when_changed"`
	Name               types.String      `tfsdk:"name"`
	AccessTokenID      types.String      `tfsdk:"access_token_id"`
	RotateAfter        timestamp.Value   `tfsdk:"rotate_after"`
	PreviousTokens     types.List        `tfsdk:"previous_tokens"`
	SecretVersion      types.Int64       `tfsdk:"secret_version"`
}

// ref names the current token of the slot.
func (m *rotatingModel) ref() tokenRef { return tokenRef{m.AccessTokenID, m.Name, &m.tokenFields} }

func (m *rotatingModel) tokenID() int64 { return m.ref().tokenID() }

func (m *rotatingModel) describe() string { return m.ref().describe() }

// lifetimeDays is the life of a new token, in days.
func (m *rotatingModel) lifetimeDays() int64 {
	if m.LifetimeDays.IsNull() || m.LifetimeDays.IsUnknown() {
		return inDays(m.tokenType().DefaultLifetime())
	}
	return m.LifetimeDays.ValueInt64()
}

func (m *rotatingModel) lifetime() time.Duration { return time.Duration(m.lifetimeDays()) * day }

// rotateBefore is how near the end has to be for a rotation.
func (m *rotatingModel) rotateBefore() time.Duration {
	if m.RotateBeforeDays.IsNull() || m.RotateBeforeDays.IsUnknown() {
		return min(14*day, m.lifetime()/3)
	}
	return time.Duration(m.RotateBeforeDays.ValueInt64()) * day
}

func (m *rotatingModel) overlap() time.Duration {
	return time.Duration(m.OverlapHours.ValueInt64()) * time.Hour
}

// renewBefore is how near the expiry has to be for a renewal.
func (m *rotatingModel) renewBefore() time.Duration {
	const usual = 10 * time.Minute
	if !given(m.RenewBeforeMinutes) {
		return usual
	}
	return time.Duration(m.RenewBeforeMinutes.ValueInt64()) * time.Minute
}

// end is when the token ends for good.
func (m *rotatingModel) end() (time.Time, bool) {
	if m.tokenType().Renews() {
		return m.RenewableUntil.Time()
	}
	return m.ExpiresAt.Time()
}

// rotateAfter is when rotation falls due. Of a token that the server gave a shorter life than was asked for, it is at most
// a third of that life before the end, so that the slot does not rotate at every apply.
func (m *rotatingModel) rotateAfter(kept rotation) timestamp.Value {
	end, known := m.end()
	if !known {
		if kept.Issued == 0 {
			return timestamp.Null()
		}
		end = kept.issued().Add(m.lifetime())
	}
	before := m.rotateBefore()
	const slack = time.Hour
	if life := end.Sub(kept.issued()); kept.Issued != 0 && life < m.lifetime()-slack {
		before = min(before, life/3)
	}
	return timestamp.FromTime(end.Add(-before))
}

// spec is the next token of the slot.
func (m *rotatingModel) spec(name string, owner wholenumber.Value, now time.Time) commandcenter.Spec {
	spec := m.scopeFields.spec(name)
	spec.UserID = owner.ValueInt64()
	end := now.Add(m.lifetime()).Truncate(time.Second)
	if m.tokenType().Renews() {
		spec.RenewableUntil = end
	} else {
		spec.TokenExpiry = end
	}
	return spec
}

// take makes t, issued now, the slot's current token.
func (m *rotatingModel) take(name string, t commandcenter.Token) {
	m.Name = types.StringValue(name)
	m.AccessTokenID = types.StringValue(strconv.FormatInt(t.ID, 10))
	m.scopeFields.complete(listedScope(t), scopeFields{})
	m.secretFields, m.endFields = answeredSecrets(t), answeredEnds(t)
	if !m.tokenType().Renews() {
		m.forgetRenewal()
	}
}

// forgetRenewal sets to null what tokens do not have that cannot be renewed.
func (m *rotatingModel) forgetRenewal() {
	m.RefreshToken, m.RefreshTokenExpiresAt, m.RenewableUntil = types.StringNull(), timestamp.Null(), timestamp.Null()
}

// nextVersion grows with every secret: the second it was issued, and more than the one before.
func nextVersion(before types.Int64, now time.Time) types.Int64 {
	return types.Int64Value(max(before.ValueInt64()+1, now.Unix()))
}
