// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"net/http"
	"regexp"
)

// The policies by status. Everything else decides by the Kind of a failure, or by what is asked here.

// succeeds reports whether the API answers success with the status (sdk).
func succeeds(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated || status == http.StatusAccepted
}

// kindOfStatus decides every answer but those of success, whose body decides.
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

// Is makes a list refused with 404, 405 or 501 an ErrNoListCall.
func (e *Error) Is(target error) bool {
	if target != ErrNoListCall || e.Operation != OpList || e.Kind != Refused {
		return false
	}
	return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed ||
		e.Status == http.StatusNotImplemented
}

// forbids reports whether Command Center itself answered 403. Some releases do so where others answer 401 (field).
func (e *Error) forbids() bool {
	return e.Kind == Refused && e.Documented && e.Status == http.StatusForbidden
}

// refusesCredential reports whether the server refused the form of a credential.
func (e *Error) refusesCredential() bool { return e.Kind == Unauthorized || e.forbids() }

// notFoundWording is how a server may say under a status of success that it has no such token. Its wording is not known.
var notFoundWording = regexp.MustCompile(`(?i)not found|not exist|no such|no (access )?token|invalid (access )?token id`)

// saysNotFound reports whether the answer is the API's own "not found": 404, or a status of success with an error that
// says so. API.md#q29.
func (e *Error) saysNotFound() bool {
	return e.Documented && (e.Status == http.StatusNotFound || succeeds(e.Status) && notFoundWording.MatchString(e.Message))
}

// MayMeanMissing reports whether the answer may be the one to a missing id: 404, or a status of success with an error,
// which may also be any other refusal. API.md#q29.
func (e *Error) MayMeanMissing() bool {
	return e.Documented && (e.Status == http.StatusNotFound || succeeds(e.Status))
}
