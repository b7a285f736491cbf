// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

// reserved is the number of additional bytes that the garbage collector counts as in use.
const reserved = 8 << 20

// collectLater makes the garbage collector start at 2 × (reserved + bytes in use) instead of 2 × bytes in use, while its result is
// reachable, unless the user has set GOGC or GOMEMLIMIT. A provider uses a few megabytes and would otherwise collect after every few
// more. With the reserve, up to 2 × reserved of garbage accumulates, whatever the number of tokens. A higher percentage would multiply
// the memory of many tokens. A limit (debug.SetMemoryLimit) would collect continuously once they exceed it. The result is neither read
// nor written, so it occupies no physical pages. make bench ARGS=-shortcuts measures what the reserve saves and costs (see DESIGN.md).
func collectLater(getenv func(string) string) []byte {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, reserved)
}
