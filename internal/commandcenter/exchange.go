// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// largestBody limits the bodies that are read. No answer of the API is larger, and a hostile answer must not exhaust the memory.
const largestBody = 16 << 20

// exchange is the last stage. It sends the request over HTTP and classifies the result. It uses the transport without an
// http.Client, which would follow redirects and send the credential along in a header that http.Client does not know to be
// sensitive.
type exchange struct {
	base      *url.URL
	userAgent string
	transport http.RoundTripper
	proxy     func(*http.Request) (*url.URL, error)
	clock     clock.Clock
	time      *serverTime
	mask      *Mask
}

func (e exchange) handle(ctx context.Context, a *attempt) *Error {
	// Once the request has a connection, the server may have received it.
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
	})
	a.status = 0
	req, err := e.httpRequest(ctx, a)
	if err != nil {
		return e.networkFailure(ctx, a, NeverSent, err)
	}
	sent := e.clock.Now()
	resp, err := e.transport.RoundTrip(req)
	if err != nil {
		closeIdle(e.transport) // the next call begins with a new connection
		if left.Load() {
			return e.networkFailure(ctx, a, Lost, err)
		}
		return e.networkFailure(ctx, a, NeverSent, err)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestBody+1))
	_ = resp.Body.Close()
	received := e.clock.Now()
	a.status = resp.StatusCode
	if a.op != OpList {
		e.mask.Add(secretsIn(body)...) // including those that no decoder can use
	}

	failure := e.judge(ctx, a, resp, body, err)
	if failure == nil || failure.Documented {
		e.time.observe(resp.Header.Get("Date"), sent, received)
	}
	if failure == nil {
		return nil
	}
	failure.Operation = a.op
	failure.Status = resp.StatusCode
	failure.Message = e.mask.quote(failure.Message)
	if a.salvage != nil && failure.Kind != Unauthorized && a.salvage(body, failure) {
		return nil
	}
	return failure
}

// judge classifies an answer. If the body is incomplete, readErr is the reason.
func (e exchange) judge(ctx context.Context, a *attempt, resp *http.Response, body []byte, readErr error) *Error {
	if !succeeds(resp.StatusCode) {
		return e.refusal(resp, body)
	}
	switch {
	case readErr != nil:
		return e.networkFailure(ctx, a, Lost, readErr)
	case len(body) > largestBody:
		return &Error{Kind: Lost, Err: fmt.Errorf("the answer is larger than %d MiB", largestBody>>20)}
	}
	if err := a.decode(body); err != nil {
		var refused *Error
		if errors.As(err, &refused) {
			return refused
		}
		if cause := pageCause(body); cause != 0 {
			return &Error{Kind: Lost, Message: pageTitle(body), Cause: cause}
		}
		return &Error{Kind: Lost, Err: err}
	}
	return nil
}

// refusal returns the error for an answer with an unsuccessful status.
func (e exchange) refusal(resp *http.Response, body []byte) *Error {
	failure := describe(Lost, body)
	failure.Kind = kindOfStatus(resp.StatusCode, failure.Documented)
	if !failure.Documented {
		failure.Cause = pageCause(body)
	}
	switch failure.Kind {
	case Busy:
		failure.limited = resp.StatusCode == http.StatusTooManyRequests
		failure.Wait = askedWait(resp.Header, e.time.now())
	case Redirected:
		failure = &Error{Kind: Redirected, Target: redirectTarget(resp)}
	case NeverSent, Lost, Refused, Failed, Unauthorized, Interrupted:
	}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		failure.Cause = CauseProxyAuthentication
		if proxy, err := e.proxy(resp.Request); err == nil && proxy != nil {
			failure.Proxy = proxy.Host
		}
	}
	return failure
}

// networkFailure returns the error for a failure of the connection, or of the context that ended it.
func (e exchange) networkFailure(ctx context.Context, a *attempt, kind Kind, err error) *Error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cause, text := explain(err)
	failure := a.failure(kind, &networkError{text: e.mask.Hide(text), cause: err})
	failure.Cause = cause
	var proxy *proxyError
	if errors.As(err, &proxy) {
		failure.Proxy = proxy.host
	}
	return failure
}

func closeIdle(transport http.RoundTripper) {
	if closer, ok := transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// waitUntil sleeps until end, unless the run of ctx is interrupted.
func waitUntil(ctx context.Context, c clock.Clock, end time.Time) error {
	for {
		left := end.Sub(c.Now())
		if left <= 0 {
			return nil
		}
		if err := c.Sleep(waitContext(ctx), left); err != nil {
			return err
		}
	}
}
