// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
)

// manyParallel is the parallelism of who has to wait for many answers.
const manyParallel = 50

// variants are measured side by side.
func variants() []Variant {
	return []Variant{
		plain(Floor), plain(Data), plain(Token),
		{Kind: Token, Parallelism: manyParallel},
		{Kind: Token, Parallelism: defaultParallelism, Latency: true},
		{Kind: Token, Parallelism: manyParallel, Latency: true},
	}
}

// measure everything: the rounds one after the other, and in a round each operation with all variants in turn, so that a
// machine that gets slower does so for all of them. Each round begins with another one.
func measure(ctx context.Context, set settings, p programs, dir string) (samples []Sample, err error) {
	var beds []*bed
	defer func() {
		for _, b := range beds {
			err = errors.Join(err, b.close())
		}
	}()
	for _, v := range variants() {
		b, err := newBed(ctx, set, p, dir, v)
		if err != nil {
			return nil, err
		}
		beds = append(beds, b)
	}
	// Once with one, so that no first measurement pays for programs that have to be read from the disk.
	for round := 0; round <= set.rounds; round++ {
		sizes := set.sizes
		if round == 0 {
			sizes = []int{1}
		}
		for _, n := range sizes {
			for _, op := range operations {
				for i := range beds {
					b := beds[(i+round)%len(beds)]
					sample, err := b.measure(ctx, op, n)
					if err != nil {
						return nil, err
					}
					if round == 0 {
						continue
					}
					sample.Round = round
					samples = append(samples, sample)
					_, _ = fmt.Fprintf(set.stderr, "round %d of %d, %d × %s: %s took %.2f s\n",
						round, set.rounds, n, b.variant, op, sample.Seconds)
				}
			}
		}
	}
	return samples, nil
}

// String names the variant.
func (v Variant) String() string {
	text := string(v.Kind)
	if v.Parallelism != defaultParallelism {
		text += fmt.Sprintf(" -parallelism=%d", v.Parallelism)
	}
	if v.Latency {
		text += " with latency"
	}
	return text
}
