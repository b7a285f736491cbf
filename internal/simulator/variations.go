// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"strconv"
	"time"
)

// group is the group of a variation. It decides which lists contain the variation.
type group int

const (
	settled group = iota // in Dialects and in AllDialects
	recent               // in AllDialects only, until every test passes with it
	outlier              // in AllDialects only, with NamedDialect.Outlier
)

// variation is one difference from the default.
type variation struct {
	name  string
	group group
	about string // one-line description for users
	apply func(*Dialect)
}

// variations contains all of them. Each is a dialect for tests and for -dialect, and requires a row in
// templates/guides/simulator.md.tmpl. In a combination, the last one of mutually exclusive variations takes effect.
var variations = []variation{
	{"brief-list", settled, "Lists return the id and the name of each token only", func(d *Dialect) { d.BriefList = true }},
	{"numeric-types", settled, "Lists return the token type as a number", func(d *Dialect) { d.NumericTypes = true }},
	{"list-array", settled, "The array of a list is called tokenInfoList instead of accessTokens", func(d *Dialect) { d.ListArray = "tokenInfoList" }},
	{"extra-arrays", settled, "Lists also carry an empty array of something else, and an error object with code 0", func(d *Dialect) { d.ExtraArrays = true }},
	{"hide-expired", settled, "Lists omit tokens whose access token has expired", func(d *Dialect) { d.HideExpired = true }},
	{"update-repeats-same", settled, "An update returns the current secrets", func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsSame }},
	{"update-repeats-new", settled, "An update returns a new pair of secrets", func(d *Dialect) { d.UpdateSecrets = UpdateRepeatsNew }},
	{"renew-keeps-access", settled, "A renewal returns the same access token, valid again, with a new refresh token", func(d *Dialect) { d.RenewKeepsAccess = true }},
	{"renew-authtoken", settled, "A renewal needs Authtoken: <access token>", func(d *Dialect) { d.RenewCredential = RenewAuthtoken }},
	{"renew-none", settled, "A renewal must not have any credential header", func(d *Dialect) { d.RenewCredential = RenewNone }},
	{"missing-id-200", settled, "An unknown id is answered with HTTP 200 and an error code instead of 404", func(d *Dialect) { d.MissingID200 = true }},
	{"refuse-flat-400", settled, "Create and update refuse with HTTP 400 and a flat error", func(d *Dialect) { d.Refusals = RefuseFlat400 }},
	{"refuse-flat-200", settled, "Create and update refuse with HTTP 200 and a flat error", func(d *Dialect) { d.Refusals = RefuseFlat200 }},
	{"refuse-in-token-info", settled, "Create and update refuse with HTTP 200 and an error in tokenInfo", func(d *Dialect) { d.Refusals = RefuseInTokenInfo }},
	{"tokens-manage-tokens", settled, "Access tokens may create, update and revoke access tokens", func(d *Dialect) { d.TokensManageTokens = true }},

	{"empty-null", recent, "The array of a list without tokens is null", func(d *Dialect) { d.EmptyList = EmptyNull }},
	{"empty-left-out", recent, "A list without tokens has no array", func(d *Dialect) { d.EmptyList = EmptyLeftOut }},
	{"list-total", recent, "Lists report the total number of tokens", func(d *Dialect) { d.PageMark = PageTotal }},
	{"list-next", recent, "Lists report whether there is another page", func(d *Dialect) { d.PageMark = PageNext }},
	{"page-total", recent, "Lists stop after 2 tokens and report the total number", func(d *Dialect) { d.PageSize, d.PageMark = shortPage, PageTotal }},
	{"page-next", recent, "Lists stop after 2 tokens and report that there is another page", func(d *Dialect) { d.PageSize, d.PageMark = shortPage, PageNext }},
	{"listed-ends-earlier", recent, "Lists round end times down to the minute", func(d *Dialect) { d.ListedEnds = RoundMinuteEarlier }},
	{"listed-ends-later", recent, "Lists round end times up to the minute", func(d *Dialect) { d.ListedEnds = RoundMinuteLater }},
	{"float-numbers", recent, "Numbers are written with a fraction, such as 7.0", func(d *Dialect) { d.Numbers = NumbersFloat }},
	{"text-numbers", recent, "Numbers are written as text, such as \"7\"", func(d *Dialect) { d.Numbers = NumbersText }},
	{"end-untold", recent, "Create, update and renewal omit the expiry of the access token", func(d *Dialect) { d.EndUntold = true }},
	{"update-id-only", recent, "An update returns only the id", func(d *Dialect) { d.UpdateIDOnly = true }},
	{"revoke-pending", recent, "A revocation is answered with 202, and takes effect after -approval", func(d *Dialect) { d.RevokePending = true }},
	{"ends-minute-earlier", recent, "The server rounds end times down to the minute", func(d *Dialect) { d.Ends = RoundMinuteEarlier }},
	{"ends-minute-later", recent, "The server rounds end times up to the minute", func(d *Dialect) { d.Ends = RoundMinuteLater }},
	{"ends-day-earlier", recent, "The server rounds end times down to midnight", func(d *Dialect) { d.Ends = RoundDayEarlier }},
	{"ends-day-later", recent, "The server rounds end times up to midnight", func(d *Dialect) { d.Ends = RoundDayLater }},
	{"ignore-user-id", recent, "The server ignores the requested owner", func(d *Dialect) { d.IgnoreUserID = true }},
	{"ignore-token-type", recent, "The server ignores the requested token type", func(d *Dialect) { d.IgnoreTokenType = true }},
	{"ignore-allowed-ips", recent, "The server ignores allowedIPs", func(d *Dialect) { d.IgnoreAllowedIPs = true }},
	{"names-fold-case", recent, "Names that differ only in letter case are equal", func(d *Dialect) { d.NamesFoldCase = true }},
	{"names-trim", recent, "Names that differ only in surrounding blanks are equal", func(d *Dialect) { d.NamesTrim = true }},
	{"strict-ends", recent, "An end that the token type does not support is refused instead of ignored", func(d *Dialect) { d.StrictEnds = true }},
	{"strict-login", recent, "Only the login of the vendor's SDK is accepted", func(d *Dialect) { d.StrictLogin = true }},
	{"token-authtoken", recent, "Access tokens authenticate only in the header Authtoken", func(d *Dialect) { d.TokenCredential = TokenAuthtoken }},
	{"token-bearer", recent, "Access tokens authenticate only in the header Authorization", func(d *Dialect) { d.TokenCredential = TokenBearer }},
	{"renew-bearer", recent, "A renewal needs Authorization: Bearer <access token>", func(d *Dialect) { d.RenewCredential = RenewBearer }},
	{"renew-both", recent, "A renewal needs the access token in Authorization and in Authtoken", func(d *Dialect) { d.RenewCredential = RenewBoth }},
	{"renew-authtoken-bearer", recent, "A renewal needs Authtoken: Bearer <access token>", func(d *Dialect) { d.RenewCredential = RenewAuthtokenBearer }},
	{"renew-authtoken-qsdk", recent, "A renewal needs Authtoken: QSDK <access token>", func(d *Dialect) { d.RenewCredential = RenewAuthtokenQSDK }},
	{"renew-session", recent, "A renewal needs Authtoken: <login session>", func(d *Dialect) { d.RenewCredential = RenewSession }},
	{"renew-session-403", recent, "Like renew-session, but any other credential is answered with 403 instead of 401", func(d *Dialect) { d.RenewCredential, d.RenewWrong403 = RenewSession, true }},
	{"renew-none-403", recent, "Like renew-none, but any credential is answered with 403 instead of 401", func(d *Dialect) { d.RenewCredential, d.RenewWrong403 = RenewNone, true }},
	{"old-access-lives", recent, "A renewal leaves the old access token valid until its own expiry", func(d *Dialect) { d.OldAccessLives = true }},
	{"clock-ahead", recent, "The server's clock is 5 hours ahead", func(d *Dialect) { d.ClockOffset = 5 * time.Hour }},
	{"clock-behind", recent, "The server's clock is 5 hours behind", func(d *Dialect) { d.ClockOffset = -5 * time.Hour }},
	{"no-date", recent, "Responses have no Date header", func(d *Dialect) { d.NoDate = true }},

	{"capped-list", outlier, "Lists stop after 2 tokens without reporting it", func(d *Dialect) { d.PageSize = shortPage }},
	{"no-list", outlier, "The list call is answered with 404", func(d *Dialect) { d.NoList = true }},
	{"no-list-405", outlier, "The list call is answered with 405", func(d *Dialect) { d.NoList, d.NoListStatus = true, 405 }},
	{"no-list-501", outlier, "The list call is answered with 501", func(d *Dialect) { d.NoList, d.NoListStatus = true, 501 }},
	{"no-v4", outlier, "The release has no access-token calls", func(d *Dialect) { d.NoV4 = true }},
}

// shortPage is short enough that any test with a few tokens exceeds it.
const shortPage = 2

// These combinations of variations have names.
const (
	defaultName = "default"  // none
	contrary    = "contrary" // all that are settled
	extreme     = "extreme"  // all but the outliers
)

// parameters are the fields for which -dialect accepts any value, as in page-size=3.
var parameters = []struct {
	name, value, about string
	set                func(d *Dialect, value string) error
}{
	{"list-array", "NAME", "The array of a list has this name", func(d *Dialect, value string) error { d.ListArray = value; return nil }},
	{"page-size", "NUMBER", "Lists stop after this number of tokens",
		func(d *Dialect, value string) (err error) { d.PageSize, err = strconv.Atoi(value); return }},
	{"clock", "DURATION", "The server's clock is ahead by this duration; a negative one is behind",
		func(d *Dialect, value string) (err error) { d.ClockOffset, err = time.ParseDuration(value); return }},
}
