// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestSlotThatNobodyRenews verifies that the warning appears after half of the refresh window, with the end of the window, and only if
// the list shows the expiry.
func TestSlotThatNobodyRenews(t *testing.T) {
	t.Parallel()
	window := 14*acctest.Day + 30*time.Minute
	for name, c := range map[string]struct {
		arguments acctest.Arguments
		dialect   simulator.Dialect
		after     time.Duration
		renewed   bool
		warns     bool
	}{
		"half":             {nil, simulator.Dialect{}, 7*acctest.Day + 30*time.Minute, false, true},
		"before":           {nil, simulator.Dialect{}, 7*acctest.Day + 29*time.Minute, false, false},
		"the end":          {nil, simulator.Dialect{}, window - time.Second, false, true},
		"closed":           {nil, simulator.Dialect{}, window, false, false},
		"a list of names":  {nil, simulator.Dialect{BriefList: true}, 8 * acctest.Day, false, false},
		"renewed":          {nil, simulator.Dialect{}, 8 * acctest.Day, true, false},
		"Terraform renews": {acctest.Arguments{"renew": true}, simulator.Dialect{}, 8 * acctest.Day, false, false},
		"needs no renewal": {acctest.Arguments{"type": "MS_SCIM"}, simulator.Dialect{}, 8 * acctest.Day, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, c.dialect)
			arguments := acctest.Arguments{"name_prefix": "slot-"}
			for argument, value := range c.arguments {
				arguments[argument] = value
			}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			w.Clock.Advance(c.after)
			if c.renewed {
				if _, err := w.RenewToken(w.slot.ID()); err != nil {
					t.Fatal(err)
				}
			}
			said := w.slot.Refresh(t.Context(), w.Start(t.Context(), t, w.slot.Provider)).Warnings()
			if got := strings.Count(said, "Access token has not been renewed"); (got == 1) != c.warns || got > 1 {
				t.Errorf("it warns %d times: %s", got, said)
			}
			if c.warns && !strings.Contains(said, acctest.In(window)) {
				t.Errorf("the end of the window, %s, is missing: %s", acctest.In(window), said)
			}
		})
	}
}
