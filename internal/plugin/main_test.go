// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tfsdklog"
	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// childVariable makes this program measure calls instead of running tests.
const childVariable = "PLUGIN_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		flag.Parse()
		plugin.Quieten(address, os.Environ(), os.Setenv)
		fmt.Println(testing.Benchmark(benchmarkWrapped).AllocsPerOp())
		ctx := context.Background() // levels are stored outside contexts
		fmt.Println(tfsdklog.IsError(ctx), tfsdklog.SubsystemIsError(ctx, "proto"), tfsdklog.SubsystemIsError(ctx, "framework"))
		return
	}
	goleak.VerifyTestMain(m)
}
