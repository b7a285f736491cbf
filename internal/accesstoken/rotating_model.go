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

var rotatingCodec = newCodec[rotatingModel](&rotatingResource{})

// ref returns a reference to the current token of the slot.
func (m *rotatingModel) ref() tokenRef { return tokenRef{m.AccessTokenID, m.Name, &m.tokenFields} }

func (m *rotatingModel) tokenID() int64 { return m.ref().tokenID() }

func (m *rotatingModel) describe() string { return m.ref().describe() }

// lifetimeDays returns the lifetime of a new token in days.
func (m *rotatingModel) lifetimeDays() int64 {
	if m.LifetimeDays.IsNull() || m.LifetimeDays.IsUnknown() {
		return inDays(m.tokenType().DefaultLifetime())
	}
	return m.LifetimeDays.ValueInt64()
}

func (m *rotatingModel) lifetime() time.Duration { return time.Duration(m.lifetimeDays()) * day }

// rotateBefore returns how long before the end a rotation falls due.
func (m *rotatingModel) rotateBefore() time.Duration {
	if m.RotateBeforeDays.IsNull() || m.RotateBeforeDays.IsUnknown() {
		return min(14*day, m.lifetime()/3)
	}
	return time.Duration(m.RotateBeforeDays.ValueInt64()) * day
}

func (m *rotatingModel) overlap() time.Duration {
	return time.Duration(m.OverlapHours.ValueInt64()) * time.Hour
}

// renewBefore returns how long before the expiry a renewal falls due.
func (m *rotatingModel) renewBefore() time.Duration {
	const usual = 10 * time.Minute
	if !given(m.RenewBeforeMinutes) {
		return usual
	}
	return time.Duration(m.RenewBeforeMinutes.ValueInt64()) * time.Minute
}

// end returns the time after which the token can neither be used nor renewed.
func (m *rotatingModel) end() (time.Time, bool) {
	if m.tokenType().Renews() {
		return m.RenewableUntil.Time()
	}
	return m.ExpiresAt.Time()
}

// rotateAfter returns the time at which a rotation falls due. If the server granted a shorter lifetime than requested, that time is at
// most a third of the lifetime before the end, so that the slot does not rotate in every apply.
func (m *rotatingModel) rotateAfter(stored rotation) timestamp.Value {
	end, known := m.end()
	if !known {
		if stored.Issued == 0 {
			return timestamp.Null()
		}
		end = stored.issued().Add(m.lifetime())
	}
	before := m.rotateBefore()
	const slack = time.Hour
	if life := end.Sub(stored.issued()); stored.Issued != 0 && life < m.lifetime()-slack {
		before = min(before, life/3)
	}
	return timestamp.FromTime(end.Add(-before))
}

// spec returns the arguments for the next token of the slot.
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

// take makes t, which was just issued, the current token of the slot.
func (m *rotatingModel) take(name string, t commandcenter.Token) {
	m.Name = types.StringValue(name)
	m.AccessTokenID = types.StringValue(strconv.FormatInt(t.ID, 10))
	m.scopeFields.complete(listedScope(t), scopeFields{})
	m.secretFields, m.endFields = answeredSecrets(t), answeredEnds(t)
	if !m.tokenType().Renews() {
		m.forgetRenewal()
	}
}

// forgetRenewal sets the attributes to null that only renewable tokens have.
func (m *rotatingModel) forgetRenewal() {
	m.RefreshToken, m.RefreshTokenExpiresAt, m.RenewableUntil = types.StringNull(), timestamp.Null(), timestamp.Null()
}

// nextVersion returns the secret_version of a new secret: the second at which it was issued, or more if the previous version is not
// lower.
func nextVersion(before types.Int64, now time.Time) types.Int64 {
	return types.Int64Value(max(before.ValueInt64()+1, now.Unix()))
}
