// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// DefaultBasePath is the path of the Command Center API (reference). Older systems use /webconsole/api (sdk, field).
// API.md#base-paths.
const DefaultBasePath = "/commandcenter/api"

const hostForms = "a name, name:port, or a URL https://name[:port][/base/path]; plain http only for a loopback address"

// ParseHost parses "name", "name:port" or a URL, and returns the root of the API without a trailing slash. The error contains the
// given value and the accepted forms.
func ParseHost(given string) (*url.URL, error) {
	refuse := func(why string) (*url.URL, error) {
		return nil, fmt.Errorf("%s %s. The value must be %s", hideUserInfo(given), why, hostForms)
	}
	if strings.TrimSpace(given) == "" {
		return refuse("is blank")
	}
	if strings.ContainsFunc(given, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return refuse("contains white space, a control character, or an invisible character")
	}
	text := given
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return refuse("is not a host or URL")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse(fmt.Sprintf("has the scheme %q, which is not supported", u.Scheme))
	case u.User != nil:
		return refuse("contains a user name; credentials are not supported in the URL")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(text, "#"):
		return refuse("contains a query or a fragment")
	case u.Hostname() == "" || !plausibleName(u.Hostname()):
		return refuse("has no valid host name")
	case strings.HasSuffix(u.Host, ":"):
		return refuse("has an empty port")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return refuse(fmt.Sprintf("has the port %q, which is not between 1 and 65535", port))
		}
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return refuse("would send credentials to another machine over plain http")
	}
	for strings.HasSuffix(u.EscapedPath(), "/") { // an escaped slash at the end belongs to the path
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), strings.TrimSuffix(u.RawPath, "/")
	}
	if u.Path == "" {
		u.Path = DefaultBasePath
	}
	return u, nil
}

// plausibleName reports whether a resolver could accept the name; net/url accepts most characters.
func plausibleName(name string) bool {
	if net.ParseIP(name) != nil {
		return true
	}
	return !strings.HasPrefix(name, ".") && !strings.Contains(name, "..") &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return strings.ContainsRune("!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", r)
		})
}

func isLoopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

// hideUserInfo quotes the given value for a message, without the user name and password in it.
func hideUserInfo(given string) string {
	if at := strings.LastIndex(given, "@"); at >= 0 {
		start := 0
		if scheme := strings.Index(given, "://"); scheme >= 0 && scheme < at && !strings.Contains(given[:scheme], ":") {
			start = scheme + len("://")
		}
		given = given[:start] + "…" + given[at:]
	}
	return fmt.Sprintf("%q", given)
}
