// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Curl stands in for the real one where a machine has none: it has what examples/renewer asks for, and nothing else.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The exit codes of curl.
const (
	exitUsage     = 2
	exitConnect   = 7
	exitPartial   = 18
	exitTimeout   = 28
	exitTLS       = 35
	exitNoAnswer  = 52
	exitUntrusted = 60
)

func main() {
	signal.Ignore(syscall.SIGTERM) // the script has it ignored, which Go does not inherit
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "curl: (%d) %s\n", code, err)
	}
	os.Exit(code)
}

// transfer is one request, and what is told of it at its end.
type transfer struct {
	url, method, output, format string
	header                      http.Header
	body                        []byte
	status                      int
	began, secured              time.Time
}

func run(args []string) (int, error) {
	t := &transfer{header: http.Header{}, method: http.MethodGet}
	options := flag.NewFlagSet("curl", flag.ContinueOnError)
	for _, ignored := range []string{"q", "silent", "show-error", "no-buffer", "http1.1"} {
		options.Bool(ignored, false, "")
	}
	config, ca := options.String("config", "", ""), options.String("cacert", "", "")
	protocols, agent := options.String("proto", "", ""), options.String("user-agent", "curl", "")
	connect, most := options.Int("connect-timeout", 300, ""), options.Int("max-time", 0, "")
	options.StringVar(&t.format, "write-out", "", "")
	options.StringVar(&t.output, "output", "", "")
	method := options.String("request", "", "")
	if err := options.Parse(args); err != nil {
		return exitUsage, err
	}
	if *config != "-" || *protocols != "=https" {
		return exitUsage, errors.New("it reads its standard input, and speaks https only")
	}
	t.header.Set("User-Agent", *agent)
	if err := t.configure(os.Stdin); err != nil {
		return exitUsage, err
	}
	if *method != "" {
		t.method = *method
	}
	roots := x509.NewCertPool()
	if *ca != "" {
		pem, err := os.ReadFile(*ca)
		if err != nil {
			return exitUsage, err
		}
		roots.AppendCertsFromPEM(pem)
	}
	client := &http.Client{
		Timeout: time.Duration(*most) * time.Second,
		Transport: &http.Transport{
			Proxy:               proxy,
			DialContext:         (&net.Dialer{Timeout: time.Duration(*connect) * time.Second}).DialContext,
			TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: time.Duration(*connect) * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	err := t.do(client)
	t.tell()
	return t.code(err), err
}

// proxy is that of the environment, for loopback addresses, too.
func proxy(*http.Request) (*url.URL, error) {
	if address := os.Getenv("https_proxy"); address != "" {
		return url.Parse(address)
	}
	return nil, nil
}

// configure reads lines such as: header = "Accept: application/json".
func (t *transfer) configure(from io.Reader) error {
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		name, quoted, _ := strings.Cut(strings.TrimSpace(line), " = ")
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return fmt.Errorf("the value of %s: %w", name, err)
		}
		switch name {
		case "header":
			key, value, _ := strings.Cut(value, ": ")
			t.header.Set(key, value)
		case "data-raw":
			t.method, t.body = http.MethodPost, []byte(value)
		case "data-binary":
			t.method = http.MethodPost
			if t.body, err = os.ReadFile(strings.TrimPrefix(value, "@")); err != nil {
				return err
			}
		case "url":
			t.url = value
		default:
			return fmt.Errorf("there is no option %s", name)
		}
	}
	if t.url == "" {
		return errors.New("no URL specified")
	}
	return nil
}

func (t *transfer) do(client *http.Client) error {
	t.began = time.Now()
	trace := &httptrace.ClientTrace{TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
		if err == nil {
			t.secured = time.Now()
		}
	}}
	ctx := httptrace.WithClientTrace(context.Background(), trace)
	request, err := http.NewRequestWithContext(ctx, t.method, t.url, bytes.NewReader(t.body))
	if err != nil {
		return err
	}
	request.Header = t.header
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	t.status = response.StatusCode
	out := io.Writer(os.Stdout)
	if t.output != "" {
		file, err := os.Create(t.output)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		out = file
	}
	_, err = io.Copy(out, response.Body)
	return err
}

// tell writes what --write-out asks for.
func (t *transfer) tell() {
	seconds := "0.000000"
	if !t.secured.IsZero() {
		seconds = fmt.Sprintf("%.6f", max(t.secured.Sub(t.began), time.Microsecond).Seconds())
	}
	_, _ = strings.NewReplacer(`\n`, "\n", "%{http_code}", fmt.Sprintf("%03d", t.status), "%{time_appconnect}", seconds).
		WriteString(os.Stdout, t.format) // nobody is told if it cannot be written
}

func (t *transfer) code(err error) int {
	var timeout net.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &timeout) && timeout.Timeout():
		return exitTimeout
	case errors.As(err, &untrusted):
		return exitUntrusted
	case t.status != 0:
		return exitPartial
	case !t.secured.IsZero():
		return exitNoAnswer
	case strings.Contains(err.Error(), "dial"):
		return exitConnect
	}
	return exitTLS
}
