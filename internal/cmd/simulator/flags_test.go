// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestFlagsForLifetimes(t *testing.T) {
	args := []string{
		"-access-lifetime", "1s", "-refresh-window", "2s", "-renewable-lifetime", "3s", "-renewable-max", "4s",
		"-scim-lifetime", "5s", "-scim-max", "6s", "-one-touch-lifetime", "7s", "-one-touch-max", "8s",
		"-session-lifetime", "9s", "-approval", "13s", "-rate-limit-answer", "date", "-rate-limit-writes", "10", "-rate-limit-reads", "11", "-rate-limit-period", "12s",
		"-address", "127.0.0.1:4711", "-dialect", "contrary",
	}
	got, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	const s = 1_000_000_000
	want := simulator.Lifetimes{
		Access: 1 * s, RefreshWindow: 2 * s, Renewable: 3 * s, RenewableMax: 4 * s, SCIM: 5 * s, SCIMMax: 6 * s,
		OneTouch: 7 * s, OneTouchMax: 8 * s, Session: 9 * s, Approval: 13 * s,
	}
	if got.options.Lifetimes != want {
		t.Errorf("lifetimes %+v, want %+v", got.options.Lifetimes, want)
	}
	if limit := (simulator.RateLimit{Writes: 10, Reads: 11, Period: 12 * s, RetryAfter: true, RetryDate: true}); got.options.RateLimit != limit {
		t.Errorf("rate limit %+v, want %+v", got.options.RateLimit, limit)
	}
	dialect, _ := simulator.ParseDialect("contrary")
	if got.address != "127.0.0.1:4711" || got.options.Dialect != dialect {
		t.Errorf("settings %+v", got)
	}
}

func TestBadFlags(t *testing.T) {
	cases := map[string][]string{ // the arguments that stderr must contain
		"-nope":                {"-nope"},
		"unknown dialect":      {"-dialect", "x"},
		"brief-list":           {"-dialect", ""}, // the message lists the known ones
		"unexpected argument":  {"now"},
		"parse error":          {"-access-lifetime", "soon"},
		"-scim-max":            {"-scim-max", "-1s"},
		"rate limit":           {"-rate-limit-writes", "-1"},
		"period":               {"-rate-limit-period", "0s"},
		"must not be empty":    {"-password", ""},
		"seconds or date":      {"-rate-limit-answer", "x"},
		"dialect clock":        {"-dialect", "clock=soon"},
		"loopback addresses":   {"-http", "-address", "0.0.0.0:0"},
		"-username and -passw": {"-username", ""},
		`"a:1" is neither`:     {"-name", "sim, a:1"},
		`"" is neither`:        {"-name", "sim,"},
		"-name requires https": {"-name", "sim", "-http"},
	}
	for text, args := range cases {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != exitBadFlags {
			t.Errorf("%q: exit code %d, want %d", args, code, exitBadFlags)
		}
		if !strings.Contains(stderr.String(), text) || stdout.Len() > 0 {
			t.Errorf("%q: stdout %q, stderr %q, want %q in it", args, stdout.String(), stderr.String(), text)
		}
	}
}

func TestHelpAndTheListOfDialects(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-help"}, &stdout, &stderr); code != exitOK {
		t.Errorf("exit code %d, want 0", code)
	}
	for _, text := range []string{"-session-lifetime", "-http", `"list" prints all of them`} {
		if !strings.Contains(stderr.String(), text) {
			t.Errorf("the help does not name %s", text)
		}
	}
	stdout.Reset()
	if code := run(t.Context(), []string{"-dialect", "list"}, &stdout, &stderr); code != exitOK {
		t.Errorf("exit code %d, want 0", code)
	}
	lines := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
	for i, name := range append(simulator.DialectNames(), simulator.DialectParameters()...) {
		if i >= len(lines) || !strings.HasPrefix(lines[i], name+"  ") || strings.HasSuffix(lines[i], " ") {
			t.Fatalf("line %d is not about %s:\n%s", i+1, name, stdout.String())
		}
	}
	stdout.Reset()
	if code := run(t.Context(), []string{"-version"}, &stdout, &stderr); code != exitOK || stdout.String() != "commvault-simulator dev\n" {
		t.Errorf("exit code %d, stdout %q", code, stdout.String())
	}
}

func TestWhatKeepsItFromStarting(t *testing.T) {
	p := start(t, 4)
	taken := strings.TrimSuffix(strings.TrimPrefix(p.environment["COMMVAULT_HOST"], "https://"), "/commandcenter/api")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-address", taken}, &stdout, &stderr); code != exitFailed || stdout.Len() > 0 {
		t.Errorf("exit code %d, stdout %q", code, stdout.String())
	}
	if !strings.Contains(stderr.String(), "in use") {
		t.Errorf("stderr %q does not say why", stderr.String())
	}
	reader, writer := io.Pipe()
	_ = reader.Close()
	if code := run(t.Context(), nil, writer, io.Discard); code != exitFailed {
		t.Errorf("exit code %d without a stdout, want %d", code, exitFailed)
	}
}
