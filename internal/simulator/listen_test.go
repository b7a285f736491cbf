// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestCertificatesHoldForTheLoopbackNames(t *testing.T) {
	o := newOnline(t)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(strings.Split(o.URL(), "/command")[0], "https://"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(o.CACertificate()))
	for _, name := range []string{"127.0.0.1", "::1", "localhost"} {
		dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}}
		c, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = c.Close()
	}
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: "elsewhere.example", MinVersion: tls.VersionTLS12}}
	if c, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
		_ = c.Close()
		t.Error("the certificate holds for any name")
	}
}

func TestListenOverPlainHTTPOnLoopbackOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "10.1.2.3:0", "example.com:0", "[::]:0"} {
		s := simulator.New(simulator.Options{})
		if err := s.Listen(address, false); !errors.Is(err, simulator.ErrPlainHTTP) {
			t.Errorf("%s: error %v, want ErrPlainHTTP", address, err)
		}
		s.Close()
	}
	for _, address := range []string{"127.0.0.1:0", "localhost:0", "127.0.0.9:0"} {
		s := simulator.New(simulator.Options{})
		if err := s.Listen(address, false); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(s.URL(), "http://"+address[:len(address)-1]) || s.CACertificate() != "" {
			t.Errorf("%s: URL %s, CA %q", address, s.URL(), s.CACertificate())
		}
		ping(t, http.DefaultClient, s.URL())
		s.Close()
		http.DefaultClient.CloseIdleConnections()
	}
}

func ping(t *testing.T, client *http.Client, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("%s: status %d", url, response.StatusCode)
	}
}

func TestListenOnAllAddressesIsReachableByLoopback(t *testing.T) {
	s := simulator.New(simulator.Options{BasePath: "/webconsole/api/"})
	defer s.Close()
	if s.URL() != "" || s.CACertificate() != "" {
		t.Error("an address or a CA before Listen")
	}
	if err := s.Listen("0.0.0.0:0", true); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") || !strings.HasSuffix(s.URL(), "/webconsole/api") {
		t.Errorf("URL %s", s.URL())
	}
}

// TestNamesAreCoveredByTheCertificate guards that clients can use the configured names to reach a server that listens on all
// addresses, as in a container.
func TestNamesAreCoveredByTheCertificate(t *testing.T) {
	s := simulator.New(simulator.Options{Names: []string{"simulator", "10.1.2.3"}})
	defer s.Close()
	if err := s.Listen("0.0.0.0:0", true); err != nil {
		t.Fatal(err)
	}
	port, found := strings.CutPrefix(strings.TrimSuffix(s.URL(), simulator.DefaultBasePath), "https://simulator:")
	if !found {
		t.Fatalf("URL %s, want the first name in it", s.URL())
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(s.CACertificate()))
	for name, valid := range map[string]bool{"simulator": true, "10.1.2.3": true, "127.0.0.1": true, "localhost": true, "10.1.2.4": false} {
		dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}}
		c, err := dialer.DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
		if (err == nil) != valid {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

func TestListenRefusesInvalidCalls(t *testing.T) {
	s := simulator.New(simulator.Options{})
	if err := s.Listen("127.0.0.1", true); err == nil {
		t.Error("an address without a port was taken")
	}
	if err := s.Listen("127.0.0.1:0", true); err != nil {
		t.Fatal(err)
	}
	if err := s.Listen("127.0.0.1:0", true); !errors.Is(err, simulator.ErrListening) {
		t.Errorf("error %v, want ErrListening", err)
	}
	other := simulator.New(simulator.Options{})
	taken := strings.TrimSuffix(strings.TrimPrefix(s.URL(), "https://"), simulator.DefaultBasePath)
	if err := other.Listen(taken, true); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("error %v, want one of an address in use", err)
	}
	other.Close()
	if err := other.Listen("127.0.0.1:0", true); !errors.Is(err, simulator.ErrListening) {
		t.Errorf("error %v after Close, want ErrListening", err)
	}
	s.Close()
	s.Close()
}

func TestOldTLSIsRefused(t *testing.T) {
	o := newOnline(t)
	o.transport.TLSClientConfig.MinVersion = tls.VersionTLS10
	o.transport.TLSClientConfig.MaxVersion = tls.VersionTLS11
	if _, _, err := o.request(t.Context(), "GET", "", ""); err == nil {
		t.Error("TLS 1.1 was accepted")
	}
}

func TestTheProtocolIsHTTP1(t *testing.T) {
	o := newOnline(t)
	response, _, err := o.request(t.Context(), "GET", tokens, "")
	if err != nil || response.ProtoMajor != 1 {
		t.Errorf("response %v, error %v, want HTTP/1", response, err)
	}
}

func TestCloseReleasesHungRequests(t *testing.T) {
	o := newOnline(t)
	o.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Hang))
	hung := make(chan error, 1)
	go func() {
		_, _, err := o.request(t.Context(), "POST", tokens, `{"tokenName":"x"}`)
		hung <- err
	}()
	for o.PendingFaults(simulator.OpCreate) > 0 {
		select {
		case err := <-hung:
			t.Fatalf("answered: %v", err)
		default:
		}
	}
	if o.RequestsInFlight() != 1 {
		t.Errorf("%d requests in flight, want 1", o.RequestsInFlight())
	}
	o.Close()
	if err := <-hung; err == nil {
		t.Error("the hung request got an answer")
	}
}

func TestCloseWaitsForRequestsBeingAnswered(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	var answered atomic.Bool
	s := simulator.New(simulator.Options{Log: func(string, string, int) {
		close(arrived)
		<-release
		answered.Store(true)
	}})
	if err := s.Listen("127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	lost := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL(), nil)
		if err == nil {
			var response *http.Response
			if response, err = client.Do(r); err == nil {
				_ = response.Body.Close()
			}
		}
		lost <- err
	}()
	<-arrived
	go func() {
		if err := <-lost; err == nil { // Close closes the connection first
			t.Error("the request got an answer")
		}
		close(release)
	}()
	s.Close()
	if !answered.Load() {
		t.Error("Close came back before the request was in the books")
	}
}

func TestCloseFromAHook(t *testing.T) {
	o := newOnline(t)
	o.OnAnswer(simulator.OpCreate, func(*http.Request) { o.Close() })
	if _, _, err := o.request(t.Context(), "POST", tokens, `{"tokenName":"x"}`); err == nil {
		t.Error("a server that died gave an answer")
	}
	if len(o.Tokens()) != 1 {
		t.Error("the token was not made before the server died")
	}
	if _, _, err := o.request(t.Context(), "GET", "", ""); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error %v, want a refused connection", err)
	}
}
