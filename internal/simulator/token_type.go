// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// The names of the token types. API.md#types (reference; Hyperscale: docs, sdk).
const (
	TypeDefault    = "DEFAULT" // as the request's wish only: stored and returned as ALL
	TypeSCIM       = "MS_SCIM"
	TypeAll        = "ALL"
	TypeCustom     = "CUSTOM"
	TypeOneTouch   = "OneTouch"
	TypeHyperscale = "Hyperscale"
)

// typeFacts is what the server knows of a type.
type typeFacts struct {
	name string
	// renews reports whether tokens of the type have a refresh token, and so an end set by renewableUntilTimestamp rather than
	// tokenExpiryTimestamp. Such a type can be changed to another such type in place.
	renews bool
	// lifetimes are the default and the maximum.
	lifetimes func(Lifetimes) (usual, most time.Duration)
	// calls that tokens of a narrow type may make, below the base path. An ALL token may make every call, and a CUSTOM token
	// those below its endpoints.
	calls []string
}

// tokenTypes is the table of types, by number. API.md#types (reference; 5: docs, sdk), API.md#life-of-a-token (docs); the
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

// typeNames returns the names by number.
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

// factsOf returns what is known of a type that exists.
func factsOf(name string) typeFacts { return tokenTypes[typeNumber(name)] }

func renewable(tokenType string) bool { return factsOf(tokenType).renews }
