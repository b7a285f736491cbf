// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"time"
)

// credentialSlack is how far this machine's clock may be ahead of the server's.
const credentialSlack = time.Hour

// mayBeOwnCredential reports whether the provider may be authenticating with the token. No call says which access token a
// secret belongs to, so only what cannot be it is let through: the credential is one of the caller's own tokens, alive, and
// of a type that may list tokens.
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
		return callers.Partial() != "", nil // a list that leaves tokens out may leave out this one
	}
	if !t.Type.MayManageTokens() {
		return false, nil
	}
	expired := !t.ExpiresAt.IsZero() && t.ExpiresAt.Add(credentialSlack).Before(c.backend.now())
	return !expired, nil
}
