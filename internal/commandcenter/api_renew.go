// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Pair is an access token and the refresh token that came with it. A pair renews once: if an older pair is sent, Command Center
// deletes every token of the chain. API.md#life-of-a-token (docs).
type Pair struct {
	AccessToken  Secret
	RefreshToken Secret
}

// Renewal is a renewal that is due.
type Renewal struct {
	// Wanted identifies the token. Its lists are always requested anew.
	Wanted Wanted
	Pair   Pair
	// ExpiresAt is the expiry that came with the pair, or zero if it is unknown.
	ExpiresAt time.Time
}

// RenewIfUnspent renews a token if a list proves that nobody else has renewed it: see pairVerdict.
//
// PairUnspent means that the pair was sent. On success the returned token is the new one and must be stored before anything else
// happens. On failure KeepsPair reports whether the pair is still usable.
//
// After any other verdict nothing was sent. The returned token is then the listed one, and the error is the failure of the list, if
// any.
//
// After a documented 429 or 503 the renewal waits, requests a new list, and is sent again.
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

// pairState decides whether a pair may be sent to Renew, based on a list that is requested for this renewal.
func (c *Client) pairState(ctx context.Context, r Renewal, expected int) (PairVerdict, Token, error) {
	s, err := c.findAnew(ctx, r.Wanted, expected)
	return pairVerdict(pairEvidence{
		listFailed: err != nil, listed: s.Found, absence: s.Absence, ours: r.ExpiresAt, theirs: s.Token.ExpiresAt,
	}), s.Token, err
}

// Renew sends a pair and returns the new one, which must be stored before anything else happens. The pair is sent again, with the
// next form of its credential, only after an answer that proves that it was not used. After a failure KeepsPair reports whether the
// pair is still usable. Token.Reported is set if the answer reported a failure although it carried the secrets.
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

// KeepsPair reports whether a renewal that failed with err has certainly not used the pair: the request was not sent, or Command
// Center itself rejected it. A firewall's answer proves nothing, because it may have replaced the server's.
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

// renew makes the API call (sdk). The request is sent once, unless the session expires in a form that was accepted before.
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
			return complete && !renewed.hasPair(pair) // an echo of the request does not count
		},
	})
	return renewed, err
}

type wireRenewRequest struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
}
