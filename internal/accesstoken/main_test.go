// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

func TestMain(m *testing.M) {
	// The testing framework serves the provider in this process, and go-plugin does not stop the goroutines that copy its output.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/hashicorp/go-plugin.copyChan"), goleak.Cleanup(func(code int) {
		acctest.Cleanup()
		os.Exit(code)
	}))
}
