// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Operation is what a request asks for, which its method and path decide.
type Operation string

// The operations. API.md#create and the sections after it.
const (
	OpCreate     Operation = "create"
	OpList       Operation = "list"
	OpUpdate     Operation = "update"
	OpRevoke     Operation = "revoke"
	OpRenew      Operation = "renew"
	OpLogin      Operation = "login"
	OpLogout     Operation = "logout"
	OpWhoAmI     Operation = "whoami"
	OpRenewLogin Operation = "renewlogin"
	OpUsers      Operation = "users" // a GET of User, or of one of them
	OpPing       Operation = "ping"  // a GET of the base path
	OpOther      Operation = "other" // anything else, also outside the base path
)

// call is a request, taken apart.
type call struct {
	operation Operation
	method    string
	below     bool     // the path lies below the base path
	segments  []string // of the path below the base, unescaped
	id        int64    // of the token that the path names
	badID     bool     // the path names a token by something that is no id
	rawQuery  string
	header    http.Header
	body      []byte
}

// newCall finds out what is asked. It reads the body's bytes from the caller, not from r.
func (s *Server) newCall(r *http.Request, body []byte) call {
	c := call{operation: OpOther, method: r.Method, rawQuery: r.URL.RawQuery, header: r.Header, body: body}
	all := segmentsOf(r.URL.EscapedPath())
	if !hasPrefix(all, s.base) {
		return c
	}
	c.below = true
	c.segments = all[len(s.base):]
	c.operation = c.named()
	if c.operation == OpUpdate || c.operation == OpRevoke {
		id, err := strconv.ParseInt(c.segments[2], 10, 64)
		c.id, c.badID = id, err != nil
	}
	return c
}

// named is the operation of method and segments.
func (c call) named() Operation {
	if len(c.segments) == 0 && c.method == http.MethodGet {
		return OpPing
	}
	if c.isTokenCall() {
		switch {
		case len(c.segments) == 2 && c.method == http.MethodPost:
			return OpCreate
		case len(c.segments) == 2 && c.method == http.MethodGet:
			return OpList
		case len(c.segments) == 3 && c.method == http.MethodPost && strings.EqualFold(c.segments[2], "renew"):
			return OpRenew
		case len(c.segments) == 3 && c.method == http.MethodPut:
			return OpUpdate
		case len(c.segments) == 3 && c.method == http.MethodDelete:
			return OpRevoke
		}
		return OpOther
	}
	if len(c.segments) >= 1 && len(c.segments) <= 2 && c.method == http.MethodGet && strings.EqualFold(c.segments[0], "user") {
		return OpUsers
	}
	if len(c.segments) == 1 && c.method == http.MethodPost {
		switch strings.ToLower(c.segments[0]) {
		case "login":
			return OpLogin
		case "logout":
			return OpLogout
		case "whoami":
			return OpWhoAmI
		case "renewlogintoken":
			return OpRenewLogin
		}
	}
	return OpOther
}

// isTokenCall reports whether the path is one of the AccessToken calls'.
func (c call) isTokenCall() bool {
	return hasPrefix(c.segments, []string{"v4", "accesstoken"})
}

// segmentsOf splits an escaped path. Empty segments are dropped, so a doubled slash is equivalent to one and needs no
// redirect: API.md#the-vendors-own-client (sdk). A segment that cannot be unescaped is kept as it is.
func segmentsOf(path string) []string {
	segments := []string{}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" {
			continue
		}
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		segments = append(segments, part)
	}
	return segments
}

// hasPrefix compares whole segments without regard to case. API.md#base-paths (reference).
func hasPrefix(segments, prefix []string) bool {
	if len(segments) < len(prefix) {
		return false
	}
	for i, want := range prefix {
		if !strings.EqualFold(segments[i], want) {
			return false
		}
	}
	return true
}
