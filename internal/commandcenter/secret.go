// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const hidden = "(hidden)"

// Secret is a text that must not be shown. Every way to print it prints a placeholder; only Reveal returns the text.
type Secret string

var (
	_ fmt.Formatter  = Secret("")
	_ slog.LogValuer = Secret("")
)

// Reveal returns the text, to be sent to the server or stored as a sensitive value.
func (s Secret) Reveal() string { return string(s) }

// String returns the placeholder.
func (s Secret) String() string { return hidden }

// Format writes the placeholder for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue returns the placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns the placeholder, so a secret must be revealed explicitly before it is sent.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Mask hides secrets in texts from a server. It is safe for concurrent use.
type Mask struct {
	mu sync.RWMutex
	// exact secrets are matched as they are, folded ones in any letter case.
	exact, folded map[string]struct{}
}

// NewMask returns a mask without known secrets. It already hides words that look like a credential.
func NewMask() *Mask { return &Mask{exact: map[string]struct{}{}, folded: map[string]struct{}{}} }

// shortestSecret prevents an empty or trivial password from hiding ordinary words.
const shortestSecret = 3

// shortestFolded is the minimum length, in bytes, of a secret that is hidden in any letter case. A shorter one may be an ordinary
// word.
const shortestFolded = 8

// Add makes the mask hide these secrets wherever they occur, with and without surrounding white space. Secrets that are long enough
// are hidden in any letter case. Of "QSDK …" and "Bearer …" the second part alone is hidden too.
func (m *Mask) Add(secrets ...Secret) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, secret := range secrets {
		m.add(secret.Reveal())
		if _, value, found := strings.Cut(secret.Reveal(), " "); found {
			m.add(strings.TrimSpace(value))
		}
	}
}

// AddPassword hides a password, and the base64 text that POST /Login sends. The words of a password are not secrets on their own.
func (m *Mask) AddPassword(password Secret) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(password.Reveal())
	m.add(base64.StdEncoding.EncodeToString([]byte(password)))
	m.add(base64.RawStdEncoding.EncodeToString([]byte(password)))
}

func (m *Mask) add(text string) {
	for _, text := range []string{text, strings.TrimSpace(text)} {
		if len(text) < shortestSecret {
			continue
		}
		spellings := []string{text, url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text)}
		if quoted, err := json.Marshal(text); err == nil {
			spellings = append(spellings, string(quoted[1:len(quoted)-1]))
		}
		for _, spelling := range spellings {
			if len(text) < shortestFolded {
				m.exact[spelling] = struct{}{}
			} else {
				m.folded[fold(spelling)] = struct{}{}
			}
		}
	}
}

// fold maps a text to lower case and keeps the offset of every byte.
func fold(text string) string {
	folded := []byte(text)
	for i, r := range text {
		lower := unicode.ToLower(r)
		if size := utf8.RuneLen(lower); r != utf8.RuneError && size == utf8.RuneLen(r) {
			utf8.EncodeRune(folded[i:i+size], lower)
		}
	}
	return string(folded)
}

// credentialLike matches a long run of the characters of base64, hexadecimal, and dotted tokens.
var credentialLike = regexp.MustCompile(`[A-Za-z0-9+/=_\-.~%]{20,}`)

var uuidLike = regexp.MustCompile(`(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

var schemed = regexp.MustCompile(`(?i)\b(QSDK|Bearer|Basic)\s+\S+`)

// userInfo matches the user info of a proxy address, which Go quotes if it cannot parse the address.
var userInfo = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/\s"'<>]*@`)

// Hide returns text with every known secret, and every word that looks like a credential, replaced.
func (m *Mask) Hide(text string) string {
	text = m.hideKnown(text)
	text = userInfo.ReplaceAllString(text, "${1}"+hidden+"@")
	text = schemed.ReplaceAllString(text, "$1 "+hidden)
	return credentialLike.ReplaceAllStringFunc(text, func(word string) string {
		if looksLikeCredential(word) {
			return hidden
		}
		return word
	})
}

// hideKnown replaces the known secrets. Overlapping secrets are replaced together.
func (m *Mask) hideKnown(text string) string {
	covered := make([]bool, len(text))
	found := false
	cover := func(in string, secrets map[string]struct{}) {
		for secret := range secrets {
			for at := 0; ; {
				next := strings.Index(in[at:], secret)
				if next < 0 {
					break
				}
				at += next
				for i := range len(secret) {
					covered[at+i] = true
				}
				found = true
				at++
			}
		}
	}
	m.mu.RLock()
	cover(text, m.exact)
	cover(fold(text), m.folded)
	m.mu.RUnlock()
	if !found {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !covered[i]:
			b.WriteByte(text[i])
		case i == 0 || !covered[i-1]:
			b.WriteString(hidden)
		}
	}
	return b.String()
}

// looksLikeCredential does not match host names, paths and generated token names. It matches a UUID, a part of at least 20
// characters with both digits and letters, and any part of at least 32 characters.
func looksLikeCredential(word string) bool {
	if uuidLike.MatchString(word) {
		return true
	}
	separators := ".-_"
	if isPath(word) {
		separators = "/.-_" // elsewhere the slash is a character of base64
	}
	for _, part := range split(word, separators) {
		if len(part) >= 32 || len(part) >= 20 && isMixed(part) {
			return true
		}
	}
	return false
}

// isPath reports whether the word begins with a slash, or all parts between slashes are words, numbers, or short, which is unlikely
// in random base64.
func isPath(word string) bool {
	if strings.ContainsAny(word, "+=") {
		return false
	}
	return strings.HasPrefix(word, "/") ||
		!slices.ContainsFunc(split(word, "/.-_"), func(part string) bool { return len(part) > 4 && isMixed(part) })
}

func split(word, separators string) []string {
	return strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune(separators, r) })
}

func isMixed(part string) bool {
	return strings.ContainsAny(part, "0123456789") && strings.ContainsFunc(part, unicode.IsLetter)
}
