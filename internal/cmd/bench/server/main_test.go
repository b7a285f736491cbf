// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// running is a server with its input and output.
type running struct {
	t       *testing.T
	in      *io.PipeWriter
	answers *json.Decoder
	access  access
	client  *http.Client
}

func start(t *testing.T, latency time.Duration) *running {
	t.Helper()
	in, tell := io.Pipe()
	hear, out := io.Pipe()
	done := make(chan error)
	go func() { done <- run(latency, in, out) }()
	r := &running{t: t, in: tell, answers: json.NewDecoder(hear)}
	if err := r.answers.Decode(&r.access); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(r.access.CACertificate)) {
		t.Fatal("there is no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	r.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = tell.Close()
		if err := <-done; err != nil {
			t.Errorf("it ended with %s", err)
		}
	})
	return r
}

func (r *running) counts() counts {
	r.t.Helper()
	if _, err := io.WriteString(r.in, "\n"); err != nil {
		r.t.Fatal(err)
	}
	var c counts
	if err := r.answers.Decode(&c); err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *running) get(path string) {
	r.t.Helper()
	resp, err := r.client.Get(r.access.Host + path)
	if err != nil {
		r.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

func TestRequestsAndBytesAreCounted(t *testing.T) {
	r := start(t, 0)
	if c := r.counts(); len(c.Requests) != 0 || c.Received != 0 || c.Sent != 0 {
		t.Errorf("nobody asked, and it counted %+v", c)
	}
	r.get("")
	r.get("/V4/AccessToken/")
	c := r.counts()
	if runtime.GOOS == "linux" && c.CPUSeconds <= 0 {
		t.Errorf("it used %g s of CPU time", c.CPUSeconds)
	}
	if len(c.Requests) != 2 || c.Requests["ping"] != 1 || c.Requests["list"] != 1 || c.Received < 300 || c.Sent < 300 {
		t.Errorf("it counted %+v", c)
	}
	if c = r.counts(); len(c.Requests) != 0 || c.Sent != 0 {
		t.Errorf("it counted twice: %+v", c)
	}
}

func TestRequestsTakeTheLatencyAtTheSameTime(t *testing.T) {
	const latency = 200 * time.Millisecond
	r := start(t, latency)
	started := time.Now()
	done := make(chan struct{})
	for range 20 {
		go func() {
			defer func() { done <- struct{}{} }()
			r.get("")
		}()
	}
	for range 20 {
		<-done
	}
	if took := time.Since(started); took < latency || took > 10*latency {
		t.Errorf("20 requests at a time took %s", took)
	}
}
