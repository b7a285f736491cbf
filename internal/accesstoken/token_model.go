// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// model is the state, plan and configuration of commvault_access_token.
type model struct {
	ID                    types.String      `tfsdk:"id"`
	Name                  types.String      `tfsdk:"name"`
	NamePrefix            types.String      `tfsdk:"name_prefix"`
	Type                  types.String      `tfsdk:"type"`
	APIEndpoints          types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs            types.Set         `tfsdk:"allowed_ips"`
	UserID                wholenumber.Value `tfsdk:"user_id"`
	RenewableUntil        timestamp.Value   `tfsdk:"renewable_until"`
	TokenExpiry           timestamp.Value   `tfsdk:"token_expiry"`
	RotateWhenChanged     types.Map         `tfsdk:"rotate_when_changed"`
	AccessToken           types.String      `tfsdk:"access_token"`
	RefreshToken          types.String      `tfsdk:"refresh_token"`
	ExpiresAt             timestamp.Value   `tfsdk:"expires_at"`
	RefreshTokenExpiresAt timestamp.Value   `tfsdk:"refresh_token_expires_at"`
}

// tokenType is the type that the model names; a type that nobody knows yet counts as ALL.
func (m *model) tokenType() commandcenter.TokenType {
	if m.Type.IsNull() || m.Type.IsUnknown() {
		return commandcenter.TypeAll
	}
	return commandcenter.TokenType(m.Type.ValueString())
}

// tokenID is the id as the API has it, 0 if the state holds none.
func (m *model) tokenID() int64 {
	id, err := strconv.ParseInt(m.ID.ValueString(), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// describe names the token in messages.
func (m *model) describe() string {
	return commandcenter.Describe(m.Name.ValueString(), m.tokenID())
}

// describePlanned names a token that is to be created.
func (m *model) describePlanned() string {
	name := m.Name.ValueString()
	if !m.NamePrefix.IsNull() {
		name = m.NamePrefix.ValueString()
	}
	return fmt.Sprintf("access token %q", name)
}

// spec is what a create sends. The name is given apart: it may have been made of a prefix.
func (m *model) spec(name string) commandcenter.Spec {
	spec := commandcenter.Spec{
		Name:         name,
		Type:         m.tokenType(),
		UserID:       m.UserID.ValueInt64(),
		APIEndpoints: texts(m.APIEndpoints),
		AllowedIPs:   texts(m.AllowedIPs),
	}
	spec.RenewableUntil, _ = m.RenewableUntil.Time()
	spec.TokenExpiry, _ = m.TokenExpiry.Time()
	return spec
}

// change is what an update from state to the plan m sends.
func (m *model) change(state *model) commandcenter.Change {
	var change commandcenter.Change
	if !m.Name.IsUnknown() && !m.Name.Equal(state.Name) {
		name := m.Name.ValueString()
		change.Name = &name
	}
	if m.tokenType() == commandcenter.TypeCustom && !m.APIEndpoints.IsUnknown() && !m.APIEndpoints.Equal(state.APIEndpoints) {
		endpoints := texts(m.APIEndpoints)
		change.APIEndpoints = &endpoints
	}
	if !m.AllowedIPs.IsUnknown() && !ipset.Same(texts(m.AllowedIPs), texts(state.AllowedIPs)) {
		ips := texts(m.AllowedIPs)
		change.AllowedIPs = &ips
	}
	if end, known := m.RenewableUntil.Time(); known && !timestamp.SameInstant(m.RenewableUntil, state.RenewableUntil) {
		change.RenewableUntil = &end
	}
	if end, known := m.TokenExpiry.Time(); known && !timestamp.SameInstant(m.TokenExpiry, state.TokenExpiry) {
		change.TokenExpiry = &end
	}
	return change
}

// complete gives what the plan left unknown its value from the answer, null where the answer does not tell. What the
// plan showed as known stays as planned.
func (m *model) complete(t commandcenter.Token) {
	if m.ID.IsUnknown() {
		m.ID = types.StringValue(strconv.FormatInt(t.ID, 10))
	}
	if m.Name.IsUnknown() {
		m.Name = textOrNull(t.Name)
	}
	if m.UserID.IsUnknown() {
		m.UserID = numberOrNull(t.UserID)
	}
	if m.RenewableUntil.IsUnknown() {
		m.RenewableUntil = timestamp.Null()
		if m.tokenType().Renews() {
			m.RenewableUntil = timestamp.FromTime(t.RenewableUntil)
		}
	}
	if m.AccessToken.IsUnknown() {
		m.AccessToken = textOrNull(t.AccessToken.Reveal())
	}
	if m.RefreshToken.IsUnknown() {
		m.RefreshToken = textOrNull(t.RefreshToken.Reveal())
	}
	if m.ExpiresAt.IsUnknown() {
		m.ExpiresAt = timestamp.FromTime(t.ExpiresAt)
	}
	if m.RefreshTokenExpiresAt.IsUnknown() {
		m.RefreshTokenExpiresAt = timestamp.FromTime(t.RefreshTokenExpiresAt)
	}
}

// refresh takes over what a list shows of the token. What it leaves out leaves the model as it was, and so does what
// differs only in spelling. It reports whether anything changed.
func (m *model) refresh(t commandcenter.Token, cut cutEnds) bool {
	before := *m
	if t.Name != "" {
		m.Name = types.StringValue(t.Name)
	}
	if t.Type != "" && (m.Type.IsNull() || m.tokenType().Canonical() != t.Type.Canonical()) {
		m.Type = types.StringValue(string(t.Type.Canonical()))
	}
	if m.UserID.IsNull() {
		m.UserID = numberOrNull(t.UserID)
	}
	if m.tokenType() == commandcenter.TypeCustom && t.APIEndpoints != nil {
		m.APIEndpoints = refreshSet(m.APIEndpoints, t.APIEndpoints, sameTexts)
	}
	if t.AllowedIPs != nil {
		m.AllowedIPs = refreshSet(m.AllowedIPs, t.AllowedIPs, ipset.Same)
	}
	m.ExpiresAt = refreshTime(m.ExpiresAt, timestamp.FromTime(t.ExpiresAt))
	m.RefreshTokenExpiresAt = refreshTime(m.RefreshTokenExpiresAt, timestamp.FromTime(t.RefreshTokenExpiresAt))
	if renews := !m.Type.IsNull() && m.tokenType().Renews(); renews && !cut.knows(cut.RenewableUntil, t.RenewableUntil) {
		m.RenewableUntil = refreshTime(m.RenewableUntil, timestamp.FromTime(t.RenewableUntil))
	}
	if !m.TokenExpiry.IsNull() && !cut.knows(cut.TokenExpiry, t.ExpiresAt) {
		m.TokenExpiry = refreshTime(m.TokenExpiry, timestamp.FromTime(t.ExpiresAt))
	}
	return !m.equal(&before)
}

// equal compares what refresh may change.
func (m *model) equal(o *model) bool {
	return m.Name.Equal(o.Name) && m.Type.Equal(o.Type) && m.UserID.Equal(o.UserID) &&
		m.APIEndpoints.Equal(o.APIEndpoints) && m.AllowedIPs.Equal(o.AllowedIPs) &&
		m.RenewableUntil.Equal(o.RenewableUntil) && m.TokenExpiry.Equal(o.TokenExpiry) &&
		m.ExpiresAt.Equal(o.ExpiresAt) && m.RefreshTokenExpiresAt.Equal(o.RefreshTokenExpiresAt)
}

// refreshTime keeps the spelling of an instant that did not move, and what the server does not tell.
func refreshTime(old, answered timestamp.Value) timestamp.Value {
	if answered.IsNull() || timestamp.SameInstant(old, answered) {
		return old
	}
	return answered
}

// refreshSet keeps the spelling of a set that is the same. An empty set that the server tells is none.
func refreshSet(old types.Set, answered []string, same func(a, b []string) bool) types.Set {
	switch {
	case same(texts(old), answered):
		return old
	case len(answered) == 0:
		return types.SetNull(types.StringType)
	default:
		return textSet(answered)
	}
}

func sameTexts(a, b []string) bool { return textSet(a).Equal(textSet(b)) }

// textSet is a set of strings; one that is given twice counts once.
func textSet(list []string) types.Set {
	seen := make(map[string]struct{}, len(list))
	elements := make([]attr.Value, 0, len(list))
	for _, text := range list {
		if _, twice := seen[text]; !twice {
			seen[text] = struct{}{}
			elements = append(elements, types.StringValue(text))
		}
	}
	return types.SetValueMust(types.StringType, elements)
}

// texts lists the known elements of a set of strings, and is empty for null and unknown.
func texts(set types.Set) []string {
	list := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() && !text.IsNull() {
			list = append(list, text.ValueString())
		}
	}
	return list
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func numberOrNull(n int64) wholenumber.Value {
	if n == 0 {
		return wholenumber.Null()
	}
	return wholenumber.Of(n)
}

// identityModel is the resource identity: what an import needs, and nothing that may change.
type identityModel struct {
	ID     types.String `tfsdk:"id"`
	UserID types.Int64  `tfsdk:"user_id"`
}

// setIdentity writes the identity, unless there is one already: it never changes.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model) diag.Diagnostics {
	if identity == nil || !identity.Raw.IsFullyNull() {
		return nil
	}
	return identity.Set(ctx, identityModel{ID: m.ID, UserID: m.UserID.Int64Value})
}
