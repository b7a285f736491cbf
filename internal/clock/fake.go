// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package clock

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Fake is a clock that moves only on request. Sleep moves it too and returns at once. After Hold, a Sleep blocks until Advance has
// passed its end. Functions passed to AfterFunc run only in Advance, so that the waits of one operation do not cause the timeouts
// of another.
type Fake struct {
	mu      sync.Mutex
	now     time.Time
	held    bool
	slept   []time.Duration
	waiting []*waiter
	changed chan struct{}
}

type waiter struct {
	d    time.Duration
	at   time.Time
	fire func()
}

// NewFake returns a clock that stands at start.
func NewFake(start time.Time) *Fake {
	return &Fake{now: start.UTC(), changed: make(chan struct{})}
}

// Now returns the instant that the clock was last moved to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock by d and wakes every sleeper whose wait ends in between.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	f.now = f.now.Add(d)
	var due []*waiter
	f.waiting = slices.DeleteFunc(f.waiting, func(w *waiter) bool {
		if w.at.After(f.now) {
			return false
		}
		due = append(due, w)
		return true
	})
	f.mu.Unlock()
	for _, w := range due {
		w.fire()
	}
}

// Hold makes every later Sleep block until Advance.
func (f *Fake) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = true
}

// Slept returns the requested duration of each Sleep, in the order of the calls.
func (f *Fake) Slept() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.slept)
}

// AwaitSleepers returns nil once n calls of Sleep or AfterFunc are waiting for Advance. If ctx ends first, it returns the cause.
// Calls with a duration in except do not count, for example request timeouts in a test of something else.
func (f *Fake) AwaitSleepers(ctx context.Context, n int, except ...time.Duration) error {
	for {
		f.mu.Lock()
		enough, changed := f.countWaiting(except) >= n, f.changed
		f.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (f *Fake) countWaiting(except []time.Duration) int {
	n := 0
	for _, w := range f.waiting {
		if !slices.Contains(except, w.d) {
			n++
		}
	}
	return n
}

// Sleep records d. It returns as described for Fake.
func (f *Fake) Sleep(ctx context.Context, d time.Duration) error {
	if err := context.Cause(ctx); err != nil || d <= 0 {
		return err
	}
	f.mu.Lock()
	f.slept = append(f.slept, d)
	held := f.held
	f.mu.Unlock()
	if !held {
		f.mu.Lock()
		f.now = f.now.Add(d)
		f.mu.Unlock()
		return nil
	}
	done := make(chan struct{})
	stop := f.AfterFunc(d, func() { close(done) })
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		stop()
		return context.Cause(ctx)
	}
}

// AfterFunc calls fn once the clock has moved by d. Only Advance calls it.
func (f *Fake) AfterFunc(d time.Duration, fn func()) func() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d <= 0 {
		go fn()
		return func() bool { return false }
	}
	w := &waiter{d: d, at: f.now.Add(d), fire: func() { go fn() }}
	f.waiting = append(f.waiting, w)
	close(f.changed)
	f.changed = make(chan struct{})
	return func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		before := len(f.waiting)
		f.waiting = slices.DeleteFunc(f.waiting, func(other *waiter) bool { return other == w })
		return len(f.waiting) < before
	}
}
