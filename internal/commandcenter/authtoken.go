// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// credential is what the calls of a client authenticate with.
type credential interface {
	// get returns the ticket for the next request.
	get(ctx context.Context) (ticket, error)
	// accepted is told that the server let in a request with the ticket.
	accepted(ticket)
	// rejected is told that the server answered 401 to the ticket. It reports whether get may now return another one.
	rejected(ticket) bool
	is(secret Secret) bool
	// user returns the name of the user, false if it cannot be learned.
	user(ctx context.Context) (string, bool)
}

// ticket is a credential in the form in which a request carries it.
type ticket struct {
	value  Secret
	bearer bool
	// session reports whether a login returned the value.
	session bool
}

// authorize sets the header. The value is sent exactly as given (docs, field).
func (t ticket) authorize(header http.Header) {
	if t.bearer {
		header.Set("Authorization", "Bearer "+t.value.Reveal())
		return
	}
	header.Set("Authtoken", t.value.Reveal())
}

// authtoken is a credential that the user configured. It is sent in the header Authtoken. Where that is answered with
// 401, it is tried once as a Bearer token, which some hosts require (docs, vendor). The form that worked is remembered.
type authtoken struct {
	client *Client
	value  Secret

	mu      sync.Mutex
	bearer  bool // the form that get returns
	settled bool // no other form is tried any more
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
		return !f.settled || f.worked // another call has tried, or found, the other form
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

// bareToken returns the token without white space around it and without a "Bearer " before it.
func bareToken(secret Secret) Secret {
	text := strings.TrimSpace(secret.Reveal())
	if scheme, value, found := strings.Cut(text, " "); found && strings.EqualFold(scheme, "Bearer") {
		text = strings.TrimSpace(value)
	}
	return Secret(text)
}

// CredentialMayBeToken reports whether this client authenticates with what may be an access token: a configured Authtoken
// that is not a login session's. No call says which access token a secret belongs to.
func (c *Client) CredentialMayBeToken() bool {
	configured, ok := c.credential.(*authtoken)
	return ok && mayBeBearer(configured.value)
}

// mayBeBearer reports whether the value may be an access token. Those of login sessions begin with QSDK or SAML (docs).
func mayBeBearer(value Secret) bool {
	scheme, _, found := strings.Cut(strings.TrimSpace(value.Reveal()), " ")
	return !found || !strings.EqualFold(scheme, "QSDK") && !strings.EqualFold(scheme, "SAML")
}
