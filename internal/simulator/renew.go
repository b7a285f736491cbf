// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
)

// renew answers POST /V4/AccessToken/Renew. API.md#life-of-a-token (docs): the current pair rotates, and an older pair of a chain
// deletes the chain. If the credential does not match the dialect, the pair is unchanged.
func (s *Server) renew(c call) (answer, *problem) {
	f, p := readFields(c.header, c.body, "accessToken", "refreshToken")
	if p != nil {
		return answer{}, p
	}
	pair := Pair{AccessToken: f.required("accessToken"), RefreshToken: f.required("refreshToken")}
	if f.problem != nil {
		return answer{}, f.problem
	}
	w := s.store
	if p := w.authenticateRenewal(c.header, pair.AccessToken); p != nil {
		return answer{}, p
	}
	token, p := w.ofPair(pair)
	if p != nil {
		return answer{}, p
	}
	if p := w.rotate(token); p != nil {
		return answer{}, p
	}
	a := jsonAnswer(http.StatusOK, wireRenewed{
		ID: token.ID, Name: token.Name, AccessToken: token.AccessToken, RefreshToken: token.RefreshToken,
		Expiry: w.toldExpiry(token), RefreshExpiry: unix(token.RefreshExpiresAt),
		RenewableUntil: unix(token.RenewableUntil),
	})
	a.tokenID = token.ID
	return a, nil
}

// unexpectedPair is the refusal of an outdated pair, and of an unknown one (assumed). API.md#renew (field).
const unexpectedPair = "Unexpected access token or refresh token provided."

// ofPair returns the token with this current pair. An older refresh token purges the chain, with any access token.
// API.md#life-of-a-token (docs).
func (w *store) ofPair(pair Pair) (*Token, *problem) {
	if pair.RefreshToken == "" { // would match tokens without a refresh token
		return nil, malformedf("refreshToken must not be empty")
	}
	for _, t := range w.ordered() {
		if t.AccessToken == pair.AccessToken && t.RefreshToken == pair.RefreshToken {
			return t, nil
		}
		old := slices.ContainsFunc(t.OldPairs, func(p Pair) bool { return p.RefreshToken == pair.RefreshToken })
		if old {
			w.purge(t)
			return nil, refusedf(codeOldPair, unexpectedPair)
		}
	}
	return nil, refusedf(codeNoSuchPair, unexpectedPair)
}
