// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// reattachVariable makes a CLI use providers that run already.
const reattachVariable = "TF_REATTACH_PROVIDERS"

// Attach starts the built provider with -debug, in the environment of the CLI, and makes the commands that follow use that
// process. Without it, a CLI starts a provider several times in each command, which takes most of the command's time. The
// provider logs to log, which may be nil. The process ends with the test; stop ends it earlier.
func (c *CLI) Attach(log io.Writer) (stop func() error) {
	c.t.Helper()
	provider := exec.CommandContext(context.Background(), Binary(c.t), "-debug") //nolint:gosec // the binary under test
	provider.Env, provider.Stderr = c.env, log
	stdout, err := provider.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := provider.Start(); err != nil {
		c.t.Fatal(err)
	}
	stop = sync.OnceValue(func() error {
		if err := provider.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		return provider.Wait()
	})
	c.t.Cleanup(func() { _ = stop() }) // it may be stopped already
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			c.t.Fatalf("the provider does not print how to attach to it: %s", err)
		}
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); name == reattachVariable {
			// With OpenTofu, users have to replace the host as well.
			c.Setenv(name, strings.Replace(strings.Trim(value, "'"), "registry.terraform.io/", registryHost(), 1))
			return stop
		}
	}
}

// Detach makes the commands that follow start the provider themselves.
func (c *CLI) Detach() { c.Setenv(reattachVariable, "") }
