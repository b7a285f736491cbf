// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// Dialect says how the server speaks where the API is not known for certain: each field answers one question, and any
// combination is a server. The zero value is the default dialect, which accepts whatever a public client of the vendor's
// sends; fields that narrow what is accepted say so. API.md#open-questions.
type Dialect struct {
	// Lists.

	// BriefList makes list items carry accessTokenId and tokenName only.
	BriefList bool
	// NumericTypes makes lists return tokenType as a number.
	NumericTypes bool
	// ListArray is the name of the list's array. It defaults to "accessTokens".
	ListArray string
	// ExtraArrays makes a list carry an empty array of something else, and an error object with code 0.
	ExtraArrays bool
	// HideExpired omits tokens whose access token has expired from lists.
	HideExpired bool
	// EmptyList is the form of a list without tokens.
	EmptyList EmptyList
	// PageSize is how many tokens a list returns at most, the oldest first; 0 is no limit. There is no call for the rest.
	PageSize int
	// PageMark says how a list tells whether tokens were held back.
	PageMark PageMark
	// ListedEnds is how lists round the timestamps that other answers return exactly.
	ListedEnds Rounding
	// NoList refuses the list call, with the status NoListStatus.
	NoList bool
	// NoListStatus is the status of a refused list call. It defaults to 404.
	NoListStatus int

	// Answers.

	// Numbers is how every number in an answer is written, ids and error codes included.
	Numbers Numbers
	// EndUntold omits tokenExpiryTimestamp from the answers of create, update and Renew.
	EndUntold bool
	// UpdateIDOnly makes an update return accessTokenId and nothing else of the token.
	UpdateIDOnly bool
	// UpdateSecrets says which secrets an update returns.
	UpdateSecrets UpdateSecrets
	// MissingID200 answers an unknown id with 200 and an errorCode instead of 404.
	MissingID200 bool
	// Refusals says where create and update report that they refuse a request.
	Refusals Refusals
	// RevokePending answers DELETE with 202 and keeps the token until Server.ApproveRevocations is called or
	// Lifetimes.Approval has passed.
	RevokePending bool

	// What the server makes of a request.

	// Ends is how the server rounds the ends that it stores: those asked for, and the defaults.
	Ends Rounding
	// IgnoreUserID makes create and update ignore userId: the caller becomes the owner.
	IgnoreUserID bool
	// IgnoreTokenType makes create and update ignore tokenType: every new token is ALL.
	IgnoreTokenType bool
	// IgnoreAllowedIPs makes create and update ignore allowedIPs.
	IgnoreAllowedIPs bool
	// NamesFoldCase makes names that differ only in letter case equal.
	NamesFoldCase bool
	// NamesTrim makes names that differ only in outer white space equal.
	NamesTrim bool
	// StrictEnds refuses an end that a token of its type does not have. By default it is ignored (sdk).
	StrictEnds bool

	// Credentials.

	// TokenCredential narrows the headers in which an access token authenticates.
	TokenCredential TokenCredential
	// StrictLogin accepts the login of the vendor's SDK only. By default any login with a name and a password is accepted.
	StrictLogin bool
	// TokensManageTokens lets access tokens create, update and revoke access tokens.
	TokensManageTokens bool

	// Renewals.

	// RenewCredential narrows what authenticates a renewal.
	RenewCredential RenewCredential
	// RenewWrong403 answers a renewal that is not authenticated with 403 instead of 401.
	RenewWrong403 bool
	// RenewKeepsAccess makes Renew return the same access token, valid again, with a new refresh token.
	RenewKeepsAccess bool
	// OldAccessLives keeps an access token that was replaced valid until its own expiry.
	OldAccessLives bool

	// The server as a whole.

	// ClockOffset is how far the server's clock is ahead of Options.Now; negative is behind.
	ClockOffset time.Duration
	// NoDate omits the header Date.
	NoDate bool
	// NoV4 is a release without any of the AccessToken calls.
	NoV4 bool
}

// EmptyList is the form of a list without tokens. API.md#create.
type EmptyList int

// The variants of EmptyList.
const (
	EmptyArray   EmptyList = iota // "accessTokens": []
	EmptyNull                     // "accessTokens": null
	EmptyLeftOut                  // no member of that name
)

// PageMark is how a list tells whether it holds tokens back. API.md#open-questions.
type PageMark int

// The variants of PageMark.
const (
	PageUnmarked PageMark = iota // it does not
	PageTotal                    // "totalCount", the number of tokens that there are
	PageNext                     // "hasMore", and "nextPage" when there is one
)

// UpdateSecrets is what an update returns of the token's secrets. API.md#create: unknown.
type UpdateSecrets int

// The variants of UpdateSecrets.
const (
	UpdateRepeatsNone UpdateSecrets = iota // no secrets
	UpdateRepeatsSame                      // the secrets that the token has
	UpdateRepeatsNew                       // a new pair; the one before it becomes an old pair
)

// TokenCredential is what an access token authenticates with, outside Renew. API.md#base-paths (docs, vendor, sdk, field).
type TokenCredential int

// The variants of TokenCredential.
const (
	TokenAny       TokenCredential = iota // Authtoken as it is, after "Bearer " or after "QSDK "; Authorization: Bearer
	TokenAuthtoken                        // Authtoken: <access token>
	TokenBearer                           // Authorization: Bearer <access token>
)

// RenewCredential is what authenticates a renewal. API.md#create (docs, sdk, vendor, field). The access token may have
// expired.
type RenewCredential int

// The variants of RenewCredential. All but RenewAny accept one form only.
const (
	RenewAny             RenewCredential = iota // any of the forms below, or whatever authenticates other calls
	RenewBearer                                 // Authorization: Bearer <access token>
	RenewAuthtoken                              // Authtoken: <access token>
	RenewBoth                                   // both of the above
	RenewAuthtokenBearer                        // Authtoken: Bearer <access token>
	RenewAuthtokenQSDK                          // Authtoken: QSDK <access token>
	RenewSession                                // Authtoken: <login session>
	RenewNone                                   // neither header
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
