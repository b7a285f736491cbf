// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// defaultParallelism is the CLI's default.
const defaultParallelism = 10

// Files of a bed, in addition to the CLI's own.
const (
	cliConfig = "cli.tfrc"
	usage     = "usage"  // written by the launchers
	output    = "output" // of the last command
)

// bed is a directory in which one variant is measured. It has its own server if it needs one, because a shared list would contain the
// tokens of other beds.
type bed struct {
	variant Variant
	cli     string
	dir     string
	files   *os.Root // of dir
	env     []string
	server  *server // nil if the variant uses none
}

func newBed(ctx context.Context, set settings, p programs, dir string, v Variant) (*bed, error) {
	b := &bed{variant: v, cli: set.cli, dir: filepath.Join(dir, fmt.Sprintf("%s-%d-%t-%t", v.Kind, v.Parallelism, v.Latency, v.OtherCLI))}
	if v.OtherCLI {
		b.cli = set.other
	}
	if err := os.Mkdir(b.dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	if b.files, err = os.OpenRoot(b.dir); err != nil {
		return nil, err
	}
	text := cliconfig.Overrides(map[string]string{source(): p.overrides, peerSource: p.overrides})
	if err := b.files.WriteFile(cliConfig, []byte(text), 0o600); err != nil {
		return nil, err
	}
	own := []string{
		"TF_CLI_CONFIG_FILE=" + filepath.Join(b.dir, cliConfig), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		"TMPDIR=" + dir, // for the providers' sockets
		"BENCH_USAGE=" + filepath.Join(b.dir, usage),
	}
	switch v.Kind {
	case Data: // terraform_data is built into the CLI
	case Floor:
		own = append(own, "BENCH_PROGRAM="+p.floor)
	case Peer:
		own = append(own, "BENCH_PROGRAM="+p.peer)
	case Token:
		latency := time.Duration(0)
		if v.Latency {
			latency = set.latency
		}
		if b.server, err = startServer(ctx, p.server, latency); err != nil {
			return nil, err
		}
		own = append(own, "BENCH_PROGRAM="+p.provider,
			"COMMVAULT_HOST="+b.server.access.Host, "COMMVAULT_CA_CERTIFICATE="+b.server.access.CACertificate,
			"COMMVAULT_USERNAME="+b.server.access.Username, "COMMVAULT_PASSWORD="+b.server.access.Password)
	}
	b.env = append(slices.DeleteFunc(os.Environ(), foreign), own...)
	return b, nil
}

// foreign reports whether a variable configures the CLI or the provider.
func foreign(variable string) bool {
	return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "COMMVAULT_")
}

// source returns the provider's source without a host, because Terraform and OpenTofu add different ones.
func source() string {
	_, source, _ := strings.Cut(provider.Address, "/")
	return source
}

func (b *bed) close() error {
	err := b.files.Close()
	if b.server != nil {
		err = errors.Join(err, b.server.close())
	}
	return err
}

// configuration returns the configuration of n resources, before or after all of them change.
func (b *bed) configuration(n int, changed bool) string {
	switch b.variant.Kind {
	case Data:
		input := map[bool]string{false: "bench", true: "changed"}[changed]
		return fmt.Sprintf("resource \"terraform_data\" \"bench\" {\n  count = %d\n  input = \"%s-${count.index}\"\n}\n", n, input)
	case Peer:
		days := map[bool]int{false: 30, true: 60}[changed]
		return fmt.Sprintf("terraform {\n  required_providers {\n    time = { source = %q }\n  }\n}\n\n"+
			"resource %q \"bench\" {\n  count       = %d\n  offset_days = %d\n}\n", peerSource, Peer, n, days)
	case Token, Floor: // have the same schema
	}
	more := map[bool]string{true: "  allowed_ips = [\"127.0.0.0/8\"]\n"}[changed]
	return fmt.Sprintf("terraform {\n  required_providers {\n    commvault = { source = %q }\n  }\n}\n\n"+
		"resource \"commvault_access_token\" \"bench\" {\n  count = %d\n  name  = \"bench-${count.index}\"\n%s}\n", source(), n, more)
}

// measure measures one operation with n resources. The operations follow one another.
func (b *bed) measure(ctx context.Context, op Operation, n int) (Sample, error) {
	sample := Sample{N: n, Operation: op, Variant: b.variant}
	if op == Apply || op == Change {
		if err := b.files.WriteFile("main.tf", []byte(b.configuration(n, op == Change)), 0o600); err != nil {
			return sample, err
		}
	}
	if err := b.files.RemoveAll(usage); err != nil {
		return sample, err
	}
	arguments := map[Operation][]string{
		Apply: {"apply", "-auto-approve"}, Plan: {"plan", "-detailed-exitcode"},
		Change: {"apply", "-auto-approve"}, Destroy: {"destroy", "-auto-approve"},
	}[op]
	arguments = append(arguments, "-no-color", "-input=false", "-parallelism="+strconv.Itoa(b.variant.Parallelism))
	cpu, err := b.run(ctx, &sample, arguments)
	if err != nil {
		return sample, fmt.Errorf("%s of %d with %s: %w", op, n, b.variant.Kind, err)
	}
	if err := b.takeUsage(&sample); err != nil {
		return sample, err
	}
	sample.CLICPU = max(cpu-sample.ProviderCPU, 0)
	state, err := b.files.ReadFile("terraform.tfstate")
	if err != nil {
		return sample, err
	}
	sample.StateBytes = int64(len(state))
	for _, line := range privateData.FindAll(state, -1) {
		sample.PrivateBytes += int64(len(line))
	}
	return sample, b.takeCounts(&sample)
}

// privateData is a provider's private data of a resource in a state, with the separator before it.
var privateData = regexp.MustCompile(`,\s*"private": "[^"]*"`)

// run runs the CLI and returns the CPU seconds of the CLI and of all processes that it started.
func (b *bed) run(ctx context.Context, sample *Sample, arguments []string) (cpu float64, err error) {
	file, err := b.files.Create(output) // a file, so that no process has to copy the output
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	command := exec.CommandContext(ctx, b.cli, arguments...) //nolint:gosec // the CLI that is measured
	command.Dir, command.Env, command.Stdout, command.Stderr = b.dir, b.env, file, file
	ownGroup(command)
	started := time.Now()
	err = command.Run()
	sample.Seconds = time.Since(started).Seconds()
	if err != nil {
		killGroup(command)
		return 0, fmt.Errorf("%w\n%s", err, b.tail())
	}
	state := command.ProcessState
	return (state.UserTime() + state.SystemTime()).Seconds(), nil
}

// tail returns the end of the CLI's output, which contains the errors.
func (b *bed) tail() string {
	const most = 4000
	data, _ := b.files.ReadFile(output)
	return string(data[max(len(data)-most, 0):])
}

// takeUsage adds up the records of the launchers.
func (b *bed) takeUsage(sample *Sample) error {
	data, err := b.files.ReadFile(usage)
	if errors.Is(err, os.ErrNotExist) && b.variant.Kind == Data {
		return nil // built into the CLI
	}
	if err != nil {
		return err
	}
	lines := json.NewDecoder(bytes.NewReader(data))
	began, ended := 0, 0
	for {
		var line struct {
			Ended      bool    `json:"ended"`
			CPUSeconds float64 `json:"cpuSeconds"`
			PeakKiB    int64   `json:"peakKiB"`
		}
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if !line.Ended {
			began++
			continue
		}
		ended++
		sample.ProviderCPU += line.CPUSeconds
		sample.PeakKiB = max(sample.PeakKiB, line.PeakKiB)
	}
	if began != ended {
		return fmt.Errorf("%d of %d provider processes were killed before they reported their usage", began-ended, began)
	}
	return nil
}

// takeCounts reads the counts of the server and checks that the operation had the intended effect.
func (b *bed) takeCounts(sample *Sample) error {
	if b.server == nil {
		return nil
	}
	c, err := b.server.count()
	if err != nil {
		return err
	}
	sample.Requests, sample.RequestBytes, sample.ResponseBytes, sample.ServerCPU = c.Requests, c.Received, c.Sent, c.CPUSeconds
	for op, request := range map[Operation]string{Apply: "create", Change: "update", Destroy: "revoke"} {
		want := 0
		if op == sample.Operation {
			want = sample.N
		}
		if got := c.Requests[request]; got != want {
			return fmt.Errorf("%s of %d sent %d requests to %s, want %d", sample.Operation, sample.N, got, request, want)
		}
	}
	return nil
}
