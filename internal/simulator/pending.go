// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"time"
)

// postpone answers a DELETE that an administrator has to approve: the token is kept. Repeating the request has no effect.
// API.md#failures (field): seen when other things were deleted.
func (w *store) postpone(t *Token) answer {
	if _, asked := w.pending[t.ID]; !asked {
		w.pending[t.ID] = w.now()
	}
	return jsonAnswer(http.StatusAccepted, wireError{Message: "pending administrator authorization"})
}

// settle performs the revocations that have been pending for Lifetimes.Approval.
func (w *store) settle() {
	if w.lifetimes.Approval > 0 {
		w.approve(func(asked time.Time) bool { return w.now().Sub(asked) >= w.lifetimes.Approval })
	}
}

func (w *store) approve(due func(asked time.Time) bool) {
	for id, asked := range w.pending {
		if due(asked) {
			delete(w.tokens, id)
			delete(w.pending, id)
		}
	}
}

// ApproveRevocations performs all revocations that are pending under Dialect.RevokePending.
func (s *Server) ApproveRevocations() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.approve(func(time.Time) bool { return true })
}

// DenyRevocations drops all revocations that are pending under Dialect.RevokePending. The tokens are kept.
func (s *Server) DenyRevocations() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	clear(s.store.pending)
}
