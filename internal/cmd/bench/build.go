// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// peerSource is the source of the provider of the Kind Peer. It was chosen because the module proxy has its newest version.
const peerSource = "hashicorp/time"

const (
	module      = "github.com/commvault-tokens/terraform-provider-commvault"
	programName = "terraform-provider-commvault"
)

// programs are the paths of the measured programs and of the helpers.
type programs struct {
	provider, floor, server string
	// peer is another provider, "" if it is not measured.
	peer string
	// overrides is the directory that contains the launcher under the providers' names.
	overrides string
}

// build builds all programs as in a release: static, without paths, stripped. The peer, which has its own module in tools/peer, is built
// if asked.
func build(ctx context.Context, dir string, peer bool) (*programs, error) {
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
	if peer {
		root, err := moduleRoot(ctx)
		if err != nil {
			return nil, err
		}
		p.peer = filepath.Join(dir, "peer")
		if err := compile(ctx, p.peer, "tool", "-C", filepath.Join(root, "tools", "peer")); err != nil {
			return nil, err
		}
		launcher := filepath.Join(p.overrides, "terraform-provider-time")
		if err := os.Link(filepath.Join(p.overrides, programName), launcher); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// moduleRoot returns the directory of the provider's module.
func moduleRoot(ctx context.Context) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("the module's directory cannot be found: %w", err)
	}
	return strings.TrimSpace(string(root)), nil
}

// compile builds a program. A flag -C has to be the first one.
func compile(ctx context.Context, target, source string, flags ...string) error {
	arguments := append(append([]string{"build"}, flags...), "-trimpath", "-ldflags", "-s -w -buildid=", "-o", target)
	command := exec.CommandContext(ctx, "go", append(arguments, source)...) //nolint:gosec // fixed arguments
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not build: %w\n%s", source, err, said)
	}
	return nil
}
