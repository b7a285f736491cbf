// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"testing"
)

// Proves logs the result of a test. make test collects these lines for its summary.
func Proves(t testing.TB, format string, arguments ...any) {
	t.Helper()
	t.Log("proves " + fmt.Sprintf(format, arguments...))
}
