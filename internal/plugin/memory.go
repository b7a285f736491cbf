// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

// reserved is how many bytes the garbage collector is made to count as in use, besides those that are.
const reserved = 16 << 20

// collectLater lets the garbage collector begin at 2 × (reserved + what is in use) instead of 2 × what is in use, for as
// long as its result is held, unless the user has settings of his own. A provider uses a few megabytes, and would collect
// after a few more; with this, up to 2 × reserved of garbage wait, whatever the number of tokens. A higher percentage would
// multiply what many tokens use, and a limit (debug.SetMemoryLimit) collect without end once they use more. The result is
// never read or written, so no page of it ever exists. Without it, a plan or an apply of 1,600 tokens takes 1.2 times the
// CPU time; the reserve costs 16 MiB, and at 400 tokens saves no more than 5 % (make bench ARGS=-shortcuts, see DESIGN.md).
func collectLater(getenv func(string) string) []byte {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, reserved)
}
