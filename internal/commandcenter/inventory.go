// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "sync"

// inventory holds the lists of each owner: one for all readers of a walk, kept up to date with this client's writes, and
// those that were asked for later. Owners do not wait for one another.
type inventory struct {
	mu     sync.Mutex
	owners map[int64]*ownerLists
}

func newInventory() inventory { return inventory{owners: map[int64]*ownerLists{}} }

// of returns the lists of an owner, 0 for the caller.
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

// each visits the lists of all owners, which are locked meanwhile.
func (v *inventory) each(visit func(o *ownerLists)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, o := range v.owners {
		o.mu.Lock()
		visit(o)
		o.mu.Unlock()
	}
}

// made records that this process created a token of these owners. A list of theirs that is asked for afterwards and lacks
// it is contradicted.
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

// contradict records that the server mentioned a token that the owner's lists do not show.
func (v *inventory) contradict(owner int64) {
	o := v.of(owner)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.contradicted = true
}

// write brings a list up to date with what this client has done to a token, and reports whether that concerns it.
type write func(l *List) bool

// apply makes a write in the list of every owner, in those under way as soon as they are there.
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

// wrote puts a token that this client created or changed into every list that holds its owner's tokens.
func (c *Client) wrote(owner int64, t Token) {
	c.inventory.apply(func(l *List) bool {
		_, listed := l.tokens[t.ID]
		_, named := l.owners[t.UserID] // the caller's own list, asked for without naming him
		if !listed && !named && l.owner != owner && (t.UserID == 0 || l.owner != t.UserID) {
			return false
		}
		l.put(t)
		return true
	})
}

// changed lets a write change a token in the lists that hold it.
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

// forget takes a token that was revoked out of every list.
func (c *Client) forget(id int64) {
	c.inventory.each(func(o *ownerLists) { delete(o.own, id) })
	c.inventory.apply(func(l *List) bool {
		_, listed := l.tokens[id]
		delete(l.tokens, id)
		return listed
	})
}
