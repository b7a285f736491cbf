// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/hashicorp/go-retryablehttp"
)

// request is one call of the API.
type request struct {
	op     Operation
	method string
	path   string // below the base, escaped
	query  string
	body   any // marshalled to JSON unless nil
	// decode takes a body answered with success. Its error is a *Error, or means that the body is unusable.
	decode func(body []byte) error
	// anonymous calls carry no credential.
	anonymous bool
	// authorize, if set, adds a credential of the call's own.
	authorize func(header http.Header)
	// once forbids every repetition.
	once bool
}

// Bodies are read up to a bound: no answer of the API is larger, and a hostile one must not fill the memory.
const largestBody = 16 << 20

// do makes a call. After a 401 a session is opened again: once, and once more after each wait that the server has asked for.
// The error is a *Error.
func (c *Client) do(ctx context.Context, r request) error {
	begin := ctx // a write does not begin once the run was interrupted; a list may be part of one that is under way
	if r.op.writes() {
		begin = waitContext(ctx)
	}
	if begin.Err() != nil {
		return &Error{Operation: r.op, Kind: Interrupted}
	}
	if r.anonymous {
		return c.send(ctx, &exchange{request: r, client: c})
	}
	for tries := 0; ; tries++ {
		// A session is taken after the wait, or it may be over before it is used.
		if err := c.cooldown.wait(ctx, c.clock); err != nil {
			return &Error{Operation: r.op, Kind: Interrupted}
		}
		credential, err := c.credential.get(begin)
		if err != nil {
			return loginFailure(r.op, err)
		}
		x := &exchange{request: r, client: c, credential: credential}
		err = c.send(ctx, x)
		if err == nil || saidNo(err) {
			c.credential.accepted(x.credential)
		}
		if failure := (*Error)(nil); tries > 0 && errors.As(err, &failure) {
			failure.reached = true // by the attempt that was answered 401
		}
		if tries > 0 && (!x.waited || tries > c.maxRetries) {
			return err // a new session did not help, and there was no wait in which it could have ended
		}
		if KindOf(err) != Unauthorized || !c.credential.expired(x.credential, x.waited) {
			return err
		}
	}
}

// loginFailure tells of a request that was never sent because the login before it failed.
func loginFailure(op Operation, err error) *Error {
	failure := &Error{Operation: op, Kind: NeverSent, Err: fmt.Errorf("the login failed: %w", err)}
	switch refused := (*LoginError)(nil); {
	case errors.As(err, &refused):
		failure.Kind, failure.Err = Unauthorized, err
	case KindOf(err) == Interrupted:
		failure.Kind, failure.Err = Interrupted, nil
	case KindOf(err) == Unauthorized:
		failure.Kind = Unauthorized
	}
	return failure
}

// exchange is a call under way. It travels in the context, where the policy finds it.
type exchange struct {
	request
	client *Client
	// credential that the latest attempt carries, unless the call is anonymous.
	credential Secret
	attempts   int
	started    time.Time
	// left is set once the attempt got hold of a connection: from then on the server may have seen the request.
	left atomic.Bool
	// reached is set once an earlier attempt got hold of one.
	reached bool
	// outcome of the latest attempt; nil is success.
	outcome *Error
	// wait before the next attempt.
	wait time.Duration
	// waited is set once the server has asked for a wait, and another attempt followed it.
	waited bool
}

type exchangeKey struct{}

// send makes a call, repeated as its policy allows.
func (c *Client) send(ctx context.Context, x *exchange) error {
	if err := c.cooldown.wait(ctx, c.clock); err != nil {
		return &Error{Operation: x.op, Kind: Interrupted}
	}
	if err := c.closed.refusal(x.op, c.clock.Now()); err != nil {
		return err
	}
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.left.Store(true) },
	})
	req, err := c.newRequest(ctx, x.request, x.credential)
	if err != nil {
		return &Error{Operation: x.op, Kind: NeverSent, Err: err}
	}
	resp, err := c.http.Do(req)
	if resp != nil {
		_ = resp.Body.Close() // replaced by examine
	}
	if x.outcome == nil {
		if err != nil { // only a failure before the first attempt leaves no outcome
			return &Error{Operation: x.op, Kind: NeverSent, Err: errors.New(c.mask.Hide(err.Error()))}
		}
		return nil
	}
	x.outcome.Attempts = x.attempts
	x.outcome.reached = x.reached
	return x.outcome
}

func (c *Client) newRequest(ctx context.Context, r request, credential Secret) (*retryablehttp.Request, error) {
	if strings.ContainsFunc(credential.Reveal(), unicode.IsControl) {
		return nil, errors.New("the authtoken contains a line break or another control character, which no header can hold")
	}
	var body any // not a []byte: an empty one would be a body all the same
	if r.body != nil {
		data, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = data
	}
	u := *c.base
	if u.RawPath != "" {
		u.RawPath += r.path
	}
	u.Path += r.path
	u.RawQuery = r.query
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.authorize != nil {
		r.authorize(req.Header)
	}
	if !r.anonymous {
		// The header's value is sent exactly as given (docs, field).
		req.Header.Set("Authtoken", credential.Reveal())
	}
	return req, nil
}

// authenticate gives the next attempt the credential of today: a session may have ended during the wait, and another call
// may have found out.
func (x *exchange) authenticate(ctx context.Context, header http.Header) error {
	if x.anonymous {
		return nil
	}
	credential, err := x.client.credential.get(ctx)
	if err != nil {
		x.outcome = loginFailure(x.op, err)
		return err
	}
	x.credential = credential
	header.Set("Authtoken", credential.Reveal())
	return nil
}

// examine decides what became of an attempt. It reads the body, so that a cut one counts as lost.
func (x *exchange) examine(resp *http.Response, err error) *Error {
	failure := func(kind Kind, err error) *Error { return &Error{Operation: x.op, Kind: kind, Err: err} }
	if err != nil {
		if x.left.Load() {
			return failure(Lost, x.client.explain(err))
		}
		return failure(NeverSent, x.client.explain(err))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestBody+1))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(nil))
	if x.op != OpList {
		x.client.mask.Add(secretsIn(body)...) // also those that no decoder can use
	}
	outcome := x.judge(resp, body, err)
	if outcome != nil {
		outcome.Operation = x.op
		outcome.Status = resp.StatusCode
		outcome.Message = x.client.quote(outcome.Message)
	}
	return outcome
}

func (x *exchange) judge(resp *http.Response, body []byte, err error) *Error {
	status := resp.StatusCode
	switch {
	case status == http.StatusUnauthorized:
		return describe(Unauthorized, body)
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		outcome := describe(Busy, body)
		outcome.Wait = askedWait(resp.Header, x.client.clock.Now())
		outcome.TooLong = outcome.Wait > x.client.maxRetryWait
		return outcome
	case status >= 300 && status < 400:
		return &Error{Kind: Redirected, Message: redirectTarget(resp)}
	case status == http.StatusInternalServerError:
		if outcome := describe(Failed, body); outcome.Documented {
			return outcome
		}
		return describe(Lost, body)
	case status == http.StatusRequestTimeout, status > 500 && status != http.StatusNotImplemented:
		return describe(Lost, body)
	case status >= 400:
		return describe(Refused, body)
	case status != http.StatusOK && status != http.StatusCreated && status != http.StatusAccepted:
		return describe(Lost, body) // the API answers success with these three (sdk)
	case err != nil:
		return &Error{Kind: Lost, Err: x.client.explain(err)}
	case len(body) > largestBody:
		return &Error{Kind: Lost, Err: fmt.Errorf("the answer is larger than %d MiB", largestBody>>20)}
	}
	if err := x.decode(body); err != nil {
		var refused *Error
		if errors.As(err, &refused) {
			return refused
		}
		return &Error{Kind: Lost, Message: pageTitle(body), Err: err}
	}
	return nil
}

// note logs an attempt: never a body, a header or a query.
func (x *exchange) note(ctx context.Context, resp *http.Response) {
	fields := map[string]any{
		"operation":   string(x.op),
		"method":      x.method,
		"path":        x.client.base.Path + x.path,
		"attempt":     x.attempts,
		"duration_ms": x.client.clock.Now().Sub(x.started).Milliseconds(),
	}
	if resp != nil {
		fields["status"] = resp.StatusCode
	}
	message := "Command Center answered"
	if x.outcome != nil {
		message = "Command Center call failed"
		fields["error"] = x.client.mask.Hide(x.outcome.Error())
	}
	x.client.log(ctx, message, fields)
}
