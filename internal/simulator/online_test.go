// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// online is a bench that serves over TLS, with a client that trusts it and does not follow redirects.
type online struct {
	*bench
	client    *http.Client
	transport *http.Transport
}

func newOnline(t *testing.T) online {
	t.Helper()
	b := newBench(t, simulator.Options{})
	if err := b.Listen("127.0.0.1:0", true); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(b.CACertificate())) {
		t.Fatal("the CA is no PEM text")
	}
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return online{b, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, transport}
}

// request sends a request over the network with the bench's session.
func (o online) request(ctx context.Context, method, path, body string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, o.URL()+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Authtoken", o.session)
	r.Header.Set("Content-Type", "application/json")
	response, err := o.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return response, content, err
}
