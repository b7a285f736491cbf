// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Errors of Listen.
var (
	// ErrPlainHTTP means that secrets must not be sent unencrypted to other machines.
	ErrPlainHTTP = errors.New("plain http is only for loopback addresses")
	// ErrListening means that Listen or Close was called before.
	ErrListening = errors.New("the simulator is already listening, or was closed")
)

// network contains what Listen starts and Close stops.
type network struct {
	mu      sync.Mutex
	stopped bool
	server  *http.Server
	served  chan struct{} // closed when Serve has returned
	url     string
	rootPEM string
}

// Listen starts to serve at an address such as "127.0.0.1:0". It uses TLS with its own CA, or plain HTTP on loopback addresses only
// (otherwise it returns ErrPlainHTTP). It supports only HTTP/1.1, because the reset of one request must not affect others. It
// returns once requests are accepted. A second call, or a call after Close, returns ErrListening.
func (s *Server) Listen(address string, useTLS bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address of the simulator: %w", err)
	}
	if !useTLS && !isLoopback(host) {
		return fmt.Errorf("%w, not %q", ErrPlainHTTP, address)
	}
	n := &s.network
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stopped || n.server != nil {
		return ErrListening
	}
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: time.Minute,
		Protocols:         new(http.Protocols),
		ErrorLog:          log.New(io.Discard, "", 0), // tests cause broken handshakes and resets on purpose
	}
	server.Protocols.SetHTTP1(true)
	scheme, rootPEM := "http", ""
	if useTLS {
		scheme = "https"
		root, leaf, err := newCertificates(append([]string{host}, s.options.Names...)...)
		if err != nil {
			return fmt.Errorf("certificates of the simulator: %w", err)
		}
		rootPEM = root
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{leaf}}
	}
	var listening net.ListenConfig // the context only matters for name resolution
	listener, err := listening.Listen(context.Background(), "tcp", address)
	if err != nil {
		return fmt.Errorf("the simulator cannot listen: %w", err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return fmt.Errorf("address of the simulator: %w", err)
	}
	n.server, n.served, n.rootPEM = server, make(chan struct{}), rootPEM
	n.url = scheme + "://" + net.JoinHostPort(reachable(host, s.options.Names), port) + "/" + strings.Trim(s.options.BasePath, "/")
	go func() {
		defer close(n.served)
		if useTLS {
			_ = server.ServeTLS(listener, "", "") // ends with Close
		} else {
			_ = server.Serve(listener)
		}
	}()
	return nil
}

// Close stops the server, closes all connections, ends hanging requests, and waits for the requests that are not in a hook. It may
// be called several times, without Listen, and from a hook.
func (s *Server) Close() {
	n := &s.network
	n.mu.Lock()
	first := !n.stopped
	n.stopped = true
	server, served := n.server, n.served
	n.mu.Unlock()
	if first {
		if server != nil {
			_ = server.Close() // before the hanging requests end, so that none of them is answered
		}
		close(s.stopped)
	}
	if served != nil {
		<-served
	}
	s.busy.wait()
}

// URL returns the scheme, host, port and base path, such as https://127.0.0.1:4711/commandcenter/api, which the provider accepts as
// its host. It is empty before Listen.
func (s *Server) URL() string {
	s.network.mu.Lock()
	defer s.network.mu.Unlock()
	return s.network.url
}

// CACertificate returns the PEM text of the CA that signed the server's certificate. It is empty before Listen and without TLS.
func (s *Server) CACertificate() string {
	s.network.mu.Lock()
	defer s.network.mu.Unlock()
	return s.network.rootPEM
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// reachable returns the host to connect to if the server listens at host: the first of the names, if there is one.
func reachable(host string, names []string) string {
	if len(names) > 0 {
		return names[0]
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

// resetConnection makes the operating system send a TCP reset. It bypasses TLS, whose close_notify would make an orderly end.
func resetConnection(connection net.Conn) {
	if secure, ok := connection.(*tls.Conn); ok {
		connection = secure.NetConn()
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
