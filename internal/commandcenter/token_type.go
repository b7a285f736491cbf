// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"strings"
	"time"
)

// TokenType defines what a token may do.
type TokenType string

// The types have their names on the wire. API.md#types (reference; Hyperscale: docs, sdk).
const (
	TypeDefault    TokenType = "DEFAULT"
	TypeSCIM       TokenType = "MS_SCIM"
	TypeAll        TokenType = "ALL"
	TypeCustom     TokenType = "CUSTOM"
	TypeOneTouch   TokenType = "OneTouch"
	TypeHyperscale TokenType = "Hyperscale"
)

const day = 24 * time.Hour

// ShortestAccessLifetime is the shortest documented lifetime of an access token of a renewable type. API.md#life-of-a-token (docs):
// 30 minutes in most releases, 2 hours in some, longer if the company configures it.
const ShortestAccessLifetime = 30 * time.Minute

// typeFacts describes one type.
type typeFacts struct {
	name TokenType
	// number is the number on the wire.
	number int64
	// renews reports whether the type has a refresh token and ends at its renewable-until instant. Other types end at their expiry.
	renews bool
	// defaultLifetime is the lifetime of a token that is created without an end. longestLifetime is the server's limit.
	defaultLifetime, longestLifetime time.Duration
	// managesTokens reports whether the type may call the API of access tokens.
	managesTokens bool
}

// tokenTypes is the table of types, ordered by number. Everything that depends on a type reads it here. API.md#types (reference;
// numbers: sdk), API.md#life-of-a-token (docs). A CUSTOM token manages tokens if its endpoints include their API.
var tokenTypes = []typeFacts{
	{name: TypeDefault, number: 0, renews: true, defaultLifetime: 90 * day, longestLifetime: 365 * day, managesTokens: true},
	{name: TypeSCIM, number: 1, defaultLifetime: 30 * day, longestLifetime: 365 * day},
	{name: TypeAll, number: 2, renews: true, defaultLifetime: 90 * day, longestLifetime: 365 * day, managesTokens: true},
	{name: TypeCustom, number: 3, renews: true, defaultLifetime: 90 * day, longestLifetime: 365 * day, managesTokens: true},
	{name: TypeOneTouch, number: 4, defaultLifetime: 7 * day, longestLifetime: 14 * day},
	{name: TypeHyperscale, number: 5, renews: true, defaultLifetime: 90 * day, longestLifetime: 365 * day},
}

// TokenTypes returns the types, ordered by their number on the wire.
func TokenTypes() []TokenType {
	names := make([]TokenType, len(tokenTypes))
	for i, facts := range tokenTypes {
		names[i] = facts.name
	}
	return names
}

// facts returns the facts of the type. An unknown type counts as ALL, which is the server's default and has the most rights.
func (t TokenType) facts() typeFacts {
	fallback := typeFacts{}
	for _, facts := range tokenTypes {
		if facts.name == t {
			return facts
		}
		if facts.name == TypeAll {
			fallback = facts
		}
	}
	return fallback
}

// Canonical returns ALL for DEFAULT, which is equivalent. API.md#types (reference).
func (t TokenType) Canonical() TokenType {
	if t == TypeDefault {
		return TypeAll
	}
	return t
}

// Renews reports whether tokens of this type have a refresh token and end at their renewable-until instant. Tokens of the
// other types end at their expiry (docs).
func (t TokenType) Renews() bool { return t.facts().renews }

// ChangesInPlace reports whether the server can change a token of type t to type to without a new secret. This works among the
// types that renew. API.md#update (docs).
func (t TokenType) ChangesInPlace(to TokenType) bool { return t.Renews() && to.Renews() }

// DefaultLifetime returns the lifetime of a token that is created without an end (docs).
func (t TokenType) DefaultLifetime() time.Duration { return t.facts().defaultLifetime }

// LongestLifetime returns the documented limit. The server shortens a later end to it (docs).
func (t TokenType) LongestLifetime() time.Duration { return t.facts().longestLifetime }

// MayManageTokens reports whether a token of this type may list, create or revoke access tokens, on servers that allow this for any
// token. It returns true for an unknown type.
func (t TokenType) MayManageTokens() bool { return t.facts().managesTokens }

// parseTokenType parses a name in any letter case, or a number in any of its forms. It returns "" for an unknown type.
func parseTokenType(text string) TokenType {
	text = strings.TrimSpace(text)
	number, isNumber := parseInteger(text)
	for _, facts := range tokenTypes {
		if strings.EqualFold(string(facts.name), text) || isNumber && number == facts.number {
			return facts.name
		}
	}
	return ""
}
