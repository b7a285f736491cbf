// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// create answers POST /V4/AccessToken. API.md#create (reference).
func (s *Server) create(c call, from caller) (answer, *problem) {
	d, p := readDraft(c)
	if p != nil {
		return answer{}, p
	}
	if d.name == nil {
		return answer{}, malformedf("tokenName is missing")
	}
	w := s.store
	d = d.without(w.dialect)
	token := &Token{Type: TypeAll, UserID: from.account.id, CreatedAt: seconds(w.now())}
	if d.tokenType != nil {
		token.Type = *d.tokenType
	}
	if d.userID != nil {
		token.UserID = *d.userID
	}
	d = d.forType(token.Type, w.dialect)
	if p := d.check(token.Type, true, w.now()); p != nil {
		return answer{}, p
	}
	if p := w.mayManage(from, token.UserID); p != nil {
		return answer{}, p
	}
	if w.named(token.UserID, *d.name, 0) != nil {
		return answer{}, nameTaken()
	}
	d.writeTo(token)
	token.setPair(newPair(token.Type))
	w.setEnds(token, d.renewableUntil, d.tokenExpiry)
	w.add(token)
	a := jsonAnswer(http.StatusOK, wireCreated{TokenInfo: w.tokenInfo(token, true)})
	a.tokenID = token.ID
	return a, nil
}

// update answers PUT /V4/AccessToken/{id}. Each field is optional, and an empty list removes all allowedIPs. API.md#create (sdk),
// API.md#the-vendors-own-client. Only some types can be changed into each other: API.md#life-of-a-token (docs). The owner does not
// change (assumed).
func (s *Server) update(c call, from caller) (answer, *problem) {
	d, p := readDraft(c)
	if p != nil {
		return answer{}, p
	}
	w := s.store
	token, p := w.managed(c, from)
	if p != nil {
		return answer{}, p
	}
	d = d.without(w.dialect)
	wanted := token.Type
	if d.tokenType != nil {
		wanted = *d.tokenType
	}
	if wanted != token.Type && (!renewable(wanted) || !renewable(token.Type)) {
		return answer{}, refusedf(codeFixed, "The type of a token cannot be changed from %s to %s", token.Type, wanted)
	}
	if d.userID != nil && *d.userID != token.UserID {
		return answer{}, refusedf(codeFixed, "The owner of a token cannot be changed")
	}
	d = d.forType(wanted, w.dialect)
	if p := d.check(wanted, wanted != token.Type, w.now()); p != nil {
		return answer{}, p
	}
	if d.name != nil && w.named(token.UserID, *d.name, token.ID) != nil {
		return answer{}, nameTaken()
	}
	token.Type = wanted
	if wanted != TypeCustom {
		token.APIEndpoints = nil
	}
	d.writeTo(token)
	w.moveEnds(token, d.renewableUntil, d.tokenExpiry)
	if w.dialect.UpdateSecrets == UpdateRepeatsNew { // API.md#open-questions; the expiry stays (assumed)
		w.replacePair(token, newPair(token.Type))
	}
	if w.dialect.UpdateIDOnly {
		content := wireIDOnly{}
		content.TokenInfo.ID = token.ID
		return jsonAnswer(http.StatusOK, content), nil
	}
	repeats := w.dialect.UpdateSecrets != UpdateRepeatsNone
	return jsonAnswer(http.StatusOK, wireCreated{TokenInfo: w.tokenInfo(token, repeats)}), nil
}

// revoke answers DELETE /V4/AccessToken/{id}. The errorCode is present even if it is 0. API.md#revoke,
// API.md#the-vendors-own-client (sdk).
func (s *Server) revoke(c call, from caller) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	token, p := s.store.managed(c, from)
	if p != nil {
		return answer{}, p
	}
	if s.store.dialect.RevokePending {
		return s.store.postpone(token), nil
	}
	delete(s.store.tokens, token.ID)
	return jsonAnswer(http.StatusOK, wireError{}), nil
}

// add assigns an id to the token and adds it.
func (w *store) add(t *Token) {
	t.ID = w.nextID
	w.nextID++
	w.tokens[t.ID] = t
}

// managed returns the token of an update or a revocation, if the caller may change it.
func (w *store) managed(c call, from caller) (*Token, *problem) {
	if c.badID {
		return nil, malformedf("%q is not the id of a token", c.segments[2])
	}
	token := w.tokens[c.id]
	if token == nil {
		return nil, noSuchID(c.id)
	}
	return token, w.mayManage(from, token.UserID)
}

// mayManage checks whether the caller may see and change that user's tokens. Callers with User Management or Administrative
// Management may manage all tokens, other callers only their own. API.md#base-paths (docs). A nonexistent user is malformed input.
func (w *store) mayManage(from caller, user int64) *problem {
	if w.accounts[user] == nil {
		return malformedf("There is no user with the id %d", user)
	}
	if from.account.Rights == OwnTokens && from.account.id != user {
		return forbiddenf("User %q may not manage the tokens of other users", from.account.Name)
	}
	return nil
}

// tokenInfo returns the object of the reference's example.
func (w *store) tokenInfo(t *Token, withSecrets bool) wireTokenInfo {
	info := wireTokenInfo{
		ID: t.ID, Name: t.Name, UserID: t.UserID,
		Expiry: w.toldExpiry(t), RefreshExpiry: unix(t.RefreshExpiresAt), RenewableUntil: unix(t.RenewableUntil),
	}
	if withSecrets {
		info.AccessToken, info.RefreshToken = t.AccessToken, t.RefreshToken
	}
	return info
}

// toldExpiry returns the tokenExpiryTimestamp of an answer, or 0 to omit it. API.md#open-questions.
func (w *store) toldExpiry(t *Token) int64 {
	if w.dialect.EndUntold {
		return 0
	}
	return unix(t.ExpiresAt)
}
