// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// ownerLists are the lists of one owner.
type ownerLists struct {
	mu sync.Mutex
	// first is shared by all of a walk. Of those that are asked for later, gathering waits for its turn, asking is under way,
	// and latest was answered last.
	first, gathering, asking, latest *listing
	// asked counts the lists that were asked for.
	asked int
	// own are the tokens that this process created and has not revoked, with the value of asked at that time.
	own map[int64]int
	// contradicted is set once the server mentioned a token that the lists lack.
	contradicted bool
}

// listing is a list that is asked for on behalf of all who share it.
type listing struct {
	led    atomic.Bool
	shared int           // how many share it
	isFull bool          // full is closed: what is expected changes from caller to caller
	full   chan struct{} // closed when as many share it as are expected
	done   chan struct{} // closed when list or err is there
	list   *List
	err    error
	// number is the value of asked when it was asked for, and writesBefore counts the writes before it.
	number, writesBefore int
	// writes of this client while the answer is under way: the server may have made it before them or after.
	writes []write
}

func newListing() *listing { return &listing{full: make(chan struct{}), done: make(chan struct{})} }

// lead reports whether the caller is the first, who asks the server for all.
func (l *listing) lead() bool { return l.led.CompareAndSwap(false, true) }

// wait returns the list when it is there, unless ctx ends before.
func (l *listing) wait(ctx context.Context) (*List, error) {
	select {
	case <-l.done:
		return l.list, l.err
	default:
	}
	select {
	case <-l.done:
		return l.list, l.err
	case <-ctx.Done():
		return nil, &Error{Operation: OpList, Kind: Interrupted}
	}
}

// walk returns the list that all of a walk shares.
func (o *ownerLists) walk() *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.first == nil {
		o.first = newListing()
	}
	return o.first
}

// join returns the list that is asked for next. It is full when as many share it as are expected.
func (o *ownerLists) join(expected int) *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gathering == nil {
		o.gathering = newListing()
	}
	l := o.gathering
	if l.shared++; l.shared >= expected && !l.isFull {
		l.isFull = true
		close(l.full)
	}
	return l
}

// previous returns the list that is under way, nil if there is none.
func (o *ownerLists) previous() *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asking
}

// begin is called when a list is about to be asked for. Whoever comes later shares the next one.
func (o *ownerLists) begin(l *listing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gathering == l {
		o.gathering, o.asking = nil, l
	}
	o.asked++
	l.number = o.asked
	if o.first != nil && o.first.list != nil {
		l.writesBefore = o.first.list.writesSince()
	}
}

// end takes the answer, and ends the wait of all who share it.
func (o *ownerLists) end(l *listing, list *List, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer close(l.done)
	l.list, l.err = list, err
	if err == nil {
		list.contradicted = o.contradicts(l)
	}
	switch l {
	case o.asking:
		o.asking = nil
		if err == nil {
			o.latest = l
		}
	case o.first:
		if KindOf(err) == Interrupted {
			o.first = nil
		}
		if err == nil {
			for _, w := range l.writes {
				list.take(w)
			}
		}
	}
}

// contradicts reports whether this process knows of a token that a list should show, and does not.
func (o *ownerLists) contradicts(l *listing) bool {
	if o.contradicted {
		return true
	}
	for id, asked := range o.own {
		if _, there := l.list.Get(id); !there && asked < l.number {
			return true
		}
	}
	return false
}

// hasShown reports whether the list that a walk shares holds a token.
func (o *ownerLists) hasShown(id int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.first == nil || o.first.list == nil {
		return false
	}
	_, shown := o.first.list.Get(id)
	return shown
}

// isContradicted reports whether the server mentioned a token that the owner's lists do not show.
func (o *ownerLists) isContradicted() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.contradicted
}

// since returns the list that was asked for last, nil if this client has written after that.
func (o *ownerLists) since(writes int) *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range []*listing{o.asking, o.latest} {
		if l != nil && l.writesBefore == writes {
			return l
		}
	}
	return nil
}

// companionWait is how long a list waits for others who will need one, too.
const companionWait = 5 * time.Millisecond

// gather waits until as many as are expected share a list, for a short time.
func (c *Client) gather(ctx context.Context, l *listing, expected int) {
	if expected < 2 {
		return
	}
	ctx, cancel := context.WithCancel(waitContext(ctx))
	defer cancel()
	go func() {
		select {
		case <-l.full:
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = c.clock.Sleep(ctx, companionWait) // an interruption shows in the call
}
