// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// ownerLists contains the lists of one owner.
type ownerLists struct {
	mu sync.Mutex
	// first is shared by the whole walk. Of the lists requested later, gathering waits for its turn, asking is in flight, and
	// latest was answered last.
	first, gathering, asking, latest *listing
	// asked counts the requested lists.
	asked int
	// own contains the tokens that this process created and has not revoked, each with the value of asked at that time.
	own map[int64]int
	// contradicted is set once the server mentions a token that is absent from the lists.
	contradicted bool
}

// listing is a request for a list, made on behalf of all callers that share it.
type listing struct {
	led    atomic.Bool
	shared int           // callers that share it
	isFull bool          // full is closed; expected differs between callers
	full   chan struct{} // closed when the expected number of callers share it
	done   chan struct{} // closed when list or err is set
	list   *List
	err    error
	// number is the value of asked at the time of the request, and writesBefore is the number of earlier writes.
	number, writesBefore int
	// writes contains the writes of this client while the answer is in flight. The server may have made the list before or after
	// them.
	writes []write
}

func newListing() *listing { return &listing{full: make(chan struct{}), done: make(chan struct{})} }

// lead reports whether the caller is the first one, which sends the request for all.
func (l *listing) lead() bool { return l.led.CompareAndSwap(false, true) }

// wait returns the list when it is available, unless ctx ends first.
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

// walk returns the list that the whole walk shares.
func (o *ownerLists) walk() *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.first == nil {
		o.first = newListing()
	}
	return o.first
}

// join returns the list that is requested next. It is full when the expected number of callers share it.
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

// previous returns the list in flight, or nil.
func (o *ownerLists) previous() *listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asking
}

// begin is called when a list is about to be requested. Later callers share the next list.
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

// end stores the answer and wakes all callers that share it.
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

// contradicts reports whether this process knows of a token that should be in the list and is not.
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

// hasShown reports whether the list that a walk shares contains a token.
func (o *ownerLists) hasShown(id int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.first == nil || o.first.list == nil {
		return false
	}
	_, shown := o.first.list.Get(id)
	return shown
}

// isContradicted reports whether the server mentioned a token that is absent from the owner's lists.
func (o *ownerLists) isContradicted() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.contradicted
}

// since returns the list that was requested last, or nil if this client has written after that.
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

// companionWait is how long a list waits for other callers that will need one too.
const companionWait = 5 * time.Millisecond

// gather waits briefly until the expected number of callers share a list.
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
	_ = c.clock.Sleep(ctx, companionWait) // the call itself notices an interruption
}
