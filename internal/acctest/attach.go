// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// reattachVariable makes a CLI use providers that are already running.
const reattachVariable = "TF_REATTACH_PROVIDERS"

// Attach starts the built provider with -debug, in the environment of the CLI, and makes later commands use that process. Without it, a
// CLI starts a provider several times in each command, which takes most of the command's time. The provider logs to log, which may be
// nil. The process ends with the test, or earlier when stop is called.
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
	c.t.Cleanup(func() { _ = stop() }) // it may already have been stopped
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			c.t.Fatalf("the provider does not print how to attach to it: %s", err)
		}
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); name == reattachVariable {
			c.reattach(strings.Trim(value, "'"))
			return stop
		}
	}
}

// reattach makes later commands use a process. With OpenTofu, users also have to replace the host.
func (c *CLI) reattach(value string) {
	c.Setenv(reattachVariable, strings.Replace(value, "registry.terraform.io/", registryHost(), 1))
}

// AttachTo serves the provider from this process, on the clock of the Env and in the environment of the CLI, and makes later commands use
// it.
func (c *CLI) AttachTo(w *Env) {
	c.t.Helper()
	getenv := func(name string) string { return Variable(c.env, name) } // c.env as it is then: tests change it after this
	serve := plugin.NewServer(provider.New("test", provider.WithClock(w.Clock), provider.WithGetenv(getenv))())
	reattach, stopped := make(chan *goplugin.ReattachConfig), make(chan struct{})
	ctx, stop := context.WithCancel(context.WithoutCancel(c.t.Context()))
	go func() {
		factory := func() tfprotov6.ProviderServer {
			server, err := serve()
			if err != nil {
				panic(err)
			}
			return server
		}
		_ = tf6server.Serve(provider.Address, factory, tf6server.WithDebug(ctx, reattach, stopped),
			tf6server.WithLoggingSink(c.t), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	config := <-reattach
	c.t.Cleanup(func() {
		stop()
		<-stopped
	})
	value, err := json.Marshal(map[string]any{provider.Address: map[string]any{
		"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.reattach(string(value))
}

// Variable returns the value of a variable in a list such as NAME=value, or "". If a name occurs several times, the last one counts.
func Variable(environ []string, name string) string {
	for _, variable := range slices.Backward(environ) {
		if value, found := strings.CutPrefix(variable, name+"="); found {
			return value
		}
	}
	return ""
}

// Detach makes later commands start the provider themselves.
func (c *CLI) Detach() { c.Setenv(reattachVariable, "") }
