// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// The calls of the API. Each stands in a file of its own with the method that users of the client call.

const tokensPath = "/V4/AccessToken"

func tokenPath(id int64) string { return tokensPath + "/" + strconv.FormatInt(id, 10) }

// list asks for the tokens of a user, or for the caller's if userID is 0 (sdk).
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
	if err == nil && answer.arrayPresent { // an empty object may come from anything
		c.basePathProved.Store(true)
	}
	return answer, err
}

// Tokens returns the owner's list, asked for at the first call and shared by all later ones; owner 0 is the caller. A list
// that failed stays failed: asking once for each token would only repeat the failure.
func (c *Client) Tokens(ctx context.Context, owner int64) (*List, error) {
	o := c.inventory.of(owner)
	l := o.walk()
	if l.lead() {
		c.fill(ctx, owner, o, l)
	}
	list, err := l.wait(waitContext(ctx))
	if KindOf(err) == Interrupted && waitContext(ctx).Err() == nil {
		return c.Tokens(ctx, owner) // whoever asked was interrupted; this caller was not
	}
	return list, err
}

// FreshTokens asks for the owner's list anew: it decides what became of a call. Whoever comes while a list is under way
// shares the next one, which is asked for after everything that any of them has sent. The list that follows an interrupted
// write is waited for as long as the write may go on.
func (c *Client) FreshTokens(ctx context.Context, owner int64) (*List, error) {
	return c.freshTokens(ctx, owner, 1)
}

// freshTokens waits for a moment until as many callers as are expected share the list.
func (c *Client) freshTokens(ctx context.Context, owner int64, expected int) (*List, error) {
	o := c.inventory.of(owner)
	l := o.join(expected)
	led := l.lead()
	if led {
		if before := o.previous(); before != nil {
			_, _ = before.wait(ctx) // its result is for others; an interruption shows in the call
		}
		c.gather(ctx, l, expected)
		c.fill(ctx, owner, o, l)
	}
	list, err := l.wait(ctx)
	if KindOf(err) == Interrupted && !led && ctx.Err() == nil {
		return c.freshTokens(ctx, owner, expected) // whoever asked was interrupted; this caller may still ask
	}
	return list, err
}

// Listed returns the owner's list as the server shows it: Tokens, unless this client has written since, and then one that
// is asked for anew and shared by all who come before the next write.
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
		return c.Listed(ctx, owner) // whoever asked was interrupted; this caller was not
	}
	return list, err
}

// fill asks the server, and ends the wait of all who share the answer.
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
		list = newList(owner, listAnswer{}, c.Now()) // to remember who was warned
	}
	o.end(l, list, err)
}
