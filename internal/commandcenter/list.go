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

// List is what a server showed of a user's tokens at one instant, with this client's own writes since.
type List struct {
	// owner is the user that was asked for, 0 for the caller.
	owner int64
	// partial is why the list may leave tokens out, "" if nothing says so.
	partial string
	// contradicted reports whether the server or this process knew of a token that the list lacks.
	contradicted bool

	mu     sync.RWMutex
	tokens map[int64]Token
	// expired is the earliest expiry that had passed when the server listed it, zero if there was none.
	expired time.Time
	// owners that the server's items name.
	owners map[int64]struct{}
	// showsRenewal reports whether the server listed for some token until when it can be renewed.
	showsRenewal bool
	// writes of this client since the server made the list.
	writes int

	warned atomic.Bool
}

// newList is what the server showed at the instant now.
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

// Get finds a token.
func (l *List) Get(id int64) (Token, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t, ok := l.tokens[id]
	return t, ok
}

// All returns the tokens by id, without secrets.
func (l *List) All() []Token {
	return l.matching(func(Token) bool { return true })
}

// ByName returns the tokens of a name. Names are unique among a user's tokens (field), so there is one at most, unless
// the server holds otherwise.
func (l *List) ByName(name string) []Token {
	return l.matching(func(t Token) bool { return t.Name == name })
}

// similar is ByName; with loose it also finds names that differ only in letter case or outer white space.
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

// ShowsRenewal reports whether the server listed for some token until when it can be renewed.
func (l *List) ShowsRenewal() bool { return l.showsRenewal }

// ShowsExpired reports whether the server listed a token whose expiry had passed, so that it does not hide them. What this
// client wrote since proves nothing.
func (l *List) ShowsExpired(now time.Time) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return !l.expired.IsZero() && l.expired.Before(now)
}

// IsCallers reports whether the list was asked for without naming a user: it is that of whoever the client acts as.
func (l *List) IsCallers() bool { return l.owner == 0 }

// Partial returns why the list may leave tokens out, "" if nothing says so.
func (l *List) Partial() string {
	if l.partial == "" && l.contradicted {
		return "it lacks a token that exists"
	}
	return l.partial
}

// incompleteness is Partial as an error, nil if nothing says so.
func (l *List) incompleteness() error {
	if why := l.Partial(); why != "" {
		return errors.New("the list may not be complete: " + why)
	}
	return nil
}

// WarnOnce reports whether the caller is the first: a warning about the list is shown once.
func (l *List) WarnOnce() bool { return l.warned.CompareAndSwap(false, true) }

// writesSince counts this client's writes since the server made the list.
func (l *List) writesSince() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.writes
}

// take makes a write, and counts it.
func (l *List) take(w write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w(l) {
		l.writes++
	}
}

// names reports whether an item names the user, and whether items name only others.
func (l *List) names(userID int64) (named, foreign bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, named = l.owners[userID]
	return named, userID != 0 && !named && len(l.owners) > 0
}
