// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
)

// manner is how an answer is delivered.
type manner int

const (
	complete  manner = iota
	truncated        // the announced length exceeds the body
	abrupt           // the connection is reset
	never            // nothing until the client disconnects or the server closes
)

// answer is a response. It is complete before anything is written.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	tokenID int64  // token that was created or renewed, for the journal
	success bool   // the operation took effect
	problem string // why it did not, for the journal
	manner  manner
}

// jsonAnswer returns an answer with this content. It is a success if the status is; refused makes the refusals under 200.
func jsonAnswer(status int, content any) answer {
	body, err := json.Marshal(content)
	if err != nil { // cannot happen: all content of this package can be encoded
		status, body = http.StatusInternalServerError, []byte(`{"errorMessage":"the simulator is broken","errorCode":1}`)
	}
	a := answer{status: status, header: http.Header{}, body: body, success: status < 300}
	a.header.Set("Content-Type", "application/json")
	return a
}

// page returns an HTML page, as proxies and web servers send it. API.md#failures (field).
func page(status int, title, text string) answer {
	body := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body><h1>%s</h1><p>%s</p></body></html>\n",
		html.EscapeString(title), html.EscapeString(title), html.EscapeString(text))
	a := answer{status: status, header: http.Header{}, body: []byte(body)}
	a.header.Set("Content-Type", "text/html; charset=utf-8")
	return a
}

func notFoundPage() answer {
	return page(http.StatusNotFound, "404 Not Found", "The requested URL was not found on this server.")
}

// deliver writes the answer, or ends the request without one.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, a answer) {
	switch a.manner {
	case complete, truncated:
	case abrupt:
		reset(w)
		return
	case never:
		s.hung()
		s.outside(func() {
			select {
			case <-r.Context().Done():
			case <-s.stopped:
			}
		})
		reset(w) // if the handler just returned, net/http would answer 200
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	length := len(a.body)
	if a.manner == truncated {
		length += 64 // net/http closes the connection if a handler writes less than it announced
	}
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.Header()["Date"] = nil // otherwise net/http sends the time of the machine
	if !s.options.Dialect.NoDate {
		w.Header().Set("Date", s.Now().Format(http.TimeFormat))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may have disconnected
}

// reset closes the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // an httptest recorder, or HTTP/2 of another server
		http.Error(w, "this connection cannot be reset", http.StatusInternalServerError)
		return
	}
	resetConnection(connection)
}
