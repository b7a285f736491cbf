// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "encoding/xml"

// The types below are the JSON bodies. They belong to the simulator; the client's types are not used here.

// wireError is an error of the API. The code 0 means no error. API.md#failures (reference).
type wireError struct {
	Message string `json:"errorMessage"`
	Code    int64  `json:"errorCode"`
}

// wireRefusal carries the error in "error".
type wireRefusal struct {
	Error wireError `json:"error"`
}

// wireTokenRefusal carries the error in "tokenInfo.error".
type wireTokenRefusal struct {
	Error     wireError   `json:"error"`
	TokenInfo wireRefusal `json:"tokenInfo"`
}

// wireCreated answers create and update. The top-level error is always present: API.md#the-vendors-own-client (sdk).
type wireCreated struct {
	Error     wireError     `json:"error"`
	TokenInfo wireTokenInfo `json:"tokenInfo"`
}

// wireTokenInfo is the tokenInfo of API.md#create (reference). Timestamps are Unix seconds. Fields that do not apply to the type
// are omitted, as in the vendor's SDK (API.md#list: 0 or absent means none). An update omits the secrets.
type wireTokenInfo struct {
	Error          wireError `json:"error"`
	ID             int64     `json:"accessTokenId"`
	Name           string    `json:"tokenName"`
	UserID         int64     `json:"userId"`
	Expiry         int64     `json:"tokenExpiryTimestamp,omitempty"`
	AccessToken    string    `json:"accessToken,omitempty"`
	RefreshToken   string    `json:"refreshToken,omitempty"`
	RefreshExpiry  int64     `json:"refreshTokenExpiryTimestamp,omitempty"`
	RenewableUntil int64     `json:"renewableUntilTimestamp,omitempty"`
}

// wireIDOnly answers an update under Dialect.UpdateIDOnly.
type wireIDOnly struct {
	Error     wireError `json:"error"`
	TokenInfo struct {
		ID int64 `json:"accessTokenId"`
	} `json:"tokenInfo"`
}

// wireRenewed answers a renewal: API.md#create (sdk, field).
type wireRenewed struct {
	ID             int64  `json:"accessTokenId"`
	Name           string `json:"tokenName"`
	AccessToken    string `json:"accessToken"`
	RefreshToken   string `json:"refreshToken"`
	Expiry         int64  `json:"tokenExpiryTimestamp,omitempty"`
	RefreshExpiry  int64  `json:"refreshTokenExpiryTimestamp"`
	RenewableUntil int64  `json:"renewableUntilTimestamp"`
}

// wireBriefItem is a list item of Dialect.BriefList.
type wireBriefItem struct {
	ID   int64  `json:"accessTokenId"`
	Name string `json:"tokenName"`
}

// wireItem is a list item, which has no secrets. API.md#life-of-a-token (docs). Type is a name or a number.
type wireItem struct {
	wireBriefItem
	UserID         int64    `json:"userId"`
	Type           any      `json:"tokenType"`
	Expiry         int64    `json:"tokenExpiryTimestamp"`
	RefreshExpiry  int64    `json:"refreshTokenExpiryTimestamp"`
	RenewableUntil int64    `json:"renewableUntilTimestamp"`
	APIEndpoints   []string `json:"apiEndpoints"`
	AllowedIPs     []string `json:"allowedIPs"`
}

// wireLogin answers a successful login. API.md#log-in (sdk).
type wireLogin struct {
	UserName string `json:"userName"`
	Token    string `json:"token"`
}

// wireLoginFailed answers a failed login, also under 200. API.md#log-in (sdk).
type wireLoginFailed struct {
	Errors            []wireLoginError `json:"errList"`
	IsAccountLocked   bool             `json:"isAccountLocked"`
	RemainingLockTime int64            `json:"remainingLockTime"` // seconds
}

// wireSessionFailed answers a failed RenewLoginToken, also under 200. The vendor's own client expects it there, and repeats the
// same call endlessly after a 401 (sdk).
type wireSessionFailed struct {
	Error wireLoginError `json:"error"`
}

type wireLoginError struct {
	Message string `json:"errLogMessage"`
	Code    int64  `json:"errorCode"`
}

// wireXMLLogin is a login of the vendor's Terraform provider (vendor).
type wireXMLLogin struct {
	XMLName  xml.Name `xml:"DM2ContentIndexing_CheckCredentialReq"`
	Username string   `xml:"username,attr"`
	Password string   `xml:"password,attr"`
}

// wireXMLLoginAnswer answers a wireXMLLogin (vendor; the position of the error is assumed).
type wireXMLLoginAnswer struct {
	XMLName           xml.Name            `xml:"DM2ContentIndexing_CheckCredentialResp"`
	UserName          string              `xml:"userName,attr,omitempty"`
	Token             string              `xml:"token,attr,omitempty"`
	RemainingLockTime int64               `xml:"remainingLockTime,attr"`
	Errors            []wireXMLLoginError `xml:"errList"`
}

type wireXMLLoginError struct {
	Message string `xml:"errLogMessage,attr"`
	Code    int64  `xml:"errorCode,attr"`
}

// wireWhoAmI answers WhoAmI: API.md#create (sdk).
type wireWhoAmI struct {
	User wireUser `json:"user"`
}

type wireUser struct {
	UserName string `json:"userName"`
}

// wireUserItem is one of the users in the answer to User. API.md#users (sdk).
type wireUserItem struct {
	Entity wireUserEntity `json:"userEntity"`
}

type wireUserEntity struct {
	UserName string `json:"userName"`
	UserID   int64  `json:"userId"`
}

// wireSession answers RenewLoginToken: API.md#the-vendors-own-client (sdk).
type wireSession struct {
	Token string `json:"token"`
}
