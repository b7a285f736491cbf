// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Target is a token to be revoked.
type Target struct {
	ID    int64
	Owner Owner
	// MayBeHidden and HiddenAt: see Wanted.
	MayBeHidden bool
	HiddenAt    func(now time.Time) bool
	// Unlisted reports whether the owner's list did not hold the token beforehand, so that its absence afterwards proves
	// nothing: it may be somebody else's. The answer alone decides then.
	Unlisted bool
	// Pending reports whether an earlier DELETE waits for an administrator (202): it is not repeated, and only the list is
	// asked.
	Pending bool
}

// ErrRevocationPending means that the server took the revocation as a request that somebody has to authorize. The token
// works until then.
var ErrRevocationPending = errors.New("the revocation waits for the authorization of an administrator")

// What a revocation fails with that was answered "not found", where that does not prove that the token is gone.
var (
	// ErrTokenNotFound means that nothing proves that the API has answered.
	ErrTokenNotFound = errors.New("the server has no token with this id, or the address is not that of its API")
	// ErrTokenMayBeListed means that a list of the owner shows the token all the same, or cannot be read.
	ErrTokenMayBeListed = errors.New("the server has no token with this id, but its owner's list shows the token or cannot be read")
	// ErrTokenOfAnother means that the provider's user is not the one who made the token.
	ErrTokenOfAnother = errors.New("the server shows the provider's user no token with this id, and another user made the token")
)

// Revoke makes a token useless. It succeeds when the token is gone, also when somebody else revoked it: after a refusal
// or a lost answer the owner's list decides. After an ErrRevocationPending the token still works.
func (c *Client) Revoke(ctx context.Context, target Target) error {
	if ctx.Err() != nil {
		return &Error{Operation: OpRevoke, Kind: Interrupted}
	}
	writeCtx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	pending := target.Pending
	var err error
	if !pending {
		pending, err = c.sendRevocation(writeCtx, target.ID)
	}
	switch {
	case pending && !c.provesGone(writeCtx, target):
		return ErrRevocationPending
	case err != nil:
		if err = c.failureAfter(writeCtx, target, err); err != nil {
			return err
		}
	}
	c.forget(target.ID)
	return nil
}

// sendRevocation leaves of an interrupted revocation's time enough for the list.
func (c *Client) sendRevocation(writeCtx context.Context, id int64) (accepted bool, err error) {
	ctx, cancel := c.withShutdownGrace(writeCtx, callGrace)
	defer cancel()
	return c.revoke(ctx, id)
}

// failureAfter returns the failure of a revocation that failed with err, nil if it has left no token behind.
func (c *Client) failureAfter(ctx context.Context, target Target, err error) error {
	switch KindOf(err) {
	case Refused, Failed, Lost, Redirected:
	case NeverSent, Busy, Unauthorized, Interrupted:
		return err
	}
	switch {
	case saysNotFound(err) && target.Unlisted:
		return err
	case saysNotFound(err):
		if doubt := notFoundDoubt(c.notFoundEvidence(ctx, target)); doubt != nil {
			return errors.Join(doubt, err)
		}
		return nil
	case c.provesGone(ctx, target):
		return nil
	default:
		return err
	}
}

func saysNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.saysNotFound()
}

// notFoundEvidence collects the evidence. A release without lists shows none of the owner's. The list may be the call that
// proves the base path.
func (c *Client) notFoundEvidence(ctx context.Context, target Target) notFoundEvidence {
	s, err := c.Find(ctx, target.wanted())
	e := notFoundEvidence{
		basePathProved: c.basePathProved.Load(),
		mayBeListed:    s.Found || err != nil && !errors.Is(err, ErrNoListCall),
	}
	if e.basePathProved && !e.mayBeListed {
		e.asker = c.compareAsker(ctx, target.Owner.Maker)
	}
	if s.List != nil {
		_, e.foreign = s.List.names(target.Owner.ID)
	}
	return e
}

// provesGone reports whether a list that is made now proves that the token is gone.
func (c *Client) provesGone(ctx context.Context, target Target) bool {
	if target.Unlisted {
		return false
	}
	s, err := c.Find(ctx, target.wanted())
	return err == nil && !s.Found && s.Absence == Gone
}

func (t Target) wanted() Wanted {
	return Wanted{ID: t.ID, Owner: t.Owner, MayBeHidden: t.MayBeHidden, HiddenAt: t.HiddenAt, Fresh: true}
}

// revoke is the call itself (sdk). accepted reports whether it was answered 202: as a request for a revocation.
func (c *Client) revoke(ctx context.Context, id int64) (accepted bool, err error) {
	status := 0
	err = c.do(ctx, request{op: OpRevoke, method: http.MethodDelete, path: tokenPath(id), decode: decodeRevoked, status: &status})
	return status == http.StatusAccepted, err
}
