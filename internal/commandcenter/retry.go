// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// Waits between attempts that the server did not ask for.
const (
	shortestBackoff = time.Second
	longestBackoff  = 30 * time.Second
)

// retrying wraps plain with our policy. The library keeps the loop; the waits are made on the client's clock.
func (c *Client) retrying(plain *http.Client) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: plain,
		RetryMax:   c.maxRetries,
		RequestLogHook: func(_ retryablehttp.Logger, req *http.Request, _ int) {
			if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok {
				x.attempts++
				x.started = c.clock.Now()
				x.left.Store(false)
			}
		},
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			x, ok := ctx.Value(exchangeKey{}).(*exchange)
			if !ok {
				return false, err
			}
			x.outcome = x.examine(resp, err)
			x.note(ctx, resp)
			return c.again(ctx, x), nil
		},
		Backoff: func(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 },
		PrepareRetry: func(req *http.Request) error {
			ctx := req.Context()
			x, ok := ctx.Value(exchangeKey{}).(*exchange)
			if !ok {
				return nil
			}
			if err := c.clock.Sleep(waitContext(ctx), x.wait); err != nil {
				return err
			}
			if err := c.cooldown.wait(ctx, c.clock); err != nil {
				return err
			}
			return x.authenticate(waitContext(ctx), req.Header)
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again decides whether the attempt that x has just made is repeated, and after which wait.
func (c *Client) again(ctx context.Context, x *exchange) bool {
	failure := x.outcome
	if failure == nil {
		return false
	}
	if failure.Kind == Busy && failure.Wait > 0 {
		end := c.clock.Now().Add(failure.Wait)
		switch {
		case !failure.TooLong:
			c.cooldown.until(end)
		case failure.Status == http.StatusTooManyRequests:
			c.closed.until(x.op, end, failure)
		}
	}
	if x.once || failure.TooLong || !x.op.mayRepeat(failure.Kind) || hopeless(failure.Err) {
		return false
	}
	if waitContext(ctx).Err() != nil {
		return false // the run was interrupted: what is under way may end, nothing more begins
	}
	x.wait = backoff(x.attempts)
	if failure.Wait > 0 {
		x.wait, x.waited = failure.Wait+jitter(time.Second), true
	}
	x.reached = x.reached || failure.Kind != NeverSent
	return true
}

// backoff doubles with every attempt, and spreads parallel operations over its upper half.
func backoff(attempts int) time.Duration {
	full := min(shortestBackoff<<min(max(attempts-1, 0), 10), longestBackoff)
	return full/2 + jitter(full/2)
}

func jitter(most time.Duration) time.Duration {
	return rand.N(most + 1) //nolint:gosec // spreads load, guards nothing
}

// askedWait reads how long the server wants us to wait: Retry-After in seconds or as a date, or the period in seconds
// that its limit covers (docs). 0 means that it did not say.
func askedWait(header http.Header, now time.Time) time.Duration {
	if value := header.Get("Retry-After"); value != "" {
		if wait, ok := seconds(value); ok {
			return wait
		}
		if at, err := http.ParseTime(value); err == nil {
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

// inSeconds is at most a century: more could overflow a Duration.
func inSeconds(n int64) time.Duration {
	const most = 100 * 365 * 24 * 3600
	return time.Duration(min(max(n, 0), most)) * time.Second
}

// cooldown is an instant before which no operation of the process sends anything, because a server asked for it.
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

func (d *cooldown) wait(ctx context.Context, c clock.Clock) error {
	for {
		d.mu.Lock()
		left := d.end.Sub(c.Now())
		d.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := c.Sleep(waitContext(ctx), left); err != nil {
			return err
		}
	}
}

// hopeless tells of causes that another attempt would only meet again.
func hopeless(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}

// explain says what a network error means, without the address that net/http puts before it.
func (c *Client) explain(err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return &networkError{text: c.mask.Hide(networkText(err)), cause: err}
}

func networkText(err error) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority; set ca_certificate (COMMVAULT_CA_CERTIFICATE) to the PEM of the authority that signed it"
	case errors.As(err, &name):
		return "its certificate is for another host name: " + name.Error()
	case errors.As(err, &certificate):
		return "its certificate is not valid: " + certificate.Err.Error()
	case errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch):
		return "it does not speak TLS on this port"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within request_timeout"
	case errors.Is(err, context.Canceled):
		return "the run was interrupted before the answer came"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer was cut off"
	case errors.Is(err, io.EOF):
		return "the connection was closed without an answer"
	default:
		return err.Error()
	}
}

// networkError shows a masked text and keeps the cause for errors.As.
type networkError struct {
	text  string
	cause error
}

func (e *networkError) Error() string { return e.text }
func (e *networkError) Unwrap() error { return e.cause }
