// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "context"

type waitKey struct{}

// linger gives a write the time that an interrupted write is granted: its context goes on for Grace after ctx was cancelled. Waits end
// with ctx itself, see waitContext.
func (c *Client) linger(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Value(waitKey{}) != nil {
		return context.WithCancel(ctx) // part of a write that lingers already
	}
	detached, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), waitKey{}, ctx))
	stop := context.AfterFunc(ctx, func() {
		stopTimer := c.clock.AfterFunc(Grace, cancel)
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
