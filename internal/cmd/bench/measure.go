// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// manyParallel is a parallelism for servers with latency.
const manyParallel = 50

// largeSize is the number of resources from which on a round takes minutes, and compares the provider with the floor only.
const largeSize = 1000

// variants returns the variants that are measured side by side with n resources, with or without the second CLI and the peer.
func variants(n int, others bool) []Variant {
	if n >= largeSize {
		return []Variant{plain(Floor), plain(Token)}
	}
	all := []Variant{
		plain(Floor), plain(Data), plain(Token),
		{Kind: Token, Parallelism: manyParallel},
		{Kind: Token, Parallelism: defaultParallelism, Latency: true},
		{Kind: Token, Parallelism: manyParallel, Latency: true},
	}
	if others {
		all = append(all, plain(Peer), withOtherCLI(Floor), withOtherCLI(Data), withOtherCLI(Token))
	}
	return all
}

func withOtherCLI(kind Kind) Variant {
	v := plain(kind)
	v.OtherCLI = true
	return v
}

// measured reports whether an operation is measured with this variant. A higher parallelism affects only the waiting time for
// responses, and one operation suffices to show that.
func (v Variant) measured(op Operation) bool {
	return v.Parallelism == defaultParallelism || op == Apply
}

// turn is one size in one round.
type turn struct{ round, n int }

// turns returns the turns of all rounds in order, each with the sizes that have that many rounds.
func turns(sizes []int, rounds map[int]int) []turn {
	var all []turn
	for round := 1; round <= mostRounds(rounds); round++ {
		for _, n := range sizes {
			if round <= rounds[n] {
				all = append(all, turn{round, n})
			}
		}
	}
	return all
}

// measure measures everything, in turns.
func measure(ctx context.Context, set settings, p programs, dir string) ([]Sample, error) {
	// Each program runs once, so that no first measurement includes the time to read it from disk.
	warmUp := []Variant{plain(Floor), plain(Data), plain(Token)}
	if set.others() {
		warmUp = append(warmUp, plain(Peer), withOtherCLI(Token))
	}
	if _, err := sideBySide(ctx, set, p, dir, turn{0, 1}, warmUp, []Operation{Apply}); err != nil {
		return nil, err
	}
	var samples []Sample
	for _, at := range turns(set.sizes, set.rounds) {
		more, err := sideBySide(ctx, set, p, dir, at, variants(at.n, set.others() && at.n == set.othersSize), operations)
		if err != nil {
			return nil, err
		}
		samples = append(samples, more...)
	}
	return samples, nil
}

// sideBySide measures each operation with all variants in turn, so that a machine that becomes slower affects all of them. Each round
// starts with another variant.
func sideBySide(
	ctx context.Context, set settings, p programs, dir string, at turn, variants []Variant, operations []Operation,
) (samples []Sample, err error) {
	round, n := at.round, at.n
	dir = filepath.Join(dir, fmt.Sprintf("%d-%d", round, n))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	var beds []*bed
	defer func() {
		for _, b := range beds {
			err = errors.Join(err, b.close())
		}
	}()
	for _, v := range variants {
		b, err := newBed(ctx, set, p, dir, v)
		if err != nil {
			return nil, err
		}
		beds = append(beds, b)
	}
	for _, op := range operations {
		for i := range beds {
			b := beds[(i+round)%len(beds)]
			if !b.variant.measured(op) {
				continue
			}
			sample, err := b.measure(ctx, op, n)
			if err != nil {
				return nil, err
			}
			sample.Round = round
			samples = append(samples, sample)
			if round > 0 {
				_, _ = fmt.Fprintf(set.stderr, "round %d of %d, %d × %s: %s took %.2f s\n",
					round, set.rounds[n], n, b.variant, op, sample.Seconds)
			}
		}
	}
	return samples, nil
}

// String returns the name of the variant.
func (v Variant) String() string {
	text := string(v.Kind)
	if v.Parallelism != defaultParallelism {
		text += fmt.Sprintf(" -parallelism=%d", v.Parallelism)
	}
	if v.Latency {
		text += " with latency"
	}
	if v.OtherCLI {
		text += " with the other CLI"
	}
	return text
}

// mostRounds returns the largest number of rounds of any size.
func mostRounds(rounds map[int]int) int { return slices.Max(slices.Collect(maps.Values(rounds))) }
