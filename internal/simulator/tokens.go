// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
	"time"
)

// draft is what a create or an update asks for; nil is a field that the request does not have.
type draft struct {
	name           *string
	tokenType      *string
	userID         *int64
	apiEndpoints   *[]string
	allowedIPs     *[]string
	renewableUntil *int64 // Unix seconds
	tokenExpiry    *int64 // Unix seconds
}

// readDraft reads the fields of API.md#create (reference; userId and allowedIPs: sdk).
func readDraft(c call) (draft, *problem) {
	f, p := readFields(c.header, c.body, "tokenName", "tokenType", "userId", "apiEndpoints", "allowedIPs",
		"renewableUntilTimestamp", "tokenExpiryTimestamp")
	if p != nil {
		return draft{}, p
	}
	d := draft{
		name:           f.text("tokenName"),
		tokenType:      f.tokenType("tokenType"),
		userID:         f.number("userId"),
		apiEndpoints:   f.texts("apiEndpoints"),
		allowedIPs:     f.texts("allowedIPs"),
		renewableUntil: f.timestamp("renewableUntilTimestamp"),
		tokenExpiry:    f.timestamp("tokenExpiryTimestamp"),
	}
	return d, f.problem
}

// check the values for a token of that type. API.md#types (reference), API.md#create.
func (d draft) check(tokenType string, creating bool, now time.Time) *problem {
	if d.name != nil && strings.TrimSpace(*d.name) == "" {
		return malformedf("tokenName must not be blank")
	}
	if p := checkEndpoints(d.apiEndpoints, tokenType, creating); p != nil {
		return p
	}
	if d.allowedIPs != nil {
		if p := checkAllowedIPs(*d.allowedIPs); p != nil {
			return p
		}
	}
	if d.renewableUntil != nil && !renewable(tokenType) {
		return malformedf("renewableUntilTimestamp is not for tokens of type %s", tokenType)
	}
	if d.tokenExpiry != nil && renewable(tokenType) {
		return malformedf("tokenExpiryTimestamp is for tokens of type MS_SCIM and OneTouch, not %s", tokenType)
	}
	for name, value := range map[string]*int64{
		"renewableUntilTimestamp": d.renewableUntil, "tokenExpiryTimestamp": d.tokenExpiry,
	} {
		if value != nil && *value <= now.Unix() {
			return malformedf("%s lies in the past", name)
		}
	}
	return nil
}

// create answers POST /V4/AccessToken. API.md#create (reference).
func (s *Server) create(c call, from caller) (answer, *problem) {
	d, p := readDraft(c)
	if p != nil {
		return answer{}, p
	}
	if d.name == nil {
		return answer{}, malformedf("tokenName is missing")
	}
	w := s.world
	token := &Token{Name: *d.name, Type: TypeAll, UserID: from.account.id, CreatedAt: seconds(w.now())}
	if d.tokenType != nil {
		token.Type = *d.tokenType
	}
	if d.userID != nil {
		token.UserID = *d.userID
	}
	if p := d.check(token.Type, true, w.now()); p != nil {
		return answer{}, p
	}
	if p := w.mayManage(from, token.UserID); p != nil {
		return answer{}, p
	}
	if w.named(token.UserID, token.Name, 0) != nil {
		return answer{}, nameTaken()
	}
	if d.apiEndpoints != nil {
		token.APIEndpoints = *d.apiEndpoints
	}
	if d.allowedIPs != nil {
		token.AllowedIPs = *d.allowedIPs
	}
	token.setPair(newPair(token.Type))
	w.setEnds(token, d.renewableUntil, d.tokenExpiry)
	w.add(token)
	a := jsonAnswer(http.StatusOK, wireCreated{TokenInfo: tokenInfo(token, true)})
	a.tokenID = token.ID
	return a, nil
}

// update answers PUT /V4/AccessToken/{id}: each field is optional. API.md#update (sdk). An empty list removes all
// allowedIPs: API.md#q19 (assumed). Type and owner cannot be changed (assumed; owner: API.md#q21).
func (s *Server) update(c call, from caller) (answer, *problem) {
	d, p := readDraft(c)
	if p != nil {
		return answer{}, p
	}
	w := s.world
	token, p := w.managed(c, from)
	if p != nil {
		return answer{}, p
	}
	if d.tokenType != nil && *d.tokenType != token.Type {
		return answer{}, refusedf(codeFixed, "The type of a token cannot be changed")
	}
	if d.userID != nil && *d.userID != token.UserID {
		return answer{}, refusedf(codeFixed, "The owner of a token cannot be changed")
	}
	if p := d.check(token.Type, false, w.now()); p != nil {
		return answer{}, p
	}
	if d.name != nil && w.named(token.UserID, *d.name, token.ID) != nil {
		return answer{}, nameTaken()
	}
	if d.name != nil {
		token.Name = *d.name
	}
	if d.apiEndpoints != nil {
		token.APIEndpoints = *d.apiEndpoints
	}
	if d.allowedIPs != nil {
		token.AllowedIPs = *d.allowedIPs
	}
	w.moveEnds(token, d.renewableUntil, d.tokenExpiry)
	if w.dialect.UpdateSecrets == UpdateRepeatsNew { // API.md#q16; the expiry stays (assumed)
		token.setPair(newPair(token.Type))
	}
	repeats := w.dialect.UpdateSecrets != UpdateRepeatsNone
	return jsonAnswer(http.StatusOK, wireCreated{TokenInfo: tokenInfo(token, repeats)}), nil
}

// revoke answers DELETE /V4/AccessToken/{id}; errorCode is present also when it is 0. API.md#revoke,
// API.md#the-vendors-own-client (sdk).
func (s *Server) revoke(c call, from caller) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	token, p := s.world.managed(c, from)
	if p != nil {
		return answer{}, p
	}
	delete(s.world.tokens, token.ID)
	return jsonAnswer(http.StatusOK, wireError{}), nil
}

// add gives the token its id.
func (w *world) add(t *Token) {
	t.ID = w.nextID
	w.nextID++
	w.tokens[t.ID] = t
}

// managed is the token that an update or a revocation names, if the caller may change it.
func (w *world) managed(c call, from caller) (*Token, *problem) {
	if c.badID {
		return nil, malformedf("%q is not the id of a token", c.segments[2])
	}
	token := w.tokens[c.id]
	if token == nil {
		return nil, noSuchID(c.id)
	}
	return token, w.mayManage(from, token.UserID)
}

// mayManage reports whether the caller may see and change that user's tokens: an administrator everybody's, others their
// own (assumed). A user that does not exist is a bad value.
func (w *world) mayManage(from caller, user int64) *problem {
	if w.accounts[user] == nil {
		return malformedf("There is no user with the id %d", user)
	}
	if !from.account.administrator && from.account.id != user {
		return forbiddenf("User %q may not manage the tokens of other users", from.account.name)
	}
	return nil
}

// tokenInfo returns the object of that name in API.md#create (reference).
func tokenInfo(t *Token, withSecrets bool) wireTokenInfo {
	info := wireTokenInfo{
		ID: t.ID, Name: t.Name, UserID: t.UserID,
		Expiry: unix(t.ExpiresAt), RefreshExpiry: unix(t.RefreshExpiresAt), RenewableUntil: unix(t.RenewableUntil),
	}
	if withSecrets {
		info.AccessToken, info.RefreshToken = t.AccessToken, t.RefreshToken
	}
	return info
}
