// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "fmt"

// contradiction names the field in which an answer contradicts what was asked for, "" if there is none: the token belongs
// to another user, or may do more than it should. Another spelling, or a merged address range, is none.
func contradiction(asked Spec, got Token) string {
	switch {
	case asked.UserID != 0 && got.UserID != 0 && got.UserID != asked.UserID:
		return fmt.Sprintf("userId (asked for %d, answered %d)", asked.UserID, got.UserID)
	case asked.Type != "" && got.Type != "" && got.Type.Canonical() != asked.Type.Canonical():
		return fmt.Sprintf("tokenType (asked for %s, answered %s)", asked.Type, got.Type)
	case len(asked.APIEndpoints) > 0 && got.APIEndpoints != nil && len(got.APIEndpoints) == 0:
		return "apiEndpoints (answered with none, so that the token may call everything)"
	case len(asked.AllowedIPs) > 0 && got.AllowedIPs != nil && len(got.AllowedIPs) == 0:
		return "allowedIPs (answered with none, so that the token can be used from anywhere)"
	default:
		return ""
	}
}

// Contradicts names the field in which the answer to an update contradicts it, "" if there is none. Of the token before the
// change, its type and its configured owner count, where they are known: a change leaves them as they are.
func (c Change) Contradicts(before, got Token) string {
	asked := Spec{UserID: before.UserID, Type: before.Type}
	if c.Type != nil {
		asked.Type = *c.Type
	}
	if c.APIEndpoints != nil {
		asked.APIEndpoints = *c.APIEndpoints
	}
	if c.AllowedIPs != nil {
		asked.AllowedIPs = *c.AllowedIPs
	}
	return contradiction(asked, got)
}
