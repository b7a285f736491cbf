// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// Username of the first account, an administrator.
func (s *Server) Username() string { return s.options.Username }

// Password of the first account.
func (s *Server) Password() string { return s.options.Password }

// UserID of the first account.
func (s *Server) UserID() int64 {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	return s.world.accountNamed(s.options.Username).id
}

// AddUser adds an account that may manage its own tokens only, and returns its id. An account of that name gets the
// password and keeps its id. A domain's user is named DOMAIN\user.
func (s *Server) AddUser(username, password string) int64 {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	if known := s.world.accountNamed(username); known != nil {
		known.password = password
		return known.id
	}
	return s.world.addAccount(username, password, false).id
}

// NewSession is a session token of that user without a login; empty if there is no such user.
func (s *Server) NewSession(username string) string {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	known := s.world.accountNamed(username)
	if known == nil {
		return ""
	}
	return s.world.newSession(known.id, "")
}

// ExpireSessions makes every session that there is expire. A RenewLoginToken still takes it.
func (s *Server) ExpireSessions() {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for _, session := range s.world.sessions {
		session.ends = time.Time{}
	}
}

// LockAccount makes every login of that user fail for that long, as after too many bad attempts; zero unlocks it. An
// unknown user is ignored.
func (s *Server) LockAccount(username string, remaining time.Duration) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	if known := s.world.accountNamed(username); known != nil {
		known.lockedUntil = s.world.now().Add(remaining)
		known.failures = 0
	}
}
