// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	module      = "github.com/commvault-tokens/terraform-provider-commvault"
	programName = "terraform-provider-commvault"
)

// programs are the paths of the measured programs and of the helpers.
type programs struct {
	provider, floor, server string
	// overrides is the directory that contains the launcher under the provider's name.
	overrides string
}

// build builds all programs as in a release: static, without paths, stripped.
func build(ctx context.Context, dir string) (*programs, error) {
	p := &programs{
		provider: filepath.Join(dir, "provider"), floor: filepath.Join(dir, "floor"), server: filepath.Join(dir, "server"),
		overrides: filepath.Join(dir, "overrides"),
	}
	for target, source := range map[string]string{
		p.provider:                              module,
		p.floor:                                 module + "/internal/cmd/bench/floor",
		p.server:                                module + "/internal/cmd/bench/server",
		filepath.Join(p.overrides, programName): module + "/internal/cmd/bench/launcher",
	} {
		if err := compile(ctx, target, source); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func compile(ctx context.Context, target, source string, flags ...string) error {
	arguments := append([]string{"build", "-trimpath", "-ldflags", "-s -w -buildid=", "-o", target}, flags...)
	command := exec.CommandContext(ctx, "go", append(arguments, source)...) //nolint:gosec // fixed arguments
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not build: %w\n%s", source, err, said)
	}
	return nil
}
