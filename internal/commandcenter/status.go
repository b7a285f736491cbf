// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"net/http"
	"regexp"
)

// Every policy that depends on an HTTP status is in this file. All other code decides by the Kind of a failure, or calls these
// functions.

// succeeds reports whether the API uses the status for success (sdk).
func succeeds(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated || status == http.StatusAccepted
}

// kindOfStatus classifies every answer with an unsuccessful status. For a successful status, the body decides.
func kindOfStatus(status int, documented bool) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return Busy
	case status >= 300 && status < 400:
		return Redirected
	case status == http.StatusInternalServerError && documented:
		return Failed
	case status == http.StatusNotImplemented:
		return Refused
	case status == http.StatusRequestTimeout, status >= 500, status < 300:
		return Lost
	default:
		return Refused
	}
}

// ErrNoListCall means that this release of Command Center cannot list tokens.
var ErrNoListCall = errors.New("this release of Command Center has no call that lists access tokens")

// Is reports whether target is ErrNoListCall and the error is a list refused with 404, 405 or 501.
func (e *Error) Is(target error) bool {
	if target != ErrNoListCall || e.Operation != OpList || e.Kind != Refused {
		return false
	}
	return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed ||
		e.Status == http.StatusNotImplemented
}

// forbids reports whether Command Center itself answered 403. Some releases answer 403 where others answer 401 (field).
func (e *Error) forbids() bool {
	return e.Kind == Refused && e.Documented && e.Status == http.StatusForbidden
}

// refusesCredential reports whether the server refused the form of a credential.
func (e *Error) refusesCredential() bool { return e.Kind == Unauthorized || e.forbids() }

// notFoundWording matches the possible texts of an error that reports a missing token under a successful status. The actual wording
// is unknown.
var notFoundWording = regexp.MustCompile(`(?i)not found|not exist|no such|no (access )?token|invalid (access )?token id`)

// saysNotFound reports whether the answer is the API's own "not found": a 404, or an error with such a text under a successful
// status. API.md#q29.
func (e *Error) saysNotFound() bool {
	return e.Documented && (e.Status == http.StatusNotFound || succeeds(e.Status) && notFoundWording.MatchString(e.Message))
}

// MayMeanMissing reports whether the answer may mean that the id does not exist: a 404, or any error under a successful status. The
// latter may also be any other refusal. API.md#q29.
func (e *Error) MayMeanMissing() bool {
	return e.Documented && (e.Status == http.StatusNotFound || succeeds(e.Status))
}
