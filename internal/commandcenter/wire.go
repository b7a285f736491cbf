// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// wireRequest is the body of create and update. A nil field is omitted, an empty list is sent. API.md#create (reference;
// userId and allowedIPs: sdk).
type wireRequest struct {
	Name           *string   `json:"tokenName,omitempty"`
	Type           *string   `json:"tokenType,omitempty"`
	UserID         *int64    `json:"userId,omitempty"`
	APIEndpoints   *[]string `json:"apiEndpoints,omitempty"`
	AllowedIPs     *[]string `json:"allowedIPs,omitempty"`
	RenewableUntil *int64    `json:"renewableUntilTimestamp,omitempty"`
	TokenExpiry    *int64    `json:"tokenExpiryTimestamp,omitempty"`
}

// wireToken is tokenInfo in the answers of create and update, and an item of a list. API.md#create (reference, sdk).
type wireToken struct {
	ID                    number    `json:"accessTokenId"`
	Name                  text      `json:"tokenName"`
	Type                  wireType  `json:"tokenType"`
	UserID                number    `json:"userId"`
	APIEndpoints          *[]string `json:"apiEndpoints"`
	AllowedIPs            *[]string `json:"allowedIPs"`
	ExpiresAt             number    `json:"tokenExpiryTimestamp"`
	RefreshTokenExpiresAt number    `json:"refreshTokenExpiryTimestamp"`
	RenewableUntil        number    `json:"renewableUntilTimestamp"`
	AccessToken           text      `json:"accessToken"`
	RefreshToken          text      `json:"refreshToken"`
}

func (w wireToken) token() Token {
	t := Token{
		ID:                    int64(w.ID),
		Name:                  string(w.Name),
		Type:                  TokenType(w.Type),
		UserID:                int64(w.UserID),
		ExpiresAt:             w.ExpiresAt.instant(),
		RefreshTokenExpiresAt: w.RefreshTokenExpiresAt.instant(),
		RenewableUntil:        w.RenewableUntil.instant(),
		AccessToken:           Secret(w.AccessToken),
		RefreshToken:          Secret(w.RefreshToken),
	}
	if w.APIEndpoints != nil {
		t.APIEndpoints = append([]string{}, *w.APIEndpoints...)
	}
	if w.AllowedIPs != nil {
		t.AllowedIPs = append([]string{}, *w.AllowedIPs...)
	}
	return t
}

// wireError is the documented error, nested or flat. API.md#failures (reference).
type wireError struct {
	Code    *number `json:"errorCode"`
	Message *text   `json:"errorMessage"`
}

// failed tells of a code other than 0. A message with the code 0 is none: servers send "Success" there.
func (w *wireError) failed() bool { return w != nil && w.Code != nil && *w.Code != 0 }

func (w *wireError) as(kind Kind) *Error {
	e := &Error{Kind: kind, Documented: true}
	if w.Code != nil {
		e.Code = int64(*w.Code)
	}
	if w.Message != nil {
		e.Message = string(*w.Message)
	}
	return e
}

// number is an integer that may come quoted. null and "" are 0.
type number int64

// UnmarshalJSON refuses what is neither.
func (n *number) UnmarshalJSON(data []byte) error {
	unquoted := strings.Trim(string(data), `"`)
	if unquoted == "" || unquoted == "null" {
		*n = 0
		return nil
	}
	value, err := strconv.ParseInt(unquoted, 10, 64)
	if err != nil {
		return fmt.Errorf("%s where a whole number is due", kindOfJSON(data))
	}
	*n = number(value)
	return nil
}

// instant reads Unix seconds; 0 means none.
func (n number) instant() time.Time {
	if n <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}

// flag is a boolean that may come as a number, or quoted. null is false.
type flag bool

// UnmarshalJSON takes whatever is not clearly false for true.
func (f *flag) UnmarshalJSON(data []byte) error {
	switch strings.ToLower(strings.Trim(string(data), `"`)) {
	case "false", "0", "null", "":
		*f = false
	default:
		*f = true
	}
	return nil
}

// text is a string, and null an empty one. Its errors do not quote what was there instead: it may be a secret.
type text string

// UnmarshalJSON refuses what is neither.
func (t *text) UnmarshalJSON(data []byte) error {
	var value *string
	if err := json.Unmarshal(data, &value); err != nil {
		return fmt.Errorf("%s where a string is due", kindOfJSON(data))
	}
	*t = ""
	if value != nil {
		*t = text(*value)
	}
	return nil
}

// wireType is a token's type, which comes as a number or a name.
type wireType TokenType

// UnmarshalJSON leaves a type that nobody documented empty: not told.
func (w *wireType) UnmarshalJSON(data []byte) error {
	*w = ""
	var name text
	if err := name.UnmarshalJSON(data); err == nil {
		if n, err := strconv.Atoi(string(name)); err == nil {
			*w = typeByNumber(n)
			return nil
		}
		*w = wireType(parseType(string(name)))
		return nil
	}
	var n number
	if err := n.UnmarshalJSON(data); err != nil {
		return err
	}
	*w = typeByNumber(int(n))
	return nil
}

func typeByNumber(n int) wireType {
	if types := TokenTypes(); n >= 0 && n < len(types) {
		return wireType(types[n])
	}
	return ""
}

// kindOfJSON names a value without showing it.
func kindOfJSON(data []byte) string {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return "nothing"
	}
	switch data[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}
