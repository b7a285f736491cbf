// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"math"
	"slices"
	"time"
)

// Results are all measurements, as in the file results.json.
type Results struct {
	Date     time.Time `json:"date"`
	Machine  Machine   `json:"machine"`
	Versions Versions  `json:"versions"`
	Sizes    []int     `json:"sizes"`
	// Rounds is the number of rounds by size.
	Rounds         map[int]int `json:"rounds"`
	LatencySeconds float64     `json:"latencySeconds"`
	// OthersSize is the number of resources with which the second CLI and the peer were measured, or 0.
	OthersSize int `json:"othersSize,omitempty"`
	// BinaryBytes is the size of the provider's program.
	BinaryBytes int64      `json:"binaryBytes"`
	Starts      Starts     `json:"starts"`
	Renewals    []Renewals `json:"renewals"`
	Samples     []Sample   `json:"samples"`
}

// Starts are the times in seconds from the start of a program to its response to GetProviderSchema.
type Starts struct {
	Provider []float64 `json:"provider"`
	Floor    []float64 `json:"floor"`
}

// Renewals is the result of one run of BenchmarkRenewals, which renews N tokens in process.
type Renewals struct {
	N          int     `json:"n"`
	Lists      float64 `json:"lists"`
	ListsLimit float64 `json:"listsLimit"`
	TimesIdeal float64 `json:"timesIdeal"`
}

// Kind is a kind of resource that is measured.
type Kind string

// The kinds.
const (
	Token Kind = "commvault_access_token"
	Data  Kind = "terraform_data"
	Floor Kind = "floor"
	Peer  Kind = "time_offset"
)

// Operation is a command of the CLI.
type Operation string

// The operations, in the order in which they are measured.
const (
	Apply   Operation = "apply"
	Plan    Operation = "plan"
	Change  Operation = "change"
	Destroy Operation = "destroy"
)

var operations = []Operation{Apply, Plan, Change, Destroy}

// Variant identifies a measurement, together with size and operation.
type Variant struct {
	Kind        Kind `json:"kind"`
	Parallelism int  `json:"parallelism"`
	// Latency reports whether requests are delayed.
	Latency bool `json:"latency"`
	// OtherCLI reports whether the CLI is the second one.
	OtherCLI bool `json:"otherCLI,omitempty"`
}

// Sample is the measurement of one command of the CLI.
type Sample struct {
	Round     int       `json:"round"`
	N         int       `json:"n"`
	Operation Operation `json:"operation"`
	Variant
	Seconds float64 `json:"seconds"`
	// ProviderCPU, CLICPU and ServerCPU are CPU seconds, of all processes of the provider, of the CLI itself, and of the simulated server.
	ProviderCPU float64 `json:"providerCPU,omitempty"`
	CLICPU      float64 `json:"cliCPU"`
	ServerCPU   float64 `json:"serverCPU,omitempty"`
	// PeakKiB is the peak resident memory of the provider's processes.
	PeakKiB int64 `json:"peakKiB,omitempty"`
	// StateBytes is the size of the state after the command. PrivateBytes are the bytes of it that are private data.
	StateBytes   int64 `json:"stateBytes"`
	PrivateBytes int64 `json:"privateBytes,omitempty"`
	// Requests is the number of requests by the simulator's name of the operation. RequestBytes and ResponseBytes are bytes on the
	// wire.
	Requests      map[string]int `json:"requests,omitempty"`
	RequestBytes  int64          `json:"requestBytes,omitempty"`
	ResponseBytes int64          `json:"responseBytes,omitempty"`
}

// Spread is the distribution of the values of the rounds. Its numbers are NaN if there are none.
type Spread struct{ Median, Min, Max float64 }

func spread(values []float64) Spread {
	if len(values) == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return Spread{Median: median, Min: sorted[0], Max: sorted[len(sorted)-1]}
}

// plain returns the variant of a kind with the CLI's default parallelism and without latency.
func plain(kind Kind) Variant { return Variant{Kind: kind, Parallelism: defaultParallelism} }

// of returns a number of each round's sample of a variant, in the order of the rounds.
func (r *Results) of(v Variant, op Operation, n int, number func(Sample) float64) []float64 {
	var values []float64
	for _, s := range r.Samples {
		if s.Variant == v && s.Operation == op && s.N == n {
			values = append(values, number(s))
		}
	}
	return values
}

func (r *Results) seconds(v Variant, op Operation, n int) []float64 {
	return r.of(v, op, n, func(s Sample) float64 { return s.Seconds })
}

// pairwise combines the values of each round, which were measured side by side.
func pairwise(a, b []float64, combine func(a, b float64) float64) []float64 {
	values := make([]float64, 0, len(a))
	for i := range min(len(a), len(b)) {
		values = append(values, combine(a[i], b[i]))
	}
	return values
}

func quotient(a, b float64) float64 { return a / b }

func difference(a, b float64) float64 { return a - b }

// ratio returns the provider's times divided by those of another kind.
func (r *Results) ratio(to Kind, op Operation, n int) Spread {
	return r.compare(plain(Token), plain(to), op, n)
}

// compare returns the times of a variant divided by those of another.
func (r *Results) compare(v, to Variant, op Operation, n int) Spread {
	return spread(pairwise(r.seconds(v, op, n), r.seconds(to, op, n), quotient))
}

// growth returns how many times longer an operation takes with the largest size than with the second largest.
func (r *Results) growth(kind Kind, op Operation) []float64 {
	small, large := r.twoSizes()
	return pairwise(r.seconds(plain(kind), op, large), r.seconds(plain(kind), op, small), quotient)
}

// twoSizes returns the two largest sizes, to which the targets apply. If there is only one size, it returns it twice.
func (r *Results) twoSizes() (small, large int) {
	last := len(r.Sizes) - 1
	return r.Sizes[max(last-1, 0)], r.Sizes[last]
}

// withLatency compares the time of an operation with latency to the time without, plus the time of a login, a list, and n requests at
// the given parallelism.
func (r *Results) withLatency(parallelism int, op Operation, n int) (own, expected, measured, ratio Spread) {
	v := Variant{Kind: Token, Parallelism: parallelism}
	without := r.seconds(v, op, n)
	v.Latency = true
	with := r.seconds(v, op, n)
	waits := 2.0
	if op != Plan {
		waits += math.Ceil(float64(n) / float64(parallelism))
	}
	want := make([]float64, 0, len(without))
	for _, s := range without {
		want = append(want, s+waits*r.LatencySeconds)
	}
	return spread(without), spread(want), spread(with), spread(pairwise(with, want, quotient))
}
