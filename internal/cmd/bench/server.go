// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// server is a simulator in a separate process, see ./server.
type server struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	answers *bufio.Reader
	access  access
}

// access describes how to connect to the server.
type access struct {
	Host          string `json:"host"`
	Username      string `json:"username"`
	Password      string `json:"password"`
	CACertificate string `json:"caCertificate"`
}

// counts are the requests since the previous counts.
type counts struct {
	Requests map[string]int `json:"requests"`
	Received int64          `json:"received"`
	Sent     int64          `json:"sent"`
	// CPUSeconds is the CPU time of the server.
	CPUSeconds float64 `json:"cpuSeconds"`
}

func startServer(ctx context.Context, program string, latency time.Duration) (*server, error) {
	s := &server{command: exec.CommandContext(ctx, program, "-latency", latency.String())} //nolint:gosec // one of those that were built
	s.command.Stderr = os.Stderr
	var err error
	if s.stdin, err = s.command.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.answers = bufio.NewReader(stdout)
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	if err := s.read(&s.access); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// count returns the counts and resets them.
func (s *server) count() (counts, error) {
	var c counts
	if _, err := io.WriteString(s.stdin, "\n"); err != nil {
		return counts{}, err
	}
	err := s.read(&c)
	return c, err
}

func (s *server) read(value any) error {
	line, err := s.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the simulator does not answer: %w", err)
	}
	return json.Unmarshal(line, value)
}

// close ends the server and waits for its end.
func (s *server) close() error {
	return errors.Join(s.stdin.Close(), s.command.Wait())
}
