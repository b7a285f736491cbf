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
	before, err := c.Tokens(ctx, spec.UserID)
	if err != nil && !errors.Is(err, ErrNoListCall) {
		return Token{}, &IssueError{Outcome: NothingCreated, Name: spec.Name, ListErr: err}
	}
	noList := err
	use := c.names.begin(spec.UserID, spec.Name)
	defer use.end()
	whole, cancel := c.linger(ctx, Grace)
	defer cancel()

	for attempt := 0; ; attempt++ {
		created, err := c.createWithin(whole, spec)
		if err == nil {
			use.holds(created.ID)
			c.wrote(spec.UserID, completed(created, spec))
			return created, nil
		}
		d := doubtAbout(err, attempt)
		if noList != nil {
			return Token{}, untold(spec, err, noList, d)
		}
		failure := c.reconcile(whole, spec, before, use, err, d)
		if failure.Outcome != NothingCreated || KindOf(err) != Lost || attempt >= c.maxRetries {
			return Token{}, failure
		}
		// A server that lost one answer is given time, also to finish what it may still be doing.
		if c.clock.Sleep(ctx, backoff(attempt+1)) != nil {
			return Token{}, failure
		}
	}
}

// createWithin leaves of an interrupted create's time enough for the list.
func (c *Client) createWithin(whole context.Context, spec Spec) (Token, error) {
	ctx, cancel := c.linger(whole, callGrace)
	defer cancel()
	return c.create(ctx, spec)
}

// doubt says whether a failed create may have made a token all the same.
type doubt int

const (
	// noDoubt: the server has not seen the request.
	noDoubt doubt = iota
	// refused by Command Center itself. What bears the name is not ours: it may be why.
	refused
	// unlikely: something before Command Center may have refused the answer instead of the request.
	unlikely
	// likely enough to be told as unknown when the list cannot tell.
	likely
)

// doubtAbout judges the failure of an attempt; those before the first were lost.
func doubtAbout(err error, attempt int) doubt {
	var e *Error
	switch {
	case attempt > 0 || !errors.As(err, &e):
		return likely
	case e.Kind == Lost || e.Kind == Failed:
		return likely
	case e.reached:
		return unlikely // a name that is taken may be so by the attempt before
	case e.Kind == NeverSent || e.Kind == Interrupted:
		return noDoubt
	case saidNo(err):
		return refused
	default:
		return unlikely
	}
}

// untold judges a failed create on a server without a list: an answer lost there stays unknown.
func untold(spec Spec, err, noList error, d doubt) *IssueError {
	if d == likely {
		return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: noList}
	}
	return &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
}

// reconcile finds out what a failed create has left behind.
func (c *Client) reconcile(ctx context.Context, spec Spec, before *List, use *nameUse, err error, d doubt) *IssueError {
	nothing := &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
	taken := func(by Token) *IssueError {
		return &IssueError{Outcome: NameTaken, Name: spec.Name, Token: by, Err: err}
	}
	if d == noDoubt {
		return nothing
	}
	known := before.ByName(spec.Name)
	if d == refused && len(known) > 0 {
		return taken(known[0])
	}
	now, listErr := c.freshTokens(ctx, spec.UserID, d == unlikely)
	if listErr != nil {
		if d == likely {
			return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: listErr}
		}
		return nothing
	}
	found := now.ByName(spec.Name)
	if d != refused {
		for _, t := range found {
			if c.isOurs(t, spec, before, use) {
				use.holds(t.ID)
				c.wrote(spec.UserID, t)
				return &IssueError{Outcome: Orphaned, Name: spec.Name, Token: t, Err: err}
			}
		}
	}
	if len(found) == 0 || d == unlikely && !saidNo(err) && len(known) > 0 {
		return nothing // the name was taken all along, and nothing says that this is why
	}
	return taken(found[0])
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
	names map[string]*nameState
}

type nameState struct {
	underWay map[int64]int // creates by owner
	held     map[int64]struct{}
}

// nameUse is one create's entry in the register.
type nameUse struct {
	register *nameRegister
	state    *nameState
	owner    int64
}

func (r *nameRegister) begin(owner int64, name string) *nameUse {
	r.mu.Lock()
	defer r.mu.Unlock()
	state := r.names[name]
	if state == nil {
		state = &nameState{underWay: map[int64]int{}, held: map[int64]struct{}{}}
		if r.names == nil {
			r.names = map[string]*nameState{}
		}
		r.names[name] = state
	}
	state.underWay[owner]++
	return &nameUse{register: r, state: state, owner: owner}
}

func (u *nameUse) end() {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.underWay[u.owner]--
}

// holds records the token that this create has made.
func (u *nameUse) holds(id int64) {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.held[id] = struct{}{}
}

// alone tells that neither a create under way nor one that is done can have made the token. The caller, owner 0, may be
// any of the users.
func (u *nameUse) alone(id int64) bool {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	if _, held := u.state.held[id]; held {
		return false
	}
	rivals := -1 // this create itself
	for owner, underWay := range u.state.underWay {
		if owner == u.owner || owner == 0 || u.owner == 0 {
			rivals += underWay
		}
	}
	return rivals == 0
}
