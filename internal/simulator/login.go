// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/base64"
	"encoding/xml"
	"mime"
	"net/http"
	"strings"
)

// The login of the vendor's SDK has these fixed values. API.md#log-in (sdk).
const (
	loginMode  = 4
	clientType = 30
)

const xmlMedia = "application/xml"

// attempt is the content of a login request.
type attempt struct{ name, password, device string }

// login answers POST /Login. Bad credentials are answered under 200. API.md#log-in (sdk). The vendor's Terraform provider sends
// XML, or JSON with another mode and without a device, and accepts XML (vendor).
func (s *Server) login(c call) (answer, *problem) {
	read := readLogin
	if mediaOf(c.header.Get("Content-Type")) == xmlMedia && !s.store.dialect.StrictLogin {
		read = readXMLLogin
	}
	from, p := read(c, s.store.dialect.StrictLogin)
	if p != nil {
		return answer{}, p
	}
	session, failure := s.store.logIn(from.name, from.password, from.device)
	if mediaOf(c.header.Get("Accept")) == xmlMedia {
		return xmlLoginAnswer(from.name, session, failure), nil
	}
	if failure != nil {
		a := jsonAnswer(http.StatusOK, failure)
		a.success = false
		return a, nil
	}
	return jsonAnswer(http.StatusOK, wireLogin{UserName: from.name, Token: session}), nil
}

// mediaOf returns the media type in a header such as Content-Type, or "" if it is unreadable.
func mediaOf(value string) string {
	media, _, err := mime.ParseMediaType(value)
	if err != nil {
		return ""
	}
	return media
}

// readLogin reads a login from JSON. If strict is set, it accepts exactly what the vendor's SDK sends, otherwise any object with a
// name and a password.
func readLogin(c call, strict bool) (attempt, *problem) {
	var known []string
	if strict {
		known = []string{"mode", "username", "password", "deviceId", "clientType"}
	}
	f, p := readFields(c.header, c.body, known...)
	if p != nil {
		return attempt{}, p
	}
	from := attempt{name: f.required("username")}
	if device := f.text("deviceId"); device != nil {
		from.device = *device
	}
	if strict {
		for name, want := range map[string]int64{"mode": loginMode, "clientType": clientType} {
			if got := f.number(name); got == nil || *got != want {
				f.fail(malformedf("The field %q must be %d", name, want))
			}
		}
		if strings.TrimSpace(from.device) == "" {
			f.fail(malformedf("The field %q must not be blank", "deviceId"))
		}
	}
	password := f.required("password")
	if f.problem != nil {
		return attempt{}, f.problem
	}
	return from.with(password)
}

// readXMLLogin reads a login from the attributes of an element. This form has no device.
func readXMLLogin(c call, _ bool) (attempt, *problem) {
	var content wireXMLLogin
	if err := xml.Unmarshal(c.body, &content); err != nil {
		return attempt{}, malformedf("The body is not the XML of a login")
	}
	return attempt{name: content.Username}.with(content.Password)
}

// with adds the password, which is sent in base64.
func (a attempt) with(password string) (attempt, *problem) {
	plain, err := base64.StdEncoding.DecodeString(password)
	if err != nil {
		return attempt{}, malformedf("The field %q must be in base64", "password")
	}
	if strings.TrimSpace(a.name) == "" {
		return attempt{}, malformedf("The field %q must not be blank", "username")
	}
	a.password = string(plain)
	return a, nil
}

// xmlLoginAnswer answers a login whose client accepts XML.
func xmlLoginAnswer(name, session string, failure *wireLoginFailed) answer {
	content := wireXMLLoginAnswer{UserName: name, Token: session}
	if failure != nil {
		content = wireXMLLoginAnswer{RemainingLockTime: failure.RemainingLockTime, Errors: []wireXMLLoginError{
			{Message: failure.Errors[0].Message, Code: failure.Errors[0].Code},
		}}
	}
	body, err := xml.Marshal(content)
	if err != nil { // cannot happen: all content of this package can be encoded
		return jsonAnswer(http.StatusInternalServerError, wireError{Message: "the simulator is broken", Code: codeMalformed})
	}
	a := answer{status: http.StatusOK, header: http.Header{}, body: body, success: failure == nil}
	a.header.Set("Content-Type", xmlMedia)
	return a
}
