// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a server and the clock that it shares with the probe.
type bench struct {
	*simulator.Server
	clock   *clock.Fake
	foreign []simulator.Token // of the same account
	env     map[string]string
}

var start = time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC)

// newBench starts a server. If foreign is set, the account already has tokens.
func newBench(t *testing.T, o simulator.Options, foreign bool) *bench {
	t.Helper()
	b := &bench{clock: clock.NewFake(start)}
	o.Now = b.clock.Now
	o.Accounts = simulator.ExampleAccounts()
	b.Server = simulator.New(o)
	if err := b.Listen("127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	b.OnHang(func() { b.clock.Advance(2 * time.Minute) })
	for _, name := range []string{"reports", "probe-of-somebody-else"} {
		if !foreign {
			break
		}
		token, err := b.AddToken(simulator.Token{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		b.foreign = append(b.foreign, token)
	}
	b.env = map[string]string{
		"COMMVAULT_HOST": b.URL(), "COMMVAULT_USERNAME": b.Username(), "COMMVAULT_PASSWORD": b.Password(),
	}
	return b
}

// outcome is the result of a run.
type outcome struct {
	code           int
	stdout, stderr string
	report         report
	text           string // of the report
}

// answer returns the answer to the question of that name.
func (o outcome) answer(t *testing.T, name string) answer {
	t.Helper()
	for _, a := range o.report.Questions {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("there is no answer to %s", name)
	return answer{}
}

// run runs the probe. It checks the limit of writes, and that the run changed no foreign token.
func (b *bench) run(ctx context.Context, t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	file := filepath.Join(t.TempDir(), "report.json")
	o := outcome{code: run(ctx, append(args, "-report", file), process{
		getenv: func(name string) string { return b.env[name] }, stdin: strings.NewReader(""),
		stdout: &stdout, stderr: &stderr, clock: b.clock, random: rand.Reader,
	})}
	o.stdout, o.stderr = stdout.String(), stderr.String()
	if text, err := os.ReadFile(file); err == nil {
		o.text = string(text)
		if err := json.Unmarshal(text, &o.report); err != nil {
			t.Errorf("the report is no JSON: %s", err)
		}
	}
	b.checkRequests(t)
	if purged := b.Purged(); len(purged) > 0 && !slices.Contains(args, "-destructive") {
		t.Errorf("a pair was sent twice: %v are purged", purged)
	}
	return o
}

func (b *bench) checkRequests(t *testing.T) {
	t.Helper()
	writes := 0
	for _, r := range b.Journal() {
		if r.Method != http.MethodGet {
			writes++
		}
		for _, f := range b.foreign {
			if changes := r.Operation == simulator.OpUpdate || r.Operation == simulator.OpRevoke || r.Operation == simulator.OpRenew; changes && r.TokenID == f.ID {
				t.Errorf("the token of somebody else got %s %s", r.Method, r.Path)
			}
			if bytes.Contains(r.Body, []byte(f.RefreshToken)) {
				t.Errorf("the pair of somebody else was sent")
			}
		}
	}
	if writes > mostWrites {
		t.Errorf("%d writes", writes)
	}
	for _, f := range b.foreign {
		if now, found := b.Token(f.ID); !found || now.AccessToken != f.AccessToken || now.Name != f.Name {
			t.Errorf("the token %s of somebody else has changed", f.Name)
		}
	}
}

// left returns the names of the remaining tokens, without the foreign ones.
func (b *bench) left() (names []string) {
	for _, token := range b.Tokens() {
		if !slices.ContainsFunc(b.foreign, func(f simulator.Token) bool { return f.ID == token.ID }) {
			names = append(names, token.Name)
		}
	}
	return names
}
