// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// world is all that the server remembers. Its methods expect mu to be held; nothing that waits is done under it.
type world struct {
	mu        sync.Mutex
	clock     func() time.Time
	lifetimes Lifetimes
	dialect   Dialect

	accounts map[int64]*account
	sessions map[string]*session
	tokens   map[int64]*Token
	purged   []int64
	nextUser int64
	nextID   int64 // of the next token

	reads, writes window // requests let through, for the rate limit
}

func newWorld(o Options) *world {
	return &world{
		clock:     o.Now,
		lifetimes: o.Lifetimes,
		dialect:   o.Dialect,
		accounts:  map[int64]*account{},
		sessions:  map[string]*session{},
		tokens:    map[int64]*Token{},
		nextUser:  11, // apart from the ids of tokens, so that no test mistakes one for the other
		nextID:    1001,
	}
}

// now is the present instant in UTC.
func (w *world) now() time.Time { return w.clock().UTC() }

// ordered are the live tokens by id.
func (w *world) ordered() []*Token {
	tokens := make([]*Token, 0, len(w.tokens))
	for _, id := range slices.Sorted(maps.Keys(w.tokens)) {
		tokens = append(tokens, w.tokens[id])
	}
	return tokens
}

// named is the owner's token of that name, expired or not, but for the one with the id except; else nil. Names are
// unique among a user's tokens: API.md#create (field).
func (w *world) named(owner int64, name string, except int64) *Token {
	for _, t := range w.tokens {
		if t.UserID == owner && t.Name == name && t.ID != except {
			return t
		}
	}
	return nil
}

// nameTaken is the refusal of a second token of that name; its text is known (field), its number is not.
// API.md#q27.
func nameTaken() *problem { return refusedf(codeNameTaken, "Token name already present") }

// accepted is the token whose access token this is, if it is the current one and has not expired; else nil.
func (w *world) accepted(accessToken string) *Token {
	for _, t := range w.tokens {
		if t.AccessToken == accessToken && w.now().Before(t.ExpiresAt) {
			return t
		}
	}
	return nil
}

// seconds cuts an instant to the whole seconds that the API's timestamps have.
func seconds(t time.Time) time.Time { return t.Truncate(time.Second) }

// unix is the timestamp of the API: Unix seconds, 0 for none. API.md#list.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// setEnds gives a new token its ends: those asked for, in Unix seconds, or the default of its type; an end beyond the
// maximum is cut short to it. API.md#life-of-a-token (docs); that it is cut and not refused is assumed, API.md#q23.
func (w *world) setEnds(t *Token, renewableUntil, tokenExpiry *int64) {
	l := w.lifetimes
	switch t.Type {
	case TypeSCIM:
		t.ExpiresAt = end(t.CreatedAt, tokenExpiry, l.SCIM, l.SCIMMax)
	case TypeOneTouch:
		t.ExpiresAt = end(t.CreatedAt, tokenExpiry, l.OneTouch, l.OneTouchMax)
	default:
		t.RenewableUntil = end(t.CreatedAt, renewableUntil, l.Renewable, l.RenewableMax)
		w.prolong(t)
	}
}

// moveEnds gives a token the ends that an update asks for; nil leaves them. The maximum counts from the creation.
func (w *world) moveEnds(t *Token, renewableUntil, tokenExpiry *int64) {
	l := w.lifetimes
	if renewableUntil != nil {
		t.RenewableUntil = end(t.CreatedAt, renewableUntil, l.Renewable, l.RenewableMax)
	}
	if tokenExpiry != nil && t.Type == TypeSCIM {
		t.ExpiresAt = end(t.CreatedAt, tokenExpiry, l.SCIM, l.SCIMMax)
	}
	if tokenExpiry != nil && t.Type == TypeOneTouch {
		t.ExpiresAt = end(t.CreatedAt, tokenExpiry, l.OneTouch, l.OneTouchMax)
	}
}

// end of a token created then.
func end(created time.Time, asked *int64, usual, most time.Duration) time.Time {
	at := created.Add(usual)
	if asked != nil {
		at = time.Unix(*asked, 0).UTC()
	}
	if limit := created.Add(most); at.After(limit) {
		at = limit
	}
	return seconds(at)
}

// prolong starts a new life of a pair. API.md#life-of-a-token (docs).
func (w *world) prolong(t *Token) {
	t.ExpiresAt = seconds(w.now().Add(w.lifetimes.Access))
	t.RefreshExpiresAt = seconds(t.ExpiresAt.Add(w.lifetimes.RefreshWindow))
}

// rotate renews a token that may be: a new pair, valid from now. It refuses after the refresh window and after the end of
// renewals, and keeps the pair then. API.md#life-of-a-token (docs).
func (w *world) rotate(t *Token) *problem {
	now := w.now()
	if t.RefreshToken == "" {
		return refusedf(codeTooLate, "Tokens of type %s cannot be renewed", t.Type)
	}
	if !now.Before(t.RefreshExpiresAt) {
		return refusedf(codeTooLate, "The refresh token has expired")
	}
	if !now.Before(t.RenewableUntil) {
		return refusedf(codeTooLate, "The token can no longer be renewed")
	}
	pair := newPair(t.Type)
	if w.dialect.RenewKeepsAccess {
		pair.AccessToken = t.AccessToken
	}
	t.setPair(pair)
	t.Renewals++
	w.prolong(t)
	return nil
}

// purge deletes a token and its chain. API.md#life-of-a-token (docs).
func (w *world) purge(t *Token) {
	w.purged = append(w.purged, t.ID)
	delete(w.tokens, t.ID)
}
