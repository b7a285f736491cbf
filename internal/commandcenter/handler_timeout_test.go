// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// waiting is a stage that blocks until its context ends or it is released.
type waiting struct {
	begun chan struct{}
	end   chan struct{}
	cause error
}

func (w *waiting) handle(ctx context.Context, _ *attempt) *Error {
	close(w.begun)
	select {
	case <-ctx.Done():
		w.cause = context.Cause(ctx)
		return &Error{Kind: Lost, Err: w.cause}
	case <-w.end:
		return nil
	}
}

func TestTimeoutHandlerEndsAnAttempt(t *testing.T) {
	for name, c := range map[string]struct {
		after func(w *waiting, fake *clock.Fake, stop context.CancelFunc)
		cause error
	}{
		"an answer in time": {func(w *waiting, fake *clock.Fake, _ context.CancelFunc) {
			fake.Advance(time.Minute - time.Nanosecond)
			close(w.end)
		}, nil},
		"no answer in time": {func(_ *waiting, fake *clock.Fake, _ context.CancelFunc) { fake.Advance(time.Minute) }, errTimeout},
		"an interruption":   {func(_ *waiting, _ *clock.Fake, stop context.CancelFunc) { stop() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			w := &waiting{begun: make(chan struct{}), end: make(chan struct{})}
			fake := clock.NewFake(noon)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			go func() {
				<-w.begun
				c.after(w, fake, stop)
			}()
			failure := timeoutHandler{next: w, clock: fake, limit: time.Minute}.handle(ctx, &attempt{})
			if (failure == nil) != (c.cause == nil) || !errors.Is(w.cause, c.cause) {
				t.Errorf("ended by %v, and the error is %v", w.cause, failure)
			}
			if fake.AwaitSleepers(ended(), 1) == nil && !errors.Is(c.cause, errTimeout) {
				t.Error("the timer still runs")
			}
		})
	}
}

// ended returns a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
