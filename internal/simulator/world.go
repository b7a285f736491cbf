// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"slices"
	"strings"
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
	retired  map[string]retired  // access tokens that were replaced, for Dialect.OldAccessLives
	pending  map[int64]time.Time // ids of tokens whose revocation was asked for, and when
	purged   []int64
	nextUser int64
	nextID   int64 // of the next token

	reads, writes window // requests let through, for the rate limit
}

func newWorld(o Options) *world {
	return &world{
		clock:     func() time.Time { return o.Now().Add(o.Dialect.ClockOffset) },
		lifetimes: o.Lifetimes,
		dialect:   o.Dialect,
		accounts:  map[int64]*account{},
		sessions:  map[string]*session{},
		tokens:    map[int64]*Token{},
		retired:   map[string]retired{},
		pending:   map[int64]time.Time{},
		nextUser:  11, // apart from the ids of tokens, so that no test mistakes one for the other
		nextID:    1001,
	}
}

// retired is an access token that was replaced by another one.
type retired struct {
	token     int64 // its id
	expiresAt time.Time
}

// now is the present instant by the server's clock, in UTC.
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
		if t.UserID == owner && w.sameName(t.Name, name) && t.ID != except {
			return t
		}
	}
	return nil
}

// sameName compares names as the dialect does.
func (w *world) sameName(a, b string) bool {
	if w.dialect.NamesTrim {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	}
	return a == b || w.dialect.NamesFoldCase && strings.EqualFold(a, b)
}

// nameTaken is the refusal of a second token of that name; its text is known, its number is not. API.md#life-of-a-token
// (field).
func nameTaken() *problem { return refusedf(codeNameTaken, "Token name already present") }

// accepted is the token that this access token authenticates as, nil if it has expired or was replaced. Under
// Dialect.OldAccessLives a replaced one is accepted until its own expiry, as long as the token exists.
func (w *world) accepted(accessToken string) *Token {
	for _, t := range w.tokens {
		if t.AccessToken == accessToken && w.now().Before(t.ExpiresAt) {
			return t
		}
	}
	if old, known := w.retired[accessToken]; known && w.now().Before(old.expiresAt) {
		return w.tokens[old.token]
	}
	return nil
}

// replacePair gives the token a new pair, and keeps the old one valid if the dialect does.
func (w *world) replacePair(t *Token, p Pair) {
	w.retire(t, p)
	t.setPair(p)
}

// retire remembers the access token that a new pair replaces.
func (w *world) retire(t *Token, p Pair) {
	if w.dialect.OldAccessLives && p.AccessToken != t.AccessToken {
		w.retired[t.AccessToken] = retired{t.ID, t.ExpiresAt}
	}
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
	usual, most := factsOf(t.Type).lifetimes(w.lifetimes)
	if renewable(t.Type) {
		t.RenewableUntil = w.end(t.CreatedAt, renewableUntil, usual, most)
		w.prolong(t)
	} else {
		t.ExpiresAt = w.end(t.CreatedAt, tokenExpiry, usual, most)
	}
}

// moveEnds gives a token the ends that an update asks for; nil leaves them. The maximum counts from the creation.
func (w *world) moveEnds(t *Token, renewableUntil, tokenExpiry *int64) {
	usual, most := factsOf(t.Type).lifetimes(w.lifetimes)
	switch {
	case renewable(t.Type) && renewableUntil != nil:
		t.RenewableUntil = w.end(t.CreatedAt, renewableUntil, usual, most)
	case !renewable(t.Type) && tokenExpiry != nil:
		t.ExpiresAt = w.end(t.CreatedAt, tokenExpiry, usual, most)
	}
}

// end of a token created then, rounded as the dialect does.
func (w *world) end(created time.Time, asked *int64, usual, most time.Duration) time.Time {
	at := created.Add(usual)
	if asked != nil {
		at = time.Unix(*asked, 0).UTC()
	}
	if limit := created.Add(most); at.After(limit) {
		at = limit
	}
	return w.dialect.Ends.apply(at)
}

// prolong starts a new life of a pair. API.md#life-of-a-token (docs).
func (w *world) prolong(t *Token) {
	t.ExpiresAt = seconds(w.now().Add(w.lifetimes.Access))
	t.RefreshExpiresAt = seconds(t.ExpiresAt.Add(w.lifetimes.RefreshWindow))
}

// rotate renews a token that may be: a new pair, valid from now. It refuses after the refresh window and after the end of
// renewals, and keeps the pair then. API.md#life-of-a-token (docs); the text is that of Calls, too late (vendor, field).
func (w *world) rotate(t *Token) *problem {
	now := w.now()
	if t.RefreshToken == "" || !now.Before(t.RefreshExpiresAt) || !now.Before(t.RenewableUntil) {
		return &problem{failed, codeTooLate, "Renew request placed after the permissible time limit"}
	}
	pair := newPair(t.Type)
	if w.dialect.RenewKeepsAccess {
		pair.AccessToken = t.AccessToken
	}
	w.replacePair(t, pair)
	t.Renewals++
	w.prolong(t)
	return nil
}

// purge deletes a token and its chain. API.md#life-of-a-token (docs).
func (w *world) purge(t *Token) {
	w.purged = append(w.purged, t.ID)
	delete(w.tokens, t.ID)
}
