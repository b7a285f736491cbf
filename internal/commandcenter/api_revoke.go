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
	// Unlisted reports whether the owner's list did not contain the token before the revocation. It may be another user's token
	// then, so its absence afterwards proves nothing and only the answer counts.
	Unlisted bool
	// Pending reports whether an earlier DELETE waits for an administrator (202). It is not repeated; only the list is requested.
	Pending bool
}

// ErrRevocationPending means that the server recorded the revocation as a request that an administrator has to authorize. The token
// works until then.
var ErrRevocationPending = errors.New("an administrator has to authorize the revocation")

// A revocation that was answered "not found" fails with one of these errors if the answer does not prove that the token is gone.
var (
	// ErrTokenNotFound means that the answer may not have come from the API.
	ErrTokenNotFound = errors.New("the server has no token with this id, or the address is not that of its API")
	// ErrTokenMayBeListed means that a list of the owner still shows the token, or cannot be read.
	ErrTokenMayBeListed = errors.New("the server reports no token with this id, but its owner's list contains the token or " +
		"cannot be read")
	// ErrTokenOfAnother means that the provider's user did not create the token.
	ErrTokenOfAnother = errors.New("the server reports no token with this id to the provider's user, and another user created " +
		"the token")
)

// Revoke revokes a token. It succeeds when the token is gone, even if somebody else revoked it: after a refusal or a lost answer
// the owner's list decides. After ErrRevocationPending the token still works.
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

// sendRevocation leaves enough of an interrupted revocation's grace period for the list.
func (c *Client) sendRevocation(writeCtx context.Context, id int64) (accepted bool, err error) {
	ctx, cancel := c.withShutdownGrace(writeCtx, callGrace)
	defer cancel()
	return c.revoke(ctx, id)
}

// failureAfter returns the error of a revocation that failed with err, or nil if the token is gone.
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
		if uncertain := unprovedNotFound(c.notFoundEvidence(ctx, target)); uncertain != nil {
			return errors.Join(uncertain, err)
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

// notFoundEvidence collects the evidence. On a release without a list call there is no list to contradict the answer. The list may
// be the call that proves the base path.
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

// provesGone reports whether a list requested now proves that the token is gone.
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

// revoke makes the API call (sdk). accepted reports whether the server answered 202, which makes the call a request for a
// revocation.
func (c *Client) revoke(ctx context.Context, id int64) (accepted bool, err error) {
	status := 0
	err = c.do(ctx, request{op: OpRevoke, method: http.MethodDelete, path: tokenPath(id), decode: decodeRevoked, status: &status})
	return status == http.StatusAccepted, err
}
