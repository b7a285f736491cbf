// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"encoding/base32"
)

// These prefixes let a test search logs and files for secrets.
const (
	AccessPrefix  = "SIMACC"
	RefreshPrefix = "SIMREF"
	// SessionPrefix is the prefix of login sessions. API.md#authentication (docs).
	SessionPrefix = "QSDK SIMSES"
)

// secret returns a new random secret with the presumed length of a real one.
func secret(prefix string) string {
	var random [40]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return prefix + base32.StdEncoding.EncodeToString(random[:])
}

// newPair returns the pair of a token of that type. MS_SCIM and OneTouch have no refresh token. API.md#life-of-a-token (docs).
func newPair(tokenType string) Pair {
	pair := Pair{AccessToken: secret(AccessPrefix)}
	if renewable(tokenType) {
		pair.RefreshToken = secret(RefreshPrefix)
	}
	return pair
}
