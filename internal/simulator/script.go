// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// script contains the faults and hooks that a test has set.
type script struct {
	mu        sync.Mutex
	faults    map[Operation][]Fault
	onRequest map[Operation][]func(*http.Request)
	onAnswer  map[Operation][]func(*http.Request)
	onHang    []func()
}

func newScript() script {
	return script{
		faults:    map[Operation][]Fault{},
		onRequest: map[Operation][]func(*http.Request){},
		onAnswer:  map[Operation][]func(*http.Request){},
	}
}

// FailNext queues faults. Each fault affects one of the next requests of that operation, in order. A zero Fault lets one request
// succeed. New faults are added after those already queued.
func (s *Server) FailNext(op Operation, faults ...Fault) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.faults[op] = append(s.script.faults[op], faults...)
}

// ClearFaults removes all queued faults.
func (s *Server) ClearFaults() {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	clear(s.script.faults)
}

// PendingFaults returns the number of queued faults for that operation. A test can use it to detect a request that was not sent.
func (s *Server) PendingFaults(op Operation) int {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	return len(s.script.faults[op])
}

// nextFault removes and returns the fault for a request of that operation, or returns the zero Fault.
func (s *Server) nextFault(op Operation) Fault {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	queue := s.script.faults[op]
	if len(queue) == 0 {
		return Fault{}
	}
	s.script.faults[op] = queue[1:]
	return queue[0]
}

// OnRequest calls f for every request of that operation before it is performed, even if a fault will affect it. No lock is held: f
// may call the server, including Close, and may block. Concurrent requests call f concurrently. The request's body can be read.
func (s *Server) OnRequest(op Operation, f func(r *http.Request)) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onRequest[op] = append(s.script.onRequest[op], f)
}

// OnAnswer calls f for every successful request of that operation, before its answer is written or damaged by a fault. As with
// OnRequest, no lock is held.
func (s *Server) OnAnswer(op Operation, f func(r *http.Request)) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onAnswer[op] = append(s.script.onAnswer[op], f)
}

// OnHang calls f for every request that begins to hang, after its effect if it has one. The owner of the clock can then let the
// client's timeout expire. As with OnRequest, no lock is held.
func (s *Server) OnHang(f func()) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onHang = append(s.script.onHang, f)
}

// ClearHooks removes all hooks of OnRequest, OnAnswer and OnHang.
func (s *Server) ClearHooks() {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onHang = nil
	clear(s.script.onRequest)
	clear(s.script.onAnswer)
}

// hung calls the hooks of OnHang.
func (s *Server) hung() {
	s.script.mu.Lock()
	functions := append([]func(){}, s.script.onHang...)
	s.script.mu.Unlock()
	for _, f := range functions {
		s.outside(f)
	}
}

// callHooks calls the hooks of the operation, each with a readable body.
func (s *Server) callHooks(hooks map[Operation][]func(*http.Request), op Operation, r *http.Request, body []byte) {
	s.script.mu.Lock()
	functions := append([]func(*http.Request){}, hooks[op]...)
	s.script.mu.Unlock()
	for _, f := range functions {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.outside(func() { f(r) })
	}
}
