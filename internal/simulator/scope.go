// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/netip"
	"strings"
)

// mayCall checks the scope of an access token: the paths below its endpoints, compared by whole segments without regard to letter
// case, and WhoAmI (API.md#q44, assumed). API.md#types (reference).
func (t *Token) mayCall(c call) *problem {
	if t.Type == TypeAll || c.operation == OpWhoAmI {
		return nil
	}
	endpoints := factsOf(t.Type).calls
	if t.Type == TypeCustom {
		endpoints = t.APIEndpoints
	}
	for _, endpoint := range endpoints {
		if hasPrefix(c.segments, segmentsOf(endpoint)) {
			return nil
		}
	}
	return forbiddenf("The access token may not call this")
}

// checkAllowedIPs accepts IPv4, IPv6, CIDR and a-b. API.md#create (sdk). The address of a caller is not checked.
func checkAllowedIPs(values []string) *problem {
	for _, value := range values {
		if !isAllowedIP(value) {
			return malformedf("allowedIPs has %q, which is no IPv4 or IPv6 address, CIDR or range a-b", value)
		}
	}
	return nil
}

func isAllowedIP(value string) bool {
	if first, last, isRange := strings.Cut(value, "-"); isRange {
		a, errA := netip.ParseAddr(first)
		b, errB := netip.ParseAddr(last)
		return errA == nil && errB == nil && a.Zone()+b.Zone() == "" && a.Is4() == b.Is4() && a.Compare(b) <= 0
	}
	if strings.Contains(value, "/") {
		_, err := netip.ParsePrefix(value)
		return err == nil
	}
	a, err := netip.ParseAddr(value)
	return err == nil && a.Zone() == ""
}

// checkEndpoints requires endpoints for a CUSTOM token and refuses them for other types. API.md#types (reference).
func checkEndpoints(values *[]string, tokenType string, creating bool) *problem {
	if tokenType != TypeCustom {
		if values != nil {
			return malformedf("apiEndpoints are for tokens of type CUSTOM, not %s", tokenType)
		}
		return nil
	}
	if values == nil && !creating {
		return nil
	}
	if values == nil || len(*values) == 0 {
		return malformedf("apiEndpoints are missing: a token of type CUSTOM must have some")
	}
	for _, value := range *values {
		if strings.TrimSpace(value) == "" {
			return malformedf("apiEndpoints has a blank element")
		}
	}
	return nil
}
