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
	// decode reads the body of an answer with a status of success. Its error is a *Error, or means that the body is unusable.
	decode func(body []byte) error
	// salvage, if set, is given the body of every other answer but a 401, and of one that was cut off or could not be
	// decoded, together with the failure that it would be. If it returns true, the call has succeeded: the body holds the id
	// and the secrets of a token, which must not be lost. The hook keeps the failure if its code is to be reported.
	salvage func(body []byte, failure *Error) bool
	// anonymous calls carry no credential.
	anonymous bool
	// authorize, if set, adds a credential of the call's own. It runs after the provider's credential was set.
	authorize func(header http.Header)
	// once forbids repetition by the retry handler.
	once bool
	// keepSession forbids the second try after a 401, with a new session or the other form of an authtoken.
	keepSession bool
	// status, if set, takes the status of an answer that succeeded.
	status *int
}

// attempt is a request on its way through the handlers, and what they have found out about it.
type attempt struct {
	request
	// ticket is the credential of this attempt, unless the request is anonymous.
	ticket ticket
	// sends counts how often the request was sent.
	sends int
	// mayBeTaken is set once an attempt that left is sent again: something may have replaced the server's answer to it.
	mayBeTaken bool
	// status of the latest answer, 0 if there was none.
	status int
}

// repeats records that the request is about to be sent again after failure.
func (a *attempt) repeats(failure *Error) {
	a.mayBeTaken = a.mayBeTaken || failure.Kind != NeverSent
}

// failure is an error of this request.
func (a *attempt) failure(kind Kind, err error) *Error {
	return &Error{Operation: a.op, Kind: kind, Err: err}
}

// handler is one stage of a call. It may call the next stage once, several times, or not at all. The error is nil for
// success.
type handler interface {
	handle(ctx context.Context, a *attempt) *Error
}

// do makes a call. The error is a *Error.
func (c *Client) do(ctx context.Context, r request) error {
	begin := ctx // a write does not begin once the run was interrupted; a list may belong to a write that is under way
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
