// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// report returns the results as a Markdown page.
func report(r *Results, plots bool) string {
	var b strings.Builder
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n\n", args...) }
	picture := func(name, text string) {
		if plots {
			say("![%s](%s.svg)", text, name)
		}
	}
	say("# Results of `make bench`")
	say("Written by `make bench` on %s. The numbers of each command are in [%s](%s).", r.Date.Format("2006-01-02"), dataFile, dataFile)
	say("Each number is the median of %s, with the minimum and the maximum in parentheses. Times are from the start to the "+
		"end of the CLI. A change is an apply that updates an argument of every resource in place.", r.rounds())
	b.WriteString(conditions(r).String())
	say("## Targets")
	b.WriteString(targetTable(r).String())
	say("## Times")
	say("`floor` is a minimal plugin-go server with the schema of the provider. It echoes its input, formats no log lines and "+
		"talks to no server: `internal/cmd/bench/floor`. `%s` is built into the CLI. With %d resources or more, only the provider "+
		"and the floor are measured.", Data, largeSize)
	b.WriteString(timeTable(r).String())
	say("## Time above the floor")
	say("Medians of the differences in each round. The CPU time is divided over the cores. The simulated server runs on the same machine, " +
		"which a real one does not, and the floor has none. The CLI writes private data for the provider, and none for the floor: see " +
		"[Size of the state](#size-of-the-state).")
	b.WriteString(aboveTable(r).String())
	picture("times", "Seconds by number of resources")
	picture("ratios", "Times as multiples of the floor's")
	if len(r.Sizes) > 1 {
		say("## Growth from %s", growthSizes(r))
		b.WriteString(growthTable(r).String())
	}
	if r.OthersSize > 0 {
		say("## Another provider")
		say("%d `%s`, which send no requests and store no secrets.", r.OthersSize, Peer)
		b.WriteString(peerTable(r).String())
		say("## %s", r.Versions.OtherCLI)
		say("%d resources.", r.OthersSize)
		b.WriteString(otherCLITable(r).String())
	}
	say("## Memory and CPU")
	say("The peak memory is the largest resident size of any provider process. The CPU time is the sum of all provider " +
		"processes. The CPU time of the CLI itself stands next to it, because the CLI reads what a provider logs. On a busy " +
		"machine, CPU times vary less than elapsed times.")
	b.WriteString(usageTable(r).String())
	say("The provider takes %.1f ms from its start to the answer of GetProviderSchema, the floor %.1f ms (medians of %d "+
		"starts each, taken alternately).",
		spread(r.Starts.Provider).Median*1000, spread(r.Starts.Floor).Median*1000, len(r.Starts.Provider))
	picture("memory", "Peak memory of the provider by number of resources")
	say("## Requests and bytes")
	say("Bytes are measured on the wire, including TLS.")
	b.WriteString(requestTable(r).String())
	say("## With %.0f ms of latency per request", r.LatencySeconds*1000)
	say("The expected time is the time without latency at the same parallelism, plus 2 × latency for the login and the list, " +
		"plus n × latency ÷ parallelism, rounded up, if the operation writes.")
	b.WriteString(latencyTable(r).String())
	picture("latency", "Apply with latency, measured and expected")
	say("## Size of the state")
	b.WriteString(stateTable(r).String())
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// rounds describes the number of rounds of all sizes, and of those that differ.
func (r *Results) rounds() string {
	most := mostRounds(r.Rounds)
	text := counted(most)
	for _, n := range r.Sizes {
		if r.Rounds[n] != most {
			text += fmt.Sprintf(", with %d of %s", n, counted(r.Rounds[n]))
		}
	}
	return text
}

func counted(rounds int) string {
	if rounds == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", rounds)
}

// unmeasured stands in a table for a value that does not exist.
const unmeasured = "–"

// String returns the median, the minimum and the maximum.
func (s Spread) String() string {
	if math.IsNaN(s.Median) {
		return unmeasured
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", s.Median, s.Min, s.Max)
}

func seconds(values []float64) string {
	if len(values) == 0 {
		return unmeasured
	}
	return fmt.Sprintf("%.2f s", spread(values).Median)
}

// number1 formats a number with one decimal and a unit.
func number1(number float64, unit string) string {
	if math.IsNaN(number) {
		return unmeasured
	}
	return fmt.Sprintf("%.1f %s", number, unit)
}

// table is a Markdown table with aligned columns, which is readable in a terminal.
type table struct{ rows [][]string }

func newTable(head ...string) *table { return &table{rows: [][]string{head}} }

func (t *table) add(format string, cells ...any) {
	t.rows = append(t.rows, strings.Split(fmt.Sprintf(format, cells...), "|"))
}

// String returns the table and an empty line.
func (t *table) String() string {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for i, row := range t.rows {
		for column, cell := range row {
			_, _ = fmt.Fprintf(&b, "| %s%s ", cell, strings.Repeat(" ", widths[column]-utf8.RuneCountInString(cell)))
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, width := range widths {
				_, _ = fmt.Fprintf(&b, "| %s ", strings.Repeat("-", width))
			}
			b.WriteString("|\n")
		}
	}
	return b.String() + "\n"
}
