// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command server is the simulator for the benchmark. It is a separate process, so that its time and memory are not attributed to the
// provider. It counts requests and bytes on the wire, and can delay each request.
//
// Its first line on stdout describes how to connect to it. It answers each line on stdin with a line of the counts since the previous
// one. It ends when its stdin ends, so that it does not outlast the benchmark.
package main

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func main() {
	latency := flag.Duration("latency", 0, "`duration` by which each request takes longer")
	flag.Parse()
	log.SetFlags(0)
	if err := run(*latency, os.Stdin, os.Stdout); err != nil {
		log.Fatal("server: ", err)
	}
}

// access describes how to connect to the server.
type access struct {
	Host          string `json:"host"`
	Username      string `json:"username"`
	Password      string `json:"password"`
	CACertificate string `json:"caCertificate"`
}

// counts are the counts since the previous line.
type counts struct {
	Requests map[simulator.Operation]int `json:"requests"`
	// Received and Sent are bytes on the wire, TLS included.
	Received int64 `json:"received"`
	Sent     int64 `json:"sent"`
	// CPUSeconds is the CPU time of the server.
	CPUSeconds float64 `json:"cpuSeconds"`
}

func run(latency time.Duration, in io.Reader, out io.Writer) error {
	env := simulator.New(simulator.Options{})
	defer env.Close()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		env.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that end are not errors
	wire := &meter{Listener: server.Listener}
	server.Listener = wire
	server.StartTLS()
	defer server.Close()

	answers := json.NewEncoder(out)
	err := answers.Encode(access{
		Host: server.URL + simulator.DefaultBasePath, Username: env.Username(), Password: env.Password(),
		CACertificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})),
	})
	if err != nil {
		return err
	}
	questions := bufio.NewScanner(in)
	before := cpuSeconds()
	for questions.Scan() {
		now := cpuSeconds()
		c := counts{
			Requests: map[simulator.Operation]int{}, Received: wire.received.Swap(0), Sent: wire.sent.Swap(0), CPUSeconds: now - before,
		}
		before = now
		for _, request := range env.Journal() {
			c.Requests[request.Operation]++
		}
		env.ResetJournal()
		if err := answers.Encode(c); err != nil {
			return err
		}
	}
	return questions.Err()
}

// meter counts the bytes on the connections of a listener.
type meter struct {
	net.Listener
	received, sent atomic.Int64
}

// Accept waits for the next connection.
func (m *meter) Accept() (net.Conn, error) {
	conn, err := m.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &metered{conn, m}, nil
}

type metered struct {
	net.Conn
	meter *meter
}

// Read counts the received bytes.
func (m *metered) Read(data []byte) (int, error) {
	n, err := m.Conn.Read(data)
	m.meter.received.Add(int64(n))
	return n, err
}

// Write counts the sent bytes.
func (m *metered) Write(data []byte) (int, error) {
	n, err := m.Conn.Write(data)
	m.meter.sent.Add(int64(n))
	return n, err
}
