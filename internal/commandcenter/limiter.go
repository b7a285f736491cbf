// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// limiter does not limit requests until the server answers one with 429. Then it sends requests one at a time, and doubles the
// number of concurrent requests whenever the server has accepted more than that number in a row. Writes and reads are limited
// separately, as on the SaaS (docs). Logins are not limited, because each is made on behalf of a limited request.
type limiter struct {
	mu    sync.Mutex
	lanes [2]lane
}

// mostAtATime is the width at which limiting ends. Terraform's own default is 10 concurrent operations.
const mostAtATime = 32

type lane struct {
	width    int // requests that may be in flight; 0 is unlimited
	underWay int
	inARow   int    // accepted since the last 429, or since width last grew
	through  uint64 // accepted in total
	queue    []chan struct{}
}

// of returns the lane of an operation, or nil if it has none.
func (l *limiter) of(op Operation) *lane {
	switch {
	case op == OpLogin:
		return nil
	case op.writes():
		return &l.lanes[0]
	default:
		return &l.lanes[1]
	}
}

// progress returns the number of requests of the operation's lane that the server has accepted.
func (l *limiter) progress(op Operation) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lane := l.of(op); lane != nil {
		return lane.through
	}
	return 0
}

// repeatCount counts the repetitions of a call.
type repeatCount struct {
	limiter  *limiter
	op       Operation
	progress uint64 // at the last count
	repeats  int
}

func (l *limiter) countRepeats(op Operation) *repeatCount {
	return &repeatCount{limiter: l, op: op, progress: l.progress(op)}
}

// after returns how many repetitions count after a failure. A repetition does not count if other requests made progress during its
// wait.
func (c *repeatCount) after(failure *Error) int {
	progress := c.limiter.progress(c.op)
	if !failure.limited || progress == c.progress {
		c.repeats++
	}
	c.progress = progress
	return c.repeats
}

// enter waits until a request may be sent, and returns a function to call after its answer. A rejected request goes before requests
// that have not been sent yet.
func (l *limiter) enter(ctx context.Context, op Operation, refused bool) (leave func(), err error) {
	l.mu.Lock()
	lane := l.of(op)
	if lane == nil {
		l.mu.Unlock()
		return func() {}, nil
	}
	leave = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		lane.underWay--
		lane.admit()
	}
	turn := make(chan struct{})
	if refused {
		lane.queue = slices.Insert(lane.queue, 0, turn)
	} else {
		lane.queue = append(lane.queue, turn)
	}
	lane.admit()
	l.mu.Unlock()
	select {
	case <-turn:
		return leave, nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	at := slices.Index(lane.queue, turn)
	if at >= 0 {
		lane.queue = slices.Delete(lane.queue, at, at+1)
	}
	l.mu.Unlock()
	if at < 0 {
		return leave, nil // no wait was needed; the list after an interrupted write depends on that
	}
	return nil, context.Cause(ctx)
}

// admit wakes as many waiting requests as the lane has room for.
func (l *lane) admit() {
	for len(l.queue) > 0 && (l.width == 0 || l.underWay < l.width) {
		l.underWay++
		close(l.queue[0])
		l.queue = l.queue[1:]
	}
}

// learn records the result of a request. Any answer of Command Center itself counts as accepted, even a refusal.
func (l *limiter) learn(op Operation, failure *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lane := l.of(op)
	switch {
	case lane == nil:
	case failure != nil && failure.limited:
		lane.width, lane.inARow = 1, 0
	case failure == nil || failure.saysNo():
		lane.through++
		lane.inARow++
		if lane.width > 0 && lane.inARow > lane.width {
			lane.width, lane.inARow = 2*lane.width, 0
		}
		if lane.width > mostAtATime {
			lane.width = 0
		}
	}
}

// cooldown is the instant before which no operation of the process sends anything, because a server asked for that.
type cooldown struct {
	mu  sync.Mutex
	end time.Time
}

func (d *cooldown) until(end time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if end.After(d.end) {
		d.end = end
	}
}

func (d *cooldown) active(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return now.Before(d.end)
}

func (d *cooldown) wait(ctx context.Context, c clock.Clock) error {
	for {
		d.mu.Lock()
		end := d.end
		d.mu.Unlock()
		if !c.Now().Before(end) {
			return nil
		}
		if err := waitUntil(ctx, c, end); err != nil {
			return err
		}
	}
}
