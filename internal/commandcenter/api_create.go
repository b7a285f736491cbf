// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"cmp"
	"context"
	"errors"
	"net/http"
)

// Issue creates a token and returns it with its secrets, which no other call returns. If an answer is lost, the owner's list shows
// whether the token was created: see isOurs. The error is an *IssueError. Token.Reported is set if the answer reported a failure
// although it carried the secrets.
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
	use := c.names.begin(spec.UserID, spec.Name)
	defer use.end()
	writeCtx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	n := creation{client: c, spec: spec, before: before, noList: err, use: use}
	for attempt := 0; ; attempt++ {
		created, err := n.send(writeCtx)
		if err == nil {
			return n.accept(writeCtx, created)
		}
		failure, again := n.reconcile(writeCtx, err)
		if !again || attempt >= c.maxRetries {
			return Token{}, failure
		}
		// After a lost answer the server gets time to recover, and to finish a request that it may still be processing.
		if c.clock.Sleep(ctx, backoff(attempt+1)) != nil {
			return Token{}, failure
		}
	}
}

// send makes one attempt. After an interruption it leaves enough of the grace period for the list.
func (n *creation) send(writeCtx context.Context) (Token, error) {
	ctx, cancel := n.client.withShutdownGrace(writeCtx, callGrace)
	defer cancel()
	return n.client.create(ctx, n.spec)
}

// accept takes the answer that carries the token. A token that contradicts the request is revoked at once.
func (n *creation) accept(writeCtx context.Context, created Token) (Token, error) {
	n.use.holds(created.ID)
	field := contradiction(n.spec, created)
	if field == "" {
		n.client.inventory.made(created.ID, n.spec.UserID, cmp.Or(created.UserID, n.spec.UserID))
		n.client.wrote(n.spec.UserID, completed(created, n.spec))
		return created, nil
	}
	revokeErr := n.client.Revoke(writeCtx, Target{
		ID:    created.ID,
		Owner: Owner{ID: created.UserID, Caller: n.spec.UserID == 0 || created.UserID != n.spec.UserID},
	})
	return Token{}, &IssueError{
		Outcome: Contradicted, Name: n.spec.Name, Token: created, Field: field, RevokeErr: revokeErr,
		Err: errors.New("the answer contradicts the request in " + field),
	}
}

// create makes the API call (reference).
func (c *Client) create(ctx context.Context, spec Spec) (Token, error) {
	var created Token
	err := c.do(ctx, request{
		op: OpCreate, method: http.MethodPost, path: tokensPath, body: spec.wire(),
		decode: func(body []byte) (err error) {
			created, err = decodeCreated(body)
			return err
		},
		salvage: func(body []byte, failure *Error) (complete bool) {
			created, complete = salvageIssued(body, false)
			created.reportedUnder(failure)
			return complete
		},
	})
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(created.AccessToken, created.RefreshToken)
	created.Reported = c.quoted(OpCreate, created.Reported)
	return created, nil
}

// reportedUnder records the failure that came with a salvaged token. A successful status with a truncated or invalid body is not a
// reported failure.
func (t *Token) reportedUnder(failure *Error) {
	if !succeeds(failure.Status) {
		t.Reported = failure
	}
}

// quoted completes a failure that an answer reports together with its secrets, and masks them in its message.
func (c *Client) quoted(op Operation, reported *Error) *Error {
	if reported == nil {
		return nil
	}
	complete := *reported
	complete.Operation, complete.Message = op, c.mask.quote(reported.Message)
	return &complete
}
