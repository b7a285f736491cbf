// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Update changes a token in place. It may be sent again after a lost answer: doing it twice does no harm.
func (c *Client) Update(ctx context.Context, id int64, change Change) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, &Error{Operation: OpUpdate, Kind: Interrupted}
	}
	ctx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	updated, err := c.update(ctx, id, change)
	if err != nil {
		return Token{}, err
	}
	c.changed(id, change, updated)
	return updated, nil
}

// changed brings the shared lists up to date with an update.
func (c *Client) changed(id int64, change Change, told Token) {
	c.inventory.each(func(_ int64, l *List) bool {
		t, listed := l.tokens[id]
		if !listed {
			return false
		}
		if change.Name != nil {
			t.Name = *change.Name
		}
		if change.APIEndpoints != nil {
			t.APIEndpoints = *change.APIEndpoints
		}
		if change.AllowedIPs != nil {
			t.AllowedIPs = *change.AllowedIPs
		}
		if change.RenewableUntil != nil {
			t.RenewableUntil = *change.RenewableUntil
		}
		if change.TokenExpiry != nil {
			t.ExpiresAt = *change.TokenExpiry
		}
		setIfTold(&t.RenewableUntil, told.RenewableUntil)
		setIfTold(&t.ExpiresAt, told.ExpiresAt)
		setIfTold(&t.RefreshTokenExpiresAt, told.RefreshTokenExpiresAt)
		l.put(t)
		return true
	})
}

func setIfTold(field *time.Time, told time.Time) {
	if !told.IsZero() {
		*field = told
	}
}

// Target is a token to be revoked.
type Target struct {
	ID    int64
	Owner Owner
	// MayBeHidden tells that some servers would no longer list the token although it exists: it has expired, and can
	// still be renewed.
	MayBeHidden bool
	// Unlisted tells that the owner's list did not hold the token beforehand, so that its absence afterwards proves nothing:
	// it may be somebody else's. What the server answers is the result then.
	Unlisted bool
}

// Revoke makes a token useless. It succeeds when the token is gone, also when somebody else revoked it: after a refusal
// or a lost answer the owner's list decides.
func (c *Client) Revoke(ctx context.Context, target Target) error {
	if ctx.Err() != nil {
		return &Error{Operation: OpRevoke, Kind: Interrupted}
	}
	writeCtx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	err := c.revokeWithin(writeCtx, target.ID)
	if err == nil || c.isGone(writeCtx, target, err) {
		c.forget(target.ID)
		return nil
	}
	return err
}

// revokeWithin leaves of an interrupted revocation's time enough for the list.
func (c *Client) revokeWithin(writeCtx context.Context, id int64) error {
	ctx, cancel := c.withShutdownGrace(writeCtx, callGrace)
	defer cancel()
	return c.revoke(ctx, id)
}

// isGone asks the owner's list after a revocation that failed with err.
func (c *Client) isGone(ctx context.Context, target Target, err error) bool {
	var refusal *Error
	if !errors.As(err, &refusal) || target.Unlisted {
		return false
	}
	switch refusal.Kind {
	case Refused, Failed, Lost, Redirected:
	default:
		return false
	}
	if refusal.Status == http.StatusForbidden && target.Owner.ID == 0 {
		return false // it may be somebody else's, whom the caller's own list does not show
	}
	list, listErr := c.FreshTokens(ctx, target.Owner.ID)
	if listErr != nil {
		// Without a list, only the API's own "not found" says that there is nothing to revoke.
		return refusal.Status == http.StatusNotFound && refusal.Documented
	}
	if _, there := list.Get(target.ID); there {
		return false
	}
	// A missing id is answered 404, or under 200 with an error. Any other failure says nothing about the token, so the list
	// must be the owner's own, and one that would show it.
	if refusal.MayMeanMissing() {
		return true
	}
	return !target.MayBeHidden || list.ShowsExpired(c.clock.Now())
}

// MayMeanMissing reports whether the answer may be the one to a missing id: 404, or 200 with an error, which may also be
// any other refusal. API.md#q29.
func (e *Error) MayMeanMissing() bool {
	return e.Documented && (e.Status == http.StatusNotFound || e.Status < http.StatusMultipleChoices)
}

// Describe names a token in a message: its name, if known, and its id.
func Describe(name string, id int64) string {
	if name == "" {
		return fmt.Sprintf("access token with the id %d", id)
	}
	return fmt.Sprintf("access token %q (id %d)", name, id)
}
