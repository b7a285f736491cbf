// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// renewalLine matches a line of BenchmarkRenewals, such as
// "BenchmarkRenewals/of_100-2  1  1190000000 ns/op  20.00 lists  22.00 lists-limit  1.19 ×ideal".
var renewalLine = regexp.MustCompile(`^BenchmarkRenewals/of_(\d+)\S*\s+\d+\s+(.*)`)

// measureRenewals runs the cases of BenchmarkRenewals that match a pattern. It needs no CLI.
func measureRenewals(ctx context.Context, pattern string) ([]Renewals, error) {
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkRenewals$/"+pattern, "-benchtime", "1x", //nolint:gosec // our own arguments
		module+"/internal/commandcenter")
	output, err := command.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("BenchmarkRenewals: %w\n%s", err, output)
	}
	return parseRenewals(string(output))
}

// parseRenewals reads the output of the benchmark.
func parseRenewals(output string) (all []Renewals, err error) {
	for line := range strings.Lines(output) {
		match := renewalLine.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		var r Renewals
		if r.N, err = strconv.Atoi(match[1]); err != nil {
			return nil, err
		}
		values := map[string]*float64{"lists": &r.Lists, "lists-limit": &r.ListsLimit, "×ideal": &r.TimesIdeal}
		fields := strings.Fields(match[2])
		for i := 1; i < len(fields); i += 2 {
			if value := values[fields[i]]; value != nil {
				if *value, err = strconv.ParseFloat(fields[i-1], 64); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("BenchmarkRenewals printed no result:\n%s", output)
	}
	return all, nil
}
