// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"strconv"
)

// list answers GET /V4/AccessToken/ with the tokens of the user in the query, or the caller's tokens without a user. API.md#list
// (sdk; without userId: API.md#q11, assumed).
func (s *Server) list(c call, from caller) (answer, *problem) {
	if p := noBody(c); p != nil {
		return answer{}, p
	}
	owner, p := ownerAsked(c.rawQuery, from.account.id)
	if p != nil {
		return answer{}, p
	}
	w := s.store
	if p := w.mayManage(from, owner); p != nil {
		return answer{}, p
	}
	items := []any{}
	for _, t := range w.ordered() {
		hidden := w.dialect.HideExpired && !w.now().Before(t.ExpiresAt) // API.md#q4
		if t.UserID == owner && !hidden {
			items = append(items, w.item(t))
		}
	}
	content := w.page(w.dialect.ListArray, items)
	if w.dialect.ExtraArrays { // API.md#list: several arrays, one of them with tokens, and an error with code 0
		content["associations"] = []any{}
		content["error"] = wireError{}
	}
	return jsonAnswer(http.StatusOK, content), nil
}

// ownerAsked returns the userId of the query, or own. It must be a single number, and no other parameter is allowed.
func ownerAsked(rawQuery string, own int64) (int64, *problem) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return 0, malformedf("The query cannot be read")
	}
	values, asked := query["userId"]
	if len(query) > 1 || len(query) == 1 && !asked {
		return 0, malformedf("The query may have userId only")
	}
	if !asked {
		return own, nil
	}
	owner, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || len(values) != 1 {
		return 0, malformedf("userId must be one number")
	}
	return owner, nil
}

// page returns the first page of an array with its marks. API.md#open-questions; the names of the marks are assumed.
func (w *store) page(array string, items []any) map[string]any {
	all, more := len(items), false
	if size := w.dialect.PageSize; size > 0 && all > size {
		items, more = items[:size], true
	}
	content := map[string]any{array: items}
	if all == 0 {
		switch w.dialect.EmptyList {
		case EmptyNull:
			content[array] = nil
		case EmptyLeftOut:
			delete(content, array)
		case EmptyArray:
		}
	}
	switch w.dialect.PageMark {
	case PageTotal:
		content["totalCount"] = all
	case PageNext:
		content["hasMore"] = more
		if more {
			content["nextPage"] = 2
		}
	case PageUnmarked:
	}
	return content
}

// item returns an item of a list. API.md#open-questions.
func (w *store) item(t *Token) any {
	brief := wireBriefItem{ID: t.ID, Name: t.Name}
	if w.dialect.BriefList {
		return brief
	}
	item := wireItem{
		wireBriefItem:  brief,
		UserID:         t.UserID,
		Type:           t.Type,
		Expiry:         unix(w.dialect.ListedEnds.apply(t.ExpiresAt)),
		RefreshExpiry:  unix(w.dialect.ListedEnds.apply(t.RefreshExpiresAt)),
		RenewableUntil: unix(w.dialect.ListedEnds.apply(t.RenewableUntil)),
		APIEndpoints:   append([]string{}, t.APIEndpoints...),
		AllowedIPs:     append([]string{}, t.AllowedIPs...),
	}
	if w.dialect.NumericTypes {
		item.Type = typeNumber(t.Type)
	}
	return item
}
