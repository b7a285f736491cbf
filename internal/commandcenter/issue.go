// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Outcome says what a create that failed has left behind.
type Outcome int

const (
	// NothingCreated means that no token was made.
	NothingCreated Outcome = iota + 1
	// Orphaned means that the token was made and its secret is lost. It is ours.
	Orphaned
	// NameTaken means that another token has the name. It is not ours.
	NameTaken
	// Undetermined means that the token may have been made, and that the list could not tell.
	Undetermined
)

// IssueError is a create that failed.
type IssueError struct {
	Outcome Outcome
	// Name that was asked for.
	Name string
	// Token is the one made without its secret (Orphaned), or the one that has the name (NameTaken).
	Token Token
	// Err is what the create itself met.
	Err error
	// ListErr is why the list could not tell (Undetermined), or why nothing was sent (NothingCreated).
	ListErr error
}

// Error says what happened, without a secret.
func (e *IssueError) Error() string {
	switch e.Outcome {
	case Orphaned:
		return fmt.Sprintf("the access token %q was created with the id %d, but its secret is lost: %s", e.Name, e.Token.ID, e.Err)
	case NameTaken:
		return fmt.Sprintf("an access token named %q exists already, with the id %d: %s", e.Name, e.Token.ID, e.Err)
	case Undetermined:
		return fmt.Sprintf("it is unknown whether the access token %q was created: %s; and the list that would tell failed: %s",
			e.Name, e.Err, e.ListErr)
	default:
		if e.ListErr != nil {
			return fmt.Sprintf("the access token %q was not created: nothing was sent, because the list of tokens that is taken before failed: %s",
				e.Name, e.ListErr)
		}
		return fmt.Sprintf("the access token %q was not created: %s", e.Name, e.Err)
	}
}

// Unwrap gives the causes.
func (e *IssueError) Unwrap() []error {
	var causes []error
	for _, err := range []error{e.Err, e.ListErr} {
		if err != nil {
			causes = append(causes, err)
		}
	}
	return causes
}

// Issue creates a token. An answer that was lost is reconciled with the owner's list: what was absent before, is nobody
// else's and agrees with spec is ours. The error is an *IssueError.
func (c *Client) Issue(ctx context.Context, spec Spec) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, &IssueError{
			Outcome: NothingCreated, Name: spec.Name, Err: &Error{Operation: OpCreate, Kind: Interrupted},
		}
	}
	interrupted := ctx
	ctx, cancel := c.linger(ctx)
	defer cancel()
	before, err := c.Tokens(ctx, spec.UserID)
	if err != nil && !errors.Is(err, ErrNoListCall) {
		return Token{}, &IssueError{Outcome: NothingCreated, Name: spec.Name, ListErr: err}
	}
	noList := err
	use := c.names.begin(spec.UserID, spec.Name)
	defer use.end()

	for attempt := 0; ; attempt++ {
		created, err := c.create(ctx, spec)
		if err == nil {
			use.holds(created.ID)
			c.wrote(spec.UserID, completed(created, spec))
			return created, nil
		}
		if noList != nil {
			return Token{}, c.untold(spec, err, noList, attempt)
		}
		lost := KindOf(err) == Lost
		failure := c.reconcile(ctx, spec, before, use, err, lost || attempt > 0)
		if failure.Outcome != NothingCreated || !lost || attempt >= c.maxRetries || interrupted.Err() != nil {
			return Token{}, failure
		}
	}
}

// untold judges a failed create on a server without a list: an answer lost there stays unknown.
func (c *Client) untold(spec Spec, err, noList error, attempt int) *IssueError {
	if KindOf(err) == Lost || attempt > 0 {
		return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: noList}
	}
	return &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
}

// reconcile finds out what a failed create has left behind. doubtful tells that this create, or one before it, may have
// taken effect.
func (c *Client) reconcile(
	ctx context.Context, spec Spec, before *List, use *nameUse, err error, doubtful bool,
) *IssueError {
	nothing := &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
	if !doubtful {
		if !saidNo(err) {
			return nothing
		}
		if taken := before.ByName(spec.Name); len(taken) > 0 {
			return &IssueError{Outcome: NameTaken, Name: spec.Name, Token: taken[0], Err: err}
		}
	}
	now, listErr := c.FreshTokens(ctx, spec.UserID)
	if listErr != nil {
		if !doubtful {
			return nothing
		}
		return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: listErr}
	}
	found := now.ByName(spec.Name)
	if len(found) == 0 {
		return nothing
	}
	if doubtful && len(found) == 1 && c.isOurs(found[0], spec, before, use) {
		use.holds(found[0].ID)
		c.wrote(spec.UserID, found[0])
		return &IssueError{Outcome: Orphaned, Name: spec.Name, Token: found[0], Err: err}
	}
	return &IssueError{Outcome: NameTaken, Name: spec.Name, Token: found[0], Err: err}
}

// isOurs is the rule of adoption: absent before, nobody else's, and as it was asked for.
func (c *Client) isOurs(t Token, spec Spec, before *List, use *nameUse) bool {
	_, wasThere := before.Get(t.ID)
	return !wasThere && use.alone(t.ID) && spec.agrees(t, c.clock.Now())
}

// completed adds to what the answer told what was asked for, so that the shared list is as full as it can be.
func completed(t Token, spec Spec) Token {
	if t.Name == "" {
		t.Name = spec.Name
	}
	if t.Type == "" {
		t.Type = spec.Type.Canonical()
	}
	if t.UserID == 0 {
		t.UserID = spec.UserID
	}
	if t.APIEndpoints == nil && spec.Type == TypeCustom {
		t.APIEndpoints = spec.APIEndpoints
	}
	if t.AllowedIPs == nil {
		t.AllowedIPs = append([]string{}, spec.AllowedIPs...)
	}
	return t
}

// nameRegister knows which names this process is creating or has created, so that no create adopts another one's token.
type nameRegister struct {
	mu    sync.Mutex
	names map[nameKey]*nameState
}

type nameKey struct {
	owner int64
	name  string
}

type nameState struct {
	underWay int
	held     map[int64]struct{}
}

// nameUse is one create's entry in the register.
type nameUse struct {
	register *nameRegister
	state    *nameState
}

func (r *nameRegister) begin(owner int64, name string) *nameUse {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := nameKey{owner: owner, name: name}
	state := r.names[key]
	if state == nil {
		state = &nameState{held: map[int64]struct{}{}}
		if r.names == nil {
			r.names = map[nameKey]*nameState{}
		}
		r.names[key] = state
	}
	state.underWay++
	return &nameUse{register: r, state: state}
}

func (u *nameUse) end() {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.underWay--
}

// holds records the token that this create has made.
func (u *nameUse) holds(id int64) {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.held[id] = struct{}{}
}

// alone tells that neither a create under way nor one that is done can have made the token.
func (u *nameUse) alone(id int64) bool {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	_, held := u.state.held[id]
	return !held && u.state.underWay == 1
}
