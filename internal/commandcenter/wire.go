// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"slices"
	"time"
)

// wireRequest is the body of create and update. A nil field is omitted; an empty list is sent. API.md#create (reference; userId and
// allowedIPs: sdk).
type wireRequest struct {
	Name           *string   `json:"tokenName,omitempty"`
	Type           *string   `json:"tokenType,omitempty"`
	UserID         *int64    `json:"userId,omitempty"`
	APIEndpoints   *[]string `json:"apiEndpoints,omitempty"`
	AllowedIPs     *[]string `json:"allowedIPs,omitempty"`
	RenewableUntil *int64    `json:"renewableUntilTimestamp,omitempty"`
	TokenExpiry    *int64    `json:"tokenExpiryTimestamp,omitempty"`
}

// wire returns the body of a create. Zero fields are omitted.
func (s Spec) wire() wireRequest {
	body := wireRequest{Name: &s.Name, RenewableUntil: unix(&s.RenewableUntil), TokenExpiry: unix(&s.TokenExpiry)}
	if s.Type != "" {
		name := string(s.Type)
		body.Type = &name
	}
	if s.UserID != 0 {
		body.UserID = &s.UserID
	}
	if len(s.APIEndpoints) > 0 {
		body.APIEndpoints = sorted(s.APIEndpoints)
	}
	if len(s.AllowedIPs) > 0 {
		body.AllowedIPs = sorted(s.AllowedIPs)
	}
	return body
}

// wire returns the body of an update. Nil fields are omitted.
func (c Change) wire() wireRequest {
	body := wireRequest{Name: c.Name, RenewableUntil: unix(c.RenewableUntil), TokenExpiry: unix(c.TokenExpiry)}
	if c.Type != nil {
		name := string(*c.Type)
		body.Type = &name
	}
	if c.APIEndpoints != nil {
		body.APIEndpoints = sorted(*c.APIEndpoints)
	}
	if c.AllowedIPs != nil {
		body.AllowedIPs = sorted(*c.AllowedIPs)
	}
	return body
}

// token reads the fields of a token. API.md#create (reference, sdk).
func (o object) token() Token {
	text := func(name string) string { value, _ := lastOf(o, name, readFilledText); return value }
	texts := func(name string) []string { value, _ := lastOf(o, name, readTexts); return value }
	instant := func(name string) time.Time { value, _ := lastOf(o, name, readInstant); return value }
	userID, _ := lastOf(o, "userId", readID)
	tokenType, _ := lastOf(o, "tokenType", readTokenType)
	return Token{
		ID:                    o.id(),
		Name:                  text("tokenName"),
		Type:                  tokenType,
		UserID:                userID,
		APIEndpoints:          texts("apiEndpoints"),
		AllowedIPs:            texts("allowedIPs"),
		ExpiresAt:             instant("tokenExpiryTimestamp"),
		RefreshTokenExpiresAt: instant("refreshTokenExpiryTimestamp"),
		RenewableUntil:        instant("renewableUntilTimestamp"),
		AccessToken:           Secret(text("accessToken")),
		RefreshToken:          Secret(text("refreshToken")),
	}
}

// unix returns the instant in Unix seconds, or nil if there is none.
func unix(t *time.Time) *int64 {
	if t == nil || t.IsZero() {
		return nil
	}
	seconds := t.Unix()
	return &seconds
}

// sorted makes requests independent of the order of a set. It does not return nil: an empty list is sent as an empty list.
func sorted(set []string) *[]string {
	list := append([]string{}, set...)
	slices.Sort(list)
	return &list
}
