// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Injury is what a Proxy does to one request.
type Injury struct {
	// Name is the name of the injury in the test.
	Name string
	// Forward reports whether the request takes effect on the server before its response is injured.
	Forward bool
	// Cut closes the connection without a response, or after Keep bytes of it.
	Cut  bool
	Keep int
	// Status and Body replace the server's response.
	Status int
	Body   string
}

// Proxy is a gateway between the built provider and the simulator, which injures requests.
type Proxy struct {
	*httptest.Server
	mu    sync.Mutex
	queue map[string][]Injury
}

// NewProxy starts a proxy for the server of the Env, which ends with the test. It speaks plain http on a loopback address.
func (w *Env) NewProxy(t testing.TB) *Proxy {
	t.Helper()
	target, err := url.Parse(w.URL())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(w.CACertificate()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	p := &Proxy{queue: map[string][]Injury{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		p.pass(rw, r, transport, target)
	}))
	t.Cleanup(func() {
		p.Close()
		transport.CloseIdleConnections()
	})
	return p
}

// Injure applies an injury to the next token request with the method, such as POST.
func (p *Proxy) Injure(method string, injury Injury) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue[method] = append(p.queue[method], injury)
}

// Pending returns the number of injuries that no request has met yet.
func (p *Proxy) Pending() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	pending := 0
	for _, injuries := range p.queue {
		pending += len(injuries)
	}
	return pending
}

func (p *Proxy) next(r *http.Request) (Injury, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	waiting := p.queue[r.Method]
	if len(waiting) == 0 || !strings.Contains(r.URL.Path, "/V4/AccessToken") {
		return Injury{}, false
	}
	p.queue[r.Method] = waiting[1:]
	return waiting[0], true
}

func (p *Proxy) pass(rw http.ResponseWriter, r *http.Request, transport http.RoundTripper, target *url.URL) {
	injury, injured := p.next(r)
	var resp *http.Response
	var body []byte
	if !injured || injury.Forward {
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host, out.RequestURI = target.Scheme, target.Host, ""
		var err error
		if resp, err = transport.RoundTrip(out); err != nil {
			http.Error(rw, "the proxy reaches no server", http.StatusBadGateway)
			return
		}
		body, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			http.Error(rw, "the proxy got half an answer", http.StatusBadGateway)
			return
		}
	}
	switch {
	case injured && injury.Cut:
		cut(rw, body, injury.Keep)
	case injured:
		rw.WriteHeader(injury.Status)
		_, _ = io.WriteString(rw, injury.Body)
	default:
		for name, values := range resp.Header {
			rw.Header()[name] = values
		}
		rw.WriteHeader(resp.StatusCode)
		_, _ = rw.Write(body)
	}
}

// cut closes the connection after it has sent keep bytes of the body, if there are any to send.
func cut(rw http.ResponseWriter, body []byte, keep int) {
	hijacker, ok := rw.(http.Hijacker)
	if !ok {
		return
	}
	conn, buffer, err := hijacker.Hijack()
	if err != nil {
		return
	}
	if keep > 0 && keep < len(body) {
		_, _ = buffer.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
		_, _ = buffer.Write(body[:keep])
		_ = buffer.Flush()
	} else if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset instead of an orderly close
	}
	_ = conn.Close()
}

// LoginAt returns a provider block that logs in at an address other than the server's own, such as a proxy's.
func (w *Env) LoginAt(address string, arguments ...string) string {
	base, err := url.Parse(w.URL())
	if err != nil {
		return ""
	}
	return "provider \"commvault\" {\n  host = \"" + address + base.Path + "\"\n  username = \"" + w.Username() +
		"\"\n  password = \"" + w.Password() + "\"\n  " + strings.Join(arguments, "\n  ") + "\n}\n"
}
