// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/host"
)

// startsEach is how often each program is started. A start takes a few milliseconds.
const startsEach = 15

// measureStarts starts the provider and the floor alternately, each as often as times states.
func measureStarts(ctx context.Context, p programs, times int) (Starts, error) {
	var starts Starts
	for range times {
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

// schemaTime returns the time from a provider's start to its response to GetProviderSchema, including the exchange of certificates.
func schemaTime(ctx context.Context, program string) (time.Duration, error) {
	command := exec.CommandContext(ctx, program)
	command.Env = append(os.Environ(), "TMPDIR="+filepath.Dir(program)) // for its socket
	started := time.Now()
	p, err := host.Start(command, io.Discard)
	if err != nil {
		return 0, err
	}
	defer p.Kill()
	answer, err := p.Call(ctx, "GetProviderSchema")
	if err != nil {
		return 0, err
	}
	took := time.Since(started)
	if !strings.Contains(answer, string(Token)) {
		return 0, fmt.Errorf("the schema lacks %s", Token)
	}
	return took, nil
}
