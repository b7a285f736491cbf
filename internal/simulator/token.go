// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// Token is one access token as the server knows it. Times are whole seconds in UTC; a zero time means none.
type Token struct {
	ID     int64
	Name   string
	Type   string // TypeAll and so on, never TypeDefault
	UserID int64  // the owner

	APIEndpoints []string // what a CUSTOM token may call
	AllowedIPs   []string // as they were given

	AccessToken  string
	RefreshToken string // empty for MS_SCIM and OneTouch

	CreatedAt        time.Time
	ExpiresAt        time.Time // of AccessToken
	RefreshExpiresAt time.Time // of RefreshToken
	RenewableUntil   time.Time

	Renewals int    // how often it was renewed
	OldPairs []Pair // the pairs before the current one, oldest first; sending one to Renew purges the token
}

// Pair is an access token and the refresh token that came with it.
type Pair struct{ AccessToken, RefreshToken string }

// clone copies deeply, so that no caller holds a part of the server's state.
func (t Token) clone() Token {
	t.APIEndpoints = slices.Clone(t.APIEndpoints)
	t.AllowedIPs = slices.Clone(t.AllowedIPs)
	t.OldPairs = slices.Clone(t.OldPairs)
	return t
}

// setPair makes p the current pair and the one before it, if any, an old one.
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
