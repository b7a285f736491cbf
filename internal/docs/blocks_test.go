// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// mostUnchecked is how many blocks may be marked as not validated.
const mostUnchecked = 2

// TestAccBlocks runs every HCL block of every page through terraform validate and terraform fmt, completed by what its page
// declares elsewhere.
func TestAccBlocks(t *testing.T) {
	t.Parallel()
	pages, err := readPages(root)
	if err != nil {
		t.Fatal(err)
	}
	var trials []*trial
	blocks, unchecked := 0, 0
	for _, page := range pages {
		for _, b := range page.blocks {
			if !b.isHCL() {
				continue
			}
			blocks++
			if b.unchecked != "" {
				unchecked++
				t.Logf("%s is not validated: %s", b, b.unchecked)
				continue
			}
			trials = append(trials, &trial{page: page, block: b})
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
	t.Logf("%d blocks of HCL", blocks)
	if blocks < 10 {
		t.Errorf("only %d blocks were found", blocks)
	}
	if unchecked > mostUnchecked {
		t.Errorf("%d blocks are not validated, more than %d", unchecked, mostUnchecked)
	}
}

func (b block) isHCL() bool {
	return slices.Contains([]string{"terraform", "hcl", "tf", "tofu", "opentofu"}, strings.ToLower(b.language))
}

// lacksError means that the CLI is too old for a block.
type lacksError struct{ what string }

func (e lacksError) Error() string { return "this CLI lacks " + e.what }
