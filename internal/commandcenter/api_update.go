// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
)

// Update changes a token in place. It is idempotent, so it may be sent again after a lost answer.
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

// update makes the API call (sdk).
func (c *Client) update(ctx context.Context, id int64, change Change) (Token, error) {
	var updated Token
	err := c.do(ctx, request{
		op: OpUpdate, method: http.MethodPut, path: tokenPath(id), body: change.wire(),
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
