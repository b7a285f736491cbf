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
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
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
