// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"unicode"
)

// What is shown of a server's own words.

// redirectTarget names the host pointed to, without the rest of the address: it may carry secrets.
func redirectTarget(resp *http.Response) string {
	location, err := resp.Request.URL.Parse(resp.Header.Get(redirectedTo))
	if err != nil || location.Host == "" {
		return ""
	}
	return fmt.Sprintf("it points to %s://%s; set host to where Command Center itself answers", location.Scheme, location.Host)
}

// pageTitle is what a page says of itself, "" if body is none.
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
func (c *Client) quote(text string) string {
	const most = 64 << 10
	if len(text) > most {
		text = text[:most]
		text = text[:strings.LastIndexFunc(text, unicode.IsSpace)+1]
	}
	return shorten(c.mask.Hide(text))
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
