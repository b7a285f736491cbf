// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Files of the results.
const (
	reportFile = "RESULTS.md"
	dataFile   = "results.json"
)

// run measures everything and writes the results. It stops everything that it started before it returns.
func run(ctx context.Context, set settings) (err error) {
	dir, err := os.MkdirTemp("", "commvault-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	programs := set.programs
	if programs == nil {
		if programs, err = build(ctx, dir, set.others()); err != nil {
			return err
		}
	}
	if set.profile {
		return profile(ctx, set, *programs, dir)
	}
	if set.without {
		return measureShortcuts(ctx, set, *programs, dir)
	}
	results := Results{
		Date: time.Now().UTC(), Sizes: set.sizes, Rounds: set.rounds, LatencySeconds: set.latency.Seconds(),
		Machine: thisMachine(),
	}
	if set.others() && slices.Contains(set.sizes, set.othersSize) {
		results.OthersSize = set.othersSize
	}
	if results.Versions, err = versions(ctx, set, programs); err != nil {
		return err
	}
	binary, err := os.Stat(programs.provider)
	if err != nil {
		return err
	}
	results.BinaryBytes = binary.Size()
	if results.Starts, err = measureStarts(ctx, *programs, set.starts); err != nil {
		return err
	}
	if results.Renewals, err = measureRenewals(ctx, set.renew); err != nil {
		return err
	}
	if results.Samples, err = measure(ctx, set, *programs, dir); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", context.Cause(ctx))
		}
		return err
	}
	if err := write(set, &results); err != nil {
		return err
	}
	if set.plot != "" {
		if err := draw(ctx, set, &results); err != nil {
			return err
		}
	}
	return verdict(set, &results)
}

// verdict returns an error if a target is missed and the settings ask for a check.
func verdict(set settings, results *Results) error {
	if missed := missedTargets(results); set.check && missed > 0 {
		return fmt.Errorf("missed targets: %d", missed)
	}
	return nil
}

// write writes the results to the directory and prints the report.
func write(set settings, results *Results) error {
	data, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		return err
	}
	text := report(results, set.plot != "")
	if _, err := set.stdout.Write([]byte(text)); err != nil {
		return err
	}
	return errors.Join(set.keep(dataFile, append(data, '\n')), set.keep(reportFile, []byte(text)))
}

// keep writes a file of the results. Everybody may read it, like the rest of the repository.
func (s settings) keep(name string, data []byte) error {
	if err := os.MkdirAll(s.out, 0o755); err != nil { //nolint:gosec // no secret in it
		return err
	}
	return os.WriteFile(filepath.Join(s.out, name), data, 0o644) //nolint:gosec // no secret in it
}
