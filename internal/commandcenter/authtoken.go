// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// credential authenticates the calls of a client.
type credential interface {
	// get returns the ticket for the next request.
	get(ctx context.Context) (ticket, error)
	// accepted records that the server accepted a request with the ticket.
	accepted(ticket)
	// rejected records that the server answered 401 to the ticket. It reports whether get may now return another ticket.
	rejected(ticket) bool
	is(secret Secret) bool
	// user returns the name of the user, or false if it cannot be determined.
	user(ctx context.Context) (string, bool)
}

// ticket is a credential in the form that a request carries.
type ticket struct {
	value  Secret
	bearer bool
	// session reports whether a login returned the value.
	session bool
}

// authorize sets the header. The value is sent exactly as configured (docs, field).
func (t ticket) authorize(header http.Header) {
	if t.bearer {
		header.Set("Authorization", "Bearer "+t.value.Reveal())
		return
	}
	header.Set("Authtoken", t.value.Reveal())
}

// authtoken is a credential that the user configured. It is sent in the header Authtoken. After a 401 it is tried once as a Bearer
// token, which some hosts require (docs, vendor). The form that worked is remembered.
type authtoken struct {
	client *Client
	value  Secret

	mu      sync.Mutex
	bearer  bool // the form that get returns
	settled bool // no other form will be tried
	worked  bool // the form has been accepted

	caller callerName
}

func (f *authtoken) get(context.Context) (ticket, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ticket(), nil
}

func (f *authtoken) ticket() ticket {
	if f.bearer {
		return ticket{value: bareToken(f.value), bearer: true}
	}
	return ticket{value: f.value}
}

func (f *authtoken) accepted(t ticket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.worked {
		f.bearer, f.settled, f.worked = t.bearer, true, true
	}
}

func (f *authtoken) rejected(t ticket) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case t.bearer != f.bearer:
		return !f.settled || f.worked // another call has tried or found the other form
	case f.settled:
		return false
	case t.bearer:
		f.bearer, f.settled = false, true // neither form works
		return false
	}
	f.bearer = mayBeBearer(f.value)
	f.settled = !f.bearer
	return f.bearer
}

func (f *authtoken) is(secret Secret) bool {
	return secret != "" && bareToken(secret) == bareToken(f.value)
}

// bareToken returns the token without surrounding white space and without a leading "Bearer ".
func bareToken(secret Secret) Secret {
	text := strings.TrimSpace(secret.Reveal())
	if scheme, value, found := strings.Cut(text, " "); found && strings.EqualFold(scheme, "Bearer") {
		text = strings.TrimSpace(value)
	}
	return Secret(text)
}

// CredentialMayBeToken reports whether this client authenticates with a configured Authtoken that may be an access token, and not
// with the token of a login session. No call of the API returns which access token a secret belongs to.
func (c *Client) CredentialMayBeToken() bool {
	configured, ok := c.credential.(*authtoken)
	return ok && mayBeBearer(configured.value)
}

// mayBeBearer reports whether the value may be an access token. Tokens of login sessions begin with QSDK or SAML (docs).
func mayBeBearer(value Secret) bool {
	scheme, _, found := strings.Cut(strings.TrimSpace(value.Reveal()), " ")
	return !found || !strings.EqualFold(scheme, "QSDK") && !strings.EqualFold(scheme, "SAML")
}
