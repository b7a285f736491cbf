// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// clientOf returns a client of a server that is not a simulator. It sends a fixed credential.
func clientOf(t *testing.T, address string, changes ...func(*cc.Config)) (*cc.Client, *clock.Fake) {
	t.Helper()
	base, err := cc.ParseHost(address)
	if err != nil {
		t.Fatal(err)
	}
	fake := clock.NewFake(start)
	cfg := cc.Config{
		Base: base, Authtoken: "QSDK fixed", RequestTimeout: patience, MaxRetries: 2, MaxRetryWait: time.Minute, Clock: fake,
	}
	for _, change := range changes {
		change(&cfg)
	}
	c, err := cc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, fake
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// TestARedirectIsNotFollowed guards that no credential reaches the host that a redirect points to.
//
// Claim: "Redirects are never followed"
// Claim: "redirects are never followed"
func TestARedirectIsNotFollowed(t *testing.T) {
	var reached atomic.Int32
	other := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	otherHost := strings.TrimPrefix(other.URL, "http://")
	for _, status := range []int{301, 302, 303, 307, 308} {
		for location, says := range map[string]string{
			other.URL + "/x?secret=hunter2":                      "it points to " + other.URL,
			"http://user:hunter2@" + otherHost + "/hunter2":      "it points to " + other.URL,
			"https://login.example.com/?token=hunter2":           "it points to https://login.example.com",
			"/webconsole/hunter2":                                "it points to http://127.0.0.1",
			"://":                                                "answered with a redirect",
			"mailto:hunter2":                                     "answered with a redirect",
			"http://" + otherHost + "/commandcenter/api/hunter2": "it points to " + other.URL,
		} {
			b := newBench(t, simulator.Options{})
			c := b.client(authtoken(b.NewSession(b.Username())))
			token := b.elsewhere(simulator.Token{Name: "there"})
			fault := simulator.NewFault(simulator.Redirect).WithStatus(status).WithHeader("Location", location)
			b.FailNext(simulator.OpList, fault)
			b.FailNext(simulator.OpUpdate, fault)
			_, err := c.Tokens(t.Context(), 0)
			wantKind(t, err, cc.Redirected)
			wantSays(t, err, "redirect, which is not followed", says)
			name := "new"
			_, err = c.Update(t.Context(), token.ID, cc.Change{Name: &name})
			wantKind(t, err, cc.Redirected)
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the address's secrets: %s", err)
			}
			b.wantAsked("list 1, update 1")
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestOverTLSWithAPrivateAuthority(t *testing.T) {
	b := newTLSBench(t, simulator.Options{})
	b.issue(b.client(), cc.Spec{Name: "one"})
	b.issue(b.client(func(cfg *cc.Config) { cfg.CACertificates, cfg.InsecureSkipVerify = nil, true }), cc.Spec{Name: "two"})
	b.ResetJournal()

	_, err := b.client(func(cfg *cc.Config) { cfg.CACertificates = nil }).Issue(t.Context(), cc.Spec{Name: "three"})
	wantOutcome(t, err, cc.NothingCreated)
	wantKind(t, err, cc.NeverSent)
	wantSays(t, err, "unknown authority")
	wantCause(t, err, cc.CauseUnknownAuthority)
	b.wantAsked("")
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("an authority that is unknown was tried again after %v", slept)
	}
}

func TestProblemsWithATLSServerAreExplained(t *testing.T) {
	secure := func(change func(*httptest.Server)) *httptest.Server {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = quiet
		change(server)
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	other := secure(func(*httptest.Server) {})
	old := secure(func(s *httptest.Server) { s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11} })
	trust := func(cfg *cc.Config) {
		cfg.CACertificates = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Certificate().Raw})
	}
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	go func() {
		for {
			conn, err := mute.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("SSH-2.0-OpenSSH\r\n"))
			_ = conn.Close()
		}
	}()
	for _, c := range []struct {
		name, address, says string
		attempts            int
	}{
		{"host name", strings.Replace(other.URL, "127.0.0.1", "localhost", 1), "another host name", 1},
		{"old TLS", old.URL, "protocol version", 3},
		{"http server", strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS", 1},
		{"another protocol", "https://" + mute.Addr().String(), "does not speak TLS", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, _ := clientOf(t, c.address, trust)
			_, err := client.Tokens(t.Context(), 0)
			if got := failureOf(t, err, cc.NeverSent); got.Attempts != c.attempts {
				t.Errorf("%d attempts, want %d", got.Attempts, c.attempts)
			}
			wantSays(t, err, c.says)
			if strings.Contains(err.Error(), "/V4/") || strings.Contains(err.Error(), "Get ") {
				t.Errorf("the error shows the address: %s", err)
			}
		})
	}
}

func TestOnlyHTTP1IsUsedBecauseItDoesNotRepeatAPost(t *testing.T) {
	b := newBench(t, simulator.Options{})
	var protocols [3]atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocols[r.ProtoMajor].Add(1)
		b.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client, _ := clientOf(t, server.URL, authtoken(b.NewSession(b.Username())), func(cfg *cc.Config) { cfg.InsecureSkipVerify = true })
	if _, err := client.Issue(t.Context(), cc.Spec{Name: "one"}); err != nil {
		t.Fatal(err)
	}
	if protocols[1].Load() != 2 || protocols[2].Load() != 0 {
		t.Errorf("%d requests over HTTP/1, %d over HTTP/2", protocols[1].Load(), protocols[2].Load())
	}
}

func TestAPostOnAKeptConnectionThatEndsWithoutAnAnswerIsNotRepeated(t *testing.T) {
	var posts atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"tokens":[]}`)
			return
		}
		posts.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close() // an orderly end, as when a server closes idle connections
		}
	})
	client, _ := clientOf(t, server.URL, noRetries)
	_, err := client.Issue(t.Context(), cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.NothingCreated)
	wantKind(t, err, cc.Lost)
	wantSays(t, err, "connection was closed without an answer")
	if posts.Load() != 1 {
		t.Errorf("%d POSTs were sent", posts.Load())
	}
}

func TestAKeptConnectionThatTheServerClosedMeanwhileLosesNothing(t *testing.T) {
	b := newBench(t, simulator.Options{})
	server := serve(t, b.ServeHTTP)
	client, _ := clientOf(t, server.URL, authtoken(b.NewSession(b.Username())))
	for _, name := range []string{"a", "b", "c", "d"} {
		if _, err := client.Issue(t.Context(), cc.Spec{Name: name}); err != nil {
			t.Fatal(err)
		}
		server.CloseClientConnections()
	}
	if n := len(b.Tokens()); n != 4 || b.Count(simulator.OpCreate) != 4 {
		t.Errorf("there are %d tokens after %s", n, b.asked())
	}
}

func TestARefusedConnectionIsTriedAgainForEveryCall(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	client, fake := clientOf(t, address)
	name := "x"
	_, list := client.Tokens(t.Context(), 0)
	_, update := client.Update(t.Context(), 1, cc.Change{Name: &name})
	revoke := client.Revoke(t.Context(), cc.Target{ID: 1})
	for _, err := range []error{list, update, revoke} {
		if got := failureOf(t, err, cc.NeverSent); got.Attempts != 3 {
			t.Errorf("the error is %+v", got)
		}
		wantSays(t, err, "did not reach Command Center", "connection refused")
		wantCause(t, err, cc.CauseConnectionRefused)
		if strings.Contains(err.Error(), "commandcenter/api") {
			t.Errorf("the error shows the address: %s", err)
		}
	}
	if slept := fake.Slept(); len(slept) != 6 {
		t.Errorf("waited %v", slept)
	}
}

func TestAnAnswerThatIsTooLargeOrTooSlowIsLost(t *testing.T) {
	large := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"tokens":[`)
		spaces := bytes.Repeat([]byte(" "), 1<<20)
		for range 17 {
			_, _ = w.Write(spaces)
		}
		_, _ = io.WriteString(w, `]}`)
	})
	begun := make(chan struct{}, 1)
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"tokens":[`)
		_ = http.NewResponseController(w).Flush()
		begun <- struct{}{}
		<-r.Context().Done()
	})
	for address, says := range map[string]string{large.URL: "larger than 16 MiB", slow.URL: "no answer arrived within the timeout"} {
		client, fake := clientOf(t, address, noRetries)
		if address == slow.URL {
			go func() {
				<-begun
				fake.Advance(patience)
			}()
		}
		_, err := client.Tokens(t.Context(), 0)
		wantKind(t, err, cc.Lost)
		wantSays(t, err, says)
	}
}

func TestWithoutARequestTimeoutTheDefaultHolds(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.OnHang(func() { b.clock.Advance(cc.DefaultRequestTimeout) })
	c := b.client(noRetries, func(cfg *cc.Config) { cfg.RequestTimeout = 0 })
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.Hang))
	_, err := c.FreshTokens(t.Context(), 0)
	wantKind(t, err, cc.Lost)
	wantCause(t, err, cc.CauseTimeout)
}

func TestStatusesThatTheAPIDoesNotUseAreFailures(t *testing.T) {
	for status, want := range map[int]cc.Kind{
		200: harmless, 201: harmless, 202: harmless, 203: cc.Lost, 204: cc.Lost, 206: cc.Lost, 304: cc.Redirected,
		400: cc.Refused, 402: cc.Refused, 408: cc.Lost, 409: cc.Refused, 418: cc.Refused, 499: cc.Refused,
		500: cc.Lost, 501: cc.Refused, 502: cc.Lost, 505: cc.Lost, 520: cc.Lost, 599: cc.Lost,
	} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"tokens":[]}`)
		})
		client, _ := clientOf(t, server.URL, noRetries)
		_, err := client.Tokens(t.Context(), 0)
		if got := cc.KindOf(err); got != want {
			t.Errorf("%d is taken for kind %d, want %d: %v", status, got, want, err)
		}
	}
}

func TestAnAuthtokenThatNoHeaderCanHoldIsNotSent(t *testing.T) {
	for _, value := range []string{"canary-7f3\n", "canary-7f3\r\nX: y", "can\x00ary-7f3"} {
		b := newBench(t, simulator.Options{})
		_, err := b.client(authtoken(value)).Tokens(t.Context(), 0)
		wantKind(t, err, cc.NeverSent)
		wantSays(t, err, "credential", "line break")
		wantCause(t, err, cc.CauseCredentialForm)
		if strings.Contains(err.Error(), "ary-7f3") {
			t.Errorf("the error shows it: %s", err)
		}
		b.wantAsked("")
		if slept := b.clock.Slept(); len(slept) > 0 {
			t.Errorf("waited %v", slept)
		}
	}
}

// throughProxy is the environment variable that makes this test binary its own helper.
const throughProxy = "COMMANDCENTER_TEST_ADDRESS"

func TestTheProxyOfTheEnvironmentIsUsed(t *testing.T) {
	if address := os.Getenv(throughProxy); address != "" {
		client, _ := clientOf(t, address, authtoken(os.Getenv("COMMANDCENTER_TEST_AUTHTOKEN")),
			func(cfg *cc.Config) { cfg.InsecureSkipVerify = true })
		if _, err := client.Issue(t.Context(), cc.Spec{Name: "through the proxy"}); err != nil {
			t.Fatal(err)
		}
		return
	}
	b := newTLSBench(t, simulator.Options{})
	behind, err := url.Parse(b.URL())
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Value
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		there, err := new(net.Dialer).DialContext(r.Context(), "tcp", behind.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	})
	// net/http reads the environment once per process, so this uses another process.
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheProxyOfTheEnvironmentIsUsed$")
	child.Env = append(os.Environ(), "HTTPS_PROXY="+proxy.URL, "NO_PROXY=", throughProxy+"=https://cc.example.invalid",
		"COMMANDCENTER_TEST_AUTHTOKEN="+b.NewSession(b.Username()))
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	b.wantAsked("list 1, create 1")
	if got := asked.Load(); got != "CONNECT cc.example.invalid:443" {
		t.Errorf("the proxy was asked %v", got)
	}
}
