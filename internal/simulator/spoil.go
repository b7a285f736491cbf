// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
)

// spoil returns the answer that a fault produces. earned is the real answer, or nil if the operation was not performed.
func spoil(f Fault, c call, earned *answer) answer {
	f = f.withDefaults()
	a := spoilt(f, c, earned)
	if f.Status != 0 {
		a.status = f.Status
	}
	for name, values := range f.Header {
		a.header[name] = values
	}
	if f.Body != "" && a.manner != abrupt && a.manner != never {
		a.body = []byte(f.Body)
	}
	return a
}

// spoilt returns the answer of the fault's kind. spoil adds the status, headers and body of the fault itself.
func spoilt(f Fault, c call, earned *answer) answer {
	flat := wireError{Code: f.Code, Message: f.Message}
	switch f.Kind {
	case Reset:
		return answer{manner: abrupt, header: http.Header{}}
	case Hang:
		return answer{manner: never, header: http.Header{}}
	case Truncated:
		a := half(earned)
		a.manner = truncated
		return a
	case CutJSON:
		return half(earned)
	case Empty, BareStatus:
		return answer{status: http.StatusOK, header: http.Header{}}
	case HTML403:
		return page(http.StatusForbidden, "Request Blocked", "The request was refused by the web application firewall.")
	case HTML503:
		return page(http.StatusServiceUnavailable, "Waking Up", "Your environment is being started.")
	case HTML200:
		return page(http.StatusOK, "Scheduled Maintenance", "Command Center is being updated. Please come back later.")
	case NotFoundHTML404:
		return notFoundPage()
	case ErrorInError:
		return jsonAnswer(http.StatusOK, wireRefusal{Error: flat})
	case ErrorInTokenInfo:
		return jsonAnswer(http.StatusOK, wireTokenRefusal{TokenInfo: wireRefusal{Error: flat}})
	case NoSecret:
		return withoutSecrets(earned)
	case EmptyObject:
		return jsonAnswer(http.StatusOK, struct{}{})
	case Null:
		return jsonAnswer(http.StatusOK, nil)
	case ForeignArray:
		return jsonAnswer(http.StatusOK, foreignThings())
	case ForeignObject:
		return jsonAnswer(http.StatusOK, map[string]any{"clients": foreignThings()})
	case Redirect:
		return answer{status: http.StatusTemporaryRedirect, header: http.Header{}}
	case Echo:
		flat.Message = echo(c)
	case None, Slow, Status, TooMany, Unavailable, ErrorTop:
	}
	return jsonAnswer(http.StatusOK, flat)
}

// half returns the first half of the real answer's body, or of a plausible body if there is none.
func half(earned *answer) answer {
	body := []byte(`{"error":{"errorMessage":"","errorCode":0},"tokenInfo":{"error":{"errorMessage":"","errorCode":0}}}`)
	if earned != nil && len(earned.body) > 1 {
		body = earned.body
	}
	a := answer{status: http.StatusOK, header: http.Header{}, body: body[:len(body)/2]}
	a.header.Set("Content-Type", "application/json")
	return a
}

// withoutSecrets returns the real answer without its secrets, or a plausible one if there is none.
func withoutSecrets(earned *answer) answer {
	if earned == nil {
		return jsonAnswer(http.StatusOK, wireTokenRefusal{})
	}
	var content any
	if json.Unmarshal(earned.body, &content) != nil {
		return *earned
	}
	removeSecrets(content)
	return jsonAnswer(earned.status, content)
}

func removeSecrets(content any) {
	object, ok := content.(map[string]any)
	if !ok {
		return
	}
	for _, name := range []string{"accessToken", "refreshToken", "token"} {
		delete(object, name)
	}
	for _, inner := range object {
		removeSecrets(inner)
	}
}

func foreignThings() any {
	return []map[string]any{{"clientId": 2, "clientName": "media-agent-1"}, {"clientId": 3, "clientName": "media-agent-2"}}
}

// echo repeats everything that a careless server might repeat. A client that shows the message must mask its secrets.
func echo(c call) string {
	credential := cmp.Or(c.header.Get("Authtoken"), c.header.Get("Authorization"))
	return fmt.Sprintf("Cannot handle the request with Authtoken: %s and body %s", credential, c.body)
}
