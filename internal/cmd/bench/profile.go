// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// profiledPlans is how often a plan is profiled. It takes the provider little time and can be repeated.
const profiledPlans = 5

// profiledTimes returns how often an operation is profiled.
func (s settings) profiledTimes(op Operation) int {
	if op == Plan {
		return s.plans
	}
	return 1
}

// profile runs every operation with the largest size and a provider that profiles itself, and prints where the time was spent. It does
// not measure the time itself, because profiling has a cost.
func profile(ctx context.Context, set settings, p programs, dir string) (err error) {
	p.provider = filepath.Join(dir, "profiled")
	if err := compile(ctx, p.provider, module+"/internal/cmd/bench/profiled"); err != nil {
		return err
	}
	v, err := versions(ctx, set, &p)
	if err != nil {
		return err
	}
	n := set.sizes[len(set.sizes)-1]
	text := fmt.Sprintf("# Where the provider's CPU time is spent\n\n"+
		"Printed by `make profile` on %s, with %d resources. For each function: the time in the function itself, and the time "+
		"including everything that it calls.\n\n"+
		"%s", time.Now().UTC().Format("2006-01-02"), n,
		conditions(&Results{Machine: thisMachine(), Versions: v}))
	b, err := newBed(ctx, set, p, dir, plain(Token))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for _, op := range operations {
		profiles := filepath.Join(dir, "profiles-"+string(op))
		if err := os.Mkdir(profiles, 0o700); err != nil {
			return err
		}
		b.env = append(slices.Clone(b.env), "BENCH_PROFILES="+profiles)
		for range set.profiledTimes(op) {
			if _, err := b.measure(ctx, op, n); err != nil {
				return err
			}
		}
		top, err := topOf(ctx, p.provider, profiles)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("## %s, %d ×\n\n```text\n%s\n```\n\n", op, set.profiledTimes(op), top)
	}
	_, err = fmt.Fprintln(set.stdout, strings.TrimRight(text, "\n"))
	return err
}

// topOf returns pprof's summary of all profiles in a directory.
func topOf(ctx context.Context, program, dir string) (string, error) {
	profiles, err := filepath.Glob(filepath.Join(dir, "*.pprof"))
	if err != nil {
		return "", err
	}
	arguments := append([]string{"tool", "pprof", "-top", "-cum", "-nodecount=60", program}, profiles...)
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // fixed but for our own files
	said, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("pprof cannot read the profiles: %w", err)
	}
	return strings.TrimSpace(string(said)), nil
}
