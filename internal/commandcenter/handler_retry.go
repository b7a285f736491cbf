// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// These are the bounds of a wait that the server did not ask for.
const (
	shortestBackoff = time.Second
	longestBackoff  = 30 * time.Second
)

// retryHandler sends a request again where that is safe, after the wait that the server asks for.
type retryHandler struct {
	next       handler
	clock      clock.Clock
	cooldown   *cooldown
	breaker    *rateLimitBreaker
	limiter    *limiter
	maxRetries int
	// longestWait is the longest wait that is accepted from a server.
	longestWait time.Duration
}

func (h retryHandler) handle(ctx context.Context, a *attempt) *Error {
	last := a.failure(Interrupted, nil) // if a wait before the first attempt is interrupted
	var notBefore time.Time
	repeats := h.limiter.countRepeats(a.op)
	for {
		// The session is fetched after the waits, because it might expire during them.
		if h.waits(ctx, notBefore) != nil {
			return last
		}
		if refused := h.breaker.refusal(a.op, h.clock.Now()); refused != nil {
			return refused
		}
		failure := h.next.handle(ctx, a)
		switch {
		case failure == nil:
			return nil
		case failure == notYet:
			continue
		case failure.Kind == Interrupted:
			return last // nothing was sent since then
		}
		h.note(failure)
		n := repeats.after(failure)
		if a.once || n > h.maxRetries || !a.op.mayRepeat(failure) || waitContext(ctx).Err() != nil {
			return failure // after an interruption, requests in flight may finish, but no new ones are sent
		}
		a.repeats(failure)
		last = failure
		notBefore = h.clock.Now().Add(waitAfter(failure, n))
	}
}

// waits sleeps until notBefore, and until the cooldown of all operations is over.
func (h retryHandler) waits(ctx context.Context, notBefore time.Time) error {
	if err := waitUntil(ctx, h.clock, notBefore); err != nil {
		return err
	}
	return h.cooldown.wait(ctx, h.clock)
}

// note records the requested wait for all operations, and marks a wait that is too long.
func (h retryHandler) note(failure *Error) {
	if failure.Kind != Busy || failure.Wait <= 0 || failure.rejectedByBreaker {
		return
	}
	end := h.clock.Now().Add(failure.Wait)
	if failure.Wait <= h.longestWait {
		h.cooldown.until(end)
		return
	}
	failure.TooLong, failure.Cause = true, CauseWaitTooLong
	if failure.limited {
		h.breaker.open(failure.Operation, end, failure)
	}
}

// waitBeforeRepeat waits as the retry handler does, for a call that was made with once. It returns failure if the call must not be
// repeated, because the server asks for too long a wait or the run was interrupted. Repeat counts from 1.
func (c *Client) waitBeforeRepeat(ctx context.Context, failure *Error, repeat int) error {
	if failure.TooLong || failure.rejectedByBreaker {
		return failure
	}
	if c.clock.Sleep(waitContext(ctx), waitAfter(failure, repeat)) != nil || c.cooldown.wait(ctx, c.clock) != nil {
		return failure
	}
	return nil
}

// waitAfter returns the wait that the server asked for, plus up to a second of jitter, or else a backoff.
func waitAfter(failure *Error, repeat int) time.Duration {
	if failure.Wait > 0 {
		return failure.Wait + jitter(time.Second)
	}
	return backoff(repeat)
}

// backoff doubles with every attempt. Jitter over its upper half spreads parallel operations.
func backoff(attempts int) time.Duration {
	full := min(shortestBackoff<<min(max(attempts-1, 0), 10), longestBackoff)
	return full/2 + jitter(full/2)
}

func jitter(most time.Duration) time.Duration {
	return rand.N(most + 1) //nolint:gosec // only spreads load
}

// askedWait returns the wait that the server asks for, or 0 if the answer does not contain one. It is Retry-After in seconds or as
// a date, or the period in seconds that the rate limit covers (docs). A date is compared with the Date of the same answer, or with
// now if there is none.
func askedWait(header http.Header, now time.Time) time.Duration {
	if value := header.Get("Retry-After"); value != "" {
		if wait, ok := seconds(value); ok {
			return wait
		}
		if at, err := http.ParseTime(value); err == nil {
			if date, err := http.ParseTime(header.Get("Date")); err == nil {
				now = date
			}
			return max(at.Sub(now), 0)
		}
	}
	wait, _ := seconds(header.Get("X-RateLimit-Period"))
	return wait
}

func seconds(value string) (time.Duration, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	return inSeconds(n), true
}

// inSeconds limits the result to a century, because a larger value could overflow a Duration.
func inSeconds(n int64) time.Duration {
	const most = 100 * 365 * 24 * 3600
	return time.Duration(min(max(n, 0), most)) * time.Second
}
