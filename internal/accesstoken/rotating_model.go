// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// rotatingModel is the state, plan and configuration of commvault_rotating_access_token.
type rotatingModel struct {
	NamePrefix            types.String      `tfsdk:"name_prefix"`
	Type                  types.String      `tfsdk:"type"`
	APIEndpoints          types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs            types.Set         `tfsdk:"allowed_ips"`
	UserID                wholenumber.Value `tfsdk:"user_id"`
	LifetimeDays          wholenumber.Value `tfsdk:"lifetime_days"`
	RotateBeforeDays      wholenumber.Value `tfsdk:"rotate_before_days"`
	OverlapHours          wholenumber.Value `tfsdk:"overlap_hours"`
	Renew                 types.Bool        `tfsdk:"renew"`
	RenewBeforeMinutes    wholenumber.Value `tfsdk:"renew_before_minutes"`
	Name                  types.String      `tfsdk:"name"`
	AccessTokenID         types.String      `tfsdk:"access_token_id"`
	AccessToken           types.String      `tfsdk:"access_token"`
	RefreshToken          types.String      `tfsdk:"refresh_token"`
	ExpiresAt             timestamp.Value   `tfsdk:"expires_at"`
	RefreshTokenExpiresAt timestamp.Value   `tfsdk:"refresh_token_expires_at"`
	RenewableUntil        timestamp.Value   `tfsdk:"renewable_until"`
	RotateAfter           timestamp.Value   `tfsdk:"rotate_after"`
	PreviousTokens        types.List        `tfsdk:"previous_tokens"`
	SecretVersion         types.Int64       `tfsdk:"secret_version"`
}

const day = 24 * time.Hour

// asPlain is the current token of the slot as commvault_access_token holds it.
func (m *rotatingModel) asPlain() *model {
	return &model{
		ID: m.AccessTokenID, Name: m.Name, Type: m.Type, APIEndpoints: m.APIEndpoints, AllowedIPs: m.AllowedIPs, UserID: m.UserID,
		RenewableUntil: m.RenewableUntil, AccessToken: m.AccessToken, RefreshToken: m.RefreshToken, ExpiresAt: m.ExpiresAt,
		RefreshTokenExpiresAt: m.RefreshTokenExpiresAt,
	}
}

func (m *rotatingModel) tokenType() commandcenter.TokenType { return m.asPlain().tokenType() }

func (m *rotatingModel) tokenID() int64 { return m.asPlain().tokenID() }

func (m *rotatingModel) describe() string {
	return commandcenter.Describe(m.Name.ValueString(), m.tokenID())
}

// inDays returns a lifetime in whole days.
func inDays(lifetime time.Duration) int64 { return int64(lifetime / day) }

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
	if m.RenewBeforeMinutes.IsNull() || m.RenewBeforeMinutes.IsUnknown() {
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
	spec := commandcenter.Spec{
		Name:         name,
		Type:         m.tokenType(),
		UserID:       owner.ValueInt64(),
		APIEndpoints: texts(m.APIEndpoints),
		AllowedIPs:   texts(m.AllowedIPs),
	}
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
	m.AccessToken = textOrNull(t.AccessToken.Reveal())
	m.ExpiresAt = timestamp.FromTime(t.ExpiresAt)
	m.RefreshToken, m.RefreshTokenExpiresAt, m.RenewableUntil = types.StringNull(), timestamp.Null(), timestamp.Null()
	if m.tokenType().Renews() {
		m.RefreshToken = textOrNull(t.RefreshToken.Reveal())
		m.RefreshTokenExpiresAt = timestamp.FromTime(t.RefreshTokenExpiresAt)
		m.RenewableUntil = timestamp.FromTime(t.RenewableUntil)
	}
	if m.UserID.IsUnknown() {
		m.UserID = numberOrNull(t.UserID)
	}
}

// nextVersion grows with every secret: the second it was issued, and more than the one before.
func nextVersion(before types.Int64, now time.Time) types.Int64 {
	return types.Int64Value(max(before.ValueInt64()+1, now.Unix()))
}

// previousToken is a token in its overlap, or one whose revocation failed.
type previousToken struct {
	ID          types.String    `tfsdk:"id"`
	RevokeAfter timestamp.Value `tfsdk:"revoke_after"`
}

var previousTokenType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "revoke_after": timestamp.Type{},
}}

func (p previousToken) tokenID() int64 {
	plain := model{ID: p.ID}
	return plain.tokenID()
}

// isDue reports whether the overlap has ended. An end that nobody knows has.
func (p previousToken) isDue(now time.Time) bool {
	end, known := p.RevokeAfter.Time()
	return !known || !end.After(now)
}

// previous lists the previous tokens; null is none.
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

func unixOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
