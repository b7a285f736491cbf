// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
)

// renew answers POST /V4/AccessToken/Renew. API.md#renew, API.md#life-of-a-token (docs): the current pair rotates; an
// older pair of a chain deletes the chain. A credential that is not the dialect's is 401 and leaves the pair as it was.
func (s *Server) renew(c call) (answer, *problem) {
	f, p := readFields(c.header, c.body, "accessToken", "refreshToken")
	if p != nil {
		return answer{}, p
	}
	pair := Pair{AccessToken: f.required("accessToken"), RefreshToken: f.required("refreshToken")}
	if f.problem != nil {
		return answer{}, f.problem
	}
	w := s.world
	if p := w.renewalCredential(c.header, pair.AccessToken); p != nil {
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
		Expiry: unix(token.ExpiresAt), RefreshExpiry: unix(token.RefreshExpiresAt),
		RenewableUntil: unix(token.RenewableUntil),
	})
	a.tokenID = token.ID
	return a, nil
}

// renewalCredential accepts exactly the dialect's form, with the access token of the pair: it may have expired, for that
// is when it is renewed. API.md#renew (docs, field).
func (w *world) renewalCredential(header http.Header, accessToken string) *problem {
	if w.dialect.RenewCredential == RenewSession {
		from, p := w.authenticate(header)
		if p == nil && from.token != nil {
			p = noSession("The renewal needs a login session")
		}
		return p
	}
	want := http.Header{}
	switch w.dialect.RenewCredential {
	case RenewBearer:
		want.Set("Authorization", "Bearer "+accessToken)
	case RenewAuthtoken:
		want.Set("Authtoken", accessToken)
	case RenewNone, RenewSession:
	}
	for _, name := range []string{"Authorization", "Authtoken"} {
		if !slices.Equal(header.Values(name), want.Values(name)) {
			return noSession("The renewal is not authenticated in the form that this server accepts")
		}
	}
	return nil
}

// ofPair is the token whose current pair this is. An older refresh token purges the chain, whatever access token comes
// with it. API.md#life-of-a-token (docs).
func (w *world) ofPair(pair Pair) (*Token, *problem) {
	if pair.RefreshToken == "" { // what tokens without a refresh token would otherwise match
		return nil, malformedf("refreshToken must not be empty")
	}
	for _, t := range w.ordered() {
		if t.AccessToken == pair.AccessToken && t.RefreshToken == pair.RefreshToken {
			return t, nil
		}
		old := slices.ContainsFunc(t.OldPairs, func(p Pair) bool { return p.RefreshToken == pair.RefreshToken })
		if old {
			w.purge(t)
			return nil, refusedf(codeOldPair, "The refresh token was used before; all tokens of its chain were deleted")
		}
	}
	return nil, refusedf(codeNoSuchPair, "The pair of access token and refresh token is not known")
}
