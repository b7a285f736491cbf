// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// Token is the server's record of an access token. Times are in UTC with whole seconds. A zero time means none.
type Token struct {
	ID     int64
	Name   string
	Type   string // such as TypeAll, but not TypeDefault
	UserID int64  // the owner

	APIEndpoints []string // endpoints that a CUSTOM token may call
	AllowedIPs   []string // as requested

	AccessToken  string
	RefreshToken string // empty for MS_SCIM and OneTouch

	CreatedAt        time.Time
	ExpiresAt        time.Time // of AccessToken
	RefreshExpiresAt time.Time // of RefreshToken
	RenewableUntil   time.Time

	Renewals int    // number of renewals so far
	OldPairs []Pair // pairs before the current one, oldest first; sending one to Renew purges the token
}

// Pair is an access token and the refresh token that came with it.
type Pair struct{ AccessToken, RefreshToken string }

// clone returns a deep copy, so that no caller shares the server's state.
func (t Token) clone() Token {
	t.APIEndpoints = slices.Clone(t.APIEndpoints)
	t.AllowedIPs = slices.Clone(t.AllowedIPs)
	t.OldPairs = slices.Clone(t.OldPairs)
	return t
}

// setPair makes p the current pair, and the previous pair, if any, an old one.
func (t *Token) setPair(p Pair) {
	current := Pair{t.AccessToken, t.RefreshToken}
	if p == current {
		return
	}
	if current != (Pair{}) {
		t.OldPairs = append(t.OldPairs, current)
	}
	t.AccessToken, t.RefreshToken = p.AccessToken, p.RefreshToken
}
