// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one entry of the journal: what was asked, and how it was answered.
type Request struct {
	Operation Operation
	Method    string
	Path      string // as it was sent, still escaped
	RawQuery  string
	Header    http.Header // with the secrets in it
	Body      []byte      // with the secrets in it
	TokenID   int64       // from the path, or of what was created or renewed; else 0
	Status    int         // of the answer; 0 while there is none, and when there will be none
	At        time.Time   // when it arrived, by Options.Now, whatever the server's clock says
	Fault     string      // the fault that hit it; else empty
	Problem   string      // why it was not carried out, in more words than the answer has; else empty
}

// journal of requests in the order of their arrival.
type journal struct {
	mu       sync.Mutex
	requests []*Request
}

// begin enters the request, so that it shows before it is answered.
func (j *journal) begin(r *Request) *Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
	return r
}

// note changes an entry.
func (j *journal) note(r *Request, change func(*Request)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(r)
}

// Journal is a deep copy of all requests since New or ResetJournal, in the order of their arrival. A request is in it
// before it is carried out, and its status before the client can have read the answer.
func (s *Server) Journal() []Request {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	requests := make([]Request, 0, len(s.journal.requests))
	for _, r := range s.journal.requests {
		entry := *r
		entry.Header = r.Header.Clone()
		entry.Body = slices.Clone(r.Body)
		requests = append(requests, entry)
	}
	return requests
}

// ResetJournal forgets all requests, so that a test counts only those that follow.
func (s *Server) ResetJournal() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.requests = nil
}

// Count is how many requests of that operation the journal holds, those that failed included.
func (s *Server) Count(op Operation) int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	count := 0
	for _, r := range s.journal.requests {
		if r.Operation == op {
			count++
		}
	}
	return count
}
