// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a kind of failure: those of API.md#failures, and network failures.
type FaultKind int

// The sources of the kinds are API.md#failures for an errorCode under 200 (reference, sdk) and the HTML pages (field), and
// API.md#rate-limits for the 429 (docs).
const (
	None             FaultKind = iota // no fault: the real answer
	Reset                             // the connection is reset, without an answer
	Hang                              // no answer until the client disconnects or the server closes
	Slow                              // the real answer after a real delay of Delay
	Truncated                         // a Content-Length larger than the body; then the connection closes
	CutJSON                           // half of the body, with a matching Content-Length
	Empty                             // 200 without a body
	HTML403                           // a firewall's page
	HTML503                           // the page of a SaaS ring that is starting up
	HTML200                           // a maintenance page
	NotFoundHTML404                   // the web server's page for a path that does not exist
	Status                            // Fault.Status with flat {"errorMessage","errorCode"}
	BareStatus                        // Fault.Status without a body
	TooMany                           // 429; Fault.Header contains the time to wait
	Unavailable                       // 503; Fault.Header contains the time to wait
	ErrorTop                          // 200 with a nonzero errorCode at the top level
	ErrorInError                      // 200 with a nonzero errorCode in "error"
	ErrorInTokenInfo                  // 200 with a nonzero errorCode in "tokenInfo.error"
	NoSecret                          // the real answer without its secrets
	EmptyObject                       // 200 with {}
	Null                              // 200 with null
	ForeignArray                      // 200 with a top-level array of other things
	ForeignObject                     // 200 with an object that contains an array of other things
	Redirect                          // a redirect to the Location of Fault.Header
	Echo                              // an error whose message repeats the request's credentials and body
)

var faultKindNames = []string{
	"None", "Reset", "Hang", "Slow", "Truncated", "CutJSON", "Empty", "HTML403", "HTML503", "HTML200",
	"NotFoundHTML404", "Status", "BareStatus", "TooMany", "Unavailable", "ErrorTop", "ErrorInError",
	"ErrorInTokenInfo", "NoSecret", "EmptyObject", "Null", "ForeignArray", "ForeignObject", "Redirect", "Echo",
}

// String returns the name of the kind in the source.
func (k FaultKind) String() string {
	if k < 0 || int(k) >= len(faultKindNames) {
		return "FaultKind(" + strconv.Itoa(int(k)) + ")"
	}
	return faultKindNames[k]
}

// AllFaultKinds returns all kinds except None, in a fixed order.
func AllFaultKinds() []FaultKind {
	var kinds []FaultKind
	for k := Reset; int(k) < len(faultKindNames); k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// When is whether a fault occurs before or after the operation takes effect.
type When int

const (
	Before When = iota // the operation does not take effect (except for None and Slow, which only delay it)
	After              // the operation takes effect, then its answer is damaged
)

// String returns "before" or "after".
func (w When) String() string {
	if w == After {
		return "after"
	}
	return "before"
}

// Fault is one future failure. NewFault returns one with default fields. The zero Fault is not a failure.
type Fault struct {
	Kind    FaultKind
	When    When
	Status  int           // of the answer; defaults to that of the kind
	Code    int64         // errorCode, for kinds that have one; defaults to faultCode
	Message string        // errorMessage, for kinds that have one; defaults to faultMessage
	Header  http.Header   // added to the header of the answer, instead of the defaults of the kind
	Body    string        // replaces the default body of the kind; not for None, Slow, Reset, Hang and Echo
	Delay   time.Duration // real delay before the answer (with Before: before the operation); ends if the client disconnects
}

// These are the default errorCode and errorMessage of a fault.
const (
	faultCode    = 4711
	faultMessage = "The simulator returned this error on request"
)

// NewFault returns a fault of the kind with all required fields. It occurs before the operation takes effect.
func NewFault(kind FaultKind) Fault {
	return Fault{Kind: kind}.withDefaults()
}

// At returns a copy of the fault that occurs at w.
func (f Fault) At(w When) Fault {
	f.When = w
	return f
}

// WithStatus returns a copy of the fault with another HTTP status.
func (f Fault) WithStatus(status int) Fault {
	f.Status = status
	return f
}

// WithBody returns a copy of the fault with another body.
func (f Fault) WithBody(body string) Fault {
	f.Body = body
	return f
}

// WithHeader returns a copy of the fault with one more header.
func (f Fault) WithHeader(name, value string) Fault {
	f.Header = f.Header.Clone()
	if f.Header == nil {
		f.Header = http.Header{}
	}
	f.Header.Set(name, value)
	return f
}

// String returns the kind, status and moment, as in "Status 403 after". For None it returns "".
func (f Fault) String() string {
	if f.Kind == None {
		return ""
	}
	words := []string{f.Kind.String()}
	if f.Status != 0 {
		words = append(words, strconv.Itoa(f.Status))
	}
	return strings.Join(append(words, f.When.String()), " ")
}

// usualStatus contains the default status of the kinds' answers. Other kinds answer 200, or not at all.
var usualStatus = map[FaultKind]int{
	HTML403:         http.StatusForbidden,
	HTML503:         http.StatusServiceUnavailable,
	NotFoundHTML404: http.StatusNotFound,
	Status:          http.StatusInternalServerError,
	BareStatus:      http.StatusBadGateway,
	TooMany:         http.StatusTooManyRequests,
	Unavailable:     http.StatusServiceUnavailable,
	Redirect:        http.StatusTemporaryRedirect,
	Echo:            http.StatusBadRequest,
}

// usualHeader contains the headers of the kinds that require one.
var usualHeader = map[FaultKind]http.Header{
	TooMany:     {"Retry-After": {"1"}},
	Unavailable: {"Retry-After": {"1"}},
	Redirect:    {"Location": {"https://elsewhere.example/commandcenter/api/"}},
}

// withDefaults adds the fields that the kind requires.
func (f Fault) withDefaults() Fault {
	if f.Status == 0 {
		f.Status = usualStatus[f.Kind]
	}
	if f.Header == nil {
		f.Header = usualHeader[f.Kind].Clone()
	}
	if f.Code == 0 {
		f.Code = faultCode
	}
	if f.Message == "" {
		f.Message = faultMessage
	}
	if f.Kind == Slow && f.Delay == 0 {
		f.Delay = 20 * time.Millisecond
	}
	return f
}

// AllFaults returns every kind, in a fixed order, with each status and body that needs a separate test. The faults occur before the
// operation takes effect. A fault matrix tests each one unchanged, and again with At(After).
func AllFaults() []Fault {
	statuses := map[FaultKind][]int{
		Status:     {400, 401, 403, 404, 500},
		BareStatus: {405, 500, 501, 502, 504},
		Redirect:   {302, 307, 308},
	}
	var faults []Fault
	for _, kind := range AllFaultKinds() {
		fault := NewFault(kind)
		for _, status := range statuses[kind] {
			faults = append(faults, fault.WithStatus(status))
		}
		if statuses[kind] == nil {
			faults = append(faults, fault)
		}
		if kind == ForeignArray {
			faults = append(faults, fault.WithBody("[]"))
		}
	}
	return faults
}
