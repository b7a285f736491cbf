// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
)

// figure, panel, series and point are the input of tools/benchplot.
type figure struct {
	File   string  `json:"file"`
	Panels []panel `json:"panels"`
}

type panel struct {
	Title     string   `json:"title"`
	XLabel    string   `json:"xLabel"`
	YLabel    string   `json:"yLabel"`
	LogY      bool     `json:"logY"`
	Limit     float64  `json:"limit"`
	LimitName string   `json:"limitName"`
	Series    []series `json:"series"`
}

type series struct {
	Name   string  `json:"name"`
	Points []point `json:"points"`
}

type point struct {
	X   float64 `json:"x"`
	Y   float64 `json:"y"`
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// line returns a series with a value for each size that was measured.
func (r *Results) line(name string, value func(n int) Spread) series {
	s := series{Name: name}
	for _, n := range r.Sizes {
		v := value(n)
		if math.IsNaN(v.Median) {
			continue
		}
		s.Points = append(s.Points, point{X: float64(n), Y: v.Median, Min: v.Min, Max: v.Max})
	}
	return s
}

// figures returns the figures of the results.
func figures(r *Results) []figure {
	var times, latencies []panel
	ratios := panel{
		Title: "provider ÷ floor", XLabel: "resources", YLabel: "times as long", Limit: mostTimesFloor(Plan, 400),
		LimitName: "target of plan and apply, 400",
	}
	for _, op := range operations {
		p := panel{Title: string(op), XLabel: "resources", YLabel: "seconds", LogY: true}
		for _, kind := range []Kind{Token, Floor, Data} {
			p.Series = append(p.Series, r.line(string(kind), func(n int) Spread { return spread(r.seconds(plain(kind), op, n)) }))
		}
		times = append(times, p)
		ratios.Series = append(ratios.Series, r.line(string(op), func(n int) Spread { return r.ratio(Floor, op, n) }))
	}
	for _, parallelism := range []int{defaultParallelism, manyParallel} {
		p := panel{
			Title:  fmt.Sprintf("apply, %.0f ms a request, -parallelism=%d", r.LatencySeconds*1000, parallelism),
			XLabel: "tokens", YLabel: "seconds", LogY: true,
		}
		for i, name := range []string{"without latency", "expected", "measured"} {
			p.Series = append(p.Series, r.line(name, func(n int) Spread {
				own, expected, measured, _ := r.withLatency(parallelism, Apply, n)
				return []Spread{own, expected, measured}[i]
			}))
		}
		latencies = append(latencies, p)
	}
	memory := panel{Title: "peak memory of a process", XLabel: "resources", YLabel: "MiB", Limit: mostPeakMiB, LimitName: "target"}
	for _, kind := range []Kind{Token, Floor} {
		memory.Series = append(memory.Series, r.line(string(kind), func(n int) Spread {
			var all []float64
			for _, op := range operations {
				all = append(all, spread(r.of(plain(kind), op, n, mib)).Max)
			}
			peak := spread(all).Max
			return Spread{peak, peak, peak}
		}))
	}
	return []figure{
		{"times.svg", times}, {"ratios.svg", []panel{ratios}}, {"memory.svg", []panel{memory}}, {"latency.svg", latencies},
	}
}

// draw draws the figures into the directory of the results.
func draw(ctx context.Context, set settings, r *Results) error {
	data, err := json.Marshal(figures(r))
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, set.plot, set.out) //nolint:gosec // the program that the caller names
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(data), set.stderr, set.stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("the results could not be drawn: %w", err)
	}
	return nil
}
