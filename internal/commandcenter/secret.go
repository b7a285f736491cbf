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
)

const hidden = "(hidden)"

// Secret is a text that must not be shown. Every way of printing it prints a placeholder; Reveal is the only way to it.
type Secret string

var (
	_ fmt.Formatter  = Secret("")
	_ slog.LogValuer = Secret("")
)

// Reveal gives the text, to be sent to the server or stored as a sensitive value.
func (s Secret) Reveal() string { return string(s) }

// String never shows the text.
func (s Secret) String() string { return hidden }

// Format never shows the text, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue never shows the text.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText never shows the text: what is written to the wire is revealed on purpose.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Mask hides secrets in texts that a server wrote. It is safe for concurrent use.
type Mask struct {
	mu       sync.RWMutex
	secrets  map[string]struct{}
	replacer *strings.Replacer // of the secrets above; nil when one was added since
}

// NewMask knows no secret yet, but what a credential looks like.
func NewMask() *Mask { return &Mask{secrets: map[string]struct{}{}} }

// shortestSecret guards against a mask that hides ordinary words because of an empty or silly password.
const shortestSecret = 3

// Add makes the mask hide these secrets wherever they occur, also the halves of "QSDK …" and "Bearer …".
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

// AddPassword hides a password and the base64 in which POST /Login sends it. Its words are no secrets by themselves.
func (m *Mask) AddPassword(password Secret) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(password.Reveal())
	m.add(base64.StdEncoding.EncodeToString([]byte(password)))
	m.add(base64.RawStdEncoding.EncodeToString([]byte(password)))
}

func (m *Mask) add(text string) {
	if len(text) < shortestSecret {
		return
	}
	spellings := []string{text, url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text)}
	if quoted, err := json.Marshal(text); err == nil {
		spellings = append(spellings, string(quoted[1:len(quoted)-1]))
	}
	for _, spelling := range spellings {
		if _, known := m.secrets[spelling]; !known {
			m.secrets[spelling] = struct{}{}
			m.replacer = nil
		}
	}
}

// credential-like: a long run of the characters of base64, hexadecimal, and of tokens with dots.
var credentialLike = regexp.MustCompile(`[A-Za-z0-9+/=_\-.~%]{20,}`)

var uuidLike = regexp.MustCompile(`(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

var schemed = regexp.MustCompile(`(?i)\b(QSDK|Bearer|Basic)\s+\S+`)

// The address of a proxy may hold a user name and password, and Go quotes one that it cannot read.
var userInfo = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/\s"'<>]*@`)

// Hide gives text with every known secret, and every word that looks like a credential, replaced.
func (m *Mask) Hide(text string) string {
	text = m.known().Replace(text)
	text = userInfo.ReplaceAllString(text, "${1}"+hidden+"@")
	text = schemed.ReplaceAllString(text, "$1 "+hidden)
	return credentialLike.ReplaceAllStringFunc(text, func(word string) string {
		if looksLikeCredential(word) {
			return hidden
		}
		return word
	})
}

func (m *Mask) known() *strings.Replacer {
	m.mu.RLock()
	replacer := m.replacer
	m.mu.RUnlock()
	if replacer != nil {
		return replacer
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	secrets := make([]string, 0, len(m.secrets))
	for secret := range m.secrets {
		secrets = append(secrets, secret)
	}
	// The longest first: a secret may begin with another one.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(secrets))
	for _, secret := range secrets {
		pairs = append(pairs, secret, hidden)
	}
	m.replacer = strings.NewReplacer(pairs...)
	return m.replacer
}

// looksLikeCredential spares host names, paths and generated token names: what is hidden is a UUID, or a part of 20
// characters and more that mixes digits and letters, or of 32 and more whatever they are.
func looksLikeCredential(word string) bool {
	if uuidLike.MatchString(word) {
		return true
	}
	separators := ".-_"
	if isPath(word) {
		separators = "/.-_" // elsewhere the slash is one of base64's characters
	}
	for _, part := range split(word, separators) {
		if len(part) >= 32 || len(part) >= 20 && isMixed(part) {
			return true
		}
	}
	return false
}

// isPath tells whether the word begins with a slash, or all parts between slashes are words, numbers, or short: chance
// hardly makes base64 so.
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
