// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"regexp"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// TestHosts guards that every form of a host on the page is one that the provider takes.
func TestHosts(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/guides/hosts.md")
	if err != nil {
		t.Fatal(err)
	}
	forms := regexp.MustCompile("(?m)^\\| [^|]+ \\| (?:[^`|]*)`([^`]*\\.[^`]*|\\[[^`]+)` \\|$|host += \"([^\"]+)\"").FindAllSubmatch(page, -1)
	for _, form := range forms {
		host := string(form[1]) + string(form[2])
		if base, err := commandcenter.ParseHost(host); err != nil {
			t.Error(err)
		} else {
			t.Logf("%s is %s", host, base)
		}
	}
	if len(forms) < 8 {
		t.Errorf("only %d forms were found", len(forms))
	}
}
