// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

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
