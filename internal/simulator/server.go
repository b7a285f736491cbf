// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// maxBody of a request, in bytes: many times what any call needs.
const maxBody = 1 << 20

// Server is a Command Center. It is an http.Handler at once, and serves by itself after Listen. All methods may be
// called from several goroutines, also while it serves.
type Server struct {
	options Options
	base    []string // segments of the base path
	world   *world
	journal journal
	script  script

	inFlight atomic.Int64
	busy     busy
	closed   chan struct{} // closed by Close: releases what hangs
	network  network
}

// New makes a Server without tokens and with one account, an administrator.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		options: o,
		base:    segmentsOf(o.BasePath),
		world:   newWorld(o),
		script:  newScript(),
		closed:  make(chan struct{}),
	}
	s.busy.idle.L = &s.busy.mu
	s.world.addAccount(o.Username, o.Password, true)
	return s
}

// ServeHTTP answers one request: it is entered in the journal, then hooks and faults have their say, and what it asks is
// carried out in between.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	s.busy.enter()
	defer s.busy.leave()

	c := s.newCall(r, body)
	entry := s.journal.begin(&Request{
		Operation: c.operation, Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery,
		Header: r.Header.Clone(), Body: body, TokenID: c.id, At: s.options.Now(),
	})
	a := s.answerOf(c, r, entry, err)
	s.journal.note(entry, func(e *Request) {
		e.Status = a.status
		if a.tokenID != 0 {
			e.TokenID = a.tokenID
		}
	})
	if s.options.Log != nil {
		s.options.Log(r.Method, r.URL.EscapedPath(), a.status)
	}
	s.deliver(w, r, a)
}

// answerOf carries the call out, with the hooks before and after it and the fault that hits it.
func (s *Server) answerOf(c call, r *http.Request, entry *Request, bodyError error) answer {
	s.callHooks(s.script.onRequest, c.operation, r, c.body)
	fault := s.nextFault(c.operation)
	s.journal.note(entry, func(e *Request) { e.Fault = fault.String() })
	if fault.Kind == Slow {
		fault = fault.withDefaults()
	}
	if fault.When == Before && !s.pause(r, fault.Delay) {
		return answer{manner: abrupt} // nobody waits for it any more: it takes no effect
	}
	harmless := fault.Kind == None || fault.Kind == Slow
	if fault.When == Before && !harmless {
		return spoil(fault, c, nil)
	}
	earned := s.carryOut(c, bodyError)
	if earned.success {
		s.callHooks(s.script.onAnswer, c.operation, r, c.body)
	}
	if fault.When == After && !s.pause(r, fault.Delay) {
		return answer{manner: abrupt, tokenID: earned.tokenID}
	}
	if harmless {
		return earned
	}
	a := spoil(fault, c, &earned)
	a.tokenID = earned.tokenID
	return a
}

// carryOut does what is asked, as one step: nothing else happens to the world meanwhile.
func (s *Server) carryOut(c call, bodyError error) answer {
	if !c.below {
		return notFoundPage() // API.md#base-paths (reference, sdk): the API is below its base only
	}
	if bodyError != nil {
		return s.answerTo(malformedf("The body cannot be read, or is too long"), c.operation)
	}
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	if a := s.overLimit(c); a != nil {
		return *a
	}
	a, p := s.dispatch(c)
	if p != nil {
		return s.answerTo(p, c.operation)
	}
	return a
}

// dispatch to the operations that have a credential of their own or none, then to those that a caller must be known for.
func (s *Server) dispatch(c call) (answer, *problem) {
	switch c.operation {
	case OpPing: // API.md#the-vendors-own-client (sdk)
		return jsonAnswer(http.StatusOK, struct{}{}), nil
	case OpLogin:
		return s.login(c)
	case OpRenewLogin:
		return s.renewLogin(c)
	case OpRenew:
		if s.world.dialect.NoV4 {
			return notFoundPage(), nil
		}
		return s.renew(c)
	}
	from, p := s.world.authenticate(c.header)
	if p != nil {
		return answer{}, p
	}
	if from.token != nil {
		if p := from.token.mayCall(c); p != nil {
			return answer{}, p
		}
	}
	if c.isTokenCall() {
		return s.tokenCall(c, from)
	}
	switch {
	case c.operation == OpLogout:
		return s.logout(c)
	case c.operation == OpWhoAmI:
		return s.whoAmI(c, from)
	case c.method == http.MethodGet && len(c.segments) > 0: // any other call, for trying what a token may do
		return jsonAnswer(http.StatusOK, struct{}{}), nil
	}
	return answer{}, &problem{wrongMethod, codeWrongMethod, "The method " + c.method + " is not supported here"}
}

// tokenCall is one of the calls on access tokens.
func (s *Server) tokenCall(c call, from caller) (answer, *problem) {
	d := s.world.dialect
	if d.NoV4 || d.NoList && c.operation == OpList {
		return notFoundPage(), nil // API.md#failures (field)
	}
	if c.operation != OpList && c.rawQuery != "" {
		return answer{}, malformedf("This call has no query")
	}
	// API.md#authentication (docs): an access token cannot be created, edited or deleted with another one.
	manages := c.operation == OpCreate || c.operation == OpUpdate || c.operation == OpRevoke
	if manages && from.token != nil && !d.TokensManageTokens {
		return answer{}, forbiddenf("Access tokens cannot be managed with an access token")
	}
	switch c.operation {
	case OpCreate:
		return s.create(c, from)
	case OpList:
		return s.list(c, from)
	case OpUpdate:
		return s.update(c, from)
	case OpRevoke:
		return s.revoke(c, from)
	}
	return answer{}, &problem{wrongMethod, codeWrongMethod, "The method " + c.method + " is not supported here"}
}

// pause waits d of real time, and tells whether somebody still waits for the answer.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// RequestsInFlight is how many requests have arrived and are not yet answered, those that hang included.
func (s *Server) RequestsInFlight() int { return int(s.inFlight.Load()) }
