// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// script is what a test has arranged: failures to come, and changes of the world in the middle of requests.
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

// FailNext arranges failures: each fault hits one of the requests of that operation that follow, in order. The zero
// Fault lets a request pass, to hit a later one. Faults queue up behind those that wait already.
func (s *Server) FailNext(op Operation, faults ...Fault) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.faults[op] = append(s.script.faults[op], faults...)
}

// ClearFaults forgets the faults that have not hit yet.
func (s *Server) ClearFaults() {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	clear(s.script.faults)
}

// PendingFaults is how many faults of that operation have not hit yet: a test that expects none forgot a request.
func (s *Server) PendingFaults(op Operation) int {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	return len(s.script.faults[op])
}

// nextFault takes the fault for a request of that operation; without one, the zero Fault.
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

// OnRequest has f called for every request of that operation before it is carried out, also for those that a fault will
// hit. No lock is held: f may call the server, Close included, and may block; requests in parallel call it in parallel.
// The request's body can be read.
func (s *Server) OnRequest(op Operation, f func(r *http.Request)) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onRequest[op] = append(s.script.onRequest[op], f)
}

// OnAnswer has f called for every request of that operation that was carried out with success, before its answer (or
// what a fault makes of it) is written. As for OnRequest, no lock is held.
func (s *Server) OnAnswer(op Operation, f func(r *http.Request)) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onAnswer[op] = append(s.script.onAnswer[op], f)
}

// OnHang has f called for every request that begins to hang, after it took effect if it does: whoever owns the clock
// lets the client's patience end there. As for OnRequest, no lock is held.
func (s *Server) OnHang(f func()) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onHang = append(s.script.onHang, f)
}

// ClearHooks forgets all that OnRequest, OnAnswer and OnHang arranged.
func (s *Server) ClearHooks() {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.onHang = nil
	clear(s.script.onRequest)
	clear(s.script.onAnswer)
}

// hung calls those of OnHang.
func (s *Server) hung() {
	s.script.mu.Lock()
	functions := append([]func(){}, s.script.onHang...)
	s.script.mu.Unlock()
	for _, f := range functions {
		s.outside(f)
	}
}

// callHooks calls those of the operation, each with a body to read.
func (s *Server) callHooks(hooks map[Operation][]func(*http.Request), op Operation, r *http.Request, body []byte) {
	s.script.mu.Lock()
	functions := append([]func(*http.Request){}, hooks[op]...)
	s.script.mu.Unlock()
	for _, f := range functions {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.outside(func() { f(r) })
	}
}
