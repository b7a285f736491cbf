// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind classifies a call that did not succeed.
type Kind int

const (
	// NeverSent means that nothing reached the server.
	NeverSent Kind = iota + 1
	// Lost means that the request was sent and its answer is unknown. It may have taken effect.
	Lost
	// Refused means that the server rejected the request, with a documented error or an unambiguous status.
	Refused
	// Failed is a 500 with the documented error body. The request was rejected, but a later attempt may succeed.
	Failed
	// Busy is a 429 or 503: the server did not process the request.
	Busy
	// Unauthorized is a 401: the credential is invalid or has expired.
	Unauthorized
	// Redirected means that the server redirected the request. The credential must not be sent to the new address.
	Redirected
	// Interrupted means that the user stopped the run before the request was sent.
	Interrupted
)

// Error is a call that did not succeed.
type Error struct {
	Operation Operation
	Kind      Kind
	// Status is that of the answer, or 0 if there was none.
	Status int
	// Code is the errorCode of the answer, or 0 if it had none.
	Code int64
	// Message is the server's message or the title of a page, without secrets. Decoders return it unmasked.
	Message string
	// Wait is the wait that the server asked for, or 0.
	Wait time.Duration
	// TooLong is set when Wait is more than Config.MaxRetryWait, so the call was not retried.
	TooLong bool
	// Documented is set when the answer was an error in the API's own form, and not a page or empty.
	Documented bool
	// Cause is what stopped the call on its way. It is 0 if it is unknown or if the API itself answered.
	Cause Cause
	// Target is the scheme and host of a redirect. It is "" without a redirect, or if they cannot be read.
	Target string
	// Proxy is the host and port of the proxy that refused the call, or "" if no such proxy is known.
	Proxy string
	// Attempts counts the attempts to send the request, including failed ones.
	Attempts int
	// SessionRefused is set when the rejected credential is the session of a successful login.
	SessionRefused bool
	// Err is the local error: from the network, the decoder or the login.
	Err error

	// rejectedByBreaker is set when nothing was sent because the rate-limit breaker is open.
	rejectedByBreaker bool
	// loginFailed is set when the last attempt was not sent because its login failed.
	loginFailed bool
	// limited is set when the server's rate limit refused the request (429).
	limited bool
	// mayBeTaken is set when the server may have processed an attempt before the last one, although its answer denied that.
	mayBeTaken bool
}

// Error returns a description without secrets.
func (e *Error) Error() string {
	if refused := (*LoginError)(nil); e.Kind == Unauthorized && errors.As(e.Err, &refused) {
		return refused.Error() // that error is already complete
	}
	var b strings.Builder
	b.WriteString(e.what())
	if facts := e.facts(); len(facts) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(facts, ", "))
	}
	for _, text := range []string{e.Message, e.pointer()} {
		if text != "" {
			fmt.Fprintf(&b, ": %s", text)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %s", e.Err)
	}
	if e.rejectedByBreaker {
		b.WriteString(". Nothing was sent: this is its answer to an earlier request")
	}
	if e.TooLong {
		fmt.Fprintf(&b, ". It asked for a wait of %s, which is longer than the longest wait allowed", e.Wait.Round(time.Second))
	}
	return b.String()
}

// what describes the failure by its kind, unless something before Command Center decided it.
func (e *Error) what() string {
	switch {
	case e.loginFailed && e.Kind == NeverSent:
		return "the login failed"
	case e.Kind == Refused && !e.Documented:
		return "the request was refused"
	default:
		return e.Kind.text()
	}
}

func (k Kind) text() string {
	switch k {
	case NeverSent:
		return "the request did not reach Command Center"
	case Lost:
		return "the request was sent, but its answer was lost or unusable"
	case Refused, Failed:
		return "Command Center refused the request"
	case Busy:
		return "Command Center accepts no requests at the moment"
	case Unauthorized:
		return "Command Center does not accept the credential"
	case Redirected:
		return "Command Center answered with a redirect, which is not followed because the credential would be sent to its " +
			"target"
	case Interrupted:
		return "the run was interrupted before the request was sent"
	default:
		return "the call failed"
	}
}

// facts returns the numbers of the error, for a parenthesis.
func (e *Error) facts() []string {
	var facts []string
	if e.Status != 0 {
		facts = append(facts, httpStatus(e.Status))
	}
	if e.Code != 0 {
		facts = append(facts, fmt.Sprintf("error code %d", e.Code))
	}
	if e.Attempts > 1 {
		facts = append(facts, fmt.Sprintf("%d attempts", e.Attempts))
	}
	return facts
}

// pointer describes the target of a redirect, or the proxy that answered with a status.
func (e *Error) pointer() string {
	switch {
	case e.Target != "":
		return "it points to " + e.Target
	case e.Status == http.StatusProxyAuthRequired && e.Proxy != "":
		return "the proxy " + e.Proxy + " requires authentication"
	case e.Status == http.StatusProxyAuthRequired:
		return "a proxy requires authentication"
	default:
		return ""
	}
}

func httpStatus(status int) string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", status, http.StatusText(status)))
}

// Origin returns the error of the login if nothing was sent because the login failed, and e otherwise. Advice depends on its kind,
// status and cause.
func (e *Error) Origin() *Error {
	var login *Error
	if e.loginFailed && errors.As(e.Err, &login) {
		return login.Origin()
	}
	return e
}

// saysNo reports whether Command Center itself rejected the request, and not something before it.
func (e *Error) saysNo() bool {
	return e.Documented && (e.Kind == Refused || e.Kind == Failed)
}

// Unwrap returns the local error.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the *Error in err's chain, or 0 if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// LoginError is a login that Command Center refused. It is never retried, because another attempt would lock the account.
type LoginError struct {
	Username string
	// Locked is set when the account is locked. The lock lasts for Remaining, if that is known.
	Locked    bool
	Remaining time.Duration
	// Message is the server's message, without secrets.
	Message string
}

// Error returns a description without secrets.
func (e *LoginError) Error() string {
	if !e.Locked {
		return fmt.Sprintf("the login of %q was refused: %s", e.Username, e.Message)
	}
	if e.Remaining <= 0 {
		return fmt.Sprintf("the account %q is locked: %s", e.Username, e.Message)
	}
	minutes := fmt.Sprintf("%d minutes", (e.Remaining+time.Minute-1)/time.Minute)
	if e.Remaining <= time.Minute {
		minutes = "minute"
	}
	return fmt.Sprintf("the account %q is locked for another %s: %s", e.Username, minutes, e.Message)
}
