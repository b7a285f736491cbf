// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"time"
)

// Grace is how long a write and its bookkeeping may go on after its context was cancelled.
const Grace = 5 * time.Second

// callGrace is how much of it the call itself may use, where a list has to tell afterwards what became of it.
const callGrace = Grace * 3 / 5

type waitKey struct{}

// linger gives a write the time that an interrupted write is granted: its context goes on for most after ctx was
// cancelled. Waits end with ctx itself, see waitContext. A part of a write that lingers already ends with it.
func (c *Client) linger(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	interruption := waitContext(ctx)
	whole := ctx
	if ctx.Value(waitKey{}) == nil {
		whole = context.WithValue(context.WithoutCancel(ctx), waitKey{}, ctx)
	}
	detached, cancel := context.WithCancel(whole)
	stop := context.AfterFunc(interruption, func() {
		stopTimer := c.clock.AfterFunc(most, cancel)
		context.AfterFunc(detached, func() { stopTimer() })
	})
	return detached, func() {
		stop()
		cancel()
	}
}

// waitContext is the context that ends waits: the one that the user's interruption cancels.
func waitContext(ctx context.Context) context.Context {
	if parent, ok := ctx.Value(waitKey{}).(context.Context); ok {
		return parent
	}
	return ctx
}
