// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// users answers GET /User with all accounts ordered by id, including service accounts, and GET /User/{id} with one account. It
// ignores the query. Its pages have the form of token lists. API.md#users (sdk; that every user may call it, and the form of its
// pages: assumed).
func (s *Server) users(c call) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	w := s.store
	ids := slices.Sorted(maps.Keys(w.accounts))
	if len(c.segments) == 2 {
		id, err := strconv.ParseInt(c.segments[1], 10, 64)
		if err != nil || w.accounts[id] == nil {
			return answer{}, &problem{missing, codeMissing, "There is no user with the id " + c.segments[1]}
		}
		ids = []int64{id}
	}
	items := []any{}
	for _, id := range ids {
		items = append(items, wireUserItem{wireUserEntity{UserName: w.accounts[id].Name, UserID: id}})
	}
	return jsonAnswer(http.StatusOK, w.page("users", items)), nil
}
