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

// store is the state of the server. Its methods require mu to be held. No code waits while it is held.
type store struct {
	mu        sync.Mutex
	clock     func() time.Time
	lifetimes Lifetimes
	dialect   Dialect

	accounts map[int64]*account
	sessions map[string]*session
	tokens   map[int64]*Token
	retired  map[string]retired  // replaced access tokens, for Dialect.OldAccessLives
	pending  map[int64]time.Time // ids of tokens with a requested revocation, and its time
	purged   []int64
	nextUser int64
	nextID   int64 // for the next token

	reads, writes window // accepted requests, for the rate limit
}

func newStore(o Options) *store {
	return &store{
		clock:     func() time.Time { return o.Now().Add(o.Dialect.ClockOffset) },
		lifetimes: o.Lifetimes,
		dialect:   o.Dialect,
		accounts:  map[int64]*account{},
		sessions:  map[string]*session{},
		tokens:    map[int64]*Token{},
		retired:   map[string]retired{},
		pending:   map[int64]time.Time{},
		nextUser:  11, // different from the ids of tokens, so that a test cannot confuse them
		nextID:    1001,
	}
}

// retired describes a replaced access token.
type retired struct {
	token     int64 // id of its token
	expiresAt time.Time
}

// now returns the current time of the server's clock, in UTC.
func (w *store) now() time.Time { return w.clock().UTC() }

// ordered returns the existing tokens, ordered by id.
func (w *store) ordered() []*Token {
	tokens := make([]*Token, 0, len(w.tokens))
	for _, id := range slices.Sorted(maps.Keys(w.tokens)) {
		tokens = append(tokens, w.tokens[id])
	}
	return tokens
}

// named returns the owner's token of that name, expired or not, or nil. It ignores the token with the id except. Names are unique
// among a user's tokens: API.md#create (field).
func (w *store) named(owner int64, name string, except int64) *Token {
	for _, t := range w.tokens {
		if t.UserID == owner && w.sameName(t.Name, name) && t.ID != except {
			return t
		}
	}
	return nil
}

// sameName compares names as the dialect does.
func (w *store) sameName(a, b string) bool {
	if w.dialect.NamesTrim {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	}
	return a == b || w.dialect.NamesFoldCase && strings.EqualFold(a, b)
}

// nameTaken refuses a second token of that name. Its text is known, its number is not. API.md#life-of-a-token (field).
func nameTaken() *problem { return refusedf(codeNameTaken, "Token name already present") }

// accepted returns the token that this access token authenticates, or nil if it has expired or was replaced. Under
// Dialect.OldAccessLives a replaced access token is accepted until its own expiry, as long as the token exists.
func (w *store) accepted(accessToken string) *Token {
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

// replacePair assigns a new pair to the token. Some dialects keep the old access token valid.
func (w *store) replacePair(t *Token, p Pair) {
	w.retire(t, p)
	t.setPair(p)
}

// retire records the access token that a new pair replaces.
func (w *store) retire(t *Token, p Pair) {
	if w.dialect.OldAccessLives && p.AccessToken != t.AccessToken {
		w.retired[t.AccessToken] = retired{t.ID, t.ExpiresAt}
	}
}

// seconds truncates an instant to whole seconds, the resolution of the API's timestamps.
func seconds(t time.Time) time.Time { return t.Truncate(time.Second) }

// unix returns the timestamp in Unix seconds, or 0 for none. API.md#list.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// setEnds sets the ends of a new token: the requested ones, in Unix seconds, or the defaults of its type. An end beyond the maximum
// is shortened to it. API.md#life-of-a-token (docs); that it is shortened and not refused is assumed, API.md#q23.
func (w *store) setEnds(t *Token, renewableUntil, tokenExpiry *int64) {
	usual, most := factsOf(t.Type).lifetimes(w.lifetimes)
	if renewable(t.Type) {
		t.RenewableUntil = w.end(t.CreatedAt, renewableUntil, usual, most)
		w.prolong(t)
	} else {
		t.ExpiresAt = w.end(t.CreatedAt, tokenExpiry, usual, most)
	}
}

// moveEnds sets the ends that an update requests. A nil end does not change. The maximum is counted from the creation.
func (w *store) moveEnds(t *Token, renewableUntil, tokenExpiry *int64) {
	usual, most := factsOf(t.Type).lifetimes(w.lifetimes)
	switch {
	case renewable(t.Type) && renewableUntil != nil:
		t.RenewableUntil = w.end(t.CreatedAt, renewableUntil, usual, most)
	case !renewable(t.Type) && tokenExpiry != nil:
		t.ExpiresAt = w.end(t.CreatedAt, tokenExpiry, usual, most)
	}
}

// end returns the end of a token with this creation time, rounded as in the dialect.
func (w *store) end(created time.Time, asked *int64, usual, most time.Duration) time.Time {
	at := created.Add(usual)
	if asked != nil {
		at = time.Unix(*asked, 0).UTC()
	}
	if limit := created.Add(most); at.After(limit) {
		at = limit
	}
	return w.dialect.Ends.apply(at)
}

// prolong sets the expiries of a new pair. API.md#life-of-a-token (docs).
func (w *store) prolong(t *Token) {
	t.ExpiresAt = seconds(w.now().Add(w.lifetimes.Access))
	t.RefreshExpiresAt = seconds(t.ExpiresAt.Add(w.lifetimes.RefreshWindow))
}

// rotate renews a token if that is possible: it gets a new pair that is valid from now. After the refresh window and after the end
// of renewals it refuses and keeps the pair. API.md#life-of-a-token (docs); the text is from API.md#renew (vendor, field).
func (w *store) rotate(t *Token) *problem {
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
func (w *store) purge(t *Token) {
	w.purged = append(w.purged, t.ID)
	delete(w.tokens, t.ID)
}
