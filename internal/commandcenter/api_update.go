// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
	"slices"
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
	c.changed(id, func(t *Token) { change.applyTo(t, updated) })
	return updated, nil
}

// applyTo brings a listed token up to date with a change and the answer to it.
func (c Change) applyTo(t *Token, answered Token) {
	if c.Name != nil {
		t.Name = *c.Name
	}
	if c.APIEndpoints != nil {
		t.APIEndpoints = *c.APIEndpoints
	}
	if c.AllowedIPs != nil {
		t.AllowedIPs = *c.AllowedIPs
	}
	if c.RenewableUntil != nil {
		t.RenewableUntil = *c.RenewableUntil
	}
	if c.TokenExpiry != nil {
		t.ExpiresAt = *c.TokenExpiry
	}
	t.takeInstants(answered)
}

// takeInstants takes over the instants that an answer holds.
func (t *Token) takeInstants(answered Token) {
	take := func(field *time.Time, answered time.Time) {
		if !answered.IsZero() {
			*field = answered
		}
	}
	take(&t.ExpiresAt, answered.ExpiresAt)
	take(&t.RefreshTokenExpiresAt, answered.RefreshTokenExpiresAt)
	take(&t.RenewableUntil, answered.RenewableUntil)
}

// update is the call itself (sdk). Nil fields are left out.
func (c *Client) update(ctx context.Context, id int64, change Change) (Token, error) {
	body := wireRequest{
		Name:           change.Name,
		RenewableUntil: unix(change.RenewableUntil),
		TokenExpiry:    unix(change.TokenExpiry),
	}
	if change.APIEndpoints != nil {
		body.APIEndpoints = sorted(*change.APIEndpoints)
	}
	if change.AllowedIPs != nil {
		body.AllowedIPs = sorted(*change.AllowedIPs)
	}
	var updated Token
	err := c.do(ctx, request{
		op: OpUpdate, method: http.MethodPut, path: tokenPath(id), body: body,
		decode: func(body []byte) (err error) {
			updated, err = decodeUpdated(body)
			return err
		},
	})
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(updated.AccessToken, updated.RefreshToken)
	return updated, nil
}

// sorted makes requests the same whatever order a set had. It is never nil: an empty list is sent as one.
func sorted(set []string) *[]string {
	list := append([]string{}, set...)
	slices.Sort(list)
	return &list
}
