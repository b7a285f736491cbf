// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
)

// Token is what an answer of the API shows of a token. A field that the answer omits, or has in an unexpected form, is left
// at its zero value: lists of some releases show only id and name.
type Token struct {
	ID     int64
	Name   string
	Type   TokenType
	UserID int64
	// APIEndpoints and AllowedIPs are nil if unknown, and empty if there are none.
	APIEndpoints []string
	AllowedIPs   []string
	// The instants are in UTC, whole seconds.
	ExpiresAt             time.Time
	RefreshTokenExpiresAt time.Time
	RenewableUntil        time.Time
	// The secrets come only with the answer that issues them.
	AccessToken  Secret
	RefreshToken Secret
	// Reported is the failure that the answer to a create or a renewal reported although it carried the secrets; nil if it
	// reported none.
	Reported *Error
}

// Spec is a token to be created. Zero fields are not sent.
type Spec struct {
	Name string
	// Generated reports whether the name was drawn for this token alone. It is not sent.
	Generated      bool
	Type           TokenType
	UserID         int64
	APIEndpoints   []string
	AllowedIPs     []string
	RenewableUntil time.Time
	TokenExpiry    time.Time
}

// Change is an update of a token. Nil fields are not sent, and stay as they are.
type Change struct {
	Name *string
	// Type is sent by name. The server changes it in place only among the types with ChangesInPlace. API.md#update (docs).
	Type           *TokenType
	APIEndpoints   *[]string
	AllowedIPs     *[]string
	RenewableUntil *time.Time
	TokenExpiry    *time.Time
}

// IsEmpty reports whether nothing would be sent.
func (c Change) IsEmpty() bool { return c == Change{} }

// applyTo brings a listed token up to date with a change and the answer to it.
func (c Change) applyTo(t *Token, answered Token) {
	if c.Name != nil {
		t.Name = *c.Name
	}
	if c.Type != nil {
		t.Type = *c.Type
		if *c.Type != TypeCustom {
			t.APIEndpoints = nil
		}
	}
	if c.APIEndpoints != nil {
		t.APIEndpoints = *c.APIEndpoints
	}
	if c.AllowedIPs != nil {
		t.AllowedIPs = *c.AllowedIPs
	}
	if c.RenewableUntil != nil {
		t.RenewableUntil = *c.RenewableUntil
	}
	if c.TokenExpiry != nil {
		t.ExpiresAt = *c.TokenExpiry
	}
	t.takeInstants(answered)
}

// takeInstants takes over the instants that an answer holds.
func (t *Token) takeInstants(answered Token) {
	take := func(field *time.Time, answered time.Time) {
		if !answered.IsZero() {
			*field = answered
		}
	}
	take(&t.ExpiresAt, answered.ExpiresAt)
	take(&t.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt)
	take(&t.RenewableUntil, answered.RenewableUntil)
}

// completed adds what was asked for to what the answer holds, so that the shared list is as full as it can be.
func completed(t Token, spec Spec) Token {
	if t.Name == "" {
		t.Name = spec.Name
	}
	if t.Type == "" {
		t.Type = spec.Type.Canonical()
	}
	if t.UserID == 0 {
		t.UserID = spec.UserID
	}
	if t.APIEndpoints == nil && spec.Type == TypeCustom {
		t.APIEndpoints = spec.APIEndpoints
	}
	if t.AllowedIPs == nil {
		t.AllowedIPs = append([]string{}, spec.AllowedIPs...)
	}
	return t
}

// agrees reports whether listed, in every field that the list shows, is what spec asked for.
func (s Spec) agrees(listed Token, now time.Time) bool {
	switch {
	case listed.Name != s.Name:
		return false
	case listed.Type != "" && s.Type != "" && listed.Type.Canonical() != s.Type.Canonical():
		return false
	case listed.UserID != 0 && s.UserID != 0 && listed.UserID != s.UserID:
		return false
	case s.Type == TypeCustom && listed.APIEndpoints != nil && !SameEndpoints(listed.APIEndpoints, s.APIEndpoints):
		return false
	case listed.AllowedIPs != nil && !ipset.Same(listed.AllowedIPs, s.AllowedIPs):
		return false
	}
	return s.endAgrees(s.RenewableUntil, listed.RenewableUntil, now) && s.endAgrees(s.TokenExpiry, listed.ExpiresAt, now)
}

// endAgrees compares an end that was sent with the one listed. The server may round it to whole minutes or days. One beyond
// the documented limit is cut short to it, counted from the creation, which was minutes ago at most.
func (s Spec) endAgrees(sent, listed, now time.Time) bool {
	if sent.IsZero() || listed.IsZero() || sent.Equal(listed) || isRounded(sent, listed) {
		return true
	}
	limit := now.Add(s.Type.LongestLifetime())
	return sent.After(limit.Add(-time.Hour)) && listed.Before(sent) && listed.Sub(limit).Abs() < time.Hour
}

// isRounded reports whether listed is sent rounded up or down to a whole minute or day.
func isRounded(sent, listed time.Time) bool {
	for _, unit := range []time.Duration{time.Minute, day} {
		if listed.Equal(listed.Truncate(unit)) && listed.Sub(sent).Abs() < unit {
			return true
		}
	}
	return false
}

// SameEndpoints reports whether two sets of endpoints let a token call the same paths: the server matches paths without
// regard to letter case, and a trailing slash adds nothing. API.md#types (reference).
func SameEndpoints(a, b []string) bool {
	canonical := func(set []string) []string {
		paths := make([]string, len(set))
		for i, endpoint := range set {
			paths[i] = strings.ToLower(endpoint)
			if len(endpoint) > 1 {
				paths[i] = strings.TrimSuffix(paths[i], "/")
			}
		}
		slices.Sort(paths)
		return slices.Compact(paths)
	}
	return slices.Equal(canonical(a), canonical(b))
}

// Describe names a token in a message: its name, if known, and its id.
func Describe(name string, id int64) string {
	if name == "" {
		return fmt.Sprintf("access token with the id %d", id)
	}
	return fmt.Sprintf("access token %q (id %d)", name, id)
}
