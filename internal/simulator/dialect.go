// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// Dialect describes the behavior of the server where the API is not known for certain. Each field answers one question, and every
// combination is a possible server. The zero value is the default dialect, which accepts everything that a public client of the
// vendor sends. Fields that restrict this are documented as such. API.md#open-questions.
type Dialect struct {
	// Lists.

	// BriefList limits list items to accessTokenId and tokenName.
	BriefList bool
	// NumericTypes makes lists return tokenType as a number.
	NumericTypes bool
	// ListArray is the name of the list's array. It defaults to "accessTokens".
	ListArray string
	// ExtraArrays adds another, empty array and an error object with code 0 to a list.
	ExtraArrays bool
	// HideExpired omits tokens whose access token has expired from lists.
	HideExpired bool
	// EmptyList is the form of a list without tokens.
	EmptyList EmptyList
	// PageSize limits the number of tokens in a list. The list contains the oldest ones, and no call returns the rest. 0 means no
	// limit.
	PageSize int
	// PageMark is how a list reports that tokens were omitted.
	PageMark PageMark
	// ListedEnds is the rounding of timestamps in lists. Other answers return them exactly.
	ListedEnds Rounding
	// NoList refuses the list call, with the status NoListStatus.
	NoList bool
	// NoListStatus is the status of a refused list call. It defaults to 404.
	NoListStatus int

	// Answers.

	// Numbers is the notation of every number in an answer, including ids and error codes.
	Numbers Numbers
	// EndUntold omits tokenExpiryTimestamp from the answers of create, update and Renew.
	EndUntold bool
	// UpdateIDOnly makes an update return no field of the token except accessTokenId.
	UpdateIDOnly bool
	// UpdateSecrets defines which secrets an update returns.
	UpdateSecrets UpdateSecrets
	// MissingID200 answers an unknown id with 200 and an errorCode instead of 404.
	MissingID200 bool
	// Refusals defines where create and update report that they refuse a request.
	Refusals Refusals
	// RevokePending answers DELETE with 202 and keeps the token until Server.ApproveRevocations is called or
	// Lifetimes.Approval has passed.
	RevokePending bool

	// Handling of requests.

	// Ends is the rounding of the ends that the server stores, both requested ones and defaults.
	Ends Rounding
	// IgnoreUserID makes create and update ignore userId: the caller becomes the owner.
	IgnoreUserID bool
	// IgnoreTokenType makes create and update ignore tokenType: every new token is ALL.
	IgnoreTokenType bool
	// IgnoreAllowedIPs makes create and update ignore allowedIPs.
	IgnoreAllowedIPs bool
	// NamesFoldCase makes names that differ only in letter case equal.
	NamesFoldCase bool
	// NamesTrim makes names that differ only in surrounding white space equal.
	NamesTrim bool
	// StrictEnds refuses an end that a token of its type does not have. By default such an end is ignored (sdk).
	StrictEnds bool

	// Credentials.

	// TokenCredential restricts the headers in which an access token authenticates.
	TokenCredential TokenCredential
	// StrictLogin accepts only the login of the vendor's SDK. By default any login with a name and a password is accepted.
	StrictLogin bool
	// TokensManageTokens allows access tokens to create, update and revoke access tokens.
	TokensManageTokens bool

	// Renewals.

	// RenewCredential restricts the credentials that authenticate a renewal.
	RenewCredential RenewCredential
	// RenewWrong403 answers an unauthenticated renewal with 403 instead of 401.
	RenewWrong403 bool
	// RenewKeepsAccess makes Renew return the same access token, valid again, with a new refresh token.
	RenewKeepsAccess bool
	// OldAccessLives keeps a replaced access token valid until its own expiry.
	OldAccessLives bool

	// The server as a whole.

	// ClockOffset is the offset of the server's clock from Options.Now. A negative offset means that it is behind.
	ClockOffset time.Duration
	// NoDate omits the header Date.
	NoDate bool
	// NoV4 simulates a release without the AccessToken calls.
	NoV4 bool
}

// EmptyList is the form of a list without tokens. API.md#create.
type EmptyList int

const (
	EmptyArray   EmptyList = iota // "accessTokens": []
	EmptyNull                     // "accessTokens": null
	EmptyLeftOut                  // no member of that name
)

// PageMark is how a list reports that it omits tokens. API.md#open-questions.
type PageMark int

const (
	PageUnmarked PageMark = iota // not reported
	PageTotal                    // "totalCount", the number of existing tokens
	PageNext                     // "hasMore", and "nextPage" when there is one
)

// UpdateSecrets defines which secrets of the token an update returns. API.md#create: unknown.
type UpdateSecrets int

const (
	UpdateRepeatsNone UpdateSecrets = iota // no secrets
	UpdateRepeatsSame                      // the current secrets of the token
	UpdateRepeatsNew                       // a new pair; the previous one becomes an old pair
)

// TokenCredential defines how an access token authenticates calls other than Renew. API.md#base-paths (docs, vendor, sdk, field).
type TokenCredential int

const (
	TokenAny       TokenCredential = iota // Authtoken unchanged, after "Bearer " or after "QSDK "; Authorization: Bearer
	TokenAuthtoken                        // Authtoken: <access token>
	TokenBearer                           // Authorization: Bearer <access token>
)

// RenewCredential defines how a renewal is authenticated. API.md#create (docs, sdk, vendor, field). The access token may have
// expired.
type RenewCredential int

// All variants of RenewCredential except RenewAny accept exactly one form.
const (
	RenewAny             RenewCredential = iota // any of the forms below, or any credential for other calls
	RenewBearer                                 // Authorization: Bearer <access token>
	RenewAuthtoken                              // Authtoken: <access token>
	RenewBoth                                   // both of the above
	RenewAuthtokenBearer                        // Authtoken: Bearer <access token>
	RenewAuthtokenQSDK                          // Authtoken: QSDK <access token>
	RenewSession                                // Authtoken: <login session>
	RenewNone                                   // neither header
)

// Refusals defines where create and update report that they refuse a well-formed request. API.md#failures (reference, sdk).
type Refusals int

const (
	RefuseInError     Refusals = iota // 200 with {"error":{…}}
	RefuseInTokenInfo                 // 200 with {"error":{… 0},"tokenInfo":{"error":{…}}}
	RefuseFlat200                     // 200 with {"errorMessage","errorCode"}
	RefuseFlat400                     // 400 with {"errorMessage","errorCode"}
)
