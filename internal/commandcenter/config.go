// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package commandcenter speaks the access-token API of Commvault Command Center. It knows HTTP and the API, and nothing
// of Terraform.
//
// A citation such as API.md#renew names the section that a fact about the API comes from. A word in brackets, such as
// (reference) or (docs), is the source of a fact: see API.md#sources.
package commandcenter

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// Defaults of a Config.
const (
	DefaultRequestTimeout = 60 * time.Second
	DefaultMaxRetries     = 4
	DefaultMaxRetryWait   = 2 * time.Minute
)

// Config is what a Client needs to know. Either Authtoken or Username and Password authenticate.
type Config struct {
	// Base is the root of the API, see ParseHost.
	Base *url.URL
	// Authtoken is sent as it is in the header of that name.
	Authtoken Secret
	// Username and Password log in at the first request.
	Username string
	Password Secret
	// CACertificates are PEM blocks trusted besides the system's roots.
	CACertificates []byte
	// InsecureSkipVerify switches off the verification of the server's certificate.
	InsecureSkipVerify bool
	// RequestTimeout bounds one attempt, its body included; 0 is the default.
	RequestTimeout time.Duration
	// MaxRetries is how often a request is repeated after its first attempt.
	MaxRetries int
	// MaxRetryWait is the longest wait that a server may ask for.
	MaxRetryWait time.Duration
	// UserAgent is sent with every request.
	UserAgent string
	// Clock is asked for the time and for every wait; nil is the system's.
	Clock clock.Clock
	// Log, if set, is told of every attempt: its operation, path, status, duration and number, never a body or header.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Client speaks to one Command Center with one credential. It is safe for concurrent use.
type Client struct {
	base         *url.URL
	http         *retryablehttp.Client
	clock        clock.Clock
	log          func(ctx context.Context, message string, fields map[string]any)
	userAgent    string
	maxRetries   int
	maxRetryWait time.Duration

	credential credential
	mask       *Mask
	cooldown   cooldown
	closed     closed
	inventory  inventory
	names      nameRegister
}

// New makes a client. It sends nothing: an error is about cfg.
func New(cfg Config) (*Client, error) {
	if cfg.Base == nil {
		return nil, errors.New("the base URL is missing")
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if len(cfg.CACertificates) > 0 && !roots.AppendCertsFromPEM(cfg.CACertificates) {
		return nil, errors.New("the CA certificates hold no PEM certificate")
	}
	c := &Client{
		base:         cfg.Base,
		clock:        cfg.Clock,
		log:          cfg.Log,
		userAgent:    cfg.UserAgent,
		maxRetries:   cfg.MaxRetries,
		maxRetryWait: cfg.MaxRetryWait,
		mask:         NewMask(),
		inventory:    newInventory(),
	}
	if c.clock == nil {
		c.clock = clock.System()
	}
	if c.log == nil {
		c.log = func(context.Context, string, map[string]any) {}
	}
	if cfg.Authtoken != "" {
		c.mask.Add(cfg.Authtoken)
		c.credential = fixedCredential(cfg.Authtoken)
	} else {
		c.mask.AddPassword(cfg.Password)
		c.credential = &session{client: c, username: cfg.Username, password: cfg.Password}
	}
	c.http = c.retrying(&http.Client{
		// A custom header such as Authtoken would travel to the other host, so redirects are answers.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: timedTransport{clock: c.clock, limit: cmp.Or(max(cfg.RequestTimeout, 0), DefaultRequestTimeout), next: stayingTransport{&http.Transport{
			Proxy: http.ProxyFromEnvironment,
			// Over HTTP/1.1 Go sends a POST again only if not one byte of it was written. Over HTTP/2 it would do so after
			// some errors of a stream that the server may have worked on; and one dead connection would fail all calls.
			Protocols:             http1Only(),
			MaxIdleConnsPerHost:   100,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   15 * time.Second,
			ExpectContinueTimeout: time.Second,
			TLSClientConfig: &tls.Config{
				MinVersion:         tls.VersionTLS12,
				RootCAs:            roots,
				InsecureSkipVerify: cfg.InsecureSkipVerify, //nolint:gosec // the user asked for it, and was warned
			},
		}}},
	})
	return c, nil
}

// stayingTransport hides where a redirect points to from http.Client, which would quote an address that it cannot read in
// an error, with the secrets that it may hold.
type stayingTransport struct{ *http.Transport }

// redirectedTo is where stayingTransport leaves the address.
const redirectedTo = "X-Redirected-To"

// RoundTrip sends the request.
func (t stayingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Transport.RoundTrip(req)
	if err == nil {
		resp.Header.Set(redirectedTo, resp.Header.Get("Location"))
		resp.Header.Del("Location")
	}
	return resp, err
}

func http1Only() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// IsCredential tells whether secret is what this client authenticates with.
func (c *Client) IsCredential(secret Secret) bool { return c.credential.is(secret) }
