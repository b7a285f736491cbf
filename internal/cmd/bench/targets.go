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
	mostTimesFloor   = 1.25
	mostTimesGrowth  = 1.10
	mostTimesLatency = 1.05
	mostListsAPlan   = 1
	mostPeakMiB      = 64
	mostStartMillis  = 30
	mostBinaryMB     = 20
)

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

// targets returns the targets and the measured values. Targets that depend on the size apply to the two largest sizes.
func targets(r *Results) []target {
	var all []target
	small, large := r.twoSizes()
	sizes := slices.Compact([]int{small, large})
	for _, op := range []Operation{Plan, Apply, Destroy} {
		for _, n := range sizes {
			all = append(all, times(fmt.Sprintf("%s of %d ÷ floor", op, n), mostTimesFloor, r.ratio(Floor, op, n)))
		}
	}
	for _, op := range []Operation{Plan, Apply, Destroy} {
		growth := spread(pairwise(r.growth(Token, op), r.growth(Floor, op), quotient))
		all = append(all, times(fmt.Sprintf("%s: growth from %d to %d ÷ floor", op, small, large), mostTimesGrowth, growth))
	}
	for _, parallelism := range []int{defaultParallelism, manyParallel} {
		for _, n := range sizes {
			_, _, _, ratio := r.withLatency(parallelism, Apply, n)
			all = append(all, times(fmt.Sprintf("apply of %d with latency ÷ expected time, -parallelism=%d", n, parallelism),
				mostTimesLatency, ratio))
		}
	}
	lists := r.most(Plan, r.Sizes, func(s Sample) float64 { return float64(s.Requests["list"]) })
	peak := r.peakMiB(large)
	start := spread(r.Starts.Provider).Median * 1000
	binary := float64(r.BinaryBytes) / 1e6
	return append(all,
		target{"list requests in a plan of any size", fmt.Sprintf("≤ %d", mostListsAPlan), fmt.Sprintf("%.0f", lists), lists <= mostListsAPlan},
		target{fmt.Sprintf("peak memory of the provider with %d", large), fmt.Sprintf("≤ %d MiB", mostPeakMiB),
			fmt.Sprintf("%.1f MiB", peak), peak > 0 && peak <= mostPeakMiB},
		target{"start to the answer of GetProviderSchema", fmt.Sprintf("≤ %d ms", mostStartMillis),
			fmt.Sprintf("%.1f ms", start), start <= mostStartMillis},
		target{"stripped binary", fmt.Sprintf("≤ %d MB", mostBinaryMB), fmt.Sprintf("%.1f MB", binary), binary <= mostBinaryMB},
	)
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
