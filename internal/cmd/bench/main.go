// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command bench measures how long a real Terraform or OpenTofu CLI takes with this provider, compared with terraform_data, with the
// floor (see ./floor) and, if asked, with another provider and another CLI, side by side in one run. It builds the programs that it measures, writes RESULTS.md and results.json, and
// changes nothing else outside a temporary directory, which it removes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are the settings of the benchmark.
type settings struct {
	cli   string // path of the CLI
	other string // path of the second CLI, "" for neither it nor a peer
	// othersSize is the number of resources with which the second CLI and the peer are measured.
	othersSize int
	sizes      []int       // numbers of resources, in ascending order
	rounds     map[int]int // of each size
	latency    time.Duration
	starts     int    // how often each program is started
	renew      string // which cases of BenchmarkRenewals to run, as a pattern
	plans      int    // how often a plan is profiled
	out        string // directory of the results
	plot       string // path of a program that draws the figures, "" for none
	check      bool   // a missed target is an error
	profile    bool   // profile the provider instead of measuring
	without    bool   // compare with builds that lack one shortcut each, instead of measuring
	// programs were built before. If nil, they are built.
	programs *programs
	stdout   io.Writer
	stderr   io.Writer
}

func main() {
	set, err := parse(os.Args[1:])
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err = run(ctx, set)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// others reports whether a second CLI and a peer are measured, too.
func (s settings) others() bool { return s.other != "" }

// parse parses the flags.
func parse(args []string) (settings, error) {
	set := settings{othersSize: 400, starts: startsEach, renew: ".", plans: profiledPlans, stdout: os.Stdout, stderr: os.Stderr}
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	f.StringVar(&set.cli, "cli", os.Getenv("TERRAFORM"), "`path` of the Terraform or OpenTofu CLI")
	f.StringVar(&set.other, "others", "", fmt.Sprintf("also measure a second CLI, whose `path` this is, and another provider, with %d resources", set.othersSize))
	// Operations of a second or less need more rounds for a reliable median.
	sizes := f.String("n", "1:5,10:7,50:5,400:4,1600:1", "`numbers` of resources to measure with, separated by commas; 1600:1 is one round of 1600")
	rounds := f.Int("rounds", 3, "`number` of rounds for a size without its own number in -n")
	f.DurationVar(&set.latency, "latency", 50*time.Millisecond, "`duration` of each request in the measurements with latency")
	f.StringVar(&set.out, "out", "bench", "`directory` to write the results to")
	f.StringVar(&set.plot, "plot", "", "`path` of a program that draws the results in a directory")
	f.BoolVar(&set.check, "check", false, "exit with 1 if a target is missed")
	f.BoolVar(&set.profile, "profile", false, "only write where the provider's CPU time is spent, and measure nothing")
	f.BoolVar(&set.without, "shortcuts", false, "only print what each shortcut of the provider saves")
	if err := f.Parse(args); err != nil {
		return settings{}, err
	}
	set.rounds = map[int]int{}
	for text := range strings.SplitSeq(*sizes, ",") {
		size, times, own := strings.Cut(text, ":")
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return settings{}, fmt.Errorf("-n: %q is not a number above 0", text)
		}
		set.sizes = append(set.sizes, n)
		set.rounds[n] = *rounds
		if own {
			if set.rounds[n], err = strconv.Atoi(times); err != nil || set.rounds[n] < 1 {
				return settings{}, fmt.Errorf("-n: %q does not give a number of rounds above 0", text)
			}
		}
	}
	if set.others() {
		path, err := exec.LookPath(set.other)
		if err != nil {
			return settings{}, fmt.Errorf("-others: %w", err)
		}
		if set.other, err = filepath.Abs(path); err != nil { // the CLI runs in another directory
			return settings{}, err
		}
	}
	slices.Sort(set.sizes)
	set.sizes = slices.Compact(set.sizes)
	switch {
	case f.NArg() > 0:
		return settings{}, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case set.cli == "":
		return settings{}, errors.New("no CLI found: use make bench, or set TERRAFORM to its path")
	case *rounds < 1 || set.latency < 0:
		return settings{}, errors.New("-rounds must be above 0, and -latency not negative")
	}
	return set, nil
}
