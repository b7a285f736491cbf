// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "fmt"

// contradiction returns the field in which an answer contradicts the request, or "" if there is none. The token then belongs to
// another user, or has more rights than requested. Equivalent notations and merged address ranges are not contradictions.
func contradiction(asked Spec, got Token) string {
	switch {
	case asked.UserID != 0 && got.UserID != 0 && got.UserID != asked.UserID:
		return fmt.Sprintf("userId (requested %d, answered %d)", asked.UserID, got.UserID)
	case asked.Type != "" && got.Type != "" && got.Type.Canonical() != asked.Type.Canonical():
		return fmt.Sprintf("tokenType (requested %s, answered %s)", asked.Type, got.Type)
	case len(asked.APIEndpoints) > 0 && got.APIEndpoints != nil && len(got.APIEndpoints) == 0:
		return "apiEndpoints (the answer has none, so the token may call every endpoint)"
	case len(asked.AllowedIPs) > 0 && got.AllowedIPs != nil && len(got.AllowedIPs) == 0:
		return "allowedIPs (the answer has none, so the token can be used from any address)"
	default:
		return ""
	}
}

// Contradicts returns the field in which the answer to an update contradicts it, or "" if there is none. The type and the
// configured owner of before are compared too, where they are known, because an update does not change them.
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
