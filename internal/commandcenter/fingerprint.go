// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// Fingerprint identifies a secret without containing it. It is a salt and a hash in hexadecimal digits, separated by a colon.
type Fingerprint string

// NewFingerprint returns a fingerprint of secret, with a salt read from random.
func NewFingerprint(secret Secret, random io.Reader) (Fingerprint, error) {
	salt := make([]byte, 8)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("no salt for a fingerprint could be generated: %w", err)
	}
	text := hex.EncodeToString(salt)
	return Fingerprint(text + ":" + hashed(text, secret)), nil
}

func hashed(salt string, secret Secret) string {
	sum := sha256.Sum256([]byte(salt + bareToken(secret).Reveal()))
	return hex.EncodeToString(sum[:])
}

// HasCredential reports whether this client authenticates with the secret of the fingerprint.
func (c *Client) HasCredential(f Fingerprint) bool {
	configured, ok := c.credential.(*authtoken)
	salt, hash, found := strings.Cut(string(f), ":")
	return ok && found && subtle.ConstantTimeCompare([]byte(hashed(salt, configured.value)), []byte(hash)) == 1
}
