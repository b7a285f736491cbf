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

// Token contains the fields of a token in an answer of the API. A field that the answer omits, or that has an unexpected form, has
// its zero value: lists of some releases contain only id and name.
type Token struct {
	ID     int64
	Name   string
	Type   TokenType
	UserID int64
	// APIEndpoints and AllowedIPs are nil if unknown, and empty if there are none.
	APIEndpoints []string
	AllowedIPs   []string
	// The instants are in UTC with whole seconds.
	ExpiresAt             time.Time
	RefreshTokenExpiresAt time.Time
	RenewableUntil        time.Time
	// Only the answer that issues the secrets contains them.
	AccessToken  Secret
	RefreshToken Secret
	// Reported is the failure that the answer to a create or a renewal reported although it carried the secrets, or nil.
	Reported *Error
}

// Spec describes a token to create. Zero fields are not sent.
type Spec struct {
	Name string
	// Generated reports whether the name was generated for this token alone. It is not sent.
	Generated      bool
	Type           TokenType
	UserID         int64
	APIEndpoints   []string
	AllowedIPs     []string
	RenewableUntil time.Time
	TokenExpiry    time.Time
}

// Change is an update of a token. Nil fields are not sent and keep their values.
type Change struct {
	Name *string
	// Type is sent by name. The server changes it in place only among the types with ChangesInPlace. API.md#update (docs).
	Type           *TokenType
	APIEndpoints   *[]string
	AllowedIPs     *[]string
	RenewableUntil *time.Time
	TokenExpiry    *time.Time
}

// IsEmpty reports whether the change has no fields to send.
func (c Change) IsEmpty() bool { return c == Change{} }

// applyTo updates a listed token with a change and the answer to it.
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

// takeInstants copies the instants that an answer contains.
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

// completed adds the requested fields to the answer, so that the shared list is as complete as possible.
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

// agrees reports whether every field that the list shows equals the requested one.
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

// endAgrees compares the requested end with the listed one. The server may round it to whole minutes or days. It limits a later end
// to the documented maximum, counted from the creation, which was at most minutes ago.
func (s Spec) endAgrees(sent, listed, now time.Time) bool {
	if sent.IsZero() || listed.IsZero() || sent.Equal(listed) || isRounded(sent, listed) {
		return true
	}
	limit := now.Add(s.Type.LongestLifetime())
	return sent.After(limit.Add(-time.Hour)) && listed.Before(sent) && listed.Sub(limit).Abs() < time.Hour
}

// isRounded reports whether listed is sent, rounded up or down to a whole minute or day.
func isRounded(sent, listed time.Time) bool {
	for _, unit := range []time.Duration{time.Minute, day} {
		if listed.Equal(listed.Truncate(unit)) && listed.Sub(sent).Abs() < unit {
			return true
		}
	}
	return false
}

// SameEndpoints reports whether two sets of endpoints allow the same paths. The server matches paths without regard to letter case,
// and a trailing slash has no effect. API.md#types (reference).
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
