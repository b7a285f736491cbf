// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// The models embed the structs below. To add an attribute to all of them, add it to a struct here and to fields_schema.go.

// scopeFields hold the owner of a token and the calls that it permits.
type scopeFields struct {
	Type         types.String      `tfsdk:"type"`
	APIEndpoints types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs   types.Set         `tfsdk:"allowed_ips"`
	UserID       wholenumber.Value `tfsdk:"user_id"`
}

// secretFields hold the access token and its refresh token.
type secretFields struct {
	AccessToken  types.String `tfsdk:"access_token"`
	RefreshToken types.String `tfsdk:"refresh_token"`
}

// endFields hold the ends of a token as the server returns them.
type endFields struct {
	ExpiresAt             timestamp.Value `tfsdk:"expires_at"`
	RefreshTokenExpiresAt timestamp.Value `tfsdk:"refresh_token_expires_at"`
	RenewableUntil        timestamp.Value `tfsdk:"renewable_until"`
}

// tokenFields hold the attributes that both resources store.
type tokenFields struct {
	scopeFields
	secretFields
	endFields
}

// tokenType returns the type, or ALL if it is unknown or null.
func (f *scopeFields) tokenType() commandcenter.TokenType {
	if !given(f.Type) {
		return commandcenter.TypeAll
	}
	return commandcenter.TokenType(f.Type.ValueString())
}

// spec returns the arguments of a create.
func (f *scopeFields) spec(name string) commandcenter.Spec {
	return commandcenter.Spec{
		Name:         name,
		Type:         f.tokenType(),
		UserID:       f.UserID.ValueInt64(),
		APIEndpoints: texts(f.APIEndpoints),
		AllowedIPs:   texts(f.AllowedIPs),
	}
}

// change returns the in-place update that turns before into f.
func (f *scopeFields) change(before *scopeFields) commandcenter.Change {
	var change commandcenter.Change
	// The state lacks the type after an import from a list that omits it. Such a type is recorded and not sent: sending it could widen
	// the token's rights.
	if to := f.tokenType(); given(f.Type) && given(before.Type) && to.Canonical() != before.tokenType().Canonical() &&
		before.tokenType().ChangesInPlace(to) {
		change.Type = &to
	}
	if f.tokenType() == commandcenter.TypeCustom && !f.APIEndpoints.IsUnknown() &&
		(change.Type != nil || !wholly(f.APIEndpoints) || !commandcenter.SameEndpoints(texts(f.APIEndpoints), texts(before.APIEndpoints))) {
		endpoints := texts(f.APIEndpoints)
		change.APIEndpoints = &endpoints
	}
	if !f.AllowedIPs.IsUnknown() && !ipset.Same(texts(f.AllowedIPs), texts(before.AllowedIPs)) {
		ips := texts(f.AllowedIPs)
		change.AllowedIPs = &ips
	}
	return change
}

// copyInPlace copies from o the fields that an in-place update changes.
func (f *scopeFields) copyInPlace(o *scopeFields) {
	f.Type, f.APIEndpoints, f.AllowedIPs = o.Type, o.APIEndpoints, o.AllowedIPs
}

// refresh copies the values of a list item. Omitted and equivalent values leave f unchanged.
func (f *scopeFields) refresh(t commandcenter.Token) {
	if t.Type != "" && (f.Type.IsNull() || f.tokenType().Canonical() != t.Type.Canonical()) {
		f.Type = types.StringValue(string(t.Type.Canonical()))
	}
	if f.UserID.IsNull() {
		f.UserID = numberOrNull(t.UserID)
	}
	f.refreshInPlace(t)
}

// refreshInPlace is like refresh, for the fields that an in-place update changes.
func (f *scopeFields) refreshInPlace(t commandcenter.Token) {
	if f.tokenType() == commandcenter.TypeCustom && t.APIEndpoints != nil {
		f.APIEndpoints = refreshSet(f.APIEndpoints, t.APIEndpoints, commandcenter.SameEndpoints)
	}
	if t.AllowedIPs != nil {
		f.AllowedIPs = refreshSet(f.AllowedIPs, t.AllowedIPs, ipset.Same)
	}
}

// beforeChange returns the fields that an update must leave unchanged: the type, and the owner if it is configured.
func (f *scopeFields) beforeChange(configuredOwner int64) commandcenter.Token {
	return commandcenter.Token{Type: commandcenter.TokenType(f.Type.ValueString()), UserID: configuredOwner}
}

// takeContradiction copies the scope and the owner from a response to an update that contradicts the plan.
func (f *scopeFields) takeContradiction(answered commandcenter.Token) {
	if answered.UserID != 0 {
		f.UserID = numberOrNull(answered.UserID)
	}
	f.refresh(answered)
}

// nullScope returns a scope whose fields are all null. Its sets still need an element type.
func nullScope() scopeFields {
	return scopeFields{APIEndpoints: types.SetNull(types.StringType), AllowedIPs: types.SetNull(types.StringType)}
}

// listedScope returns the scope that a list shows. Omitted fields are null.
func listedScope(t commandcenter.Token) scopeFields {
	return scopeFields{
		Type:         textOrNull(string(t.Type.Canonical())),
		APIEndpoints: setOrNull(t.APIEndpoints),
		AllowedIPs:   setOrNull(t.AllowedIPs),
		UserID:       numberOrNull(t.UserID),
	}
}

// complete replaces unknown values by those of answered, or by those of before if answered has none.
func (f *scopeFields) complete(answered, before scopeFields) {
	complete(&f.UserID, answered.UserID, before.UserID)
}

// answeredSecrets returns the secrets of a response. Omitted secrets are null.
func answeredSecrets(t commandcenter.Token) secretFields {
	return secretFields{AccessToken: textOrNull(t.AccessToken.Reveal()), RefreshToken: textOrNull(t.RefreshToken.Reveal())}
}

// unknownSecrets returns the planned secrets of a token that will be created or renewed.
func unknownSecrets() secretFields {
	return secretFields{AccessToken: types.StringUnknown(), RefreshToken: types.StringUnknown()}
}

// complete replaces unknown values by those of answered, or by those of before if answered has none.
func (f *secretFields) complete(answered, before secretFields) {
	complete(&f.AccessToken, answered.AccessToken, before.AccessToken)
	complete(&f.RefreshToken, answered.RefreshToken, before.RefreshToken)
}

// replace copies secrets of a response that differ from those in before. It reports whether there were any.
func (f *secretFields) replace(answered, before secretFields) bool {
	replaced := false
	take := func(field *types.String, answered, before types.String) {
		if !answered.IsNull() && !before.IsNull() && !answered.Equal(before) {
			*field, replaced = answered, true
		}
	}
	take(&f.AccessToken, answered.AccessToken, before.AccessToken)
	take(&f.RefreshToken, answered.RefreshToken, before.RefreshToken)
	return replaced
}

// answeredEnds returns the ends of a response or of a list item. Omitted ends are null.
func answeredEnds(t commandcenter.Token) endFields {
	return endFields{
		ExpiresAt:             timestamp.FromTime(t.ExpiresAt),
		RefreshTokenExpiresAt: timestamp.FromTime(t.RefreshTokenExpiresAt),
		RenewableUntil:        timestamp.FromTime(t.RenewableUntil),
	}
}

// unknownEnds returns the planned ends of a token that will be created.
func unknownEnds() endFields {
	return endFields{ExpiresAt: timestamp.Unknown(), RefreshTokenExpiresAt: timestamp.Unknown(), RenewableUntil: timestamp.Unknown()}
}

// complete replaces unknown values by those of answered, or by those of before if answered has none.
func (f *endFields) complete(answered, before endFields) {
	complete(&f.ExpiresAt, answered.ExpiresAt, before.ExpiresAt)
	complete(&f.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt, before.RefreshTokenExpiresAt)
	complete(&f.RenewableUntil, answered.RenewableUntil, before.RenewableUntil)
}

// refresh copies the ends that differ.
func (f *endFields) refresh(answered endFields) {
	f.ExpiresAt = refreshTime(f.ExpiresAt, answered.ExpiresAt)
	f.RefreshTokenExpiresAt = refreshTime(f.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt)
	f.RenewableUntil = refreshTime(f.RenewableUntil, answered.RenewableUntil)
}

// refresh copies the values of a list item. An end that is recorded in cut is not drift.
func (f *tokenFields) refresh(t commandcenter.Token, cut cutEnds) {
	f.scopeFields.refresh(t)
	answered := answeredEnds(t)
	if f.Type.IsNull() || !f.tokenType().Renews() || cut.knows(cut.RenewableUntil, t.RenewableUntil) {
		answered.RenewableUntil = timestamp.Null()
	}
	f.endFields.refresh(answered)
}

// replaceSecrets copies unplanned new secrets of a response, because the old ones may be spent. It reports whether there were any.
func (f *tokenFields) replaceSecrets(before *tokenFields, t commandcenter.Token) bool {
	if !f.replace(answeredSecrets(t), before.secretFields) {
		return false
	}
	answered := answeredEnds(t)
	answered.RenewableUntil = timestamp.Null()
	f.endFields.refresh(answered)
	return true
}

// mayBeHidden reports whether some servers would omit the token from a list although it exists.
func (f *tokenFields) mayBeHidden(now time.Time) bool {
	return mayBeHidden(f.tokenType(), instant(f.ExpiresAt), instant(f.RefreshTokenExpiresAt), now)
}

// mayBeHidden reports whether some servers would omit a token from a list although it exists: its access token has expired and its
// refresh window is open. A zero time is unknown. For a type that can be renewed, an unknown expiry counts as past and an unknown
// window as open.
func mayBeHidden(tokenType commandcenter.TokenType, expires, window, now time.Time) bool {
	return tokenType.Renews() && !expires.After(now) && (window.IsZero() || window.After(now))
}
