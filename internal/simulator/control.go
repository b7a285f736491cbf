// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Methods that simulate changes by other parties return these errors.
var (
	ErrNoSuchToken = errors.New("the token does not exist")
	ErrNoSuchUser  = errors.New("the user does not exist")
	ErrNameTaken   = errors.New("the owner already has a token of that name")
	ErrBadToken    = errors.New("such a token is not possible on a server")
)

// Tokens returns deep copies of all existing tokens, including expired ones, ordered by id.
func (s *Server) Tokens() []Token {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.settle()
	tokens := []Token{}
	for _, t := range s.store.ordered() {
		tokens = append(tokens, t.clone())
	}
	return tokens
}

// Token returns a deep copy of the existing token with that id, and reports whether there is one.
func (s *Server) Token(id int64) (Token, bool) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.settle()
	t := s.store.tokens[id]
	if t == nil {
		return Token{}, false
	}
	return t.clone(), true
}

// AddToken adds a token that another party made outside Terraform, and returns the complete token. Zero fields get the values that
// a create would set, with the user Username as owner. The server always sets ID. Ends may be in the past. AddToken returns
// ErrNameTaken, ErrNoSuchUser, or ErrBadToken for a blank name or an unknown type.
func (s *Server) AddToken(t Token) (Token, error) {
	w := s.store
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle()
	t = t.clone()
	if t.Type == "" || t.Type == TypeDefault {
		t.Type = TypeAll
	}
	if t.UserID == 0 {
		t.UserID = w.accountNamed(s.options.Username).id
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = w.now()
	}
	if err := w.checkToken(t, 0); err != nil {
		return Token{}, err
	}
	usual := Token{Type: t.Type, CreatedAt: seconds(t.CreatedAt.UTC())}
	usual.setPair(newPair(t.Type))
	w.setEnds(&usual, nil, nil)
	if t.AccessToken == "" {
		t.AccessToken = usual.AccessToken
	}
	if t.RefreshToken == "" {
		t.RefreshToken = usual.RefreshToken
	}
	t.CreatedAt = usual.CreatedAt
	t.ExpiresAt = orElse(t.ExpiresAt, usual.ExpiresAt)
	if renewable(t.Type) {
		t.RefreshExpiresAt = orElse(t.RefreshExpiresAt, t.ExpiresAt.Add(w.lifetimes.RefreshWindow))
	}
	t.RenewableUntil = orElse(t.RenewableUntil, usual.RenewableUntil)
	w.add(&t)
	return t.clone(), nil
}

// orElse returns t truncated to whole seconds, or otherwise if t is zero.
func orElse(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return seconds(t.UTC())
}

// RemoveToken revokes a token on behalf of another party, and reports whether it existed.
func (s *Server) RemoveToken(id int64) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	_, found := s.store.tokens[id]
	delete(s.store.tokens, id)
	return found
}

// RenewToken renews a token with its current pair on behalf of another party: the pair rotates and the expiry is updated. It
// returns ErrNoSuchToken, or an error with the reason why the token can no longer be renewed.
func (s *Server) RenewToken(id int64) (Token, error) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	t := s.store.tokens[id]
	if t == nil {
		return Token{}, fmt.Errorf("%w: %d", ErrNoSuchToken, id)
	}
	if p := s.store.rotate(t); p != nil {
		return Token{}, p
	}
	return t.clone(), nil
}

// EditToken changes a token on behalf of another party. Only these rules apply: the name must stay unique, the owner and the type
// must exist, and the id does not change. If the secrets change, the previous pair becomes an old one. change receives a copy and
// must not call the server. EditToken returns ErrNoSuchToken, ErrNameTaken, ErrNoSuchUser or ErrBadToken and then leaves the token
// unchanged.
func (s *Server) EditToken(id int64, change func(*Token)) error {
	w := s.store
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.tokens[id]
	if before == nil {
		return fmt.Errorf("%w: %d", ErrNoSuchToken, id)
	}
	wanted := before.clone()
	change(&wanted)
	if wanted.ID != id {
		return fmt.Errorf("%w: its id cannot be changed", ErrBadToken)
	}
	if err := w.checkToken(wanted, id); err != nil {
		return err
	}
	pair := Pair{wanted.AccessToken, wanted.RefreshToken}
	wanted.AccessToken, wanted.RefreshToken, wanted.OldPairs = before.AccessToken, before.RefreshToken, before.OldPairs
	w.retire(before, pair)
	wanted.setPair(pair)
	w.tokens[id] = new(wanted.clone())
	return nil
}

// checkToken returns an error for a token that a server cannot have. except is the id of the token itself.
func (w *store) checkToken(t Token, except int64) error {
	if t.Name == "" || t.Type == TypeDefault || !slices.Contains(typeNames(), t.Type) {
		return fmt.Errorf("%w: name %q, type %q", ErrBadToken, t.Name, t.Type)
	}
	if w.accounts[t.UserID] == nil {
		return fmt.Errorf("%w: %d", ErrNoSuchUser, t.UserID)
	}
	if w.named(t.UserID, t.Name, except) != nil {
		return fmt.Errorf("%w: %q", ErrNameTaken, t.Name)
	}
	return nil
}

// Purged returns the ids of the tokens that were deleted because an old pair was sent to Renew, in order of deletion. It is empty
// after a run without mistakes.
func (s *Server) Purged() []int64 {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return append([]int64{}, s.store.purged...)
}

// Works reports whether the access token is currently accepted.
func (s *Server) Works(accessToken string) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.settle()
	return s.store.accepted(accessToken) != nil
}
