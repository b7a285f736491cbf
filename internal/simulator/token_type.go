// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// The names of the token types. API.md#types (reference; Hyperscale: docs, sdk).
const (
	TypeDefault    = "DEFAULT" // only in requests; stored and returned as ALL
	TypeSCIM       = "MS_SCIM"
	TypeAll        = "ALL"
	TypeCustom     = "CUSTOM"
	TypeOneTouch   = "OneTouch"
	TypeHyperscale = "Hyperscale"
)

// typeFacts describes one type.
type typeFacts struct {
	name string
	// renews reports whether tokens of the type have a refresh token. Their end is then set by renewableUntilTimestamp instead of
	// tokenExpiryTimestamp. The type can be changed in place to another such type.
	renews bool
	// lifetimes returns the default and the maximum lifetime.
	lifetimes func(Lifetimes) (usual, most time.Duration)
	// calls contains the paths, below the base path, that tokens of a restricted type may call. An ALL token may make every call,
	// and a CUSTOM token the calls below its endpoints.
	calls []string
}

// tokenTypes is the table of types, ordered by number. API.md#types (reference; 5: docs, sdk), API.md#life-of-a-token (docs). The
// paths of SCIM and HyperScale calls are assumed: API.md#q44.
var tokenTypes = []typeFacts{
	{name: TypeDefault, renews: true, lifetimes: renewableLifetimes},
	{name: TypeSCIM, lifetimes: func(l Lifetimes) (usual, most time.Duration) { return l.SCIM, l.SCIMMax }, calls: []string{"/scim"}},
	{name: TypeAll, renews: true, lifetimes: renewableLifetimes},
	{name: TypeCustom, renews: true, lifetimes: renewableLifetimes},
	{name: TypeOneTouch, lifetimes: func(l Lifetimes) (usual, most time.Duration) { return l.OneTouch, l.OneTouchMax },
		calls: []string{"/Client", "/MediaAgent", "/ClientGroup", "/V4/ServerGroup", "/FirewallSummary"}},
	{name: TypeHyperscale, renews: true, lifetimes: renewableLifetimes, calls: []string{"/HyperScale"}},
}

func renewableLifetimes(l Lifetimes) (usual, most time.Duration) { return l.Renewable, l.RenewableMax }

// typeNames returns the names of the types, ordered by number.
func typeNames() []string {
	names := make([]string, len(tokenTypes))
	for i, facts := range tokenTypes {
		names[i] = facts.name
	}
	return names
}

// typeNumber returns the number of a known name.
func typeNumber(name string) int {
	return slices.IndexFunc(tokenTypes, func(t typeFacts) bool { return t.name == name })
}

// factsOf returns the facts of an existing type.
func factsOf(name string) typeFacts { return tokenTypes[typeNumber(name)] }

func renewable(tokenType string) bool { return factsOf(tokenType).renews }
