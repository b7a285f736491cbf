// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"time"
)

// credentialSlack is the clock skew that is tolerated: this machine's clock may be this far ahead of the server's.
const credentialSlack = time.Hour

// mayBeOwnCredential reports whether the token may be the one that the provider authenticates with. No call returns the token that a
// secret belongs to. The method therefore returns false only if the token cannot be the credential: the credential belongs to the
// caller, has not expired, and has a type that may list tokens.
func (c *cleanup) mayBeOwnCredential(ctx context.Context, id int64) (bool, error) {
	if !c.backend.Client.CredentialMayBeToken() {
		return false, nil
	}
	callers, err := c.backend.Client.Tokens(ctx, 0)
	if err != nil {
		return false, err
	}
	t, there := callers.Get(id)
	if !there {
		return callers.Partial() != "", nil // an incomplete list may lack this token
	}
	if !t.Type.MayManageTokens() {
		return false, nil
	}
	expired := !t.ExpiresAt.IsZero() && t.ExpiresAt.Add(credentialSlack).Before(c.backend.now())
	return !expired, nil
}
