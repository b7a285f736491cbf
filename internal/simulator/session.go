// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
)

// renewLogin answers POST /RenewLoginToken: it returns a new session for an old or expired one, if the request comes from the
// device that logged in. API.md#the-vendors-own-client (sdk: "not for Bearer tokens"). The old session ends (assumed).
func (s *Server) renewLogin(c call) (answer, *problem) {
	f, p := readFields(c.header, c.body, "sessionId", "deviceId")
	if p != nil {
		return answer{}, p
	}
	old, device := f.required("sessionId"), f.required("deviceId")
	if f.problem != nil {
		return answer{}, f.problem
	}
	known := s.store.sessions[old]
	if known == nil || known.deviceID != "" && known.deviceID != device {
		a := jsonAnswer(http.StatusOK, wireSessionFailed{wireLoginError{
			Message: "There is no such session of this device", Code: codeUnauthenticated,
		}})
		a.success = false
		return a, nil
	}
	delete(s.store.sessions, old)
	return jsonAnswer(http.StatusOK, wireSession{Token: s.store.newSession(known.user, device)}), nil
}

// logout answers POST /Logout and ends the session. An access token is not affected (assumed). API.md#log-in (sdk).
func (s *Server) logout(c call) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	delete(s.store.sessions, strings.TrimPrefix(c.header.Get("Authtoken"), bearerPrefix))
	return jsonAnswer(http.StatusOK, struct{}{}), nil
}

// whoAmI answers POST /WhoAmI. API.md#log-in (sdk).
func (s *Server) whoAmI(c call, from caller) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	return jsonAnswer(http.StatusOK, wireWhoAmI{User: wireUser{UserName: from.account.Name}}), nil
}

// noBody checks calls whose request has no body. Their Content-Type may be anything, such as the application/xml of the vendor's
// own client. API.md#the-vendors-own-client (sdk).
func noBody(c call) *problem {
	if len(c.body) > 0 {
		return malformedf("The request must have no body")
	}
	return nil
}
