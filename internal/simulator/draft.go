// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"strings"
	"time"
)

// draft contains the fields of a create or an update. A nil field was omitted.
type draft struct {
	name           *string
	tokenType      *string
	userID         *int64
	apiEndpoints   *[]string
	allowedIPs     *[]string
	renewableUntil *int64 // Unix seconds
	tokenExpiry    *int64 // Unix seconds
}

// readDraft reads the fields of API.md#create (reference; userId and allowedIPs sdk).
func readDraft(c call) (draft, *problem) {
	f, p := readFields(c.header, c.body, "tokenName", "tokenType", "userId", "apiEndpoints", "allowedIPs",
		"renewableUntilTimestamp", "tokenExpiryTimestamp")
	if p != nil {
		return draft{}, p
	}
	d := draft{
		name:           f.text("tokenName"),
		tokenType:      f.tokenType("tokenType"),
		userID:         f.number("userId"),
		apiEndpoints:   f.texts("apiEndpoints"),
		allowedIPs:     f.texts("allowedIPs"),
		renewableUntil: f.timestamp("renewableUntilTimestamp"),
		tokenExpiry:    f.timestamp("tokenExpiryTimestamp"),
	}
	return d, f.problem
}

// without removes the fields that the dialect ignores. API.md#open-questions.
func (d draft) without(dialect Dialect) draft {
	if dialect.IgnoreUserID {
		d.userID = nil
	}
	if dialect.IgnoreAllowedIPs {
		d.allowedIPs = nil
	}
	if dialect.IgnoreTokenType {
		d.tokenType = nil
	}
	return d
}

// forType removes an end that the type does not have, which the server ignores (sdk) unless the dialect refuses it. It also removes
// fields that belong to an ignored tokenType.
func (d draft) forType(tokenType string, dialect Dialect) draft {
	if dialect.IgnoreTokenType && tokenType != TypeCustom {
		d.apiEndpoints = nil
	}
	if dialect.StrictEnds && !dialect.IgnoreTokenType {
		return d
	}
	if renewable(tokenType) {
		d.tokenExpiry = nil
	} else {
		d.renewableUntil = nil
	}
	return d
}

// check validates the values for a token of that type. API.md#types (reference), API.md#create.
func (d draft) check(tokenType string, creating bool, now time.Time) *problem {
	if d.name != nil && strings.TrimSpace(*d.name) == "" {
		return malformedf("tokenName must not be blank")
	}
	if p := checkEndpoints(d.apiEndpoints, tokenType, creating); p != nil {
		return p
	}
	if d.allowedIPs != nil {
		if p := checkAllowedIPs(*d.allowedIPs); p != nil {
			return p
		}
	}
	if d.renewableUntil != nil && !renewable(tokenType) {
		return malformedf("renewableUntilTimestamp is not for tokens of type %s", tokenType)
	}
	if d.tokenExpiry != nil && renewable(tokenType) {
		return malformedf("tokenExpiryTimestamp is for tokens of type MS_SCIM and OneTouch, not %s", tokenType)
	}
	for name, value := range map[string]*int64{
		"renewableUntilTimestamp": d.renewableUntil, "tokenExpiryTimestamp": d.tokenExpiry,
	} {
		if value != nil && *value <= now.Unix() {
			return malformedf("%s lies in the past", name)
		}
	}
	return nil
}

// writeTo copies to the token the fields that create and update handle in the same way.
func (d draft) writeTo(t *Token) {
	if d.name != nil {
		t.Name = *d.name
	}
	if d.apiEndpoints != nil {
		t.APIEndpoints = *d.apiEndpoints
	}
	if d.allowedIPs != nil {
		t.AllowedIPs = *d.allowedIPs
	}
}
