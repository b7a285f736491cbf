// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Owner says whose tokens are meant.
type Owner struct {
	// ID of the user, 0 if it is not known.
	ID int64
	// Caller tells that the token was made for whoever the credential belonged to.
	Caller bool
}

// List is what a server told of a user's tokens at one instant, with this client's own writes since.
type List struct {
	owner int64
	// incomplete and arrayPresent are what the answer shows of its completeness: see listAnswer.
	incomplete   string
	arrayPresent bool

	mu     sync.RWMutex
	tokens map[int64]Token
	// expired is the earliest expiry that had passed when the server listed it, zero if there was none.
	expired time.Time
	// owners that the items name.
	owners map[int64]struct{}
	// tellsRenewal is what the server listed for some token.
	tellsRenewal bool
	// writes of this client since the server made the list.
	writes int

	warned atomic.Bool
}

// Get finds a token.
func (l *List) Get(id int64) (Token, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t, ok := l.tokens[id]
	return t, ok
}

// ByName lists the tokens of a name. Names are unique among a user's tokens (field), so there is one at most, unless
// the server holds otherwise.
func (l *List) ByName(name string) []Token {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var found []Token
	for _, t := range l.tokens {
		if t.Name == name {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b Token) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// ShowsExpired tells whether the server listed a token whose expiry had passed, so that it does not hide them. What this
// client wrote since proves nothing.
func (l *List) ShowsExpired(now time.Time) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return !l.expired.IsZero() && l.expired.Before(now)
}

// WarnOnce is true for the first who asks: a warning about the list as a whole is said once.
func (l *List) WarnOnce() bool { return l.warned.CompareAndSwap(false, true) }

// isOf tells whether the list is known to be that of the user: some item names it.
func (l *List) isOf(userID int64) bool {
	if l.owner == userID {
		return true
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, named := l.owners[userID]
	return named
}

// newList is what the server told at the instant now.
func newList(owner int64, answer listAnswer, now time.Time) *List {
	l := &List{
		owner:        owner,
		incomplete:   answer.incomplete,
		arrayPresent: answer.arrayPresent,
		tokens:       make(map[int64]Token, len(answer.tokens)),
		owners:       map[int64]struct{}{},
	}
	for _, t := range answer.tokens {
		l.put(t)
		l.tellsRenewal = l.tellsRenewal || !t.RenewableUntil.IsZero()
		if !t.ExpiresAt.IsZero() && t.ExpiresAt.Before(now) && (l.expired.IsZero() || t.ExpiresAt.Before(l.expired)) {
			l.expired = t.ExpiresAt
		}
	}
	return l
}

func (l *List) put(t Token) {
	t.AccessToken, t.RefreshToken, t.Reported = "", "", nil
	l.tokens[t.ID] = t
	if t.UserID != 0 {
		l.owners[t.UserID] = struct{}{}
	}
}

// inventory holds one list an owner, asked for once and shared by all readers of a walk, and the latest of those that are
// asked for later.
type inventory struct {
	mu    sync.Mutex
	lists map[listKey]*listing
	// later has one in it while a later list is asked for: who comes meanwhile waits, and shares the next one.
	later chan struct{}
}

func newInventory() inventory {
	return inventory{lists: map[listKey]*listing{}, later: make(chan struct{}, 1)}
}

// listKey names a shared list. The first one of an owner is kept up to date with this client's writes; a later one is asked
// for after so many of them, to see what the server tells.
type listKey struct {
	owner  int64
	writes int
}

// listing is a list that was asked for.
type listing struct {
	done chan struct{} // closed when list or err is there
	list *List
	err  error
	// writes of this client while the answer is under way: the server may have made it before them or after.
	writes []write
}

// Tokens is the owner's list, asked for at the first call and shared by all later ones. One that failed stays failed:
// asking once for each token would only repeat the failure.
func (c *Client) Tokens(ctx context.Context, owner int64) (*List, error) {
	return c.shared(ctx, listKey{owner: owner})
}

// Listed is the owner's list as the server tells it: Tokens, unless this client has written since, and then one that is
// asked for anew and shared by all who come before the next write, or while another one is asked for.
func (c *Client) Listed(ctx context.Context, owner int64) (*List, error) {
	first, err := c.Tokens(ctx, owner)
	if err != nil || first.writesSince() == 0 {
		return first, err
	}
	select {
	case c.inventory.later <- struct{}{}:
		defer func() { <-c.inventory.later }()
	case <-waitContext(ctx).Done():
		return nil, &Error{Operation: OpList, Kind: Interrupted}
	}
	key := listKey{owner: owner, writes: first.writesSince()}
	c.inventory.forgetBefore(key)
	return c.shared(ctx, key)
}

// writesSince counts this client's writes since the server made the list.
func (l *List) writesSince() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.writes
}

// forgetBefore lets go of the owner's later lists that are older: who has one keeps it, and nobody asks for it again.
func (v *inventory) forgetBefore(key listKey) {
	v.mu.Lock()
	defer v.mu.Unlock()
	maps.DeleteFunc(v.lists, func(other listKey, _ *listing) bool {
		return other.owner == key.owner && other.writes > 0 && other.writes < key.writes
	})
}

func (c *Client) shared(ctx context.Context, key listKey) (*List, error) {
	c.inventory.mu.Lock()
	l, asked := c.inventory.lists[key]
	if !asked {
		l = &listing{done: make(chan struct{})}
		c.inventory.lists[key] = l
	}
	c.inventory.mu.Unlock()
	if !asked {
		c.fill(ctx, key, l)
		return l.list, l.err
	}
	select {
	case <-l.done:
	case <-waitContext(ctx).Done():
		return nil, &Error{Operation: OpList, Kind: Interrupted}
	}
	if KindOf(l.err) == Interrupted && waitContext(ctx).Err() == nil {
		return c.shared(ctx, key) // whoever asked first was interrupted; we were not
	}
	return l.list, l.err
}

func (c *Client) fill(ctx context.Context, key listKey, l *listing) {
	defer close(l.done)
	owner := key.owner
	answer, err := c.list(ctx, owner, false)
	c.inventory.mu.Lock()
	defer c.inventory.mu.Unlock()
	if err != nil {
		l.err = err
		if waitContext(ctx).Err() != nil {
			l.err = &Error{Operation: OpList, Kind: Interrupted}
			delete(c.inventory.lists, key)
		} else if errors.Is(err, ErrNoListCall) {
			l.list = newList(owner, listAnswer{}, c.clock.Now()) // to remember who was warned
		}
		return
	}
	list := newList(owner, answer, c.clock.Now())
	for _, w := range l.writes {
		list.take(w, owner)
	}
	l.list = list
}

// FreshTokens asks for the owner's list anew. It is not shared: it decides what became of a call.
func (c *Client) FreshTokens(ctx context.Context, owner int64) (*List, error) {
	return c.freshTokens(ctx, owner, false)
}

// freshTokens asks once only where a refusal makes the list no more than worth a try.
func (c *Client) freshTokens(ctx context.Context, owner int64, once bool) (*List, error) {
	answer, err := c.list(ctx, owner, once)
	if err == nil && !answer.arrayPresent {
		err = &Error{Operation: OpList, Kind: Lost, Err: errors.New(answer.incomplete)} // it cannot tell what became of a call
	}
	if err != nil {
		return nil, err
	}
	return newList(owner, answer, c.clock.Now()), nil
}

// Find looks a token up in its owner's list. A token made for the caller is looked up in the caller's, which the data
// sources share; when it is not there and nothing shows that the caller is still the owner, in the owner's own.
func (c *Client) Find(ctx context.Context, owner Owner, id int64) (Token, bool, *List, error) {
	first := owner.ID
	if owner.Caller {
		first = 0
	}
	list, err := c.Tokens(ctx, first)
	if err != nil {
		return Token{}, false, list, err
	}
	t, found := list.Get(id)
	if found || owner.ID == 0 || list.isOf(owner.ID) {
		return t, found, list, nil
	}
	list, err = c.Tokens(ctx, owner.ID)
	if err != nil {
		return Token{}, false, list, err
	}
	t, found = list.Get(id)
	return t, found, list, nil
}

// wrote puts a token that this client created or changed into every list that holds its owner's tokens.
func (c *Client) wrote(owner int64, t Token) {
	c.inventory.each(func(key int64, l *List) bool {
		_, listed := l.tokens[t.ID]
		_, named := l.owners[t.UserID] // the caller's own list, asked for without naming him
		if !listed && !named && key != owner && (t.UserID == 0 || key != t.UserID) {
			return false
		}
		l.put(t)
		return true
	})
}

// forget takes a token that was revoked out of every list.
func (c *Client) forget(id int64) {
	c.inventory.each(func(_ int64, l *List) bool {
		_, listed := l.tokens[id]
		delete(l.tokens, id)
		return listed
	})
}

// write brings an owner's list up to date with what this client has done to a token, and tells whether that concerns it.
type write func(owner int64, l *List) bool

// each makes a write in every list that is kept up to date, in those under way as soon as they are there.
func (v *inventory) each(w write) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for key, l := range v.lists {
		switch {
		case key.writes > 0:
		case l.list == nil:
			l.writes = append(l.writes, w)
		default:
			l.list.take(w, key.owner)
		}
	}
}

// take makes a write, and counts it.
func (l *List) take(w write, owner int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w(owner, l) {
		l.writes++
	}
}
