// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"net/http"
)

// carryOut performs the operation atomically: no other change happens meanwhile.
func (s *Server) carryOut(c call, bodyError error) answer {
	if !c.below {
		return notFoundPage() // API.md#base-paths (reference, sdk): the API is only below its base path
	}
	if bodyError != nil {
		return s.answerTo(malformedf("The body cannot be read, or is too long"), c.operation)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.settle()
	a := s.decide(c)
	if a.header.Get("Content-Type") == "application/json" {
		a.body = s.options.Dialect.Numbers.rewrite(a.body)
	}
	return a
}

// decide returns the answer with numbers in the default notation.
func (s *Server) decide(c call) answer {
	if a := s.overLimit(c); a != nil {
		return *a
	}
	a, p := s.dispatch(c)
	if p != nil {
		return s.answerTo(p, c.operation)
	}
	return a
}

// dispatch handles operations with a special credential or without one first, and then those of an authenticated caller.
func (s *Server) dispatch(c call) (answer, *problem) {
	switch c.operation {
	case OpPing: // API.md#the-vendors-own-client (sdk)
		return jsonAnswer(http.StatusOK, struct{}{}), nil
	case OpLogin:
		return s.login(c)
	case OpRenewLogin:
		return s.renewLogin(c)
	case OpRenew:
		if s.store.dialect.NoV4 {
			return notFoundPage(), nil
		}
		return s.renew(c)
	case OpCreate, OpList, OpUpdate, OpRevoke, OpLogout, OpWhoAmI, OpUsers, OpOther:
	}
	from, p := s.store.authenticate(c.header)
	if p != nil {
		return answer{}, p
	}
	if from.token != nil {
		if p := from.token.mayCall(c); p != nil {
			return answer{}, p
		}
	}
	if c.isTokenCall() {
		return s.tokenCall(c, from)
	}
	switch {
	case c.operation == OpLogout:
		return s.logout(c)
	case c.operation == OpWhoAmI:
		return s.whoAmI(c, from)
	case c.operation == OpUsers:
		return s.users(c)
	case c.method == http.MethodGet && len(c.segments) > 0: // any other call, to test the rights of a token
		return jsonAnswer(http.StatusOK, struct{}{}), nil
	}
	return answer{}, &problem{wrongMethod, codeWrongMethod, "The method " + c.method + " is not supported here"}
}

// verbs of the operations that access tokens may not perform on access tokens. API.md#base-paths (docs): the text of a create; the
// others are assumed.
var verbs = map[Operation]string{OpCreate: "creation", OpUpdate: "update", OpRevoke: "deletion"}

// tokenCall handles the calls on access tokens.
func (s *Server) tokenCall(c call, from caller) (answer, *problem) {
	d := s.store.dialect
	if d.NoV4 {
		return notFoundPage(), nil // API.md#failures (field)
	}
	if d.NoList && c.operation == OpList { // API.md#open-questions
		return page(d.NoListStatus, fmt.Sprint(d.NoListStatus, " ", http.StatusText(d.NoListStatus)), "There is no such call."), nil
	}
	if c.operation != OpList && c.rawQuery != "" {
		return answer{}, malformedf("This call has no query")
	}
	// API.md#base-paths (docs): an access token cannot be created, edited or deleted with another one.
	_, manages := verbs[c.operation]
	if manages && from.token != nil && !d.TokensManageTokens {
		return answer{}, forbiddenf("Access token %s not allowed using another access token", verbs[c.operation])
	}
	switch c.operation {
	case OpCreate:
		return s.create(c, from)
	case OpList:
		return s.list(c, from)
	case OpUpdate:
		return s.update(c, from)
	case OpRevoke:
		return s.revoke(c, from)
	case OpRenew, OpLogin, OpLogout, OpWhoAmI, OpRenewLogin, OpUsers, OpPing, OpOther:
	}
	return answer{}, &problem{wrongMethod, codeWrongMethod, "The method " + c.method + " is not supported here"}
}
