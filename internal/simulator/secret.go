// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"encoding/base32"
)

// What the secrets begin with, so that a test can search logs and files for them.
const (
	AccessPrefix  = "SIMACC"
	RefreshPrefix = "SIMREF"
	// SessionPrefix is that of login sessions. API.md#authentication (docs).
	SessionPrefix = "QSDK SIMSES"
)

// secret is a new random one, as long as the real ones are thought to be.
func secret(prefix string) string {
	var random [40]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return prefix + base32.StdEncoding.EncodeToString(random[:])
}

// newPair for a token of that type. MS_SCIM and OneTouch get no refresh token. API.md#life-of-a-token (docs).
func newPair(tokenType string) Pair {
	pair := Pair{AccessToken: secret(AccessPrefix)}
	if renewable(tokenType) {
		pair.RefreshToken = secret(RefreshPrefix)
	}
	return pair
}
