// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// Machine describes the machine of the measurement. Unknown values are empty.
type Machine struct {
	System string `json:"system"`
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory string `json:"memory"`
}

func thisMachine() Machine {
	m := Machine{System: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), CPU: field("/proc/cpuinfo", "model name")}
	if kib, err := strconv.Atoi(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB")); err == nil {
		m.Memory = fmt.Sprintf("%.1f GiB", float64(kib)/(1<<20))
	}
	return m
}

// field returns the first value of a name in a file of lines "name: value", or "" if there is none.
func field(file, name string) string {
	data, err := os.ReadFile(file) //nolint:gosec // one of Linux's own
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Versions are the versions of the measured programs.
type Versions struct {
	CLI       string `json:"cli"`
	Commit    string `json:"commit"` // of the provider
	Go        string `json:"go"`
	Framework string `json:"framework"`
	PluginGo  string `json:"pluginGo"`
	// OtherCLI and Peer are "" if they were not measured.
	OtherCLI string `json:"otherCLI,omitempty"`
	Peer     string `json:"peer,omitempty"`
}

// versionOf returns the first line that a CLI prints about its version.
func versionOf(ctx context.Context, cli string) (string, error) {
	output, err := exec.CommandContext(ctx, cli, "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", cli, err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return strings.TrimSpace(line), nil
}

func versions(ctx context.Context, set settings, p *programs) (v Versions, err error) {
	if v.CLI, err = versionOf(ctx, set.cli); err != nil {
		return v, err
	}
	if set.others() {
		if v.OtherCLI, err = versionOf(ctx, set.other); err != nil {
			return v, err
		}
		peer, err := buildinfo.ReadFile(p.peer)
		if err != nil {
			return v, err
		}
		v.Peer = peerSource + " " + peer.Main.Version
	}
	v.Commit = "unknown"
	// A copy without the git history has no commit.
	if commit, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output(); err == nil {
		v.Commit = strings.TrimSpace(string(commit))
	}
	info, err := buildinfo.ReadFile(p.provider)
	if err != nil {
		return v, err
	}
	v.Go = info.GoVersion
	for _, dependency := range info.Deps {
		switch dependency.Path {
		case "github.com/hashicorp/terraform-plugin-framework":
			v.Framework = dependency.Version
		case "github.com/hashicorp/terraform-plugin-go":
			v.PluginGo = dependency.Version
		}
	}
	return v, nil
}
