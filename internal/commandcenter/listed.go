// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// TellsRenewal reports whether the server listed for some token until when it can be renewed.
func (l *List) TellsRenewal() bool { return l.tellsRenewal }

// All tokens by id, without secrets.
func (l *List) All() []Token {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := slices.Collect(maps.Values(l.tokens))
	slices.SortFunc(all, func(a, b Token) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// CredentialMayBeToken tells whether this client authenticates with what may be an access token: a configured Authtoken
// that is not a login session's, which begins with "QSDK" (docs). No call tells which access token a secret belongs to.
func (c *Client) CredentialMayBeToken() bool {
	configured, ok := c.credential.(*authtoken)
	if !ok {
		return false
	}
	scheme, _, _ := strings.Cut(strings.TrimSpace(configured.value.Reveal()), " ")
	return !strings.EqualFold(scheme, "QSDK")
}
