// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Command server is the simulator as the benchmark uses it: a process of its own, so that its time and memory are counted
// to nobody, which counts requests and the bytes on the wire, and lets each request take a while longer.
//
// Its first line on stdout says how to reach it. Each line on stdin is answered by a line with the counts since the one
// before. It ends with its stdin, so that it survives nobody.
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

// access is how to reach the server.
type access struct {
	Host          string `json:"host"`
	Username      string `json:"username"`
	Password      string `json:"password"`
	CACertificate string `json:"caCertificate"`
}

// counts since the last ones.
type counts struct {
	Requests map[simulator.Operation]int `json:"requests"`
	// Received and Sent are bytes on the wire, TLS included.
	Received int64 `json:"received"`
	Sent     int64 `json:"sent"`
}

func run(latency time.Duration, in io.Reader, out io.Writer) error {
	world := simulator.New(simulator.Options{})
	defer world.Close()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		world.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that end are none of anybody's business
	wire := &meter{Listener: server.Listener}
	server.Listener = wire
	server.StartTLS()
	defer server.Close()

	answers := json.NewEncoder(out)
	err := answers.Encode(access{
		Host: server.URL + simulator.DefaultBasePath, Username: world.Username(), Password: world.Password(),
		CACertificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})),
	})
	if err != nil {
		return err
	}
	questions := bufio.NewScanner(in)
	for questions.Scan() {
		c := counts{Requests: map[simulator.Operation]int{}, Received: wire.received.Swap(0), Sent: wire.sent.Swap(0)}
		for _, request := range world.Journal() {
			c.Requests[request.Operation]++
		}
		world.ResetJournal()
		if err := answers.Encode(c); err != nil {
			return err
		}
	}
	return questions.Err()
}

// meter counts the bytes that pass the connections of a listener.
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

// Read counts what was received.
func (m *metered) Read(data []byte) (int, error) {
	n, err := m.Conn.Read(data)
	m.meter.received.Add(int64(n))
	return n, err
}

// Write counts what was sent.
func (m *metered) Write(data []byte) (int, error) {
	n, err := m.Conn.Write(data)
	m.meter.sent.Add(int64(n))
	return n, err
}
