// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"unicode"
)

// What is shown of a server's own words.

// redirectTarget returns the scheme and host pointed to, without the rest of the address: it may carry secrets.
func redirectTarget(resp *http.Response) string {
	location, err := resp.Request.URL.Parse(resp.Header.Get("Location"))
	if err != nil || location.Host == "" {
		return ""
	}
	return location.Scheme + "://" + location.Host
}

// signIn is what the title of a login page says, or what only such a page holds.
var signIn = regexp.MustCompile(`(?i)\b(sign|log)[ -]?(in|on)\b|single sign|\bsso\b|type="?password|samlrequest`)

// pageCause tells apart what pages say of themselves; it is 0 if body is none.
func pageCause(body []byte) Cause {
	switch {
	case pageTitle(body) == "":
		return 0
	case signIn.Match(body[:min(len(body), 64<<10)]):
		return CauseSignInPage
	default:
		return CausePage
	}
}

// pageTitle returns what a page says of itself, "" if body is none.
func pageTitle(body []byte) string {
	text := string(body[:min(len(body), 64<<10)])
	lower := strings.ToLower(text)
	if len(lower) != len(text) || !strings.Contains(lower, "<html") && !strings.Contains(lower, "<!doctype html") {
		return ""
	}
	_, rest, found := strings.Cut(lower, "<title")
	if !found {
		return "an HTML page without a title"
	}
	start := len(lower) - len(rest)
	open := strings.Index(lower[start:], ">")
	end := strings.Index(lower[start:], "</title")
	if open < 0 || end < open {
		return "an HTML page"
	}
	return `an HTML page titled "` + html.UnescapeString(text[start+open+1:start+end]) + `"`
}

// quote makes a server's text fit for a message. Secrets are hidden before it is cut: half of one would not be
// recognised.
func (m *Mask) quote(text string) string {
	const most = 64 << 10
	if len(text) > most {
		text = text[:most]
		text = text[:strings.LastIndexFunc(text, unicode.IsSpace)+1]
	}
	return shorten(m.Hide(text))
}

// shorten makes one line of a text, of a length that a message can hold, without what would steer a terminal.
func shorten(text string) string {
	const most = 300
	text = strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return ' '
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
