// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

func conditions(r *Results) *table {
	t := newTable("measured on", "")
	t.add("machine|%d cores, %s, %s, %s", r.Machine.Cores, cmp.Or(r.Machine.CPU, "CPU unknown"),
		cmp.Or(r.Machine.Memory, "memory unknown"), r.Machine.System)
	t.add("CLI|%s", r.Versions.CLI)
	if r.Versions.OtherCLI != "" {
		t.add("second CLI|%s", r.Versions.OtherCLI)
		t.add("peer|%s", r.Versions.Peer)
	}
	t.add("provider|commit %s, %s, terraform-plugin-framework %s, terraform-plugin-go %s", r.Versions.Commit, r.Versions.Go,
		r.Versions.Framework, r.Versions.PluginGo)
	return t
}

func targetTable(r *Results) *table {
	t := newTable("target", "limit", "measured", "")
	for _, target := range targets(r) {
		t.add("%s|%s|%s|%s", target.name, target.limit, target.measured, map[bool]string{true: "holds", false: "**missed**"}[target.holds])
	}
	return t
}

func timeTable(r *Results) *table {
	t := newTable("n", "", "provider", "floor", string(Data), "÷ floor", "÷ "+string(Data))
	for _, n := range r.Sizes {
		for _, op := range operations {
			t.add("%d|%s|%s|%s|%s|%s|%s", n, op, seconds(r.seconds(plain(Token), op, n)), seconds(r.seconds(plain(Floor), op, n)),
				seconds(r.seconds(plain(Data), op, n)), r.ratio(Floor, op, n), r.ratio(Data, op, n))
		}
	}
	return t
}

func growthSizes(r *Results) string {
	small, large := r.twoSizes()
	return fmt.Sprintf("%d to %d", small, large)
}

func growthTable(r *Results) *table {
	t := newTable("", "provider", "floor")
	for _, op := range operations {
		t.add("%s|× %s|× %s", op, spread(r.growth(Token, op)), spread(r.growth(Floor, op)))
	}
	return t
}

func usageTable(r *Results) *table {
	t := newTable("n", "", "provider's peak", "floor's peak", "provider's CPU", "CLI's with it", "floor's CPU", "CLI's with it", "together ÷ the floor's")
	for _, n := range r.Sizes {
		for _, op := range operations {
			peak := func(kind Kind) string { return fmt.Sprintf("%.1f MiB", spread(r.of(plain(kind), op, n, mib)).Max) }
			cpu := func(kind Kind, of func(Sample) float64) string { return seconds(r.of(plain(kind), op, n, of)) }
			together := pairwise(r.of(plain(Token), op, n, bothCPU), r.of(plain(Floor), op, n, bothCPU), quotient)
			t.add("%d|%s|%s|%s|%s|%s|%s|%s|%s", n, op, peak(Token), peak(Floor), cpu(Token, providerCPU), cpu(Token, cliCPU),
				cpu(Floor, providerCPU), cpu(Floor, cliCPU), spread(together))
		}
	}
	return t
}

// aboveTable shows what the time above the floor is spent on.
func aboveTable(r *Results) *table {
	t := newTable("n", "", "time", "provider's CPU", "CLI's CPU", "server's CPU")
	for _, n := range r.Sizes {
		for _, op := range operations {
			above := func(number func(Sample) float64) string {
				of := func(kind Kind) []float64 { return r.of(plain(kind), op, n, number) }
				return fmt.Sprintf("%+.2f s", spread(pairwise(of(Token), of(Floor), difference)).Median)
			}
			t.add("%d|%s|%s|%s|%s|%s", n, op, above(func(s Sample) float64 { return s.Seconds }), above(providerCPU), above(cliCPU), above(serverCPU))
		}
	}
	return t
}

func serverCPU(s Sample) float64 { return s.ServerCPU }

func providerCPU(s Sample) float64 { return s.ProviderCPU }

func cliCPU(s Sample) float64 { return s.CLICPU }

func bothCPU(s Sample) float64 { return s.ProviderCPU + s.CLICPU }

func requestTable(r *Results) *table {
	names := requestNames(r)
	t := newTable(append(append([]string{"n", ""}, names...), "bytes of requests", "of responses")...)
	for _, n := range r.Sizes {
		for _, op := range operations {
			row := fmt.Sprintf("%d|%s", n, op)
			for _, name := range names {
				row += "|" + extent(r.of(plain(Token), op, n, func(s Sample) float64 { return float64(s.Requests[name]) }))
			}
			requests := spread(r.of(plain(Token), op, n, func(s Sample) float64 { return float64(s.RequestBytes) }))
			responses := spread(r.of(plain(Token), op, n, func(s Sample) float64 { return float64(s.ResponseBytes) }))
			t.add("%s|%.1f kB|%.1f kB", row, requests.Median/1000, responses.Median/1000)
		}
	}
	return t
}

// requestNames returns the operations that occur.
func requestNames(r *Results) []string {
	var names []string
	for _, s := range r.Samples {
		for name := range s.Requests {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// extent returns the range of whole numbers, or a single number if all rounds agree.
func extent(values []float64) string {
	s := spread(values)
	if s.Min == s.Max {
		return fmt.Sprintf("%.0f", s.Min)
	}
	return fmt.Sprintf("%.0f–%.0f", s.Min, s.Max)
}

func latencyTable(r *Results) *table {
	t := newTable("n", "parallelism", "", "without", "expected", "measured", "÷ expected")
	for _, n := range r.Sizes {
		for _, parallelism := range []int{defaultParallelism, manyParallel} {
			for _, op := range operations {
				if v := (Variant{Kind: Token, Parallelism: parallelism, Latency: true}); !v.measured(op) {
					continue
				}
				own, expected, measured, ratio := r.withLatency(parallelism, op, n)
				if math.IsNaN(ratio.Median) {
					continue
				}
				t.add("%d|%d|%s|%.2f s|%.2f s|%.2f s|%s", n, parallelism, op, own.Median, expected.Median, measured.Median, ratio)
			}
		}
	}
	return t
}

func stateTable(r *Results) *table {
	t := newTable("n", "provider", "private data", "floor", string(Data))
	for _, n := range r.Sizes {
		kilobytes := func(kind Kind, number func(Sample) float64) string {
			return number1(spread(r.of(plain(kind), Apply, n, number)).Median/1000, "kB")
		}
		state := func(s Sample) float64 { return float64(s.StateBytes) }
		private := func(s Sample) float64 { return float64(s.PrivateBytes) }
		t.add("%d|%s|%s|%s|%s", n, kilobytes(Token, state), kilobytes(Token, private), kilobytes(Floor, state), kilobytes(Data, state))
	}
	return t
}

// peerTable compares the provider with another one.
func peerTable(r *Results) *table {
	t := newTable("", "provider", string(Peer), "provider ÷ "+string(Peer), string(Peer)+" ÷ floor")
	for _, op := range operations {
		t.add("%s|%s|%s|%s|%s", op, seconds(r.seconds(plain(Token), op, r.OthersSize)), seconds(r.seconds(plain(Peer), op, r.OthersSize)),
			r.ratio(Peer, op, r.OthersSize), r.compare(plain(Peer), plain(Floor), op, r.OthersSize))
	}
	return t
}

// otherCLITable shows the times with the second CLI.
func otherCLITable(r *Results) *table {
	t := newTable("", "provider", "floor", string(Data), "÷ floor", "÷ "+string(Data), "÷ the first CLI")
	token, floor, data := withOtherCLI(Token), withOtherCLI(Floor), withOtherCLI(Data)
	for _, op := range operations {
		t.add("%s|%s|%s|%s|%s|%s|%s", op, seconds(r.seconds(token, op, r.OthersSize)), seconds(r.seconds(floor, op, r.OthersSize)),
			seconds(r.seconds(data, op, r.OthersSize)), r.compare(token, floor, op, r.OthersSize), r.compare(token, data, op, r.OthersSize),
			r.compare(token, plain(Token), op, r.OthersSize))
	}
	return t
}
