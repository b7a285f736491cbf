// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// listed is a list of tokens. The name of its array is not known in advance. API.md#list (inference).
type listed struct {
	reply
	ok    bool
	array string // "" if no array holds tokens
	items []object
	// beside lists the other arrays, and empty reports whether one of them is empty.
	beside []string
	empty  bool
}

// purpose says why a list is requested.
type purpose int

const (
	asking   purpose = iota
	removing         // for the cleanup, also after the probe has stopped asking
)

// list requests the tokens of a user, or without userId if user is 0.
func (p *probe) list(ctx context.Context, user int64, why ...purpose) listed {
	query := url.Values{}
	if user != 0 {
		query.Set("userId", strconv.FormatInt(user, 10))
	}
	return readList(p.client.send(ctx, call{
		method: http.MethodGet, path: tokensPath + "/", query: query, header: p.credential,
		removes: slices.Contains(why, removing),
	}))
}

func readList(r reply) listed {
	l := listed{reply: r, ok: r.ok()}
	if !l.ok {
		return l
	}
	for _, name := range r.body.names() {
		items, isArray := asItems(r.body[name])
		switch {
		case !isArray:
		case len(items) > 0 && items[0].has("accessTokenId"):
			l.array, l.items = name, items
		default:
			l.beside, l.empty = append(l.beside, name), l.empty || len(items) == 0
		}
	}
	return l
}

// Members of a list that announce further items.
var (
	totalName = regexp.MustCompile(`(?i)total|count`)
	moreName  = regexp.MustCompile(`(?i)more|next|cursor|continuation`)
	// pageSizes are lengths at which a list may be one page.
	pageSizes = []int{50, 100, 200, 250, 500, 1000}
)

// marks returns the top-level members whose names match.
func (l listed) marks(speaks *regexp.Regexp) []string {
	return slices.DeleteFunc(l.body.names(), func(name string) bool { return !speaks.MatchString(name) })
}

// complete reports whether the list proves that a token is absent.
func (l listed) complete() bool {
	total := int64(len(l.items))
	for _, name := range l.marks(totalName) {
		if value, ok := l.body.at(name); ok {
			total = max(total, value)
		}
	}
	more := slices.ContainsFunc(l.marks(moreName), func(name string) bool {
		value := string(l.body[name])
		return value != "false" && value != "null" && value != `""` && value != "0"
	})
	return l.ok && (l.array != "" || l.empty) && !more && total == int64(len(l.items)) && !slices.Contains(pageSizes, len(l.items))
}

// item returns the list item of a token, or nil.
func (l listed) item(t *token) object {
	for _, item := range l.items {
		if t != nil && t.id != 0 && idOf(item) == t.id {
			return item
		}
	}
	return nil
}
