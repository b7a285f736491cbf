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

// redirectTarget returns the scheme and host of a redirect. The rest of the address may contain secrets.
func redirectTarget(resp *http.Response) string {
	location, err := resp.Request.URL.Parse(resp.Header.Get("Location"))
	if err != nil || location.Host == "" {
		return ""
	}
	return location.Scheme + "://" + location.Host
}

// signIn matches the title or the markup of a login page.
var signIn = regexp.MustCompile(`(?i)\b(sign|log)[ -]?(in|on)\b|single sign|\bsso\b|type="?password|samlrequest`)

// pageCause classifies an HTML page by its content. It returns 0 if body is not a page.
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

// pageTitle returns the title of an HTML page, or "" if body is not a page.
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

// quote prepares a server's text for a message. Secrets are masked before the text is shortened, because half a secret would not be
// recognized.
func (m *Mask) quote(text string) string {
	const most = 64 << 10
	if len(text) > most {
		text = text[:most]
		text = text[:strings.LastIndexFunc(text, unicode.IsSpace)+1]
	}
	return shorten(m.Hide(text))
}

// shorten returns the text as one line of limited length, without terminal control characters.
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
