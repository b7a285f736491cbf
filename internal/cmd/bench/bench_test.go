// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// small is a benchmark of one size in one round. TestTurns covers several sizes and rounds.
func small(t *testing.T) settings {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1; make test sets it")
	}
	cli, err := exec.LookPath(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	if err != nil {
		t.Fatalf("TF_ACC_TERRAFORM_PATH is no CLI (make test sets it): %s", err)
	}
	programs, err := built()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	// This variable must not reach the CLI.
	t.Setenv("TF_CLI_ARGS_plan", "-no-such-flag")
	t.Setenv("COMMVAULT_AUTHTOKEN", "somebody else's")
	return settings{
		programs: programs, cli: cli, other: cli, othersSize: 5, renew: "100$", sizes: []int{5}, rounds: map[int]int{5: 1}, latency: 5 * time.Millisecond, starts: 2, plans: 2, out: t.TempDir(),
		stdout: io.Discard, stderr: io.Discard,
	}
}

// builtIn is the directory of the programs that all tests measure.
var builtIn string

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// built builds the programs once.
var built = sync.OnceValues(func() (p *programs, err error) {
	if builtIn, err = os.MkdirTemp("", "bench-programs-"); err != nil {
		return nil, err
	}
	return build(context.Background(), builtIn, true)
})

// expectNothingLeft checks that the benchmark left no files behind.
func expectNothingLeft(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), "commvault-bench-") {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
}

// TestAccProfile profiles a few resources once to verify that the profile works.
func TestAccProfile(t *testing.T) {
	set := small(t)
	set.profile = true
	var output strings.Builder
	set.stdout = &output
	if err := run(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	expectNothingLeft(t)
	text := output.String()
	for _, op := range operations {
		_, after, found := strings.Cut(text, "## "+string(op))
		if section, _, _ := strings.Cut(after, "## "); !found || !strings.Contains(section, "Total samples") {
			t.Errorf("the profile of %s is missing:\n%s", op, section)
		}
	}
	if strings.Contains(text, os.Getenv("TMPDIR")) {
		t.Error("the profile tells where it was made")
	}
	if left, err := filepath.Glob(filepath.Join(set.out, dataFile)); err != nil || len(left) > 0 {
		t.Errorf("a profile measured something: %v %v", left, err)
	}
}

// TestAccBench measures a few resources once to verify that the benchmark works.
func TestAccBench(t *testing.T) {
	set := small(t)
	var out strings.Builder
	set.stdout = &out
	set.plot = builtPlotter(t)
	if err := run(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	expectNothingLeft(t)
	for _, f := range figures(&Results{Sizes: set.sizes}) {
		if svg, err := os.ReadFile(filepath.Join(set.out, f.File)); err != nil || !strings.Contains(string(svg), "</svg>") {
			t.Errorf("%s is not drawn: %v", f.File, err)
		}
		if !strings.Contains(out.String(), "("+f.File+")") {
			t.Errorf("the report does not show %s", f.File)
		}
	}
	text, err := os.ReadFile(filepath.Join(set.out, reportFile))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != out.String() {
		t.Error("what is printed is not what is written")
	}
	for _, foul := range []string{"NaN", os.Getenv("TMPDIR"), set.cli, set.out} {
		if strings.Contains(string(text), foul) {
			t.Errorf("the report has %q in it", foul)
		}
	}
	var results Results
	data, err := os.ReadFile(filepath.Join(set.out, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &results); err != nil {
		t.Fatal(err)
	}
	// Eight variants run every operation, and two run one. The second CLI is the same as the first.
	if want := len(set.sizes) * (8*len(operations) + 2); len(results.Samples) != want {
		t.Errorf("%d samples, want %d", len(results.Samples), want)
	}
	for _, s := range results.Samples {
		expectSample(t, s)
	}
	if len(results.Renewals) != 1 || results.Renewals[0].N != 100 {
		t.Errorf("the renewals are %+v", results.Renewals)
	}
	if v := results.Versions; v.Framework == "" || v.PluginGo == "" || !strings.HasPrefix(v.Go, "go1") || v.CLI == "" || v.Commit == "" || v.OtherCLI != v.CLI ||
		!strings.HasPrefix(v.Peer, peerSource+" v0.") {
		t.Errorf("versions are missing: %+v", v)
	}
	if results.BinaryBytes < 1e6 || len(results.Starts.Provider) != set.starts || len(results.Starts.Floor) != set.starts {
		t.Errorf("a program of %d bytes, starts %v", results.BinaryBytes, results.Starts)
	}
}

// builtPlotter builds the program that draws, which has its own module.
func builtPlotter(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "benchplot")
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-s -w", "-o", path, ".")
	build.Dir = filepath.Join("..", "..", "..", "tools", "benchplot")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, said)
	}
	return path
}

func expectSample(t *testing.T, s Sample) {
	t.Helper()
	if s.Seconds <= 0 || s.CLICPU <= 0 || s.StateBytes <= 0 {
		t.Errorf("nothing was measured: %+v", s)
	}
	if provided := s.Kind != Data; provided != (s.ProviderCPU > 0) || provided != (s.PeakKiB > 0) {
		t.Errorf("the processes of the provider were not measured, or there is none: %+v", s)
	}
	if s.Kind != Token {
		if len(s.Requests) > 0 {
			t.Errorf("requests were sent: %+v", s)
		}
		return
	}
	lists := map[Operation]int{Apply: 1, Plan: 1, Change: 1, Destroy: 1}[s.Operation]
	if s.Requests["list"] != lists || s.Requests["login"] < 1 || s.RequestBytes < 100 || s.ResponseBytes < 100 {
		t.Errorf("requests are not as they should be: %+v", s)
	}
}

// TestAccBenchIsInterrupted ends the context during the first measurement.
func TestAccBenchIsInterrupted(t *testing.T) {
	set := small(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	set.stderr = writerFunc(func(line []byte) (int, error) {
		cancel()
		return len(line), nil
	})
	if err := run(ctx, set); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("the error is %v", err)
	}
	expectNothingLeft(t)
	if _, err := os.Stat(filepath.Join(set.out, reportFile)); err == nil {
		t.Error("half a result was written")
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(data []byte) (int, error) { return f(data) }

func TestForeignVariablesAreKeptFromTheCLI(t *testing.T) {
	got := slices.DeleteFunc([]string{"PATH=/bin", "TF_LOG=TRACE", "COMMVAULT_HOST=production", "TFX=1"}, foreign)
	if !slices.Equal(got, []string{"PATH=/bin", "TFX=1"}) {
		t.Errorf("the CLI gets %q", got)
	}
}

// TestEveryResourceChanges verifies that the configuration of an update differs for each kind.
func TestEveryResourceChanges(t *testing.T) {
	for _, kind := range []Kind{Token, Data, Floor, Peer} {
		b := bed{variant: plain(kind)}
		before, after := b.configuration(7, false), b.configuration(7, true)
		if count := regexp.MustCompile(`count\s+= 7\b`); before == after || !count.MatchString(before) || !count.MatchString(after) {
			t.Errorf("%s: %s\n%s", kind, before, after)
		}
	}
}
