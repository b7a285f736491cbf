// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestSweepRevokesOldLeftoversOnly sweeps an account with old and new leftovers, and tokens with similar names.
func TestSweepRevokesOldLeftoversOnly(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	stay := []string{
		"live-20261123T140000Z-young", "probe-20261123T142641Z-ab-a", "live-yesterday", "probe-20261399T000000Z-a",
		"my-probe-20261122T142641Z-ab-a", "olive-20261122T142641Z-a",
	}
	leave := []string{"live-20261122T142641Z-1a", "probe-20261122T142641Z-ab-a", "PROBE-20261122T142641Z-AB-B", " probe-20261122T142641Z-ab-c "}
	for _, name := range slices.Concat(stay, leave) {
		if _, err := b.AddToken(simulator.Token{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	o := b.run(t.Context(), t, "-sweep", "2h")
	if left := b.left(); len(left) != len(stay)+len(leave) || o.code != exitFailed {
		t.Errorf("without a yes, %v are left, and the exit code is %d", left, o.code)
	}
	o = b.run(t.Context(), t, "-sweep", "2h", "-yes")
	if left := b.left(); !slices.Equal(left, stay) || o.code != exitOK {
		t.Errorf("left %q, want %q; exit code %d\n%s", left, stay, o.code, o.stdout)
	}
	if o = b.run(t.Context(), t, "-sweep", "2h", "-yes"); !strings.Contains(o.stdout, "nothing to sweep") || o.code != exitOK {
		t.Errorf("a second time: exit code %d\n%s", o.code, o.stdout)
	}
	b.FailNext(simulator.OpRevoke, simulator.NewFault(simulator.ErrorTop))
	if o = b.run(t.Context(), t, "-sweep", "1s", "-yes"); !strings.Contains(o.stdout, "was not revoked") || o.code != exitFailed || len(b.left()) != 5 {
		t.Errorf("a refused revocation: exit code %d, left %q\n%s", o.code, b.left(), o.stdout)
	}
}

// TestTheProbesOwnNamesAreSwept checks that the sweep recognizes the names of the probe.
func TestTheProbesOwnNamesAreSwept(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	p, err := newProbe(newClient(target{}, b.clock), strings.NewReader("123456"))
	if err != nil {
		t.Fatal(err)
	}
	if at, ours := madeAt(strings.ToUpper(p.ledger.prefix) + "A"); !ours || !at.Equal(start) {
		t.Errorf("%s is of %s, %t", p.ledger.prefix, at, ours)
	}
}
