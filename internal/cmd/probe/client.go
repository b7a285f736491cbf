// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// Limits of a run.
const (
	// mostWrites limits the requests other than GET, including those that revoke the tokens.
	mostWrites = 40
	// spare writes are reserved for revocations that have to be retried.
	spare = 4
	// grace is the time that a write in progress gets after an interruption, so that its outcome is known.
	grace = 5 * time.Second
	// longestAnswer leaves room for a list of all users.
	longestAnswer = 16 << 20
	// mostFailures is the number of consecutive failures after which the probe stops asking.
	mostFailures = 4
	attempts     = 3
)

// Reasons to stop.
var (
	errBudget = errors.New("no writes are left")
	errWait   = errors.New("the server asks for a wait longer than COMMVAULT_MAX_RETRY_WAIT")
	errAway   = errors.New("the server does not answer")
)

// call describes a request.
type call struct {
	method, path string
	query        url.Values
	header       http.Header
	body         any // nil for none
	// creates reserves one more write, for the revocation.
	creates bool
	// removes allows the reserved writes.
	removes bool
	// once prevents a retry after a response that can hide the effect of the request.
	once bool
}

// client sends requests one by one, stays within the budget, and waits as long as the server asks.
type client struct {
	target    target
	transport http.RoundTripper
	clock     clock.Clock
	// reserved returns the number of writes that the cleanup needs.
	reserved func() int

	writes, reads int
	budget        int
	limits        map[string]string // rate-limit headers
	offset        time.Duration     // of the server's clock
	dated         bool              // a response had a Date
	undated       bool              // a response had none
	failures      int               // consecutive ones
	stopped       error             // the reason to stop
}

func newClient(t target, c clock.Clock) *client {
	return &client{target: t, transport: t.transport(false), clock: c, budget: mostWrites, limits: map[string]string{}}
}

// now returns the server's time, or the local time while the server's is not known.
func (c *client) now() time.Time { return c.clock.Now().Add(c.offset) }

// send makes a call. Once ctx has ended, it sends nothing, but it does not abort a write in progress.
func (c *client) send(ctx context.Context, to call) reply {
	for attempt := 1; ; attempt++ {
		if err := c.permit(ctx, to); err != nil {
			return reply{err: err}
		}
		r := c.try(ctx, to)
		c.learn(r)
		wait, again := repeats(r, to)
		if !again || attempt == attempts {
			return r
		}
		if asked := askedWait(r.header, r.at); asked > 0 {
			wait = asked
		}
		if wait > c.target.longestWait {
			c.stopped = errWait
			return r
		}
		if c.clock.Sleep(ctx, wait+time.Second) != nil {
			return r
		}
	}
}

// permit returns the reason why the call must not be made, or nil.
func (c *client) permit(ctx context.Context, to call) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if to.removes {
		if c.writes >= mostWrites && to.method != http.MethodGet {
			return errBudget
		}
		return nil
	}
	if c.stopped == nil && c.failures >= mostFailures {
		c.stopped = errAway
	}
	if c.stopped != nil || to.method == http.MethodGet {
		return c.stopped
	}
	needed := c.writes + 1 + c.reserved() + spare
	if to.creates {
		needed++
	}
	if needed > c.budget {
		c.stopped = errBudget
	}
	return c.stopped
}

// repeats reports whether to retry, and the wait if the server does not ask for one.
func repeats(r reply, to call) (time.Duration, bool) {
	switch {
	case r.err != nil:
		return 2 * time.Second, to.removes
	case r.status == http.StatusTooManyRequests && (r.body != nil || !to.once):
		return 10 * time.Second, true
	case r.status == http.StatusServiceUnavailable && !to.once:
		return 10 * time.Second, true
	}
	return 0, false
}

// askedWait returns the wait that the server asks for, or 0. API.md#rate-limits (docs).
func askedWait(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-RateLimit-Period"} {
		value := header.Get(name)
		if seconds, err := strconv.ParseInt(value, 10, 32); err == nil && seconds > 0 {
			return time.Duration(seconds) * time.Second
		}
		if at, err := http.ParseTime(value); err == nil {
			if date, err := http.ParseTime(header.Get("Date")); err == nil {
				now = date
			}
			return max(at.Sub(now), 0)
		}
	}
	return 0
}

func (c *client) try(ctx context.Context, to call) reply {
	ctx, cancel := c.bounded(ctx, to.method != http.MethodGet)
	defer cancel()
	var body io.Reader
	if to.body != nil {
		text, err := json.Marshal(to.body)
		if err != nil {
			return reply{err: err}
		}
		body = bytes.NewReader(text)
	}
	// The path needs no escaping: it is fixed, or ends with a number.
	address := c.target.base.String() + to.path
	if len(to.query) > 0 {
		address += "?" + to.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, to.method, address, body)
	if err != nil {
		return reply{err: err}
	}
	request.Header = to.header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "terraform-provider-commvault-probe")
	if to.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if to.method == http.MethodGet {
		c.reads++
	} else {
		c.writes++
	}
	return c.exchange(request)
}

// exchange sends a request and reads the response. It does not follow redirects.
func (c *client) exchange(request *http.Request) reply {
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return reply{sent: true, err: err, at: c.clock.Now()}
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	return reply{
		sent: true, err: err, status: response.StatusCode, proto: response.Proto, header: response.Header,
		body: asObject(text), at: c.clock.Now(),
	}
}

// bounded returns a context for one attempt. The context of a write outlives ctx by the grace period.
func (c *client) bounded(ctx context.Context, write bool) (context.Context, context.CancelFunc) {
	outer := ctx
	if write {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	end := func() { cancel(errors.New("no answer arrived in time")) }
	stopTimeout := c.clock.AfterFunc(c.target.timeout, end)
	stopGrace := context.AfterFunc(outer, func() { c.clock.AfterFunc(grace, end) })
	return ctx, func() {
		stopTimeout()
		stopGrace()
		cancel(nil)
	}
}

// learn records the clock, the rate limit and the failures that a response shows.
func (c *client) learn(r reply) {
	if r.err != nil {
		c.failures++
		return
	}
	c.failures = 0
	for name, values := range r.header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-ratelimit-") || lower == "retry-after" {
			c.limits[name] = strings.Join(values, ", ")
		}
	}
	if left, err := strconv.Atoi(r.header.Get("X-RateLimit-Remaining")); err == nil {
		c.budget = min(c.budget, c.writes+left)
	}
	if r.body == nil {
		return // a proxy also sends a Date
	}
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		c.undated = true
		return
	}
	c.dated, c.offset = true, date.Sub(r.at)
}
