// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"maps"
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

	mu     sync.RWMutex
	tokens map[int64]Token
	// revoked ids, so that a list under way when they were revoked does not bring them back.
	revoked map[int64]struct{}
	// earliest expiry listed: whether the list shows expired tokens.
	earliest time.Time
	// owners that the items name.
	owners map[int64]struct{}

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
	return found
}

// ShowsExpired tells whether the list holds a token whose expiry has passed, so that this server does not hide them.
func (l *List) ShowsExpired(now time.Time) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return !l.earliest.IsZero() && l.earliest.Before(now)
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

func newList(owner int64, tokens []Token) *List {
	l := &List{
		owner:   owner,
		tokens:  make(map[int64]Token, len(tokens)),
		revoked: map[int64]struct{}{},
		owners:  map[int64]struct{}{},
	}
	for _, t := range tokens {
		l.put(t)
	}
	return l
}

func (l *List) put(t Token) {
	l.tokens[t.ID] = t
	if t.UserID != 0 {
		l.owners[t.UserID] = struct{}{}
	}
	if !t.ExpiresAt.IsZero() && (l.earliest.IsZero() || t.ExpiresAt.Before(l.earliest)) {
		l.earliest = t.ExpiresAt
	}
}

// inventory holds one list an owner, asked for once and shared by all readers of a walk.
type inventory struct {
	mu    sync.Mutex
	lists map[int64]*listing
}

// listing is a list that was asked for. What this client writes while the answer is under way is kept in written.
type listing struct {
	done    chan struct{} // closed when list or err is there
	list    *List
	err     error
	written *List
}

// Tokens is the owner's list, asked for at the first call and shared by all later ones. One that failed stays failed:
// asking once for each token would only repeat the failure.
func (c *Client) Tokens(ctx context.Context, owner int64) (*List, error) {
	c.inventory.mu.Lock()
	l, asked := c.inventory.lists[owner]
	if !asked {
		l = &listing{done: make(chan struct{}), written: newList(owner, nil)}
		if c.inventory.lists == nil {
			c.inventory.lists = map[int64]*listing{}
		}
		c.inventory.lists[owner] = l
	}
	c.inventory.mu.Unlock()
	if !asked {
		c.fill(ctx, owner, l)
		return l.list, l.err
	}
	select {
	case <-l.done:
	case <-ctx.Done():
		return nil, &Error{Operation: OpList, Kind: Interrupted}
	}
	if KindOf(l.err) == Interrupted && ctx.Err() == nil {
		return c.Tokens(ctx, owner) // whoever asked first was interrupted; we were not
	}
	return l.list, l.err
}

func (c *Client) fill(ctx context.Context, owner int64, l *listing) {
	defer close(l.done)
	tokens, err := c.list(ctx, owner)
	c.inventory.mu.Lock()
	defer c.inventory.mu.Unlock()
	if err != nil {
		l.err = err
		if waitContext(ctx).Err() != nil {
			l.err = &Error{Operation: OpList, Kind: Interrupted}
			delete(c.inventory.lists, owner)
		} else if errors.Is(err, ErrNoListCall) {
			l.list = newList(owner, nil) // to remember who was warned
		}
		return
	}
	l.list = newList(owner, tokens)
	l.list.absorb(l.written)
}

// absorb takes over what was written while the list was under way.
func (l *List) absorb(written *List) {
	for _, t := range written.tokens {
		l.put(t)
	}
	for id := range written.revoked {
		delete(l.tokens, id)
	}
	maps.Copy(l.revoked, written.revoked)
}

// FreshTokens asks for the owner's list anew. It is not shared: it decides what became of a call.
func (c *Client) FreshTokens(ctx context.Context, owner int64) (*List, error) {
	tokens, err := c.list(ctx, owner)
	if err != nil {
		return nil, err
	}
	return newList(owner, tokens), nil
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
	t.AccessToken, t.RefreshToken = "", ""
	c.inventory.each(func(key int64, l *List) {
		_, listed := l.tokens[t.ID]
		if listed || key == owner || t.UserID != 0 && key == t.UserID {
			l.put(t)
		}
	})
}

// forget takes a token that was revoked out of every list.
func (c *Client) forget(id int64) {
	c.inventory.each(func(_ int64, l *List) {
		delete(l.tokens, id)
		l.revoked[id] = struct{}{}
	})
}

func (v *inventory) each(f func(owner int64, l *List)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for owner, l := range v.lists {
		list := l.list
		if list == nil {
			list = l.written
		}
		list.mu.Lock()
		f(owner, list)
		list.mu.Unlock()
	}
}
