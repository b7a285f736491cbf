// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package acctest is the base of the acceptance tests: a simulated Command Center and a provider that share one clock.
package acctest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// Start is the time at which every Env starts.
var Start = time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC)

// Env is a Command Center, and the clock that it shares with the provider.
type Env struct {
	*simulator.Server
	Clock *clock.Fake
}

// New starts an Env over HTTPS, which ends with the test. It sets opts.Now to the clock of the Env.
func New(t testing.TB, opts simulator.Options) *Env {
	t.Helper()
	fake := clock.NewFake(Start)
	opts.Now = fake.Now
	return listen(t, &Env{Server: simulator.New(opts), Clock: fake}, true)
}

// NewOverHTTP is like New without TLS, for tests that start thousands of processes.
func NewOverHTTP(t testing.TB, opts simulator.Options) *Env {
	t.Helper()
	fake := clock.NewFake(Start)
	opts.Now = fake.Now
	return listen(t, &Env{Server: simulator.New(opts), Clock: fake}, false)
}

// NewOnSystemClock starts an Env for the built provider, which cannot use a fake clock. Its Clock is nil.
func NewOnSystemClock(t testing.TB, opts simulator.Options) *Env {
	t.Helper()
	return listen(t, &Env{Server: simulator.New(opts)}, true)
}

func listen(t testing.TB, w *Env, tls bool) *Env {
	t.Helper()
	if err := w.Listen("127.0.0.1:0", tls); err != nil {
		t.Fatalf("the simulator does not start: %s", err)
	}
	if w.Clock != nil {
		w.OnHang(func() { w.Clock.Advance(time.Minute) }) // the provider's timeout, unless a test sets another one
	}
	t.Cleanup(w.Close)
	return w
}

// Providers serves the provider from this process, on the clock of the Env and without this machine's environment. Apart from that, it is
// the released provider.
func (w *Env) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"commvault": plugin.NewServer(provider.New("test",
			provider.WithClock(w.Clock),
			provider.WithGetenv(func(string) string { return "" }),
		)()),
	}
}

// Login returns a provider block that logs in as the simulator's first account.
func (w *Env) Login() string {
	return w.providerBlock(fmt.Sprintf("username = %q\n  password = %q", w.Username(), w.Password()))
}

// Authtoken returns a provider block with an authtoken.
func (w *Env) Authtoken(value string) string {
	return w.providerBlock(fmt.Sprintf("authtoken = %q", value))
}

func (w *Env) providerBlock(credential string) string {
	return fmt.Sprintf(`
provider "commvault" {
  host           = %q
  ca_certificate = %q
  %s
}
`, w.URL(), w.CACertificate(), credential)
}

// Config returns a provider block that logs in, followed by blocks.
func (w *Env) Config(blocks ...string) string {
	return w.Login() + strings.Join(blocks, "\n")
}

// Token returns a resource commvault_access_token "test" with the given arguments, one per line.
func Token(arguments ...string) string { return NamedToken("test", arguments...) }

// NamedToken returns a resource commvault_access_token with the given arguments, one per line.
func NamedToken(label string, arguments ...string) string {
	return fmt.Sprintf("resource \"commvault_access_token\" %q {\n  %s\n}\n", label, strings.Join(arguments, "\n  "))
}

// In returns the time d after Start, in RFC 3339.
func In(d time.Duration) string { return Start.Add(d).Format(time.RFC3339) }

// Day is 24 hours.
const Day = 24 * time.Hour

// Bodies returns the bodies of an operation's requests, in the order of their arrival.
func (w *Env) Bodies(op simulator.Operation) []string {
	var bodies []string
	for _, request := range w.Journal() {
		if request.Operation == op {
			bodies = append(bodies, string(request.Body))
		}
	}
	return bodies
}

// notExtreme reports whether a dialect is neither the default nor the dialect that differs most from it.
func notExtreme(d simulator.NamedDialect) bool { return d.Name != "default" && d.Name != "contrary" }

// EveryDialect runs a test against a Command Center of each dialect of simulator.Dialects.
func EveryDialect(t *testing.T, test func(t *testing.T, dialect simulator.Dialect)) {
	t.Helper()
	dialects := simulator.Dialects()
	if RaceDetector {
		dialects = slices.DeleteFunc(dialects, notExtreme) // a dialect is data, so the others find no further races
	}
	for _, named := range dialects {
		t.Run(named.Name, func(t *testing.T) {
			t.Parallel()
			test(t, named.Dialect)
		})
	}
}
