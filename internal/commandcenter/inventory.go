// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "sync"

// inventory holds the lists of each owner: one that all readers of a walk share, which is kept up to date with this client's
// writes, and the lists requested later. Owners do not block each other.
type inventory struct {
	mu     sync.Mutex
	owners map[int64]*ownerLists
}

func newInventory() inventory { return inventory{owners: map[int64]*ownerLists{}} }

// of returns the lists of an owner. Owner 0 is the caller.
func (v *inventory) of(owner int64) *ownerLists {
	v.mu.Lock()
	defer v.mu.Unlock()
	o := v.owners[owner]
	if o == nil {
		o = &ownerLists{own: map[int64]int{}}
		v.owners[owner] = o
	}
	return o
}

// each calls visit for the lists of every owner, which are locked during the call.
func (v *inventory) each(visit func(o *ownerLists)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, o := range v.owners {
		o.mu.Lock()
		visit(o)
		o.mu.Unlock()
	}
}

// made records that this process created a token of these owners. Any of their lists that is requested later and lacks the token is
// contradicted.
func (v *inventory) made(id int64, owners ...int64) {
	for _, owner := range owners {
		o := v.of(owner)
		o.mu.Lock()
		o.own[id] = o.asked
		o.mu.Unlock()
	}
}

// hasMade reports whether this process created the token.
func (v *inventory) hasMade(id int64) bool {
	made := false
	v.each(func(o *ownerLists) {
		_, own := o.own[id]
		made = made || own
	})
	return made
}

// contradict records that the server mentioned a token that is absent from the owner's lists.
func (v *inventory) contradict(owner int64) {
	o := v.of(owner)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.contradicted = true
}

// write applies this client's change of a token to a list, and reports whether the list is affected.
type write func(l *List) bool

// apply applies a write to the list of every owner. For a list in flight this happens when the list arrives.
func (v *inventory) apply(w write) {
	v.each(func(o *ownerLists) {
		switch l := o.first; {
		case l == nil:
		case l.list == nil:
			l.writes = append(l.writes, w)
		default:
			l.list.take(w)
		}
	})
}

// wrote adds a token that this client created or changed to every list that contains its owner's tokens.
func (c *Client) wrote(owner int64, t Token) {
	c.inventory.apply(func(l *List) bool {
		_, listed := l.tokens[t.ID]
		_, named := l.owners[t.UserID] // the caller's own list, requested without the caller's id
		if !listed && !named && l.owner != owner && (t.UserID == 0 || l.owner != t.UserID) {
			return false
		}
		l.put(t)
		return true
	})
}

// changed applies a change to a token in the lists that contain it.
func (c *Client) changed(id int64, change func(t *Token)) {
	c.inventory.apply(func(l *List) bool {
		t, listed := l.tokens[id]
		if !listed {
			return false
		}
		change(&t)
		l.put(t)
		return true
	})
}

// forget removes a revoked token from every list.
func (c *Client) forget(id int64) {
	c.inventory.each(func(o *ownerLists) { delete(o.own, id) })
	c.inventory.apply(func(l *List) bool {
		_, listed := l.tokens[id]
		delete(l.tokens, id)
		return listed
	})
}
