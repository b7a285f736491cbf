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

// patience is how long the CLI may take to stop after an interrupt, because it waits for requests in progress.
const patience = 20 * time.Second

// cli is the Terraform or OpenTofu CLI in one directory.
type cli struct {
	path string
	dir  string
	env  []string
	out  io.Writer
}

// show shows a command and its output. An exit code other than want is an error.
func (c *cli) show(ctx context.Context, want int, arguments ...string) error {
	c.announce(arguments)
	return c.run(ctx, c.out, want, arguments)
}

// capture shows a command and returns its output.
func (c *cli) capture(ctx context.Context, arguments ...string) (string, error) {
	c.announce(arguments)
	var printed bytes.Buffer
	err := c.run(ctx, &printed, 0, arguments)
	return printed.String(), err
}

// announce shows a command as a user would type it.
func (c *cli) announce(arguments []string) {
	name := strings.TrimSuffix(filepath.Base(c.path), ".exe")
	_, _ = fmt.Fprintf(c.out, "$ %s %s\n", name, strings.Join(arguments, " "))
}

// run runs a command. When ctx ends, it interrupts the command once, as Ctrl-C does, and kills it if it does not stop in time.
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

// environment returns the inherited environment without the variables for Terraform and for the provider, and with the demo's own.
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
