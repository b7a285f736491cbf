// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// startsEach is how often each program is started: it takes some milliseconds.
const startsEach = 15

// measureStarts starts provider and floor in turns.
func measureStarts(ctx context.Context, p programs) (Starts, error) {
	var starts Starts
	for range startsEach {
		for program, values := range map[string]*[]float64{p.provider: &starts.Provider, p.floor: &starts.Floor} {
			took, err := schemaTime(ctx, program)
			if err != nil {
				return Starts{}, err
			}
			*values = append(*values, took.Seconds())
		}
	}
	return starts, nil
}

// schemaTime is how long a provider takes from its start to the answer of GetProviderSchema.
func schemaTime(ctx context.Context, program string) (time.Duration, error) {
	command := exec.CommandContext(ctx, program)
	// What a CLI sets so that the provider serves; it is no secret.
	command.Env = append(os.Environ(), "TMPDIR="+filepath.Dir(program), // its socket stays there when it is killed
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	stdout, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed: its error says nothing
	}()
	// The handshake of go-plugin: core version, protocol, network, address, kind.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("the provider does not say where it serves: %w", err)
	}
	fields := strings.Split(strings.TrimSpace(line), "|")
	if len(fields) < 5 || fields[2] != "unix" {
		return 0, fmt.Errorf("the provider said %q, which is no handshake", line)
	}
	conn, err := grpc.NewClient("unix:"+fields[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	var answer []byte
	if err := conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", []byte{}, &answer); err != nil {
		return 0, err
	}
	took := time.Since(started)
	if !strings.Contains(string(answer), string(Token)) {
		return 0, fmt.Errorf("the schema lacks %s", Token)
	}
	return took, nil
}

// raw passes messages as the bytes that they are.
type raw struct{}

// Name of the codec that it stands in for.
func (raw) Name() string { return "proto" }

// Marshal takes bytes.
func (raw) Marshal(message any) ([]byte, error) {
	data, ok := message.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", message)
	}
	return data, nil
}

// Unmarshal takes a pointer to bytes.
func (raw) Unmarshal(data []byte, message any) error {
	target, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not a pointer to bytes", message)
	}
	*target = data
	return nil
}
