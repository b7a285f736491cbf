// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// without holds, for each shortcut, a file of the provider without it.
//
//go:embed testdata/without
var without embed.FS

// shortcut is code that only makes the provider faster or smaller.
type shortcut struct {
	name string
	file string // the file of the provider that implements it, relative to the module's root
}

var shortcuts = []shortcut{
	{"contexts", "internal/plugin/context.go"},
	{"logs", "internal/plugin/logging.go"},
	{"garbage", "internal/plugin/memory.go"},
	{"planner", "internal/accesstoken/token_unchanged.go"},
	{"upgrade", "internal/accesstoken/token_upgrade.go"},
	{"codec", "internal/accesstoken/fields_get_set.go"},
}

// plansEach is how often a plan is measured in each round.
const plansEach = 3

// measureShortcuts compares the provider with builds that each lack one shortcut, in turn, and prints the table in DESIGN.md.
func measureShortcuts(ctx context.Context, set settings, p programs, dir string) error {
	builds := []string{"provider"}
	for _, s := range shortcuts {
		if err := compileWithout(ctx, filepath.Join(dir, s.name), s, dir); err != nil {
			return err
		}
		builds = append(builds, s.name)
	}
	v, err := versions(ctx, set, &p)
	if err != nil {
		return err
	}
	results := &Results{Sizes: set.sizes, Rounds: set.rounds, Machine: thisMachine(), Versions: v}
	for round := range mostRounds(set.rounds) {
		for _, n := range set.sizes {
			for i := range builds {
				if round >= set.rounds[n] {
					continue
				}
				name := builds[(i+round)%len(builds)]
				p.provider = filepath.Join(dir, name)
				samples, err := applyAndPlan(ctx, set, p, filepath.Join(dir, fmt.Sprintf("%s-%d-%d", name, round, n)), n)
				if err != nil {
					return err
				}
				for _, s := range samples {
					s.Kind, s.Round = Kind(name), round
					results.Samples = append(results.Samples, s)
					_, _ = fmt.Fprintf(set.stderr, "round %d, %d × %s: %s took %.2f s\n", round+1, n, name, s.Operation, s.Seconds)
				}
			}
		}
	}
	_, err = fmt.Fprintf(set.stdout, "%s%s", conditions(results), shortcutTable(results))
	return err
}

// compileWithout builds the provider without a shortcut.
func compileWithout(ctx context.Context, target string, s shortcut, dir string) error {
	source, err := without.ReadFile("testdata/without/" + s.name + ".go")
	if err != nil {
		return err
	}
	stub := filepath.Join(dir, "without-"+s.name+".go")
	if err := os.WriteFile(stub, source, 0o600); err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]map[string]string{
		"Replace": {filepath.Join(root, s.file): stub},
	})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "overlay-"+s.name+".json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return err
	}
	return compile(ctx, target, module, "-overlay", file)
}

// applyAndPlan measures a build in a new directory.
func applyAndPlan(ctx context.Context, set settings, p programs, dir string, n int) (samples []Sample, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	b, err := newBed(ctx, set, p, dir, plain(Token))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for i := range 1 + plansEach {
		op := Plan
		if i == 0 {
			op = Apply
		}
		sample, err := b.measure(ctx, op, n)
		if err != nil {
			return nil, err
		}
		samples = append(samples, sample)
	}
	return samples, nil
}

// shortcutTable shows the savings of each shortcut: in time, in CPU time of provider and CLI, and in memory.
func shortcutTable(r *Results) *table {
	t := newTable("without", "n", "", "time", "× with it", "CPU × with it", "peak", "with it")
	for _, s := range shortcuts {
		for _, n := range r.Sizes {
			for _, op := range []Operation{Apply, Plan} {
				with, lacking := plain("provider"), plain(Kind(s.name))
				compared := func(number func(Sample) float64) Spread {
					return spread(pairwise(r.of(lacking, op, n, number), r.of(with, op, n, number), quotient))
				}
				t.add("%s|%d|%s|%s|%s|%s|%.1f MiB|%.1f MiB", s.name, n, op, seconds(r.seconds(lacking, op, n)),
					compared(func(s Sample) float64 { return s.Seconds }), compared(bothCPU),
					spread(r.of(lacking, op, n, mib)).Max, spread(r.of(with, op, n, mib)).Max)
			}
		}
	}
	return t
}
