// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// running is the running program after its first lines.
type running struct {
	environment map[string]string
	names       []string // in the order of the lines
	comments    []string // the lines after them
	client      *http.Client
	stderr      *lockedBuffer
	stop        func() int // stops the program and returns the exit code
}

// start starts the program and reads its export lines.
func start(t *testing.T, lines int, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	exit := make(chan int, 1)
	p := running{environment: map[string]string{}, stderr: &lockedBuffer{}}
	go func() {
		exit <- run(ctx, args, writer, p.stderr)
		_ = writer.Close()
	}()
	scanner := bufio.NewScanner(reader)
	for range lines {
		if !scanner.Scan() {
			t.Fatalf("the program ended early: %s", p.stderr.String())
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(scanner.Text(), "export "), "=")
		if !ok || !strings.HasPrefix(scanner.Text(), "export COMMVAULT_") {
			t.Errorf("line %q is no export", scanner.Text())
		}
		p.names = append(p.names, name)
		p.environment[name] = value
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if file := p.environment["COMMVAULT_CA_CERTIFICATE"]; file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem)
	}
	p.client = &http.Client{Transport: transport}
	for range 1 + 5 { // a title and the accounts
		if !scanner.Scan() || !strings.HasPrefix(scanner.Text(), "#") {
			t.Errorf("line %q is no comment", scanner.Text())
		}
		p.comments = append(p.comments, scanner.Text())
	}
	p.stop = sync.OnceValue(func() int {
		cancel()
		if scanner.Scan() {
			t.Errorf("more on stdout: %q", scanner.Text())
		}
		transport.CloseIdleConnections()
		return <-exit
	})
	t.Cleanup(func() { p.stop() })
	return p
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// post sends a request to the program and decodes its response.
func (p running) post(t *testing.T, path, authtoken string, content any) map[string]any {
	t.Helper()
	body, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", p.environment["COMMVAULT_HOST"]+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authtoken", authtoken)
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	return answer
}

// logIn logs in with the printed credentials.
func (p running) logIn(t *testing.T) string {
	t.Helper()
	session, _ := p.post(t, "/Login", "", map[string]any{
		"mode": 4, "clientType": 30, "deviceId": "d", "username": p.environment["COMMVAULT_USERNAME"],
		"password": base64.StdEncoding.EncodeToString([]byte(p.environment["COMMVAULT_PASSWORD"])),
	})["token"].(string)
	if session == "" {
		t.Fatal("no session")
	}
	return session
}

func TestTheProgramPrintsHowToUseItAndServes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	p := start(t, 4)
	want := "COMMVAULT_HOST COMMVAULT_USERNAME COMMVAULT_PASSWORD COMMVAULT_CA_CERTIFICATE"
	if got := strings.Join(p.names, " "); got != want {
		t.Errorf("lines for %s, want %s", got, want)
	}
	host := p.environment["COMMVAULT_HOST"]
	if !strings.HasPrefix(host, "https://127.0.0.1:") || !strings.HasSuffix(host, "/commandcenter/api") {
		t.Errorf("host %q", host)
	}
	session := p.logIn(t)
	created := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"})
	info, _ := created["tokenInfo"].(map[string]any)
	if info["tokenName"] != "x" {
		t.Errorf("create answers %v", created)
	}
	file := p.environment["COMMVAULT_CA_CERTIFICATE"]
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if _, err := os.Stat(filepath.Dir(file)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary directory is still there: %v", err)
	}
	logged := p.stderr.String()
	if want := "POST /commandcenter/api/Login 200\nPOST /commandcenter/api/V4/AccessToken 200\n"; logged != want {
		t.Errorf("stderr %q, want %q", logged, want)
	}
	if _, err := p.client.Get(host); err == nil {
		t.Error("it still serves")
	}
}

// TestTheProgramPrintsItsAccounts verifies that each line is correct: the password logs in, and the id is valid as an owner.
func TestTheProgramPrintsItsAccounts(t *testing.T) {
	p := start(t, 3, "-http")
	session := p.logIn(t)
	for i, comment := range p.comments[1:] {
		fields := strings.Fields(comment) // # 11 admin password …
		if len(fields) < 5 {
			t.Fatalf("line %q", comment)
		}
		id, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		created := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x", "userId": id})
		if info, _ := created["tokenInfo"].(map[string]any); info["userId"] != float64(id) {
			t.Errorf("line %d: create answers %v", i, created)
		}
		if fields[3] != "password" {
			if !strings.Contains(comment, "cannot log in") {
				t.Errorf("line %q has no password", comment)
			}
			continue
		}
		answer := p.post(t, "/Login", "", map[string]any{
			"mode": 4, "clientType": 30, "deviceId": "d", "username": fields[2],
			"password": base64.StdEncoding.EncodeToString([]byte(strings.TrimSuffix(fields[4], ","))),
		})
		if answer["token"] == nil {
			t.Errorf("line %q does not log in: %v", comment, answer)
		}
	}
}

func TestPlainHTTPPrintsNoCA(t *testing.T) {
	p := start(t, 3, "-http", "-base-path", "/webconsole/api", "-username", "root", "-password", "pw")
	if _, there := p.environment["COMMVAULT_CA_CERTIFICATE"]; there {
		t.Error("a CA for plain http")
	}
	if host := p.environment["COMMVAULT_HOST"]; !strings.HasPrefix(host, "http://127.0.0.1:") ||
		!strings.HasSuffix(host, "/webconsole/api") {
		t.Errorf("host %q", host)
	}
	if p.environment["COMMVAULT_USERNAME"] != "root" || p.environment["COMMVAULT_PASSWORD"] != "pw" {
		t.Errorf("environment %v", p.environment)
	}
	p.logIn(t)
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestDialectAndLifetimesReachTheServer(t *testing.T) {
	p := start(t, 4, "-dialect", "update-repeats-same,refuse-flat-200", "-access-lifetime", "90s", "-refresh-window", "5s")
	session := p.logIn(t)
	info, _ := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"})["tokenInfo"].(map[string]any)
	expiry, _ := info["tokenExpiryTimestamp"].(float64)
	refreshExpiry, _ := info["refreshTokenExpiryTimestamp"].(float64)
	if expiry == 0 || refreshExpiry-expiry != 5 {
		t.Errorf("token %v, want a refresh window of 5 s", info)
	}
	if again := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"}); again["errorMessage"] == nil {
		t.Errorf("refused by %v, want a flat error", again)
	}
}

// TestTheDirectoryHasWhatOthersNeed covers the files through which a container is used: a mounted directory with a current
// commvault.env, which contains the container's host name, and a certificate for that name.
func TestTheDirectoryHasWhatOthersNeed(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "made")
	args := []string{"-directory", directory, "-address", "0.0.0.0:0", "-name", "sim_1, ::1"}
	p := start(t, 4, args...)
	if host := p.environment["COMMVAULT_HOST"]; !strings.HasPrefix(host, "https://sim_1:") {
		t.Errorf("host %q", host)
	}
	ca := filepath.Join(directory, "ca.pem")
	if p.environment["COMMVAULT_CA_CERTIFICATE"] != ca {
		t.Errorf("the CA is in %s", p.environment["COMMVAULT_CA_CERTIFICATE"])
	}
	exports, err := os.ReadFile(filepath.Join(directory, "commvault.env"))
	if err != nil || !strings.HasPrefix(string(exports), "export COMMVAULT_HOST="+p.environment["COMMVAULT_HOST"]+"\n") ||
		!strings.HasSuffix(string(exports), p.comments[len(p.comments)-1]+"\n") {
		t.Errorf("commvault.env is %q (%v)", exports, err)
	}
	p.environment["COMMVAULT_HOST"] = strings.Replace(p.environment["COMMVAULT_HOST"], "sim_1", "127.0.0.1", 1)
	p.client.Transport.(*http.Transport).TLSClientConfig.ServerName = "sim_1" //nolint:forcetypeassert // start has made it
	p.logIn(t)
	if code := p.stop(); code != exitOK {
		t.Errorf("exit code %d, want 0", code)
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v (%v)", left, err)
	}

	for name, text := range map[string]string{"commvault.env": "old", "ca.pem": "old"} { // of a killed simulator
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openDirectory(directory); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("a start leaves %v of the run before it (%v)", left, err)
	}
	if err := os.WriteFile(ca, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // otherwise it would serve
	if code := run(ctx, args, io.Discard, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "use an empty directory") {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if content, err := os.ReadFile(ca); err != nil || string(content) != "somebody's" {
		t.Errorf("somebody's ca.pem is %q (%v)", content, err)
	}
}

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

func TestQuoting(t *testing.T) {
	for value, want := range map[string]string{
		"":                         "''",
		"https://[::1]:1/a":        "'https://[::1]:1/a'",
		"https://127.0.0.1:1/a-b":  "https://127.0.0.1:1/a-b",
		"Sim-Adm1n-Passw0rd.7":     "Sim-Adm1n-Passw0rd.7",
		`CORP\alice`:               `'CORP\alice'`,
		"it's $HOME; `x` \"y\" \n": "'it'\\''s $HOME; `x` \"y\" \n'",
		"wörd":                     "'wörd'",
		"~/a":                      "'~/a'",
	} {
		if got := quoted(value); got != want {
			t.Errorf("%q is quoted %s, want %s", value, got, want)
		}
	}
}

func TestARequestWithoutAnAnswerIsLoggedAsSuch(t *testing.T) {
	var out bytes.Buffer
	l := requestLog{out: &out}
	l.log("GET", "/a", 0)
	l.log("PUT", "/b", 404)
	if want := "GET /a no answer\nPUT /b 404\n"; out.String() != want {
		t.Errorf("logged %q, want %q", out.String(), want)
	}
}
