// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"unicode"
)

// request is one call of the API.
type request struct {
	op     Operation
	method string
	path   string // below the base, escaped
	query  string
	body   any // marshalled to JSON unless nil
	// decode reads the body of a successful answer. An error other than *Error means that the body is unusable.
	decode func(body []byte) error
	// salvage is optional. It receives the body of every unsuccessful answer except a 401, and of successful answers that were
	// truncated or could not be decoded, together with the failure. If it returns true, the call has succeeded: the body contains
	// the id and the secrets of a token, which must not be lost. The hook keeps the failure if its code is to be reported.
	salvage func(body []byte, failure *Error) bool
	// anonymous requests carry no credential.
	anonymous bool
	// authorize is optional. It adds a call-specific credential after the provider's credential was set.
	authorize func(header http.Header)
	// once disables repetition by the retry handler.
	once bool
	// keepSession disables the second try after a 401, with a new session or with the other form of an authtoken.
	keepSession bool
	// status is optional. It receives the status of a successful answer.
	status *int
}

// attempt is a request on its way through the handlers, with their results.
type attempt struct {
	request
	// ticket is the credential of this attempt, unless the request is anonymous.
	ticket ticket
	// sends counts how many times the request was sent.
	sends int
	// mayBeTaken is set when the request is repeated after an attempt that left: the server may have processed that attempt, and
	// something on the way may have replaced its answer.
	mayBeTaken bool
	// status is that of the latest answer, or 0 if there was none.
	status int
}

// repeats records that the request will be sent again after failure.
func (a *attempt) repeats(failure *Error) {
	a.mayBeTaken = a.mayBeTaken || failure.Kind != NeverSent
}

// failure returns an error of this request.
func (a *attempt) failure(kind Kind, err error) *Error {
	return &Error{Operation: a.op, Kind: kind, Err: err}
}

// handler is one stage of a call. It may call the next stage once, several times, or not at all. The error is nil on success.
type handler interface {
	handle(ctx context.Context, a *attempt) *Error
}

// do makes a call. The error is a *Error.
func (c *Client) do(ctx context.Context, r request) error {
	begin := ctx // no write begins after an interruption; a list may belong to a write in flight
	if r.op.writes() {
		begin = waitContext(ctx)
	}
	if begin.Err() != nil {
		return &Error{Operation: r.op, Kind: Interrupted}
	}
	a := &attempt{request: r}
	failure := c.chain.handle(ctx, a)
	if r.status != nil {
		*r.status = a.status
	}
	if failure == nil {
		if r.op != OpWhoAmI && r.op != OpUsers && r.op != OpList { // see list
			c.basePathProved.Store(true)
		}
		return nil
	}
	failure.Attempts = a.sends
	failure.mayBeTaken = a.mayBeTaken
	return failure
}

// httpRequest builds the HTTP request of an attempt.
func (e exchange) httpRequest(ctx context.Context, a *attempt) (*http.Request, error) {
	if strings.ContainsFunc(a.ticket.value.Reveal(), unicode.IsControl) {
		return nil, errCredentialForm
	}
	var body io.Reader
	if a.body != nil {
		data, err := json.Marshal(a.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	u := *e.base
	if u.RawPath != "" {
		u.RawPath += a.path
	}
	u.Path += a.path
	u.RawQuery = a.query
	req, err := http.NewRequestWithContext(ctx, a.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", e.userAgent)
	if a.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !a.anonymous {
		a.ticket.authorize(req.Header)
	}
	if a.authorize != nil {
		a.authorize(req.Header)
	}
	return req, nil
}
