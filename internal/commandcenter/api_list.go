// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// Each call of the API has a file that also contains the exported method built on it.

const tokensPath = "/V4/AccessToken"

func tokenPath(id int64) string { return tokensPath + "/" + strconv.FormatInt(id, 10) }

// list requests the tokens of a user, or the caller's tokens if userID is 0 (sdk).
func (c *Client) list(ctx context.Context, userID int64) (listAnswer, error) {
	query := ""
	if userID != 0 {
		query = "userId=" + strconv.FormatInt(userID, 10)
	}
	var answer listAnswer
	err := c.do(ctx, request{
		op: OpList, method: http.MethodGet, path: tokensPath + "/", query: query,
		decode: func(body []byte) (err error) {
			answer, err = decodeList(body)
			return err
		},
	})
	if err == nil && answer.arrayPresent { // any server may return an empty object
		c.basePathProved.Store(true)
	}
	return answer, err
}

// Tokens returns the owner's list. The first call requests it and all later calls share it; owner 0 is the caller. A failure is
// shared too: repeating the request for each token would only repeat the failure.
func (c *Client) Tokens(ctx context.Context, owner int64) (*List, error) {
	o := c.inventory.of(owner)
	l := o.walk()
	if l.lead() {
		c.fill(ctx, owner, o, l)
	}
	list, err := l.wait(waitContext(ctx))
	if KindOf(err) == Interrupted && waitContext(ctx).Err() == nil {
		return c.Tokens(ctx, owner) // the caller that led the request was interrupted; this caller was not
	}
	return list, err
}

// FreshTokens requests a new list of the owner, to find out the outcome of a call. While a list is in flight, new callers share the
// next one, which is requested after everything that any of them has sent. The list that follows an interrupted write may take as
// long as the write itself.
func (c *Client) FreshTokens(ctx context.Context, owner int64) (*List, error) {
	return c.freshTokens(ctx, owner, 1)
}

// freshTokens waits briefly until the expected number of callers share the list.
func (c *Client) freshTokens(ctx context.Context, owner int64, expected int) (*List, error) {
	o := c.inventory.of(owner)
	l := o.join(expected)
	led := l.lead()
	if led {
		if before := o.previous(); before != nil {
			_, _ = before.wait(ctx) // its result is for others; the call itself notices an interruption
		}
		c.gather(ctx, l, expected)
		c.fill(ctx, owner, o, l)
	}
	list, err := l.wait(ctx)
	if KindOf(err) == Interrupted && !led && ctx.Err() == nil {
		return c.freshTokens(ctx, owner, expected) // the caller that led the request was interrupted; this caller may still send one
	}
	return list, err
}

// Listed returns the owner's list as the server shows it. Without a write of this client since the last list, this is Tokens.
// Otherwise it is a new list, which is shared by all callers until the next write.
func (c *Client) Listed(ctx context.Context, owner int64) (*List, error) {
	first, err := c.Tokens(ctx, owner)
	if err != nil || first.writesSince() == 0 {
		return first, err
	}
	l := c.inventory.of(owner).since(first.writesSince())
	if l == nil {
		return c.FreshTokens(ctx, owner)
	}
	list, err := l.wait(waitContext(ctx))
	if KindOf(err) == Interrupted && waitContext(ctx).Err() == nil {
		return c.Listed(ctx, owner) // the caller that led the request was interrupted; this caller was not
	}
	return list, err
}

// fill requests the list and wakes all callers that share it.
func (c *Client) fill(ctx context.Context, owner int64, o *ownerLists, l *listing) {
	o.begin(l)
	answer, err := c.list(ctx, owner)
	if err != nil && waitContext(ctx).Err() != nil {
		err = &Error{Operation: OpList, Kind: Interrupted}
	}
	var list *List
	switch {
	case err == nil:
		list = newList(owner, answer, c.Now())
	case errors.Is(err, ErrNoListCall):
		list = newList(owner, listAnswer{}, c.Now()) // remembers who was warned
	}
	o.end(l, list, err)
}
