// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// ourSource is what a configuration writes for this provider.
var _, ourSource, _ = strings.Cut(provider.Address, "/")

// cleanups run after all tests.
var cleanups []func()

func TestMain(m *testing.M) {
	if strings.HasPrefix(filepath.Base(os.Args[0]), "terraform-provider-") {
		if err := serveOther(os.Args[0]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if filepath.Base(os.Args[0]) == "curl" {
		os.Exit(standInForCurl())
	}
	flag.Parse()
	if testing.Short() {
		return // these tests read documents and start programs, and have nothing that could race
	}
	code := m.Run()
	acctest.Cleanup()
	for _, cleanup := range cleanups {
		cleanup()
	}
	os.Exit(code)
}
