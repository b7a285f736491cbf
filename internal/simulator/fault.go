// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a way to fail: those of API.md#failures, and what networks do.
type FaultKind int

// The kinds of faults. API.md#failures has an errorCode under 200 (reference, sdk) and the HTML pages (field),
// API.md#rate-limits the 429 (docs).
const (
	None             FaultKind = iota // no fault: the real answer
	Reset                             // the connection is reset, without an answer
	Hang                              // no answer until the client goes away or the server closes
	Slow                              // the real answer after Delay of real time
	Truncated                         // a Content-Length that the body does not reach; then the connection closes
	CutJSON                           // half of the body, under a Content-Length that fits it
	Empty                             // 200 without a body
	HTML403                           // a firewall's page
	HTML503                           // the page of a SaaS ring that wakes up
	HTML200                           // a maintenance page
	NotFoundHTML404                   // the web server's page for a path that does not exist
	Status                            // Fault.Status with flat {"errorMessage","errorCode"}
	BareStatus                        // Fault.Status without a body
	TooMany                           // 429; Fault.Header says until when
	Unavailable                       // 503; Fault.Header says until when
	ErrorTop                          // 200 with errorCode ≠ 0 at the top
	ErrorInError                      // 200 with errorCode ≠ 0 in "error"
	ErrorInTokenInfo                  // 200 with errorCode ≠ 0 in "tokenInfo.error"
	NoSecret                          // the real answer without its secrets
	EmptyObject                       // 200 with {}
	Null                              // 200 with null
	ForeignArray                      // 200 with an array of other things at the top
	ForeignObject                     // 200 with an object that has an array of other things
	Redirect                          // a redirect to the Location of Fault.Header
	Echo                              // an error whose message repeats the request's credentials and body
)

var faultKindNames = []string{
	"None", "Reset", "Hang", "Slow", "Truncated", "CutJSON", "Empty", "HTML403", "HTML503", "HTML200",
	"NotFoundHTML404", "Status", "BareStatus", "TooMany", "Unavailable", "ErrorTop", "ErrorInError",
	"ErrorInTokenInfo", "NoSecret", "EmptyObject", "Null", "ForeignArray", "ForeignObject", "Redirect", "Echo",
}

// String is the name of the kind, as in the source.
func (k FaultKind) String() string {
	if k < 0 || int(k) >= len(faultKindNames) {
		return "FaultKind(" + strconv.Itoa(int(k)) + ")"
	}
	return faultKindNames[k]
}

// AllFaultKinds are all kinds but None, always in the same order.
func AllFaultKinds() []FaultKind {
	var kinds []FaultKind
	for k := Reset; int(k) < len(faultKindNames); k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// When is whether a fault keeps the operation from taking effect.
type When int

// The variants of When.
const (
	Before When = iota // the operation does not take effect (but for None and Slow, which only let it wait)
	After              // the operation takes effect, then its answer is spoiled
)

// String is "before" or "after".
func (w When) String() string {
	if w == After {
		return "after"
	}
	return "before"
}

// Fault is one failure to come. NewFault gives one with sensible fields; the zero Fault is no failure at all.
type Fault struct {
	Kind    FaultKind
	When    When
	Status  int           // of the answer; 0: what is usual for the kind
	Code    int64         // errorCode of kinds that have one; 0: faultCode
	Message string        // errorMessage of kinds that have one; empty: faultMessage
	Header  http.Header   // added to the answer's, in place of those usual for the kind
	Body    string        // in place of the body usual for the kind; not for None, Slow, Reset, Hang and Echo
	Delay   time.Duration // real time to wait before the answer (with Before: before anything); ends with the client
}

// What an errorCode and an errorMessage are when the fault names none.
const (
	faultCode    = 4711
	faultMessage = "The simulator was told to fail"
)

// NewFault is a fault of that kind, before the operation takes effect, with all fields that the kind needs.
func NewFault(kind FaultKind) Fault {
	return Fault{Kind: kind}.withDefaults()
}

// At is the same fault at another moment.
func (f Fault) At(w When) Fault {
	f.When = w
	return f
}

// WithStatus is the same fault with another HTTP status.
func (f Fault) WithStatus(status int) Fault {
	f.Status = status
	return f
}

// WithBody is the same fault with another body.
func (f Fault) WithBody(body string) Fault {
	f.Body = body
	return f
}

// WithHeader is the same fault with one header set, besides those that it has.
func (f Fault) WithHeader(name, value string) Fault {
	f.Header = f.Header.Clone()
	if f.Header == nil {
		f.Header = http.Header{}
	}
	f.Header.Set(name, value)
	return f
}

// String names kind, status and moment, as in "Status 403 after"; for None it is empty.
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

// usualStatus of the kinds' answers; the kinds that are not here answer 200, or not at all.
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

// usualHeader of the kinds that need one to make sense.
var usualHeader = map[FaultKind]http.Header{
	TooMany:     {"Retry-After": {"1"}},
	Unavailable: {"Retry-After": {"1"}},
	Redirect:    {"Location": {"https://elsewhere.example/commandcenter/api/"}},
}

// withDefaults fills what the kind needs and the fault lacks.
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

// AllFaults is every kind with each of its statuses and bodies that are worth a test of their own, before the operation
// takes effect, always in the same order: what a fault matrix walks, once as it is and once with At(After).
func AllFaults() []Fault {
	var faults []Fault
	for _, kind := range AllFaultKinds() {
		fault := NewFault(kind)
		switch kind {
		case Status:
			for _, status := range []int{400, 401, 403, 404, 500} {
				faults = append(faults, fault.WithStatus(status))
			}
		case BareStatus:
			for _, status := range []int{405, 500, 501, 502, 504} {
				faults = append(faults, fault.WithStatus(status))
			}
		case Redirect:
			for _, status := range []int{302, 307, 308} {
				faults = append(faults, fault.WithStatus(status))
			}
		case ForeignArray:
			faults = append(faults, fault, fault.WithBody("[]"))
		default:
			faults = append(faults, fault)
		}
	}
	return faults
}
