// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fine returns the results of two rounds that narrowly meet every target.
func fine() *Results {
	r := &Results{
		Date: time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC), Sizes: []int{10, 400, 1600},
		Rounds:         map[int]int{10: 2, 400: 2, 1600: 2},
		LatencySeconds: 0.05, OthersSize: 400, BinaryBytes: 19_900_000,
		Machine: Machine{System: "linux/amd64", CPU: "A CPU", Cores: 2, Memory: "7.5 GiB"},
		Versions: Versions{
			CLI: "Terraform v1.11.4", Commit: "0123abc", Go: "go1.26.8", Framework: "v1.19.0", PluginGo: "v0.31.0",
			OtherCLI: "OpenTofu v1.12.6", Peer: "hashicorp/time v0.14.2",
		},
		Starts:   Starts{Provider: []float64{0.033, 0.022, 0.023}, Floor: []float64{0.02, 0.02, 0.0202}},
		Renewals: []Renewals{{N: 100, Lists: 22, ListsLimit: 22, TimesIdeal: 1.29}},
	}
	for round := 1; round <= 2; round++ {
		for _, n := range r.Sizes {
			for _, op := range operations {
				for _, v := range variants(n, n == r.OthersSize) {
					if v.measured(op) {
						r.Samples = append(r.Samples, sample(round, n, op, v))
					}
				}
			}
		}
	}
	return r
}

func sample(round, n int, op Operation, v Variant) Sample {
	s := Sample{Round: round, N: n, Operation: op, Variant: v, StateBytes: int64(n) * 1000, PrivateBytes: int64(n) * 100}
	s.Seconds = float64(round) * float64(n) / 100 // the machine was slower in the second round
	switch v.Kind {
	case Floor:
		s.ProviderCPU, s.CLICPU, s.PeakKiB = 0.25, 0.5, 20<<10
		s.StateBytes, s.PrivateBytes = s.StateBytes-s.PrivateBytes, 0
	case Data:
		s.Seconds /= 2
	case Token:
		s.Seconds *= mostTimesFloor(op, n) - 0.01
		s.ProviderCPU, s.CLICPU, s.ServerCPU, s.PeakKiB = 0.5, 0.75, 0.125, 47<<10
		s.Requests = map[string]int{"login": 1}
		s.RequestBytes, s.ResponseBytes = 1500, 2500
		if op == Plan {
			s.Requests["list"] = 1
		}
	}
	if v.Latency {
		s.Seconds = 1.04 * (s.Seconds + 0.1 + float64(n)*0.05/float64(v.Parallelism))
	}
	return s
}

// change changes the samples of a result.
func change(r *Results, f func(*Sample)) {
	for i := range r.Samples {
		f(&r.Samples[i])
	}
}

// TestTurns verifies that each size is measured as often as requested, and that the rounds follow one another.
func TestTurns(t *testing.T) {
	got := turns([]int{100, 400, 1600}, map[int]int{100: 3, 400: 2, 1600: 1})
	want := []turn{{1, 100}, {1, 400}, {1, 1600}, {2, 100}, {2, 400}, {3, 100}}
	if !slices.Equal(got, want) {
		t.Errorf("the turns are %v, want %v", got, want)
	}
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   Spread
	}{
		{[]float64{3}, Spread{3, 3, 3}},
		{[]float64{4, 1}, Spread{2.5, 1, 4}},
		{[]float64{5, 1, 2}, Spread{2, 1, 5}},
		{[]float64{9, 1, 2, 4}, Spread{3, 1, 9}},
	} {
		before := slices.Clone(test.values)
		if got := spread(test.values); got != test.want {
			t.Errorf("%v: %+v, want %+v", test.values, got, test.want)
		}
		if !slices.Equal(test.values, before) {
			t.Errorf("%v became %v", before, test.values)
		}
	}
	if got := spread(nil); !math.IsNaN(got.Median) {
		t.Errorf("nothing has the median %g", got.Median)
	}
}

// TestRatiosAreTakenWithinARound verifies that a round on a slower machine does not change any ratio.
func TestRatiosAreTakenWithinARound(t *testing.T) {
	got := fine().ratio(Floor, Plan, 400)
	if math.Abs(got.Min-1.09) > 1e-9 || math.Abs(got.Max-1.09) > 1e-9 {
		t.Errorf("%+v", got)
	}
}

func TestExpectedWithLatency(t *testing.T) {
	r := fine()
	for _, test := range []struct {
		parallelism int
		op          Operation
		n           int
		own, waits  float64 // in seconds
	}{
		{10, Apply, 400, 6.54, 2.1}, {50, Apply, 400, 6.54, 0.5}, {10, Destroy, 400, 6.24, 2.1}, {10, Plan, 400, 6.54, 0.1},
		{50, Apply, 10, 0.171, 0.15}, // one request is a whole wait
	} {
		own, expected, measured, _ := r.withLatency(test.parallelism, test.op, test.n)
		if math.Abs(own.Median-test.own) > 1e-9 || math.Abs(expected.Median-test.own-test.waits) > 1e-9 || measured.Median <= own.Median {
			t.Errorf("%d, %s: own %g, expected %g, measured %g", test.parallelism, test.op, own.Median, expected.Median, measured.Median)
		}
	}
	if _, _, _, ratio := r.withLatency(10, Apply, 1600); !math.IsNaN(ratio.Median) {
		t.Errorf("1600 with latency, which is not measured, gives %g", ratio.Median)
	}
}

func TestEveryTargetCanBeMissed(t *testing.T) {
	if missed := missedTargets(fine()); missed != 0 {
		t.Fatalf("%d targets do not hold: %+v", missed, targets(fine()))
	}
	token := func(op Operation, n int, f func(*Sample)) func(*Results) {
		return func(r *Results) {
			change(r, func(s *Sample) {
				if s.Variant == plain(Token) && s.Operation == op && s.N == n {
					f(s)
				}
			})
		}
	}
	slower := func(s *Sample) { s.Seconds *= 1.02 }
	grown := func(op Operation) string { return string(op) + ": growth from 400 to 1600 ÷ floor" }
	for name, test := range map[string]struct {
		spoil func(*Results)
		want  []string // the targets that are then missed
	}{
		"a slow change of 10":    {token(Change, 10, slower), []string{"change of 10 ÷ floor"}},
		"a slow plan of 400":     {token(Plan, 400, slower), []string{"plan of 400 ÷ floor"}},
		"a slow plan of 1600":    {token(Plan, 1600, slower), []string{"plan of 1600 ÷ floor"}},
		"a slow apply of 400":    {token(Apply, 400, slower), []string{"apply of 400 ÷ floor"}},
		"a slow destroy of 1600": {token(Destroy, 1600, slower), []string{"destroy of 1600 ÷ floor"}},
		"a fast destroy of 400":  {token(Destroy, 400, func(s *Sample) { s.Seconds /= 1.2 }), []string{grown(Destroy)}},
		"slow answers": {
			func(r *Results) {
				change(r, func(s *Sample) {
					if s.Latency && s.Operation == Apply && s.N == 400 && s.Parallelism == 50 {
						s.Seconds *= 1.02
					}
				})
			},
			[]string{"apply of 400 with latency ÷ expected time, -parallelism=50"},
		},
		"slow renewals": {
			func(r *Results) { r.Renewals[0].TimesIdeal = 1.31 }, []string{"100 renewals with latency ÷ two requests each"},
		},
		"a list too many": {func(r *Results) { r.Renewals[0].Lists = 23 }, []string{"list requests for 100 renewals"}},
		"a large state": {
			token(Apply, 1600, func(s *Sample) { s.StateBytes += 1600 }), []string{"state of a token, without private data"},
		},
		"a second list": {
			token(Plan, 10, func(s *Sample) { s.Requests = map[string]int{"list": 2} }), []string{"list requests in a plan of any size"},
		},
		"a large process": {
			token(Change, 1600, func(s *Sample) { s.PeakKiB = 49 << 10 }), []string{"peak memory of the provider with 1600"},
		},
		"memory that was not measured": {
			func(r *Results) { change(r, func(s *Sample) { s.PeakKiB = 0 }) }, []string{"peak memory of the provider with 1600"},
		},
		"a slow start": {
			func(r *Results) { r.Starts.Provider[2] = 0.04 }, []string{"start to the answer of GetProviderSchema ÷ floor"},
		},
		"a large program": {func(r *Results) { r.BinaryBytes = 20_000_001 }, []string{"stripped binary"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := fine()
			test.spoil(r)
			var got []string
			for _, target := range targets(r) {
				if !target.holds {
					got = append(got, target.name)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("missed are %q, want %q", got, test.want)
			}
		})
	}
}

func TestAMissedTargetIsAnErrorIfAsked(t *testing.T) {
	r := fine()
	if err := verdict(settings{check: true}, r); err != nil {
		t.Error(err)
	}
	r.BinaryBytes *= 2
	if err := verdict(settings{check: true}, r); err == nil || err.Error() != "missed targets: 1" {
		t.Errorf("the error is %v", err)
	}
	if err := verdict(settings{}, r); err != nil {
		t.Errorf("nobody asked, and the error is %v", err)
	}
}

func TestNothingMeasuredIsNoTargetThatHolds(t *testing.T) {
	for _, target := range targets(&Results{Sizes: []int{1}}) {
		if target.holds && target.name != "stripped binary" {
			t.Errorf("%s holds with %s", target.name, target.measured)
		}
	}
}

func TestReport(t *testing.T) {
	r := fine()
	text := report(r, true)
	for _, want := range []string{
		"2026-11-23", "median of 2 rounds", "2 cores, A CPU, 7.5 GiB, linux/amd64", "Terraform v1.11.4", "commit 0123abc, go1.26.8",
		"| plan of 400 ÷ floor ", "| 1.09 (1.09–1.09) | holds ", "| 400  | plan    | 6.54 s   | 6.00 s ",
		"| 2.18 (2.18–2.18) |", "× 4.00 (4.00–4.00)", "47.0 MiB", "| 1.67 (1.67–1.67) ", "With 50 ms of latency", "2.5 kB", "(times.svg)",
		"| 1600.0 kB | 160.0 kB     | 1440.0 kB | –  ", "| ≤ 900 B, the floor's | 900 B ", "| 1600 | plan    | 26.16 s  | 24.00 s | – ",
		"| 400  | plan    | +0.54 s | +0.25 s        | +0.25 s   | +0.12 s      |", "## OpenTofu v1.12.6", "hashicorp/time v0.14.2", "| apply   | 6.54 s   | 6.00 s ", "| 1.09 (1.09–1.09)       |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "missed") {
		t.Error("the report has numbers that were not measured, or a missed target")
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("a broken table: %s", line)
		}
	}
	r.OthersSize, r.Versions.OtherCLI = 0, ""
	if text := report(r, true); strings.Contains(text, "OpenTofu") || strings.Contains(text, "Another provider") {
		t.Error("the report compares with what was not measured")
	}
	if strings.Contains(report(r, false), ".svg") {
		t.Error("the report shows plots that were not drawn")
	}
	r.Rounds[1600] = 1
	if want := "median of 2 rounds, with 1600 of 1 round,"; !strings.Contains(report(r, true), want) {
		t.Errorf("the report lacks %q", want)
	}
	r.BinaryBytes = 30_000_000
	if !strings.Contains(report(r, true), "| **missed** |") {
		t.Error("the report does not say that a target is missed")
	}
}

// TestFiguresHaveOnlyNumbers verifies that figures contain no values that JSON cannot represent, and a line for each compared item.
func TestFiguresHaveOnlyNumbers(t *testing.T) {
	r := fine()
	data, err := json.Marshal(figures(r))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"times.svg", "ratios.svg", "memory.svg", "latency.svg", `"terraform_data"`, `"x":1600,"y":47`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	for _, f := range figures(r) {
		for _, p := range f.Panels {
			for _, s := range p.Series {
				if want := len(r.Sizes); len(s.Points) != want && (len(s.Points) != want-1 || s.Name == string(Token) || s.Name == string(Floor)) {
					t.Errorf("%s, %s, %s has %d points", f.File, p.Title, s.Name, len(s.Points))
				}
			}
		}
	}
}

func TestParse(t *testing.T) {
	t.Setenv("TERRAFORM", "/bin/terraform")
	set, err := parse([]string{"-n", "400,100,400,1600:2", "-rounds", "5", "-check"})
	if err != nil || !slices.Equal(set.sizes, []int{100, 400, 1600}) || !maps.Equal(set.rounds, map[int]int{100: 5, 400: 5, 1600: 2}) || !set.check || set.cli != "/bin/terraform" {
		t.Errorf("%+v, %v", set, err)
	}
	if set, err = parse(nil); err != nil || !slices.Equal(set.sizes, []int{1, 10, 50, 400, 1600}) || set.rounds[1600] != 1 ||
		set.latency != 50*time.Millisecond || set.out != "bench" || set.check || set.others() {
		t.Errorf("%+v, %v", set, err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tofu", []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if set, err := parse([]string{"-others", "./tofu"}); err != nil || !filepath.IsAbs(set.other) || !set.others() {
		t.Errorf("%+v, %v", set, err)
	}
	for _, args := range [][]string{{"-others", "./no-such-program"}, {"-n", "0"}, {"-n", "1,,2"}, {"-n", "x"}, {"-n", "5:0"}, {"-n", "5:"}, {"-rounds", "0"}, {"-latency", "-1s"}, {"-cli", ""}, {"now"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// TestParseRenewals covers the output of go test on one and on several cores.
func TestParseRenewals(t *testing.T) {
	got, err := parseRenewals("goos: linux\n" +
		"BenchmarkRenewals/of_100-2         \t       1\t1190735212 ns/op\t        22.00 lists-limit\t        20.00 lists\t         1.191 ×ideal\n" +
		"BenchmarkRenewals/of_1000          \t       1\t12807000000 ns/op\t       200.0 lists\t       202.0 lists-limit\t         1.281 ×ideal\nPASS\n")
	want := []Renewals{{100, 20, 22, 1.191}, {1000, 200, 202, 1.281}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the results are %+v, %v", got, err)
	}
	for _, output := range []string{"PASS\n", "BenchmarkRenewals/of_100-2 1 many lists\n"} {
		if got, err := parseRenewals(output); err == nil {
			t.Errorf("%q gives %+v", output, got)
		}
	}
}
