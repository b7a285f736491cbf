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

// ErrTokenNotFound means that the server answered that it has no such token, and that nothing proves that this is so.
var ErrTokenNotFound = errors.New("the server has no token with this id, or the address is not that of its API")

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
	case err != nil && !c.isGoneAfter(writeCtx, target, err):
		if saysNotFound(err) && !target.Unlisted {
			return errors.Join(ErrTokenNotFound, err)
		}
		return err
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

// isGoneAfter reports whether a revocation that failed with err has left no token behind.
func (c *Client) isGoneAfter(ctx context.Context, target Target, err error) bool {
	switch KindOf(err) {
	case Refused, Failed, Lost, Redirected:
	case NeverSent, Busy, Unauthorized, Interrupted:
		return false
	}
	if !saysNotFound(err) {
		return c.provesGone(ctx, target)
	}
	return !target.Unlisted && c.basePathProved.Load() && !c.isListed(ctx, target)
}

func saysNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.saysNotFound()
}

// isListed reports whether some list of the owner shows the token, or may show it: it failed. A release without lists
// shows none.
func (c *Client) isListed(ctx context.Context, target Target) bool {
	s, err := c.Find(ctx, target.wanted())
	return s.Found || err != nil && !errors.Is(err, ErrNoListCall)
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
