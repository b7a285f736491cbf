// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"time"
)

// ShutdownGrace is how long a write and its bookkeeping may go on after its context was cancelled.
const ShutdownGrace = 5 * time.Second

// callGrace is the part of it that the call itself may use, where a list has to follow that decides what became of it.
const callGrace = ShutdownGrace * 3 / 5

type waitKey struct{}

// withShutdownGrace returns a context for a write, which goes on for most after ctx was cancelled. Waits end with ctx
// itself, see waitContext. The context of a part of such a write ends with that of the write.
func (c *Client) withShutdownGrace(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	interruption := waitContext(ctx)
	outer := ctx
	if ctx.Value(waitKey{}) == nil {
		outer = context.WithValue(context.WithoutCancel(ctx), waitKey{}, ctx)
	}
	writeCtx, cancel := context.WithCancel(outer)
	stop := context.AfterFunc(interruption, func() {
		stopTimer := c.clock.AfterFunc(most, cancel)
		context.AfterFunc(writeCtx, func() { stopTimer() })
	})
	return writeCtx, func() {
		stop()
		cancel()
	}
}

// waitContext returns the context that ends waits: the one that the user's interruption cancels.
func waitContext(ctx context.Context) context.Context {
	if parent, ok := ctx.Value(waitKey{}).(context.Context); ok {
		return parent
	}
	return ctx
}
