// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
)

// Pair is an access token and the refresh token that came with it. A pair renews once: with an older one, Command Center
// deletes every token of the chain (docs).
type Pair struct {
	AccessToken  Secret
	RefreshToken Secret
}

type wireRenewRequest struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
}

// renewCredentials are the forms in which a renewal may have to be authenticated, in the order in which they are tried:
// as the vendor documents it, as a user reports it, and as the vendor's own MCP server does it (docs, field).
var renewCredentials = []func(header http.Header, pair Pair){
	func(header http.Header, pair Pair) { header.Set("Authorization", "Bearer "+pair.AccessToken.Reveal()) },
	func(header http.Header, pair Pair) { header.Set("Authtoken", pair.AccessToken.Reveal()) },
	func(http.Header, Pair) {},
}

// Renew sends a pair and gives the new one, which must be stored before anything else happens. Nothing is repeated, save
// after a 401, which has not used the pair: then the next form of its credential is tried. See KeepsPair for what an error
// means for the pair.
func (c *Client) Renew(ctx context.Context, id int64, pair Pair) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, &Error{Operation: OpRenew, Kind: Interrupted}
	}
	ctx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	c.mask.Add(pair.AccessToken, pair.RefreshToken)
	var renewed Token
	var err error
	for _, credential := range renewCredentials {
		renewed, err = c.renew(ctx, pair, func(header http.Header) { credential(header, pair) })
		if KindOf(err) != Unauthorized {
			break
		}
	}
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(renewed.AccessToken, renewed.RefreshToken)
	renewed.Reported = c.quoted(OpRenew, renewed.Reported)
	if renewed.ID == 0 {
		renewed.ID = id
	}
	c.renewed(renewed)
	return renewed, nil
}

// KeepsPair tells that a renewal that failed with err has certainly not used the pair up.
func KeepsPair(err error) bool {
	switch KindOf(err) {
	case NeverSent, Interrupted, Unauthorized, Busy:
		return true
	default:
		return false
	}
}

func (c *Client) renew(ctx context.Context, pair Pair, authorize func(http.Header)) (Token, error) {
	var renewed Token
	err := c.do(ctx, request{
		op: OpRenew, method: http.MethodPost, path: tokensPath + "/Renew", anonymous: true, once: true, authorize: authorize,
		body: wireRenewRequest{AccessToken: pair.AccessToken.Reveal(), RefreshToken: pair.RefreshToken.Reveal()},
		decode: func(body []byte) (err error) {
			renewed, err = decodeRenewed(body)
			return err
		},
	})
	return renewed, err
}

// FindFresh is Find in lists of this very moment: what decides whether a pair may still be sent.
func (c *Client) FindFresh(ctx context.Context, owner Owner, id int64) (Token, bool, *List, error) {
	first := owner.ID
	if owner.Caller {
		first = 0
	}
	list, err := c.FreshTokens(ctx, first)
	if err != nil {
		return Token{}, false, nil, err
	}
	t, found := list.Get(id)
	if found || owner.ID == 0 || list.isOf(owner.ID) {
		return t, found, list, nil
	}
	if list, err = c.FreshTokens(ctx, owner.ID); err != nil {
		return Token{}, false, nil, err
	}
	t, found = list.Get(id)
	return t, found, list, nil
}

// renewed brings the shared lists up to date with a renewal.
func (c *Client) renewed(told Token) {
	c.inventory.each(func(_ int64, l *List) bool {
		t, listed := l.tokens[told.ID]
		if !listed {
			return false
		}
		setIfTold(&t.ExpiresAt, told.ExpiresAt)
		setIfTold(&t.RefreshTokenExpiresAt, told.RefreshTokenExpiresAt)
		setIfTold(&t.RenewableUntil, told.RenewableUntil)
		l.put(t)
		return true
	})
}
