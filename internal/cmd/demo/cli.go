// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// patience is how long the CLI may take to stop once it is asked to: it waits for the requests under way.
const patience = 20 * time.Second

// cli is the Terraform or OpenTofu CLI in one directory.
type cli struct {
	path string
	dir  string
	env  []string
	out  io.Writer
}

// show shows a command and what it prints. Another exit code than wanted is an error.
func (c *cli) show(ctx context.Context, want int, arguments ...string) error {
	c.announce(arguments)
	return c.run(ctx, c.out, want, arguments)
}

// capture shows a command, but returns what it prints.
func (c *cli) capture(ctx context.Context, arguments ...string) (string, error) {
	c.announce(arguments)
	var printed bytes.Buffer
	err := c.run(ctx, &printed, 0, arguments)
	return printed.String(), err
}

// announce a command as a user would type it.
func (c *cli) announce(arguments []string) {
	name := strings.TrimSuffix(filepath.Base(c.path), ".exe")
	_, _ = fmt.Fprintf(c.out, "$ %s %s\n", name, strings.Join(arguments, " "))
}

// run a command to its end. When ctx ends it is interrupted once, as by Ctrl-C, and killed when that takes too long.
func (c *cli) run(ctx context.Context, stdout io.Writer, want int, arguments []string) error {
	command := exec.CommandContext(ctx, c.path, arguments...) //nolint:gosec // the CLI that the demo is told to use
	command.Dir, command.Env = c.dir, c.env
	command.Stdout, command.Stderr = stdout, c.out
	command.WaitDelay = patience
	ownGroup(command)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	err := command.Run()
	killGroup(command)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	if code := command.ProcessState.ExitCode(); code != want {
		return fmt.Errorf("%s exited with %d, want %d", arguments[0], code, want)
	}
	return nil
}

// environment is what the CLI inherits, without what the caller's shell says to Terraform or to the provider, and with
// what the demo says.
func environment(inherited []string, own map[string]string) []string {
	env := slices.DeleteFunc(slices.Clone(inherited), func(variable string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(variable), "=")
		return strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "COMMVAULT_") || own[name] != ""
	})
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if own[name] != "" {
			env = append(env, name+"="+own[name])
		}
	}
	return env
}
