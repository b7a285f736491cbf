// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// List is a snapshot of a user's tokens on a server, updated with this client's own later writes.
type List struct {
	// owner is the requested user. It is 0 for the caller.
	owner int64
	// partial is the reason why the list may omit tokens, or "" if nothing indicates that.
	partial string
	// contradicted reports whether the server or this process knows of a token that is absent from the list.
	contradicted bool

	mu     sync.RWMutex
	tokens map[int64]Token
	// expired is the earliest expiry that had passed when the server listed it. It is zero if there was none.
	expired time.Time
	// owners contains the users that the server's items name.
	owners map[int64]struct{}
	// showsRenewal reports whether the server listed a renewable-until instant for any token.
	showsRenewal bool
	// writes counts the writes of this client since the server made the list.
	writes int

	warned atomic.Bool
}

// newList returns the list that the server showed at the instant now.
func newList(owner int64, answer listAnswer, now time.Time) *List {
	l := &List{
		owner:   owner,
		partial: answer.incomplete,
		tokens:  make(map[int64]Token, len(answer.tokens)),
		owners:  map[int64]struct{}{},
	}
	for _, t := range answer.tokens {
		l.put(t)
		if t.UserID != 0 {
			l.owners[t.UserID] = struct{}{}
		}
		l.showsRenewal = l.showsRenewal || !t.RenewableUntil.IsZero()
		if !t.ExpiresAt.IsZero() && t.ExpiresAt.Before(now) && (l.expired.IsZero() || t.ExpiresAt.Before(l.expired)) {
			l.expired = t.ExpiresAt
		}
	}
	return l
}

func (l *List) put(t Token) {
	t.AccessToken, t.RefreshToken, t.Reported = "", "", nil
	l.tokens[t.ID] = t
}

// Get returns the token with this id, if it is listed.
func (l *List) Get(id int64) (Token, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t, ok := l.tokens[id]
	return t, ok
}

// All returns the tokens ordered by id, without secrets.
func (l *List) All() []Token {
	return l.matching(func(Token) bool { return true })
}

// ByName returns the tokens with a name. Names are unique among a user's tokens (field), so there is at most one unless the server
// deviates from that.
func (l *List) ByName(name string) []Token {
	return l.matching(func(t Token) bool { return t.Name == name })
}

// similar is ByName; if loose is set, it ignores letter case and surrounding white space.
func (l *List) similar(name string, loose bool) []Token {
	if exact := l.ByName(name); len(exact) > 0 || !loose {
		return exact
	}
	return l.matching(func(t Token) bool { return sameName(t.Name, name) })
}

func (l *List) matching(wanted func(Token) bool) []Token {
	l.mu.RLock()
	defer l.mu.RUnlock()
	found := slices.DeleteFunc(slices.Collect(maps.Values(l.tokens)), func(t Token) bool { return !wanted(t) })
	slices.SortFunc(found, func(a, b Token) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// ShowsRenewal reports whether the server listed a renewable-until instant for any token.
func (l *List) ShowsRenewal() bool { return l.showsRenewal }

// ShowsExpired reports whether the server listed a token whose expiry had passed, which proves that it does not hide expired
// tokens. Later writes of this client prove nothing.
func (l *List) ShowsExpired(now time.Time) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return !l.expired.IsZero() && l.expired.Before(now)
}

// IsCallers reports whether the list was requested without a user, and so belongs to the user that the client acts as.
func (l *List) IsCallers() bool { return l.owner == 0 }

// Partial returns the reason why the list may omit tokens, or "" if nothing indicates that.
func (l *List) Partial() string {
	if l.partial == "" && l.contradicted {
		return "it lacks a token that exists"
	}
	return l.partial
}

// incompleteness returns Partial as an error, or nil.
func (l *List) incompleteness() error {
	if why := l.Partial(); why != "" {
		return errors.New("the list may not be complete: " + why)
	}
	return nil
}

// WarnOnce reports whether this is its first call, so that a warning about the list is shown only once.
func (l *List) WarnOnce() bool { return l.warned.CompareAndSwap(false, true) }

// writesSince returns the number of this client's writes since the server made the list.
func (l *List) writesSince() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.writes
}

// take applies a write and counts it.
func (l *List) take(w write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w(l) {
		l.writes++
	}
}

// names reports whether an item names the user, and whether the items name only other users.
func (l *List) names(userID int64) (named, foreign bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, named = l.owners[userID]
	return named, userID != 0 && !named && len(l.owners) > 0
}
