// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Operation is the kind of a request. Its method and path decide it.
type Operation string

// The operations are described in API.md#create and the sections after it.
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
	OpUsers      Operation = "users" // GET of all users or of one
	OpPing       Operation = "ping"  // GET of the base path
	OpOther      Operation = "other" // anything else, including requests outside the base path
)

// call is a parsed request.
type call struct {
	operation Operation
	method    string
	below     bool     // the path is below the base path
	segments  []string // of the path below the base path, unescaped
	id        int64    // token id in the path
	badID     bool     // the path has an invalid token id
	rawQuery  string
	header    http.Header
	body      []byte
}

// newCall parses a request. The caller has already read the body, so r.Body is not used.
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

// named returns the operation for the method and the segments.
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

// isTokenCall reports whether the path belongs to the AccessToken calls.
func (c call) isTokenCall() bool {
	return hasPrefix(c.segments, []string{"v4", "accesstoken"})
}

// segmentsOf splits an escaped path. Empty segments are dropped, so a doubled slash is equivalent to a single one and needs no
// redirect: API.md#the-vendors-own-client (sdk). A segment that cannot be unescaped is kept unchanged.
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

// hasPrefix compares whole segments without regard to letter case. API.md#base-paths (reference).
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
