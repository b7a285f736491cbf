// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// If a body is not valid JSON, these patterns find its members. API.md#renew (field: invalid JSON with a mangled expiry).
var (
	memberPattern = regexp.MustCompile(`"([A-Za-z]+)"\s*:\s*(` + stringPattern + `|[-+0-9.eE]+|true|false|null|[{\[])`)
	stringPattern = `"(?:[^"\\\x00-\x1f]|\\.)*"`
)

// scan returns the members at any depth of a body. Of objects and arrays it returns only the beginning. Any other value must be
// terminated, because it may be truncated, or run over a missing quote into the next member.
func scan(body []byte) object {
	var found object
	for at := 0; ; {
		loc := memberPattern.FindSubmatchIndex(body[at:])
		if loc == nil {
			return found
		}
		name, value := string(body[at+loc[2]:at+loc[3]]), body[at+loc[4]:at+loc[5]]
		rest := bytes.TrimLeft(body[at+loc[5]:], " \t\r\n")
		if terminated(value, rest, len(body)-at-loc[5]-len(rest)) {
			found = append(found, member{name, slices.Clone(value)})
			at += loc[5]
		} else {
			at += loc[3] + 1 // after the name: the value may contain a member
		}
	}
}

// terminated reports whether a value is complete, judged by the rest of the body after it and by the length of the white space
// between them.
func terminated(value, rest []byte, space int) bool {
	switch isText := value[0] == '"'; {
	case value[0] == '{', value[0] == '[':
		return true
	case len(rest) == 0:
		return isText
	case rest[0] == '"': // a comma is missing, unless the quote belongs to a number
		return isText || space > 0
	default:
		return strings.ContainsRune(",}]", rune(rest[0]))
	}
}

// scanIssued reads a token from a body that is not valid JSON.
func scanIssued(body []byte, renew bool) (Token, bool) {
	members := scan(body)
	t := members.token()
	failure := newAnswer(members).failure()
	switch {
	case t.AccessToken == "" || members.differ("accessToken") || members.differ("refreshToken"):
		return Token{}, false
	case t.RefreshToken == "" && (renew || !members.lackRefreshToken(body)):
		return Token{}, false
	case t.ID == 0 && (!renew || failure != nil || body[0] != '{'):
		return Token{}, false
	}
	t.Reported = reportedBy(failure)
	return t, true
}

// differ reports whether the object has several different texts of that name.
func (o object) differ(name string) bool {
	texts := map[string]struct{}{}
	for _, m := range o {
		if text, known := readFilledText(m.value); known && m.is(name) {
			texts[text] = struct{}{}
		}
	}
	return len(texts) > 1
}

// lackRefreshToken reports whether a body in which scan found no refresh token really has none: scan could read every member of
// that name, and the body is not truncated.
func (o object) lackRefreshToken(body []byte) bool {
	read := 0
	for _, m := range o {
		if m.is("refreshToken") {
			read++
		}
	}
	return read == bytes.Count(bytes.ToLower(body), []byte(`"refreshtoken"`)) &&
		bytes.Count(body, []byte("}")) >= bytes.Count(body, []byte("{"))
}

// hasPair reports whether the token has the secrets of the pair.
func (t Token) hasPair(pair Pair) bool {
	return t.AccessToken == pair.AccessToken && t.RefreshToken == pair.RefreshToken
}

var secretPattern = regexp.MustCompile(`(?i)"(?:accessToken|refreshToken|token)"\s*:\s*(` + stringPattern + `)`)

// secretsIn returns the secrets in a body, even if no decoder can use it.
func secretsIn(body []byte) []Secret {
	var secrets []Secret
	for _, match := range secretPattern.FindAllSubmatch(body, -1) {
		if text, isText := readText(match[1]); isText && text != "" {
			secrets = append(secrets, Secret(text))
		}
	}
	return secrets
}
