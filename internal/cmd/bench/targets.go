// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"math"
	"slices"
)

// The targets, on 2 cores and as ratios in one run.
const (
	mostTimesGrowth  = 1.10
	mostTimesLatency = 1.05
	mostTimesStart   = 1.15
	mostTimesIdeal   = 1.30
	mostListsAPlan   = 1
	mostPeakMiB      = 48
	mostBinaryMB     = 20
)

// mostTimesFloor returns the target for an operation with n resources as a multiple of the floor's time, or 0 if there is none.
func mostTimesFloor(op Operation, n int) float64 {
	switch {
	case n == 10:
		return 1.15
	case n != 400 && n != 1600:
		return 0
	case op == Apply || op == Plan:
		return 1.10
	default:
		return 1.05
	}
}

// target is a target and the measured value.
type target struct {
	name     string
	limit    string
	measured string
	holds    bool
}

// times returns a target for a ratio. Its median counts.
func times(name string, most float64, measured Spread) target {
	return target{name, fmt.Sprintf("≤ %.2f", most), measured.String(), measured.Median <= most}
}

// targets returns the targets and the measured values.
func targets(r *Results) []target {
	var all []target
	for _, n := range r.Sizes {
		for _, op := range operations {
			if most := mostTimesFloor(op, n); most > 0 {
				all = append(all, times(fmt.Sprintf("%s of %d ÷ floor", op, n), most, r.ratio(Floor, op, n)))
			}
		}
	}
	small, large := r.twoSizes()
	if small != large {
		for _, op := range operations {
			growth := spread(pairwise(r.growth(Token, op), r.growth(Floor, op), quotient))
			all = append(all, times(fmt.Sprintf("%s: growth from %d to %d ÷ floor", op, small, large), mostTimesGrowth, growth))
		}
	}
	for _, parallelism := range []int{defaultParallelism, manyParallel} {
		for _, n := range r.Sizes {
			if _, _, _, ratio := r.withLatency(parallelism, Apply, n); !math.IsNaN(ratio.Median) {
				all = append(all, times(fmt.Sprintf("apply of %d with latency ÷ expected time, -parallelism=%d", n, parallelism),
					mostTimesLatency, ratio))
			}
		}
	}
	for _, renewals := range r.Renewals {
		all = append(all,
			target{fmt.Sprintf("list requests for %d renewals", renewals.N), fmt.Sprintf("≤ %.0f", renewals.ListsLimit),
				fmt.Sprintf("%.0f", renewals.Lists), renewals.Lists <= renewals.ListsLimit},
			target{fmt.Sprintf("%d renewals with latency ÷ two requests each", renewals.N), fmt.Sprintf("≤ %.2f", mostTimesIdeal),
				fmt.Sprintf("%.2f", renewals.TimesIdeal), renewals.TimesIdeal <= mostTimesIdeal},
		)
	}
	lists := r.most(Plan, r.Sizes, func(s Sample) float64 { return float64(s.Requests["list"]) })
	peak := r.peakMiB(large)
	provider, floor := r.stateBytes(Token, large), r.stateBytes(Floor, large)
	binary := float64(r.BinaryBytes) / 1e6
	return append(all,
		target{"list requests in a plan of any size", fmt.Sprintf("≤ %d", mostListsAPlan), fmt.Sprintf("%.0f", lists), lists <= mostListsAPlan},
		target{fmt.Sprintf("peak memory of the provider with %d", large), fmt.Sprintf("≤ %d MiB", mostPeakMiB),
			fmt.Sprintf("%.1f MiB", peak), peak > 0 && peak <= mostPeakMiB},
		target{"state of a token, without private data", fmt.Sprintf("≤ %.0f B, the floor's", floor), fmt.Sprintf("%.0f B", provider), provider <= floor},
		times("start to the answer of GetProviderSchema ÷ floor", mostTimesStart,
			spread(pairwise(r.Starts.Provider, r.Starts.Floor, quotient))),
		target{"stripped binary", fmt.Sprintf("≤ %d MB", mostBinaryMB), fmt.Sprintf("%.1f MB", binary), binary <= mostBinaryMB},
	)
}

// stateBytes returns the bytes of a resource in the state after an apply, rounded and without private data.
func (r *Results) stateBytes(kind Kind, n int) float64 {
	return math.Round(spread(r.of(plain(kind), Apply, n, func(s Sample) float64 {
		return float64(s.StateBytes-s.PrivateBytes) / float64(n)
	})).Median)
}

func missedTargets(r *Results) int {
	missed := 0
	for _, t := range targets(r) {
		if !t.holds {
			missed++
		}
	}
	return missed
}

// most returns the largest number of all samples of the provider, for every parallelism and latency, or NaN if there are none.
func (r *Results) most(op Operation, sizes []int, number func(Sample) float64) float64 {
	largest := math.NaN()
	for _, s := range r.Samples {
		if s.Kind == Token && s.Operation == op && slices.Contains(sizes, s.N) && (math.IsNaN(largest) || number(s) > largest) {
			largest = number(s)
		}
	}
	return largest
}

// peakMiB returns the peak memory of any operation with n resources.
func (r *Results) peakMiB(n int) float64 {
	peak := 0.0
	for _, op := range operations {
		peak = max(peak, r.most(op, []int{n}, mib))
	}
	return peak
}

func mib(s Sample) float64 { return float64(s.PeakKiB) / 1024 }
