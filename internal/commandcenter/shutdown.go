// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"time"
)

// ShutdownGrace is how long a write, with its list and state changes, may continue after its context was canceled.
const ShutdownGrace = 5 * time.Second

// callGrace is the part of ShutdownGrace for the call itself, if a list has to follow that decides its outcome.
const callGrace = ShutdownGrace * 3 / 5

type waitKey struct{}

// withShutdownGrace returns a context for a write, which may continue for most after ctx was canceled. Waits end with ctx itself:
// see waitContext. A nested context ends with the context of the whole write.
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

// waitContext returns the context for waits, which the user's interruption cancels.
func waitContext(ctx context.Context) context.Context {
	if parent, ok := ctx.Value(waitKey{}).(context.Context); ok {
		return parent
	}
	return ctx
}
