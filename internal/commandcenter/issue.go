// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
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
	writeCtx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()

	for attempt := 0; ; attempt++ {
		created, err := c.createWithin(writeCtx, spec)
		if err == nil {
			use.holds(created.ID)
			c.wrote(spec.UserID, completed(created, spec))
			return created, nil
		}
		d := doubtAbout(err, attempt)
		if noList != nil {
			return Token{}, untold(spec, err, noList, d)
		}
		failure := c.reconcile(writeCtx, spec, before, use, err, d)
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
func (c *Client) createWithin(writeCtx context.Context, spec Spec) (Token, error) {
	ctx, cancel := c.withShutdownGrace(writeCtx, callGrace)
	defer cancel()
	return c.create(ctx, spec)
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
