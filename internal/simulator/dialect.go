// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// Dialect says how the server speaks where the API is not known for certain. The zero value of each field is the
// default. API.md#open-questions.
type Dialect struct {
	// BriefList makes list items carry accessTokenId and tokenName only.
	BriefList bool
	// NumericTypes makes tokenType come back as a number.
	NumericTypes bool
	// ListArray is the name of the list's array; empty is "accessTokens".
	ListArray string
	// ExtraArrays makes a list carry an empty array of something else, and an error object that says all is well.
	ExtraArrays bool
	// HideExpired leaves tokens whose access token has expired out of lists.
	HideExpired bool
	// UpdateSecrets says which secrets an update's answer repeats.
	UpdateSecrets UpdateSecrets
	// RenewKeepsAccess makes Renew return the same access token, valid again, with a new refresh token.
	RenewKeepsAccess bool
	// RenewCredential says how Renew is authenticated.
	RenewCredential RenewCredential
	// MissingID200 answers an unknown id with 200 and an errorCode instead of 404.
	MissingID200 bool
	// Refusals says how create and update tell that they refuse what was asked.
	Refusals Refusals
	// TokensManageTokens lets access tokens create, update and revoke access tokens.
	TokensManageTokens bool
	// NoList is a release without the list call.
	NoList bool
	// NoV4 is a release without any of the AccessToken calls.
	NoV4 bool
}

// UpdateSecrets is what an update's answer says of the token's secrets. API.md#q16 (unknown).
type UpdateSecrets int

// The variants of UpdateSecrets.
const (
	UpdateRepeatsNone UpdateSecrets = iota // no secrets
	UpdateRepeatsSame                      // the secrets that the token has
	UpdateRepeatsNew                       // a new pair; the one before it becomes an old pair
)

// RenewCredential is what authenticates a renewal; every other form is answered 401. API.md#renew (docs, sdk,
// vendor, field) has all of them.
type RenewCredential int

// The variants of RenewCredential.
const (
	RenewBearer    RenewCredential = iota // Authorization: Bearer <access token>
	RenewAuthtoken                        // Authtoken: <access token>
	RenewNone                             // neither header
	RenewSession                          // Authtoken: <login session>, as the vendor's own client sends it (sdk)
)

// Refusals is where create and update report that they refuse a well-formed request. API.md#failures (reference, sdk).
type Refusals int

// The variants of Refusals.
const (
	RefuseInError     Refusals = iota // 200 with {"error":{…}}
	RefuseInTokenInfo                 // 200 with {"error":{… 0},"tokenInfo":{"error":{…}}}
	RefuseFlat200                     // 200 with {"errorMessage","errorCode"}
	RefuseFlat400                     // 400 with {"errorMessage","errorCode"}
)

// NamedDialect is a Dialect and the name that tests and the program's -dialect know it by.
type NamedDialect struct {
	Name    string
	Dialect Dialect
}

// variation is one way to differ from the default.
type variation struct {
	name  string
	apply func(*Dialect)
}

// variations of the servers that are thought to exist. Of those that exclude each other the last one takes effect.
var variations = []variation{
	{"brief-list", func(d *Dialect) { d.BriefList = true }},
	{"numeric-types", func(d *Dialect) { d.NumericTypes = true }},
	{"list-array", func(d *Dialect) { d.ListArray = "tokenInfoList" }},
	{"extra-arrays", func(d *Dialect) { d.ExtraArrays = true }},
	{"hide-expired", func(d *Dialect) { d.HideExpired = true }},
	{"update-repeats-same", func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsSame }},
	{"update-repeats-new", func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsNew }},
	{"renew-keeps-access", func(d *Dialect) { d.RenewKeepsAccess = true }},
	{"renew-authtoken", func(d *Dialect) { d.RenewCredential = RenewAuthtoken }},
	{"renew-none", func(d *Dialect) { d.RenewCredential = RenewNone }},
	{"missing-id-200", func(d *Dialect) { d.MissingID200 = true }},
	{"refuse-flat-400", func(d *Dialect) { d.Refusals = RefuseFlat400 }},
	{"refuse-flat-200", func(d *Dialect) { d.Refusals = RefuseFlat200 }},
	{"refuse-in-token-info", func(d *Dialect) { d.Refusals = RefuseInTokenInfo }},
	{"tokens-manage-tokens", func(d *Dialect) { d.TokensManageTokens = true }},
}

// outliers are servers in which the provider cannot do all of its work, so no test of a token's whole life passes in
// them; Dialects leaves them out.
var outliers = []variation{
	{"renew-session", func(d *Dialect) { d.RenewCredential = RenewSession }},
	{"no-list", func(d *Dialect) { d.NoList = true }},
	{"no-v4", func(d *Dialect) { d.NoV4 = true }},
}

// Dialects are the ones that tests should run in, always in the same order: "default", one for each single variation,
// and "contrary" with all of them at once. Those that lack calls (NoList, NoV4), and RenewSession, are not among them.
func Dialects() []NamedDialect {
	named := []NamedDialect{{Name: "default"}}
	for _, v := range variations {
		var d Dialect
		v.apply(&d)
		named = append(named, NamedDialect{v.name, d})
	}
	return append(named, NamedDialect{"contrary", contrary()})
}

func contrary() Dialect {
	var d Dialect
	for _, v := range variations {
		v.apply(&d)
	}
	return d
}

// DialectNames are all names that ParseDialect knows, those of NoList, NoV4 and RenewSession included.
func DialectNames() []string {
	var names []string
	for _, named := range Dialects() {
		names = append(names, named.Name)
	}
	for _, v := range outliers {
		names = append(names, v.name)
	}
	return names
}

// ParseDialect reads names separated by commas and combines what they stand for. An unknown name is an error that
// lists the known ones.
func ParseDialect(names string) (Dialect, error) {
	var d Dialect
	for name := range strings.SplitSeq(names, ",") {
		if !d.vary(strings.TrimSpace(name)) {
			return Dialect{}, fmt.Errorf("unknown dialect %q; known are %s", name, strings.Join(DialectNames(), ", "))
		}
	}
	return d, nil
}

// vary applies the variation of that name and tells whether there is one.
func (d *Dialect) vary(name string) bool {
	if name == "default" {
		return true
	}
	found := false
	for _, v := range variations {
		if v.name == name || name == "contrary" {
			v.apply(d)
			found = true
		}
	}
	for _, v := range outliers {
		if v.name == name {
			v.apply(d)
			found = true
		}
	}
	return found
}
