// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"time"
)

// reply is the response to a call. The zero value means that the call was not made.
type reply struct {
	sent   bool
	err    error // no complete response
	status int
	proto  string
	header http.Header
	body   object    // nil unless the response is a JSON object
	at     time.Time // local time
}

// failure is an error in a response, and its place. API.md#failures (reference, sdk).
type failure struct {
	place string
	code  int64
	text  string
}

// Places of an error.
const (
	atTop       = "at the top"
	inError     = "in error"
	inTokenInfo = "in tokenInfo.error" //nolint:gosec // the name of a member
)

func (r reply) failure() (failure, bool) {
	for _, at := range []struct {
		place string
		in    object
	}{
		{atTop, r.body}, {inError, asObject(r.body["error"])}, {inTokenInfo, asObject(asObject(r.body["tokenInfo"])["error"])},
	} {
		if code, ok := at.in.at("errorCode"); ok {
			return failure{at.place, code, at.in.text("errorMessage")}, true
		}
	}
	return failure{}, false
}

// ok reports whether the call succeeded. API.md#the-vendors-own-client (sdk).
func (r reply) ok() bool {
	_, failed := r.failure()
	return r.sent && r.err == nil && r.body != nil && !failed && r.status >= 200 && r.status <= 202
}

// refused reports whether the API itself refused the call, as opposed to a proxy.
func (r reply) refused() bool {
	_, failed := r.failure()
	return r.sent && r.err == nil && failed
}

// info returns the object with the fields of the token.
func (r reply) info() object {
	if info := asObject(r.body["tokenInfo"]); info != nil {
		return info
	}
	return r.body
}

// how describes the outcome without quoting the response.
func (r reply) how() string {
	f, failed := r.failure()
	switch {
	case !r.sent:
		return "not asked"
	case r.err != nil:
		return "no answer"
	case failed:
		return fmt.Sprintf("HTTP %d, error code %d %s", r.status, f.code, f.place)
	case r.body == nil:
		return fmt.Sprintf("HTTP %d, not JSON", r.status)
	}
	return fmt.Sprintf("HTTP %d", r.status)
}
