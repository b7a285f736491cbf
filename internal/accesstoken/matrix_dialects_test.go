// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"slices"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// variants returns the dialects of a matrix: first the default, then each dialect that still differs from it after alike has reset the
// settings that the matrix does not exercise, and finally servers whose clocks are hours off. Outliers, rounded ends and an ignored
// type are omitted.
func variants(alike func(*simulator.Dialect)) []simulator.NamedDialect {
	dialects := []simulator.NamedDialect{{Name: "default"}}
	for _, named := range simulator.AllDialects() {
		d := named.Dialect
		d.Ends, d.IgnoreTokenType = simulator.RoundNone, false
		alike(&d)
		if !named.Outlier && d != (simulator.Dialect{}) {
			dialects = append(dialects, simulator.NamedDialect{Name: named.Name, Dialect: d})
		}
	}
	for _, skew := range []time.Duration{-3 * time.Hour, -time.Hour, time.Hour, 3 * time.Hour} {
		dialects = append(dialects, simulator.NamedDialect{
			Name: "clock " + skew.String(), Dialect: simulator.Dialect{ClockOffset: skew, HideExpired: true},
		})
	}
	return dialects
}

// eachVariant runs a test of slots in each variant except the named ones. Each call gives the reason for its exceptions.
func eachVariant(t *testing.T, test func(t *testing.T, dialect simulator.Dialect), except ...string) {
	t.Helper()
	for i, named := range variants(alikeForSlots) {
		if slices.Contains(except, named.Name) || acctest.RaceDetector && !acctest.Takes(i) || acctest.Sampled() && i%4 != 0 {
			continue
		}
		t.Run(named.Name, func(t *testing.T) {
			t.Parallel()
			test(t, named.Dialect)
		})
	}
}

// alikeWithoutRenewals resets the settings that neither the configurations of the matrices nor a call other than a renewal exercises.
func alikeWithoutRenewals(d *simulator.Dialect) {
	alikeForSlots(d)
	d.RenewCredential, d.RenewWrong403, d.RenewKeepsAccess, d.OldAccessLives = simulator.RenewAny, false, false, false
}

// alikeForSlots resets the settings that no configuration of the matrices exercises.
func alikeForSlots(d *simulator.Dialect) {
	d.IgnoreUserID, d.IgnoreAllowedIPs, d.StrictEnds, d.NamesFoldCase, d.NamesTrim = false, false, false, false, false
	d.StrictLogin, d.TokenCredential, d.TokensManageTokens = false, simulator.TokenAny, false
}

// paired reports whether a cell runs in a dialect. All cells run in the default dialect. In the other dialects, each combination of
// dialect, kind of fault and row (operation or scenario) occurs once.
func paired(dialect, row, rows int, c cell) bool {
	if dialect == 0 {
		return true
	}
	turn := dialect + c.number
	return c.times == 1 && turn%rows == row && (c.fault.When == simulator.After) == (turn/rows%2 == 1)
}
