// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// start is when the tests' clocks stand.
var start = time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC)

const day = 24 * time.Hour

// bench is a Command Center and the clock that it shares with its clients.
type bench struct {
	*simulator.Server
	t     *testing.T
	clock *clock.Fake
	log   logbook
	// dialect that the server speaks.
	dialect simulator.Dialect
}

func newBench(t *testing.T, o simulator.Options) *bench {
	t.Helper()
	return listening(t, o, false)
}

func newTLSBench(t *testing.T, o simulator.Options) *bench {
	t.Helper()
	return listening(t, o, true)
}

func listening(t *testing.T, o simulator.Options, tls bool) *bench {
	t.Helper()
	fake := clock.NewFake(start)
	o.Now = fake.Now
	b := &bench{Server: simulator.New(o), t: t, clock: fake, dialect: o.Dialect}
	if err := b.Listen("127.0.0.1:0", tls); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// everyDialect runs a test against a Command Center of each dialect but the outliers; with -short, of every fourth.
func everyDialect(t *testing.T, test func(b *bench)) {
	t.Helper()
	for i, named := range simulator.AllDialects() {
		if named.Outlier || testing.Short() && i%4 != 0 {
			continue
		}
		t.Run(named.Name, func(t *testing.T) { test(newBench(t, simulator.Options{Dialect: named.Dialect})) })
	}
}

// config of a client that logs in, and repeats a request twice.
func (b *bench) config() cc.Config {
	b.t.Helper()
	base, err := cc.ParseHost(b.URL())
	if err != nil {
		b.t.Fatal(err)
	}
	return cc.Config{
		Base: base, Username: b.Username(), Password: cc.Secret(b.Password()), CACertificates: []byte(b.CACertificate()),
		RequestTimeout: patience, MaxRetries: 2, MaxRetryWait: 2 * time.Minute, UserAgent: "tests/1", Clock: b.clock,
		Log: b.log.add,
	}
}

// client logs in unless a change says otherwise.
func (b *bench) client(changes ...func(*cc.Config)) *cc.Client {
	b.t.Helper()
	cfg := b.config()
	for _, change := range changes {
		change(&cfg)
	}
	c, err := cc.New(cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// authtoken makes a client send a fixed credential.
func authtoken(value string) func(*cc.Config) {
	return func(cfg *cc.Config) { cfg.Authtoken, cfg.Username, cfg.Password = cc.Secret(value), "", "" }
}

// patience is the request_timeout of the clients.
const patience = 20 * time.Second

func noRetries(cfg *cc.Config) { cfg.MaxRetries = 0 }

// asked says how many requests of each operation there were, in a fixed order: "login 1, list 1, create 2".
func (b *bench) asked() string {
	var counts []string
	for _, op := range []simulator.Operation{
		simulator.OpLogin, simulator.OpList, simulator.OpCreate, simulator.OpUpdate, simulator.OpRevoke, simulator.OpRenew,
		simulator.OpLogout, simulator.OpWhoAmI, simulator.OpRenewLogin, simulator.OpPing, simulator.OpOther,
	} {
		if n := b.Count(op); n > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", op, n))
		}
	}
	return strings.Join(counts, ", ")
}

func (b *bench) wantAsked(want string) {
	b.t.Helper()
	if got := b.asked(); got != want {
		b.t.Errorf("the server was asked %q, want %q", got, want)
	}
}

// issue demands that a token is made.
func (b *bench) issue(c *cc.Client, spec cc.Spec) cc.Token {
	b.t.Helper()
	token, err := c.Issue(b.t.Context(), spec)
	if err != nil {
		b.t.Fatalf("issuing %q: %s", spec.Name, err)
	}
	return token
}

// elsewhere is a token that somebody else made.
func (b *bench) elsewhere(token simulator.Token) simulator.Token {
	b.t.Helper()
	token, err := b.AddToken(token)
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

// parallel runs f n times at once, and waits for all.
func parallel(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// wantOutcome demands that a create failed so.
func wantOutcome(t *testing.T, err error, want cc.Outcome) {
	t.Helper()
	_ = failedIssue(t, err, want)
}

// failedIssue demands the error of a create that failed.
func failedIssue(t *testing.T, err error, want cc.Outcome) *cc.IssueError {
	t.Helper()
	var failure *cc.IssueError
	if !errors.As(err, &failure) {
		t.Fatalf("the error is %v, want an IssueError", err)
	}
	if failure.Outcome != want {
		t.Fatalf("the outcome is %d, want %d: %s", failure.Outcome, want, err)
	}
	return failure
}

// wantKind demands that a call failed so.
func wantKind(t *testing.T, err error, want cc.Kind) {
	t.Helper()
	_ = failureOf(t, err, want)
}

// failureOf demands the error of a call that failed.
func failureOf(t *testing.T, err error, want cc.Kind) *cc.Error {
	t.Helper()
	var failure *cc.Error
	if errors.As(err, &failure) && failure.Kind == want {
		return failure
	}
	t.Fatalf("the error is %v (kind %d), want kind %d", err, cc.KindOf(err), want)
	return nil
}

// wantCause demands that the call that failed first failed for this cause.
func wantCause(t *testing.T, err error, want cc.Cause) {
	t.Helper()
	var failure *cc.Error
	if !errors.As(err, &failure) || failure.Origin().Cause != want {
		t.Errorf("the error %q (%+v) is not of the cause %d", err, failure, want)
	}
}

func wantSays(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

// logbook keeps what a client logs.
type logbook struct {
	mu    sync.Mutex
	lines []map[string]any
}

func (l *logbook) add(_ context.Context, message string, fields map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := maps.Clone(fields)
	line["message"] = message
	l.lines = append(l.lines, line)
}

func (l *logbook) all() []map[string]any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]map[string]any{}, l.lines...)
}

// secrets are all that nobody may see.
func (b *bench) secrets() []string {
	known := []string{b.Password(), "QSDK SIMSES", simulator.AccessPrefix, simulator.RefreshPrefix}
	for _, r := range b.Journal() {
		if value := strings.TrimPrefix(r.Header.Get("Authtoken"), "QSDK "); value != "" {
			known = append(known, value)
		}
	}
	return known
}

// wantNoSecret demands that neither texts nor the log show one.
func (b *bench) wantNoSecret(texts ...string) {
	b.t.Helper()
	for _, text := range append(texts, fmt.Sprint(b.log.all())) {
		for _, secret := range b.secrets() {
			if strings.Contains(text, secret) {
				b.t.Errorf("%q shows the secret %q", text, secret)
			}
		}
	}
}

// quiet is for servers that tests speak to in ways that are worth a line.
var quiet = log.New(io.Discard, "", 0)
