// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Pair is an access token and the refresh token that came with it. A pair renews once: with an older one, Command Center
// deletes every token of the chain. API.md#life-of-a-token (docs).
type Pair struct {
	AccessToken  Secret
	RefreshToken Secret
}

// Renewal is a renewal that is due.
type Renewal struct {
	// Wanted is the token. Its lists are always asked for anew.
	Wanted Wanted
	Pair   Pair
	// ExpiresAt is the expiry that came with the pair, zero if it is not known.
	ExpiresAt time.Time
}

// RenewIfUnspent renews a token if a list proves that nobody else has: see pairVerdict. PairUnspent means that the pair was
// sent: the token is the new one, which must be stored before anything else happens, or KeepsPair says what the error means
// for the pair. After any other verdict nothing was sent, the token is as the list shows it, and the error is why the list
// failed. After a documented 429 or 503 the renewal waits, takes a new list, and is sent again.
func (c *Client) RenewIfUnspent(ctx context.Context, r Renewal) (PairVerdict, Token, error) {
	c.mask.Add(r.Pair.AccessToken, r.Pair.RefreshToken)
	expected := c.renewals.begin()
	defer c.renewals.end()
	repeats := c.limiter.countRepeats(OpRenew)
	for {
		verdict, listed, err := c.pairState(ctx, r, expected)
		if verdict != PairUnspent {
			return verdict, listed, err
		}
		renewed, err := c.Renew(ctx, r.Wanted.ID, r.Pair)
		var failure *Error
		if !errors.As(err, &failure) || failure.Kind != Busy || !KeepsPair(err) {
			return verdict, renewed, err
		}
		if n := repeats.after(failure); n > c.maxRetries || c.waitBeforeRepeat(ctx, failure, max(n, 1)) != nil {
			return verdict, renewed, err
		}
	}
}

// pairState says whether a pair may be sent to Renew, by a list that is made for this renewal.
func (c *Client) pairState(ctx context.Context, r Renewal, expected int) (PairVerdict, Token, error) {
	s, err := c.findAnew(ctx, r.Wanted, expected)
	return pairVerdict(pairEvidence{
		listFailed: err != nil, listed: s.Found, absence: s.Absence, ours: r.ExpiresAt, theirs: s.Token.ExpiresAt,
	}), s.Token, err
}

// Renew sends a pair and returns the new one, which must be stored before anything else happens. The pair is sent again only
// after an answer that proves that it was not used: then the next form of its credential is tried. KeepsPair says what an
// error means for the pair. Token.Reported is a failure that the answer reported although it carried the secrets.
func (c *Client) Renew(ctx context.Context, id int64, pair Pair) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, &Error{Operation: OpRenew, Kind: Interrupted}
	}
	ctx, cancel := c.withShutdownGrace(ctx, ShutdownGrace)
	defer cancel()
	c.mask.Add(pair.AccessToken, pair.RefreshToken)
	renewed, err := c.renewInAcceptedForm(ctx, pair)
	if err != nil {
		return Token{}, err
	}
	c.mask.Add(renewed.AccessToken, renewed.RefreshToken)
	renewed.Reported = c.quoted(OpRenew, renewed.Reported)
	if renewed.ID == 0 {
		renewed.ID = id
	}
	c.changed(renewed.ID, func(t *Token) { t.takeInstants(renewed) })
	return renewed, nil
}

// KeepsPair reports whether a renewal that failed with err has certainly not used the pair: the request did not leave, or
// Command Center itself said that it did not take it. A firewall's answer proves nothing: it may have replaced the server's.
func KeepsPair(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Kind {
	case NeverSent, Interrupted, Unauthorized:
		return true
	case Busy:
		return e.Documented || e.rejectedByBreaker
	case Refused:
		return e.forbids()
	case Lost, Failed, Redirected:
	}
	return false
}

// renew is the call itself (sdk). It is sent once, but for an expired session in a form that was accepted before.
func (c *Client) renew(ctx context.Context, pair Pair, form renewForm, accepted bool) (Token, error) {
	var renewed Token
	err := c.do(ctx, request{
		op: OpRenew, method: http.MethodPost, path: tokensPath + "/Renew", once: true,
		anonymous: !form.own, keepSession: !accepted,
		authorize: func(header http.Header) { form.authorize(header, pair.AccessToken.Reveal()) },
		body:      wireRenewRequest{AccessToken: pair.AccessToken.Reveal(), RefreshToken: pair.RefreshToken.Reveal()},
		decode: func(body []byte) (err error) {
			renewed, err = decodeRenewed(body)
			return err
		},
		salvage: func(body []byte, failure *Error) (complete bool) {
			renewed, complete = salvageIssued(body, true)
			renewed.reportedUnder(failure)
			return complete && !renewed.hasPair(pair) // not the echo of the request
		},
	})
	return renewed, err
}

type wireRenewRequest struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
}
