// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"slices"
	"time"
)

// Username returns the name of the first account, an administrator.
func (s *Server) Username() string { return s.options.Username }

// Password returns the password of the first account.
func (s *Server) Password() string { return s.options.Password }

// UserID returns the id of the first account.
func (s *Server) UserID() int64 {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.accountNamed(s.options.Username).id
}

// Now returns the current time of the server's clock.
func (s *Server) Now() time.Time { return s.store.now() }

// AddUser adds an account that may manage only its own tokens, and returns its id. An existing account of that name gets the
// password and keeps its id. A domain user is named DOMAIN\user. An account without a password is a service account.
func (s *Server) AddUser(username, password string) int64 {
	return s.AddAccount(Account{Name: username, Password: password})
}

// AddAccount adds an account and returns its id. It replaces an existing account of that name, which keeps its id.
func (s *Server) AddAccount(a Account) int64 {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if known := s.store.accountNamed(a.Name); known != nil {
		known.Account = a
		return known.id
	}
	return s.store.addAccount(a).id
}

// NumberedAccount is an Account with its id.
type NumberedAccount struct {
	Account
	ID int64
}

// Accounts returns all accounts ordered by id.
func (s *Server) Accounts() []NumberedAccount {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	var accounts []NumberedAccount
	for _, id := range slices.Sorted(maps.Keys(s.store.accounts)) {
		accounts = append(accounts, NumberedAccount{s.store.accounts[id].Account, id})
	}
	return accounts
}

// NewSession returns a session token of that user without a login, or "" if there is no such user.
func (s *Server) NewSession(username string) string {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	known := s.store.accountNamed(username)
	if known == nil {
		return ""
	}
	return s.store.newSession(known.id, "")
}

// ExpireSessions expires every existing session. RenewLoginToken still accepts them.
func (s *Server) ExpireSessions() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, session := range s.store.sessions {
		session.ends = time.Time{}
	}
}

// LockAccount makes every login of that user fail for the given duration, as after too many bad attempts. Zero unlocks the account.
// An unknown user is ignored.
func (s *Server) LockAccount(username string, remaining time.Duration) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if known := s.store.accountNamed(username); known != nil {
		known.lockedUntil = s.store.now().Add(remaining)
		known.failures = 0
	}
}
