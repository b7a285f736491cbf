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

// The models embed the structs below. An attribute that is added to one of them, here and in fields_schema.go, belongs to
// every model that embeds it.

// scopeFields are what a token may do, and who owns it.
type scopeFields struct {
	Type         types.String      `tfsdk:"type"`
	APIEndpoints types.Set         `tfsdk:"api_endpoints"`
	AllowedIPs   types.Set         `tfsdk:"allowed_ips"`
	UserID       wholenumber.Value `tfsdk:"user_id"`
}

// secretFields are the pair of secrets.
type secretFields struct {
	AccessToken  types.String `tfsdk:"access_token"`
	RefreshToken types.String `tfsdk:"refresh_token"`
}

// endFields are when a token ends, as the server returns it.
type endFields struct {
	ExpiresAt             timestamp.Value `tfsdk:"expires_at"`
	RefreshTokenExpiresAt timestamp.Value `tfsdk:"refresh_token_expires_at"`
	RenewableUntil        timestamp.Value `tfsdk:"renewable_until"`
}

// tokenFields are what both resources store of a token.
type tokenFields struct {
	scopeFields
	secretFields
	endFields
}

// tokenType returns the type. An unknown or null type counts as ALL.
func (f *scopeFields) tokenType() commandcenter.TokenType {
	if !given(f.Type) {
		return commandcenter.TypeAll
	}
	return commandcenter.TokenType(f.Type.ValueString())
}

// spec returns the scope of a token to create.
func (f *scopeFields) spec(name string) commandcenter.Spec {
	return commandcenter.Spec{
		Name:         name,
		Type:         f.tokenType(),
		UserID:       f.UserID.ValueInt64(),
		APIEndpoints: texts(f.APIEndpoints),
		AllowedIPs:   texts(f.AllowedIPs),
	}
}

// change returns the in-place update from before to f.
func (f *scopeFields) change(before *scopeFields) commandcenter.Change {
	var change commandcenter.Change
	// A type that the state lacks, as after an import from a list that shows none, is recorded and never sent: that could
	// widen what the token may do.
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

// copyInPlace copies from o what an in-place update changes.
func (f *scopeFields) copyInPlace(o *scopeFields) {
	f.Type, f.APIEndpoints, f.AllowedIPs = o.Type, o.APIEndpoints, o.AllowedIPs
}

// refresh takes over what a list returns. What is omitted or equivalent leaves f as it is.
func (f *scopeFields) refresh(t commandcenter.Token) {
	if t.Type != "" && (f.Type.IsNull() || f.tokenType().Canonical() != t.Type.Canonical()) {
		f.Type = types.StringValue(string(t.Type.Canonical()))
	}
	if f.UserID.IsNull() {
		f.UserID = numberOrNull(t.UserID)
	}
	f.refreshInPlace(t)
}

// refreshInPlace is refresh for what an in-place update changes.
func (f *scopeFields) refreshInPlace(t commandcenter.Token) {
	if f.tokenType() == commandcenter.TypeCustom && t.APIEndpoints != nil {
		f.APIEndpoints = refreshSet(f.APIEndpoints, t.APIEndpoints, commandcenter.SameEndpoints)
	}
	if t.AllowedIPs != nil {
		f.AllowedIPs = refreshSet(f.AllowedIPs, t.AllowedIPs, ipset.Same)
	}
}

// beforeChange is what a change must leave as it is: the type, and the owner if he is configured.
func (f *scopeFields) beforeChange(configuredOwner int64) commandcenter.Token {
	return commandcenter.Token{Type: commandcenter.TokenType(f.Type.ValueString()), UserID: configuredOwner}
}

// takeContradiction takes over the scope and the owner that the answer to an update shows, against the plan.
func (f *scopeFields) takeContradiction(answered commandcenter.Token) {
	if answered.UserID != 0 {
		f.UserID = numberOrNull(answered.UserID)
	}
	f.refresh(answered)
}

// nullScope is the scope of a token of which nothing is known. The elements of its sets have a type, also without a value.
func nullScope() scopeFields {
	return scopeFields{APIEndpoints: types.SetNull(types.StringType), AllowedIPs: types.SetNull(types.StringType)}
}

// listedScope returns what a list shows, null where it shows nothing.
func listedScope(t commandcenter.Token) scopeFields {
	return scopeFields{
		Type:         textOrNull(string(t.Type.Canonical())),
		APIEndpoints: setOrNull(t.APIEndpoints),
		AllowedIPs:   setOrNull(t.AllowedIPs),
		UserID:       numberOrNull(t.UserID),
	}
}

// complete replaces unknown values: by answered, or where that is null by before.
func (f *scopeFields) complete(answered, before scopeFields) {
	complete(&f.UserID, answered.UserID, before.UserID)
}

// answeredSecrets returns the secrets of an answer, null where it has none.
func answeredSecrets(t commandcenter.Token) secretFields {
	return secretFields{AccessToken: textOrNull(t.AccessToken.Reveal()), RefreshToken: textOrNull(t.RefreshToken.Reveal())}
}

// unknownSecrets are those of a token that is to be created or renewed.
func unknownSecrets() secretFields {
	return secretFields{AccessToken: types.StringUnknown(), RefreshToken: types.StringUnknown()}
}

// complete replaces unknown values: by answered, or where that is null by before.
func (f *secretFields) complete(answered, before secretFields) {
	complete(&f.AccessToken, answered.AccessToken, before.AccessToken)
	complete(&f.RefreshToken, answered.RefreshToken, before.RefreshToken)
}

// replace takes over the secrets of an answer that differ from those before. It reports whether there were any.
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

// answeredEnds returns the ends of an answer or a listed token, null where it has none.
func answeredEnds(t commandcenter.Token) endFields {
	return endFields{
		ExpiresAt:             timestamp.FromTime(t.ExpiresAt),
		RefreshTokenExpiresAt: timestamp.FromTime(t.RefreshTokenExpiresAt),
		RenewableUntil:        timestamp.FromTime(t.RenewableUntil),
	}
}

// unknownEnds are those of a token that is to be created.
func unknownEnds() endFields {
	return endFields{ExpiresAt: timestamp.Unknown(), RefreshTokenExpiresAt: timestamp.Unknown(), RenewableUntil: timestamp.Unknown()}
}

// complete replaces unknown values: by answered, or where that is null by before.
func (f *endFields) complete(answered, before endFields) {
	complete(&f.ExpiresAt, answered.ExpiresAt, before.ExpiresAt)
	complete(&f.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt, before.RefreshTokenExpiresAt)
	complete(&f.RenewableUntil, answered.RenewableUntil, before.RenewableUntil)
}

// refresh takes over ends that differ.
func (f *endFields) refresh(answered endFields) {
	f.ExpiresAt = refreshTime(f.ExpiresAt, answered.ExpiresAt)
	f.RefreshTokenExpiresAt = refreshTime(f.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt)
	f.RenewableUntil = refreshTime(f.RenewableUntil, answered.RenewableUntil)
}

// refresh takes over what a list returns of the token. An end that is remembered as cut short is no drift.
func (f *tokenFields) refresh(t commandcenter.Token, cut cutEnds) {
	f.scopeFields.refresh(t)
	answered := answeredEnds(t)
	if f.Type.IsNull() || !f.tokenType().Renews() || cut.knows(cut.RenewableUntil, t.RenewableUntil) {
		answered.RenewableUntil = timestamp.Null()
	}
	f.endFields.refresh(answered)
}

// replaceSecrets takes over secrets of an answer that the state did not have, against the plan: the old ones may be spent.
// It reports whether there were any.
func (f *tokenFields) replaceSecrets(before *tokenFields, t commandcenter.Token) bool {
	if !f.replace(answeredSecrets(t), before.secretFields) {
		return false
	}
	answered := answeredEnds(t)
	answered.RenewableUntil = timestamp.Null()
	f.endFields.refresh(answered)
	return true
}

// mayBeHidden reports whether some servers would not list the token although it exists.
func (f *tokenFields) mayBeHidden(now time.Time) bool {
	return mayBeHidden(f.tokenType(), instant(f.ExpiresAt), instant(f.RefreshTokenExpiresAt), now)
}

// mayBeHidden reports whether some servers would not list a token although it exists: its access token has expired, and its
// refresh window is open. Zero instants are unknown: of a type that renews, an unknown expiry counts as passed, and an unknown
// window as open.
func mayBeHidden(tokenType commandcenter.TokenType, expires, window, now time.Time) bool {
	return tokenType.Renews() && !expires.After(now) && (window.IsZero() || window.After(now))
}
