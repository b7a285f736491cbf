// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// NamedDialect is a Dialect and the name that tests and the program's -dialect know it by.
type NamedDialect struct {
	Name    string
	Dialect Dialect
	// Outlier marks a server in which no client can do all of its work.
	Outlier bool
}

// group of a variation decides which lists contain it.
type group int

const (
	settled group = iota // in Dialects and in AllDialects
	recent               // in AllDialects only, until every test survives it
	outlier              // in AllDialects only, with NamedDialect.Outlier
)

// variation is one way to differ from the default.
type variation struct {
	name  string
	group group
	apply func(*Dialect)
}

// variations are all of them: adding one here makes it a dialect that tests run in and that -dialect knows. Of those
// that exclude each other, the last one takes effect in a combination.
var variations = []variation{
	{"brief-list", settled, func(d *Dialect) { d.BriefList = true }},
	{"numeric-types", settled, func(d *Dialect) { d.NumericTypes = true }},
	{"list-array", settled, func(d *Dialect) { d.ListArray = "tokenInfoList" }},
	{"extra-arrays", settled, func(d *Dialect) { d.ExtraArrays = true }},
	{"hide-expired", settled, func(d *Dialect) { d.HideExpired = true }},
	{"update-repeats-same", settled, func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsSame }},
	{"update-repeats-new", settled, func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsNew }},
	{"renew-keeps-access", settled, func(d *Dialect) { d.RenewKeepsAccess = true }},
	{"renew-authtoken", settled, func(d *Dialect) { d.RenewCredential = RenewAuthtoken }},
	{"renew-none", settled, func(d *Dialect) { d.RenewCredential = RenewNone }},
	{"missing-id-200", settled, func(d *Dialect) { d.MissingID200 = true }},
	{"refuse-flat-400", settled, func(d *Dialect) { d.Refusals = RefuseFlat400 }},
	{"refuse-flat-200", settled, func(d *Dialect) { d.Refusals = RefuseFlat200 }},
	{"refuse-in-token-info", settled, func(d *Dialect) { d.Refusals = RefuseInTokenInfo }},
	{"tokens-manage-tokens", settled, func(d *Dialect) { d.TokensManageTokens = true }},

	{"empty-null", recent, func(d *Dialect) { d.EmptyList = EmptyNull }},
	{"empty-left-out", recent, func(d *Dialect) { d.EmptyList = EmptyLeftOut }},
	{"list-total", recent, func(d *Dialect) { d.PageMark = PageTotal }},
	{"list-next", recent, func(d *Dialect) { d.PageMark = PageNext }},
	{"page-total", recent, func(d *Dialect) { d.PageSize, d.PageMark = shortPage, PageTotal }},
	{"page-next", recent, func(d *Dialect) { d.PageSize, d.PageMark = shortPage, PageNext }},
	{"listed-ends-earlier", recent, func(d *Dialect) { d.ListedEnds = RoundMinuteEarlier }},
	{"listed-ends-later", recent, func(d *Dialect) { d.ListedEnds = RoundMinuteLater }},
	{"float-numbers", recent, func(d *Dialect) { d.Numbers = NumbersFloat }},
	{"text-numbers", recent, func(d *Dialect) { d.Numbers = NumbersText }},
	{"end-untold", recent, func(d *Dialect) { d.EndUntold = true }},
	{"update-id-only", recent, func(d *Dialect) { d.UpdateIDOnly = true }},
	{"revoke-pending", recent, func(d *Dialect) { d.RevokePending = true }},
	{"ends-minute-earlier", recent, func(d *Dialect) { d.Ends = RoundMinuteEarlier }},
	{"ends-minute-later", recent, func(d *Dialect) { d.Ends = RoundMinuteLater }},
	{"ends-day-earlier", recent, func(d *Dialect) { d.Ends = RoundDayEarlier }},
	{"ends-day-later", recent, func(d *Dialect) { d.Ends = RoundDayLater }},
	{"ignore-user-id", recent, func(d *Dialect) { d.IgnoreUserID = true }},
	{"ignore-token-type", recent, func(d *Dialect) { d.IgnoreTokenType = true }},
	{"ignore-allowed-ips", recent, func(d *Dialect) { d.IgnoreAllowedIPs = true }},
	{"names-fold-case", recent, func(d *Dialect) { d.NamesFoldCase = true }},
	{"names-trim", recent, func(d *Dialect) { d.NamesTrim = true }},
	{"strict-ends", recent, func(d *Dialect) { d.StrictEnds = true }},
	{"strict-login", recent, func(d *Dialect) { d.StrictLogin = true }},
	{"token-authtoken", recent, func(d *Dialect) { d.TokenCredential = TokenAuthtoken }},
	{"token-bearer", recent, func(d *Dialect) { d.TokenCredential = TokenBearer }},
	{"renew-bearer", recent, func(d *Dialect) { d.RenewCredential = RenewBearer }},
	{"renew-both", recent, func(d *Dialect) { d.RenewCredential = RenewBoth }},
	{"renew-authtoken-bearer", recent, func(d *Dialect) { d.RenewCredential = RenewAuthtokenBearer }},
	{"renew-authtoken-qsdk", recent, func(d *Dialect) { d.RenewCredential = RenewAuthtokenQSDK }},
	{"renew-session", recent, func(d *Dialect) { d.RenewCredential = RenewSession }},
	{"renew-session-403", recent, func(d *Dialect) { d.RenewCredential, d.RenewWrong403 = RenewSession, true }},
	{"renew-none-403", recent, func(d *Dialect) { d.RenewCredential, d.RenewWrong403 = RenewNone, true }},
	{"old-access-lives", recent, func(d *Dialect) { d.OldAccessLives = true }},
	{"clock-ahead", recent, func(d *Dialect) { d.ClockOffset = 5 * time.Hour }},
	{"clock-behind", recent, func(d *Dialect) { d.ClockOffset = -5 * time.Hour }},
	{"no-date", recent, func(d *Dialect) { d.NoDate = true }},

	{"capped-list", outlier, func(d *Dialect) { d.PageSize = shortPage }},
	{"no-list", outlier, func(d *Dialect) { d.NoList = true }},
	{"no-list-405", outlier, func(d *Dialect) { d.NoList, d.NoListStatus = true, 405 }},
	{"no-list-501", outlier, func(d *Dialect) { d.NoList, d.NoListStatus = true, 501 }},
	{"no-v4", outlier, func(d *Dialect) { d.NoV4 = true }},
}

// shortPage is so short that any test with a few tokens meets the end of the page.
const shortPage = 2

// Combinations of variations, by their names.
const (
	defaultName = "default"  // none
	contrary    = "contrary" // all that are settled
	extreme     = "extreme"  // all but the outliers
)

// parameters are the fields that -dialect can give any value, as in page-size=3.
var parameters = []struct {
	name, value string
	set         func(d *Dialect, value string) error
}{
	{"list-array", "NAME", func(d *Dialect, value string) error { d.ListArray = value; return nil }},
	{"page-size", "NUMBER", func(d *Dialect, value string) (err error) { d.PageSize, err = strconv.Atoi(value); return }},
	{"clock", "DURATION", func(d *Dialect, value string) (err error) { d.ClockOffset, err = time.ParseDuration(value); return }},
}

// Dialects are those that all tests survive today, always in the same order: "default", one for each settled variation,
// and "contrary" with all of these at once. AllDialects replaces it.
func Dialects() []NamedDialect {
	return named(func(v variation) bool { return v.group == settled }, contrary)
}

// AllDialects are "default", one for each variation, "contrary" and "extreme", always in the same order. Tests of a
// token's whole life leave out those with Outlier.
func AllDialects() []NamedDialect {
	return named(func(variation) bool { return true }, contrary, extreme)
}

func named(included func(variation) bool, combinations ...string) []NamedDialect {
	dialects := []NamedDialect{{Name: defaultName}}
	for _, v := range variations {
		if included(v) {
			dialects = append(dialects, NamedDialect{Name: v.name, Dialect: combined(v.name), Outlier: v.group == outlier})
		}
	}
	for _, name := range combinations {
		dialects = append(dialects, NamedDialect{Name: name, Dialect: combined(name)})
	}
	return dialects
}

func combined(name string) Dialect {
	var d Dialect
	d.vary(name)
	return d
}

// DialectNames are those of AllDialects.
func DialectNames() []string {
	var names []string
	for _, d := range AllDialects() {
		names = append(names, d.Name)
	}
	return names
}

// DialectParameters are what ParseDialect reads besides names, in the form name=VALUE.
func DialectParameters() []string {
	var names []string
	for _, p := range parameters {
		names = append(names, p.name+"="+p.value)
	}
	return names
}

// ParseDialect reads names and parameters separated by commas and combines what they stand for. It returns an error that
// lists the known ones for an unknown name, and the reason for a value that cannot be read.
func ParseDialect(names string) (Dialect, error) {
	var d Dialect
	for word := range strings.SplitSeq(names, ",") {
		name, value, hasValue := strings.Cut(strings.TrimSpace(word), "=")
		if hasValue {
			if known, err := d.setParameter(name, value); known && err != nil {
				return Dialect{}, fmt.Errorf("dialect %s: %w", name, err)
			} else if known {
				continue
			}
		} else if d.vary(name) {
			continue
		}
		known := append(DialectNames(), DialectParameters()...)
		return Dialect{}, fmt.Errorf("unknown dialect %q; known are %s", name, strings.Join(known, ", "))
	}
	return d, nil
}

// setParameter reports whether there is a parameter of that name.
func (d *Dialect) setParameter(name, value string) (known bool, err error) {
	for _, p := range parameters {
		if p.name == name {
			return true, p.set(d, value)
		}
	}
	return false, nil
}

// vary applies the variation or combination of that name and reports whether there is one.
func (d *Dialect) vary(name string) bool {
	found := name == defaultName
	for _, v := range variations {
		if v.name == name || name == contrary && v.group == settled || name == extreme && v.group != outlier {
			v.apply(d)
			found = true
		}
	}
	return found
}
