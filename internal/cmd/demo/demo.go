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
	"path/filepath"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// settings are the settings of the demo.
type settings struct {
	cli, provider string // paths
	out           io.Writer
	colors        bool // whether the CLI may use them
}

// demo is the data of the steps.
type demo struct {
	out    io.Writer
	shown  *bytes.Buffer // a copy of everything written to out
	cli    *cli
	dir    string // the directory of the configuration
	server *simulator.Server
	issued simulator.Token // the token on the server after the create
	// cliSettings is the CLI's environment without the server.
	cliSettings map[string]string
}

// run shows all steps and stops at the first unexpected result. It returns that error, or the cause of ctx's end. Before it returns, it
// closes the server, removes the temporary directory and stops everything that it started.
func run(ctx context.Context, set settings, server *simulator.Server) (err error) {
	shortLivedServer := simulator.New(simulator.Options{Lifetimes: shortLived})
	defer shortLivedServer.Close()
	defer server.Close()
	started := time.Now()
	if err := server.Listen("127.0.0.1:0", true); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "commvault-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := prepare(set, dir, server)
	if err != nil {
		return err
	}
	for number, step := range steps {
		if number == shortLivedFrom {
			if err := d.moveTo(shortLivedServer); err != nil {
				return err
			}
		}
		d.printf("\n== %d. %s\n\n", number+1, step.title)
		err := step.run(ctx, d)
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted at step %d: %w", number+1, context.Cause(ctx))
		}
		if err != nil {
			return fmt.Errorf("step %d (%s): %w", number+1, step.title, err)
		}
	}
	if err := d.nothingLeaked(); err != nil {
		return err
	}
	d.printf("\nEverything worked as expected, in %d s.\n", int(time.Since(started).Seconds()))
	return nil
}

// prepare fills the directory with the first configuration, the CLI's settings, and the provider where init finds it.
func prepare(set settings, dir string, server *simulator.Server) (*demo, error) {
	shown := new(bytes.Buffer)
	d := &demo{out: io.MultiWriter(set.out, shown), shown: shown, dir: dir}
	if err := d.write(config("")); err != nil {
		return nil, err
	}
	mirror := filepath.Join(dir, "mirror")
	if err := fillMirror(mirror, set.provider); err != nil {
		return nil, fmt.Errorf("cannot find the provider (run make build): %w", err)
	}
	cliConfig := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(cliConfig, []byte(cliconfig.Mirror(mirror)), 0o600); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(set.cli)
	if err != nil || set.cli == "" {
		return nil, errors.New("no CLI found: use make demo, or set TERRAFORM to its path")
	}
	d.cli = &cli{path: path, dir: dir, out: d.out}
	d.cliSettings = map[string]string{
		"TF_CLI_CONFIG_FILE": cliConfig,
		"TF_CLI_ARGS":        map[bool]string{false: "-no-color"}[set.colors],
		"TF_INPUT":           "0",
		"TF_IN_AUTOMATION":   "1",
		"CHECKPOINT_DISABLE": "1",
	}
	d.use(server)
	return d, nil
}

// use connects the CLI's commands to a server.
func (d *demo) use(server *simulator.Server) {
	d.server = server
	settings := maps.Clone(d.cliSettings)
	settings["COMMVAULT_HOST"] = server.URL()
	settings["COMMVAULT_USERNAME"] = server.Username()
	settings["COMMVAULT_PASSWORD"] = server.Password()
	settings["COMMVAULT_CA_CERTIFICATE"] = server.CACertificate()
	d.cli.env = environment(os.Environ(), settings)
}

// moveTo switches to another server, after it has checked that no secret of the first one was shown.
func (d *demo) moveTo(server *simulator.Server) error {
	if err := d.nothingLeaked(); err != nil {
		return err
	}
	if err := server.Listen("127.0.0.1:0", true); err != nil {
		return err
	}
	d.use(server)
	return nil
}

// write replaces the configuration.
func (d *demo) write(config string) error {
	return os.WriteFile(filepath.Join(d.dir, "main.tf"), []byte(config), 0o600)
}

func (d *demo) printf(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }

// nothingLeaked checks that no secret was shown.
func (d *demo) nothingLeaked() error {
	for name, secret := range map[string]string{
		"access token": d.issued.AccessToken, "refresh token": d.issued.RefreshToken, "password": d.server.Password(),
	} {
		if bytes.Contains(d.shown.Bytes(), []byte(secret)) {
			return fmt.Errorf("the output contains the %s", name)
		}
	}
	return nil
}
