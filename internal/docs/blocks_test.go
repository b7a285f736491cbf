// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestAccBlocks runs every HCL block of every page through terraform validate and terraform fmt, completed by what its page
// declares elsewhere.
func TestAccBlocks(t *testing.T) {
	t.Parallel()
	pages, err := readPages(root)
	if err != nil {
		t.Fatal(err)
	}
	var trials []*trial
	for _, page := range pages {
		for _, b := range page.blocks {
			if b.isHCL() {
				trials = append(trials, &trial{page: page, block: b})
			}
		}
	}
	validate(t, root, trials)
	for _, tr := range trials {
		t.Run(tr.block.String(), func(t *testing.T) {
			if lacking := (lacksError{}); errors.As(tr.problem, &lacking) {
				t.Skip(tr.problem)
			}
			if tr.problem != nil {
				t.Errorf("%s\n%s", tr.problem, tr.block.text)
			}
		})
	}
	if len(trials) < 10 {
		t.Errorf("only %d blocks were found", len(trials))
	}
}

// isHCL reports whether a block is a configuration. The file of a test is none: TestAccSimulatorInGitHubActions runs it.
func (b block) isHCL() bool {
	return !strings.HasPrefix(b.text, "run \"") && slices.Contains([]string{"terraform", "hcl", "tf", "tofu", "opentofu"}, strings.ToLower(b.language))
}

// lacksError means that the CLI is too old for a block.
type lacksError struct{ what string }

func (e lacksError) Error() string { return "this CLI lacks " + e.what }
