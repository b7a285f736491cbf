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

// start is the initial time of the tests' clocks.
var start = time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC)

const day = 24 * time.Hour

// bench is a Command Center and the clock that it shares with its clients.
type bench struct {
	*simulator.Server
	t     *testing.T
	clock *clock.Fake
	log   logbook
	// dialect is the server's dialect.
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

// everyDialect runs a test against a Command Center of each dialect except the outliers. With -short it uses every fourth dialect.
func everyDialect(t *testing.T, test func(b *bench)) {
	t.Helper()
	for i, named := range simulator.AllDialects() {
		if named.Outlier || testing.Short() && i%4 != 0 {
			continue
		}
		t.Run(named.Name, func(t *testing.T) { test(newBench(t, simulator.Options{Dialect: named.Dialect})) })
	}
}

// config returns the configuration of a client that logs in and repeats a request twice.
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

// client returns a client, which logs in unless a change sets another credential.
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

// authtoken configures a client to send a fixed credential.
func authtoken(value string) func(*cc.Config) {
	return func(cfg *cc.Config) { cfg.Authtoken, cfg.Username, cfg.Password = cc.Secret(value), "", "" }
}

// patience is the request timeout of the clients.
const patience = 20 * time.Second

func noRetries(cfg *cc.Config) { cfg.MaxRetries = 0 }

// asked returns the number of requests of each operation in a fixed order: "login 1, list 1, create 2".
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

// issue creates a token and fails the test on an error.
func (b *bench) issue(c *cc.Client, spec cc.Spec) cc.Token {
	b.t.Helper()
	token, err := c.Issue(b.t.Context(), spec)
	if err != nil {
		b.t.Fatalf("issuing %q: %s", spec.Name, err)
	}
	return token
}

// elsewhere adds a token that another party made.
func (b *bench) elsewhere(token simulator.Token) simulator.Token {
	b.t.Helper()
	token, err := b.AddToken(token)
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

// parallel runs f n times concurrently and waits for all calls.
func parallel(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// wantOutcome fails the test unless a create failed with this outcome.
func wantOutcome(t *testing.T, err error, want cc.Outcome) {
	t.Helper()
	_ = failedIssue(t, err, want)
}

// failedIssue returns the error of a create, and fails the test unless it has this outcome.
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

// wantKind fails the test unless a call failed with this kind.
func wantKind(t *testing.T, err error, want cc.Kind) {
	t.Helper()
	_ = failureOf(t, err, want)
}

// failureOf returns the error of a call, and fails the test unless it has this kind.
func failureOf(t *testing.T, err error, want cc.Kind) *cc.Error {
	t.Helper()
	var failure *cc.Error
	if errors.As(err, &failure) && failure.Kind == want {
		return failure
	}
	t.Fatalf("the error is %v (kind %d), want kind %d", err, cc.KindOf(err), want)
	return nil
}

// wantCause fails the test unless the call that failed first has this cause.
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

// logbook records what a client logs.
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

// secrets returns every secret of the test.
func (b *bench) secrets() []string {
	known := []string{b.Password(), "QSDK SIMSES", simulator.AccessPrefix, simulator.RefreshPrefix}
	for _, r := range b.Journal() {
		if value := strings.TrimPrefix(r.Header.Get("Authtoken"), "QSDK "); value != "" {
			known = append(known, value)
		}
	}
	return known
}

// wantNoSecret fails the test if one of the texts or the log contains a secret.
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

// quiet discards the log of servers that tests provoke into logging.
var quiet = log.New(io.Discard, "", 0)
