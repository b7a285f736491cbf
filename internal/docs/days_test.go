// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// requiringOurs is the beginning of a configuration that a guide omits.
var requiringOurs = "terraform {\n  required_providers {\n    commvault = { source = \"" + ourSource + "\" }\n  }\n}\n"

// lastBlock returns the last block of a page that is in the language and contains the text.
func lastBlock(t *testing.T, page, language, text string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, block := range readPage(page, source).blocks {
		if block.language == language && strings.Contains(block.text, text) {
			found = block.text
		}
	}
	if found == "" {
		t.Fatalf("%s has no block of %s with %q", page, language, text)
	}
	return found
}

// TestAccTokensForDays runs the guides' configurations for tokens that nobody renews once a day for 45 days, and the run that should
// rotate first fails. A consumer gets each new token at the end of the overlap, two days late, and calls once a minute: no call is
// refused.
func TestAccTokensForDays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page, text, output string
		lifetimes          simulator.Lifetimes
	}{
		"Azure SCIM": {"docs/guides/pipelines.md", "scim", "", simulator.Lifetimes{}},
		"a raised AccessTokenExpiryInMinutes": {
			"docs/guides/keeping-tokens-alive.md", "legacy",
			"\noutput \"access_token\" {\n  value     = commvault_rotating_access_token.legacy.access_token\n  sensitive = true\n}\n",
			simulator.Lifetimes{Access: 30 * acctest.Day},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "main.tf", requiringOurs+lastBlock(t, test.page, "terraform", test.text)+test.output)
			testEnv := acctest.New(t, simulator.Options{Lifetimes: test.lifetimes})
			calls, refused := newTimedWorkspace(t, testEnv, dir, nil).liveForDays(45, 20)
			creates, renewals, revoked := testEnv.Count(simulator.OpCreate), testEnv.Count(simulator.OpRenew), testEnv.Count(simulator.OpRevoke)
			if refused > 0 || creates != 3 || renewals > 0 || revoked == 0 {
				t.Errorf("%d of %d calls were refused, with %d tokens, %d renewals and %d revocations", refused, calls, creates, renewals, revoked)
			}
			page, err := os.ReadFile(filepath.Join(root, test.page))
			if claim := fmt.Sprintf("%d,%03d calls, %d refused", calls/1000, calls%1000, refused); err != nil || !strings.Contains(string(page), claim) {
				t.Errorf("%s does not say %q (%v)", test.page, claim, err)
			}
			acctest.Proves(t, "%d calls of the recipe for tokens that live for days, %s, with %d tokens: %d refused", calls, name, creates, refused)
		})
	}
}

// liveForDays runs Terraform once a day, and the run of the day failing cannot log in. The consumer calls once a minute.
func (w *workspace) liveForDays(days, failing int) (calls, refused int) {
	w.t.Helper()
	if err := w.steps([]string{"init"}); err != nil {
		w.t.Fatal(err)
	}
	token, next := "", ""
	for day := range days {
		if day == failing {
			w.testEnv.FailNext(simulator.OpLogin, simulator.NewFault(simulator.HTML403))
		}
		if err := w.steps([]string{"apply"}); (err != nil) != (day == failing) {
			w.t.Fatalf("day %d: %v", day, err)
		}
		w.testEnv.ClearFaults()
		if day == 0 {
			next = w.output("access_token")
			token = next
		}
		c, r := w.consume(token, acctest.Day, time.Minute)
		calls, refused = calls+c, refused+r
		token, next = next, w.output("access_token")
	}
	return calls, refused
}
