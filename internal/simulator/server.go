// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// maxBody is the maximum size of a request in bytes, far more than any call needs.
const maxBody = 1 << 20

// Server is a Command Center. It is an http.Handler, and also serves on its own after Listen. All methods are safe for concurrent
// use, even while it serves.
type Server struct {
	options Options
	base    []string // segments of the base path
	store   *store
	journal journal
	script  script

	inFlight atomic.Int64
	busy     busy
	stopped  chan struct{} // closed by Close to end hanging requests
	network  network
}

// New returns a Server with the accounts of its options and without tokens.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		options: o,
		base:    segmentsOf(o.BasePath),
		store:   newStore(o),
		script:  newScript(),
		stopped: make(chan struct{}),
	}
	s.busy.idle.L = &s.busy.mu
	s.store.addAccount(Account{Name: o.Username, Password: o.Password, Rights: AdministrativeManagement})
	for _, a := range o.Accounts {
		s.store.addAccount(a)
	}
	return s
}

// ServeHTTP answers one request. It adds the request to the journal, performs the operation, and applies hooks and faults before
// and after that.
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
		e.Status, e.Problem = a.status, a.problem
		if a.tokenID != 0 {
			e.TokenID = a.tokenID
		}
	})
	if s.options.Log != nil {
		s.options.Log(r.Method, r.URL.EscapedPath(), a.status)
	}
	s.deliver(w, r, a)
}

// answerOf performs the operation, with the hooks before and after it and its fault.
func (s *Server) answerOf(c call, r *http.Request, entry *Request, bodyError error) answer {
	s.callHooks(s.script.onRequest, c.operation, r, c.body)
	fault := s.nextFault(c.operation)
	s.journal.note(entry, func(e *Request) { e.Fault = fault.String() })
	if fault.Kind == Slow {
		fault = fault.withDefaults()
	}
	if fault.When == Before && !s.pause(r, fault.Delay) {
		return answer{manner: abrupt} // nobody waits for the answer, so the operation has no effect
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

// pause waits for a real duration of d, and reports whether the client is still waiting.
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
	case <-s.stopped:
	}
	return false
}

// RequestsInFlight returns the number of requests that have arrived and are not answered yet, including hanging ones.
func (s *Server) RequestsInFlight() int { return int(s.inFlight.Load()) }
