// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"strings"
	"testing"
)

func TestAFingerprintRecognizesTheCredential(t *testing.T) {
	t.Parallel()
	const secret = Secret("an-access-token")
	salt := func(b byte) *bytes.Reader { return bytes.NewReader(bytes.Repeat([]byte{b}, 8)) }
	f, err := NewFingerprint(secret, salt(1))
	if err != nil || strings.Contains(string(f), secret.Reveal()) {
		t.Fatalf("the fingerprint is %q, error %v", f, err)
	}
	if other, _ := NewFingerprint(secret, salt(2)); other == f {
		t.Error("the salt does not change the fingerprint")
	}
	if _, err := NewFingerprint(secret, strings.NewReader("short")); err == nil {
		t.Error("a fingerprint was made without a salt")
	}
	for credential, want := range map[Secret]bool{
		secret: true, "Bearer an-access-token": true, " an-access-token ": true, "another-token": false,
	} {
		c := &Client{}
		c.credential = &authtoken{client: c, value: credential}
		if got := c.HasCredential(f); got != want {
			t.Errorf("%s is recognized: %t, want %t", credential.Reveal(), got, want)
		}
		if c.HasCredential("") || c.HasCredential("salt:") {
			t.Error("no fingerprint is one")
		}
	}
	c := &Client{}
	c.credential = &session{client: c}
	if c.HasCredential(f) {
		t.Error("a login is taken for an access token")
	}
}
