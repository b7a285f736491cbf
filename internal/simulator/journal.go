// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one entry of the journal: a request and the result.
type Request struct {
	Operation Operation
	Method    string
	Path      string // as sent, escaped
	RawQuery  string
	Header    http.Header // including secrets
	Body      []byte      // including secrets
	TokenID   int64       // from the path, or of the created or renewed token; otherwise 0
	Status    int         // of the answer; 0 before the answer, or if there is none
	At        time.Time   // time of arrival by Options.Now, regardless of the server's clock
	Fault     string      // the fault that occurred; otherwise empty
	Problem   string      // why the operation was not performed, in more detail than in the answer; otherwise empty
}

// journal contains requests in order of arrival.
type journal struct {
	mu       sync.Mutex
	requests []*Request
}

// begin adds the request before it is answered.
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

// Journal returns a deep copy of all requests since New or ResetJournal, in order of arrival. A request is added before it is
// performed, and its status before the client can read the answer.
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

// ResetJournal deletes all entries, so that a test counts only later requests.
func (s *Server) ResetJournal() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.requests = nil
}

// Count returns the number of requests of that operation in the journal, including failed ones.
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
