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
	"sync/atomic"
	"time"

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
	clock      clock.Clock
	maxRetries int

	chain      handler
	credential credential
	mask       *Mask
	time       *serverTime
	cooldown   *cooldown
	limiter    *limiter
	inventory  inventory
	names      nameRegister
	users      sharedUsers
	renewForms formFinder
	renewals   renewals
	// basePathProved is set once a login or a call about tokens succeeded: the address is that of the API.
	basePathProved atomic.Bool
}

// New makes a client. It sends nothing: an error is about cfg.
func New(cfg Config) (*Client, error) {
	if cfg.Base == nil {
		return nil, errors.New("the base URL is missing")
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System()
	}
	if cfg.Log == nil {
		cfg.Log = func(context.Context, string, map[string]any) {}
	}
	transport, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{
		clock:      cfg.Clock,
		maxRetries: cfg.MaxRetries,
		mask:       NewMask(),
		time:       &serverTime{clock: cfg.Clock},
		cooldown:   &cooldown{},
		limiter:    &limiter{},
		inventory:  newInventory(),
		renewForms: newFormFinder(),
	}
	if cfg.Authtoken != "" {
		c.mask.Add(cfg.Authtoken)
		c.credential = &authtoken{client: c, value: cfg.Authtoken}
	} else {
		c.mask.AddPassword(cfg.Password)
		c.credential = &session{client: c, username: cfg.Username, password: cfg.Password}
	}
	c.chain = c.newChain(cfg, transport)
	return c, nil
}

// newChain puts the handlers in order. From the outside in they are retry, session, limit, logging, timeout, and the HTTP
// exchange.
func (c *Client) newChain(cfg Config, transport http.RoundTripper) handler {
	var h handler = exchange{
		base: cfg.Base, userAgent: cfg.UserAgent, transport: transport, proxy: http.ProxyFromEnvironment,
		clock: c.clock, time: c.time, mask: c.mask,
	}
	h = timeoutHandler{next: h, clock: c.clock, limit: cmp.Or(max(cfg.RequestTimeout, 0), DefaultRequestTimeout)}
	h = loggingHandler{next: h, clock: c.clock, base: cfg.Base, mask: c.mask, log: cfg.Log}
	h = limitHandler{next: h, clock: c.clock, limiter: c.limiter, cooldown: c.cooldown}
	h = sessionHandler{next: h, credential: c.credential}
	return retryHandler{
		next: h, clock: c.clock, cooldown: c.cooldown, breaker: &rateLimitBreaker{}, limiter: c.limiter,
		maxRetries: cfg.MaxRetries, longestWait: cfg.MaxRetryWait,
	}
}

func newTransport(cfg Config) (*http.Transport, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if len(cfg.CACertificates) > 0 && !roots.AppendCertsFromPEM(cfg.CACertificates) {
		return nil, errors.New("the CA certificates hold no PEM certificate")
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: onProxyConnect,
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
	}, nil
}

func http1Only() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// Protect makes messages hide these secrets, such as those of a state, before a call that they may be about.
func (c *Client) Protect(secrets ...Secret) { c.mask.Add(secrets...) }

// IsCredential reports whether secret is what this client authenticates with.
func (c *Client) IsCredential(secret Secret) bool { return c.credential.is(secret) }
