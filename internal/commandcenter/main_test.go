// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(throughProxy) != "" {
		os.Exit(m.Run()) // no check for leaks, because its connection is still open
	}
	goleak.VerifyTestMain(m)
}
