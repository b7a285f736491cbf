// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"slices"
	"strings"
)

// Fields is a set of what a list can tell of a token besides its id and name. Some releases tell none of it (API.md,
// Dialects).
type Fields uint8

// The fields, by their attributes' names in Terraform.
const (
	FieldType Fields = 1 << iota
	FieldUserID
	FieldAPIEndpoints
	FieldAllowedIPs
	FieldExpiresAt
	FieldRefreshTokenExpiresAt
	FieldRenewableUntil

	allFields = FieldRenewableUntil<<1 - 1
)

// fields that the answer told of the token.
func (t Token) fields() Fields {
	return FieldType.ifTold(t.Type != "") |
		FieldUserID.ifTold(t.UserID != 0) |
		FieldAPIEndpoints.ifTold(t.APIEndpoints != nil) |
		FieldAllowedIPs.ifTold(t.AllowedIPs != nil) |
		FieldExpiresAt.ifTold(!t.ExpiresAt.IsZero()) |
		FieldRefreshTokenExpiresAt.ifTold(!t.RefreshTokenExpiresAt.IsZero()) |
		FieldRenewableUntil.ifTold(!t.RenewableUntil.IsZero())
}

func (f Fields) ifTold(told bool) Fields {
	if told {
		return f
	}
	return 0
}

// only leaves the token what is in fields, its id and its name.
func (t Token) only(fields Fields) Token {
	kept := Token{ID: t.ID, Name: t.Name}
	if fields&FieldType != 0 {
		kept.Type = t.Type
	}
	if fields&FieldUserID != 0 {
		kept.UserID = t.UserID
	}
	if fields&FieldAPIEndpoints != 0 {
		kept.APIEndpoints = t.APIEndpoints
	}
	if fields&FieldAllowedIPs != 0 {
		kept.AllowedIPs = t.AllowedIPs
	}
	if fields&FieldExpiresAt != 0 {
		kept.ExpiresAt = t.ExpiresAt
	}
	if fields&FieldRefreshTokenExpiresAt != 0 {
		kept.RefreshTokenExpiresAt = t.RefreshTokenExpiresAt
	}
	if fields&FieldRenewableUntil != 0 {
		kept.RenewableUntil = t.RenewableUntil
	}
	return kept
}

// Tells reports whether the server listed the field for some token. Of a server that listed no token nothing is known, so
// it is taken to tell every field.
func (l *List) Tells(field Fields) bool { return l.told&field != 0 }

// All tokens by id, without secrets. What the server's lists leave out is left out of this client's own writes too: a
// later run, which made none of them, must see the same.
func (l *List) All() []Token {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := make([]Token, 0, len(l.tokens))
	for _, t := range l.tokens {
		all = append(all, t.only(l.told))
	}
	slices.SortFunc(all, func(a, b Token) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// CredentialMayBeToken tells whether this client authenticates with what may be an access token: a configured Authtoken
// that is not a login session's, which begins with "QSDK" (docs). No call tells which access token a secret belongs to.
func (c *Client) CredentialMayBeToken() bool {
	fixed, configured := c.credential.(fixedCredential)
	scheme, _, _ := strings.Cut(strings.TrimSpace(string(fixed)), " ")
	return configured && !strings.EqualFold(scheme, "QSDK")
}
