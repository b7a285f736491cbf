// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"slices"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
)

// TokenType says what a token may do.
type TokenType string

// The types, by their name on the wire. API.md#types (reference; Hyperscale: docs, sdk).
const (
	TypeDefault    TokenType = "DEFAULT"
	TypeSCIM       TokenType = "MS_SCIM"
	TypeAll        TokenType = "ALL"
	TypeCustom     TokenType = "CUSTOM"
	TypeOneTouch   TokenType = "OneTouch"
	TypeHyperscale TokenType = "Hyperscale"
)

// TokenTypes lists the types by their number on the wire. API.md#types (reference; 5: docs, sdk).
func TokenTypes() []TokenType {
	return []TokenType{TypeDefault, TypeSCIM, TypeAll, TypeCustom, TypeOneTouch, TypeHyperscale}
}

// Canonical returns ALL for DEFAULT, which means the same. API.md#types (reference).
func (t TokenType) Canonical() TokenType {
	if t == TypeDefault {
		return TypeAll
	}
	return t
}

// Renews tells whether tokens of this type come with a refresh token, and end at their renewable-until instant. The
// others end at their expiry (docs).
func (t TokenType) Renews() bool { return t != TypeSCIM && t != TypeOneTouch }

// longestLife is the documented limit beyond which a server cuts an end short.
func (t TokenType) longestLife() time.Duration {
	if t == TypeOneTouch {
		return 14 * 24 * time.Hour
	}
	return 365 * 24 * time.Hour
}

// Token is what an answer of the API tells of a token. What it does not tell is left at the zero value: lists of some
// releases name only id and name.
type Token struct {
	ID     int64
	Name   string
	Type   TokenType
	UserID int64
	// APIEndpoints and AllowedIPs are nil when not told, and empty when there are none.
	APIEndpoints []string
	AllowedIPs   []string
	// The instants are in UTC, whole seconds.
	ExpiresAt             time.Time
	RefreshTokenExpiresAt time.Time
	RenewableUntil        time.Time
	// The secrets come only with the answer that issues them.
	AccessToken  Secret
	RefreshToken Secret
}

// Spec is a token to be created. Zero fields are not sent.
type Spec struct {
	Name           string
	Type           TokenType
	UserID         int64
	APIEndpoints   []string
	AllowedIPs     []string
	RenewableUntil time.Time
	TokenExpiry    time.Time
}

// Change is an update of a token. Nil fields are not sent, and stay as they are.
type Change struct {
	Name           *string
	APIEndpoints   *[]string
	AllowedIPs     *[]string
	RenewableUntil *time.Time
	TokenExpiry    *time.Time
}

// IsEmpty tells that nothing would be sent.
func (c Change) IsEmpty() bool { return c == Change{} }

// agrees tells whether listed, in every field that the list shows, is what spec asked for.
func (s Spec) agrees(listed Token, now time.Time) bool {
	switch {
	case listed.Name != s.Name:
		return false
	case listed.Type != "" && s.Type != "" && listed.Type.Canonical() != s.Type.Canonical():
		return false
	case listed.UserID != 0 && s.UserID != 0 && listed.UserID != s.UserID:
		return false
	case s.Type == TypeCustom && listed.APIEndpoints != nil && !sameSet(listed.APIEndpoints, s.APIEndpoints):
		return false
	case listed.AllowedIPs != nil && !ipset.Same(listed.AllowedIPs, s.AllowedIPs):
		return false
	}
	return s.endAgrees(s.RenewableUntil, listed.RenewableUntil, now) && s.endAgrees(s.TokenExpiry, listed.ExpiresAt, now)
}

// endAgrees compares an end that was sent with the one listed. One beyond the documented limit is cut short to it,
// counted from the creation, which was minutes ago at most.
func (s Spec) endAgrees(sent, listed, now time.Time) bool {
	if sent.IsZero() || listed.IsZero() || sent.Equal(listed) {
		return true
	}
	limit := now.Add(s.Type.longestLife())
	return sent.After(limit.Add(-time.Hour)) && listed.Before(sent) && listed.Sub(limit).Abs() < time.Hour
}

func sameSet(a, b []string) bool {
	canonical := func(set []string) []string { return slices.Compact(slices.Sorted(slices.Values(set))) }
	return slices.Equal(canonical(a), canonical(b))
}

// parseType reads a name in any case; "" is a type that this client does not know.
func parseType(name string) TokenType {
	for _, known := range TokenTypes() {
		if strings.EqualFold(string(known), name) {
			return known
		}
	}
	return ""
}
