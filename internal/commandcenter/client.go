// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package commandcenter is a client for the access-token API of Commvault Command Center. It knows HTTP and the API, and nothing of
// Terraform.
//
// A citation such as API.md#renew refers to the section that documents a fact about the API. A word in parentheses, such as
// (reference) or (docs), is the source of the fact: see API.md#sources.
package commandcenter

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"sync"
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

// Config configures a Client. Either Authtoken or Username and Password authenticate.
type Config struct {
	// Base is the root of the API, see ParseHost.
	Base *url.URL
	// Authtoken is sent unchanged in the header of that name.
	Authtoken Secret
	// Username and Password log in at the first request.
	Username string
	Password Secret
	// CACertificates are PEM blocks that are trusted in addition to the system's roots.
	CACertificates []byte
	// InsecureSkipVerify disables verification of the server's certificate.
	InsecureSkipVerify bool
	// RequestTimeout limits one attempt, including the body of its answer. It defaults to DefaultRequestTimeout.
	RequestTimeout time.Duration
	// MaxRetries limits how many times a request is repeated after its first attempt.
	MaxRetries int
	// MaxRetryWait is the longest wait that is accepted from a server.
	MaxRetryWait time.Duration
	// UserAgent is sent with every request.
	UserAgent string
	// Clock provides the time and every wait. It defaults to the system clock.
	Clock clock.Clock
	// Log is optional. It is called for every attempt with its operation, path, status, duration and number, and never with a body
	// or header.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Client calls one Command Center with one credential. It is safe for concurrent use.
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
	// basePathProved is set once a login or a token call succeeds: the address is that of the API.
	basePathProved atomic.Bool
}

// New returns a client. It sends nothing; an error is about cfg.
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
	if len(cfg.CACertificates) > 0 && !x509.NewCertPool().AppendCertsFromPEM(cfg.CACertificates) {
		return nil, errors.New("the CA certificates hold no PEM certificate")
	}
	transport := lazyTransport(sync.OnceValue(func() *http.Transport { return newTransport(cfg) }))
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

// lazyTransport creates a transport for the first request. Terraform configures a provider also in processes that send none, such as
// the plan of a create.
type lazyTransport func() *http.Transport

// RoundTrip is http.RoundTripper's.
func (t lazyTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t().RoundTrip(req)
}

// CloseIdleConnections closes them, as http.Client's does.
func (t lazyTransport) CloseIdleConnections() { t().CloseIdleConnections() }

// newTransport also loads the system's certificates, which takes most of its time.
func newTransport(cfg Config) *http.Transport {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM(cfg.CACertificates)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: onProxyConnect,
		// Over HTTP/1.1 Go sends a POST again only if none of its bytes was written. Over HTTP/2 it would also do so after some
		// stream errors, although the server may have processed the request. One dead HTTP/2 connection would also fail all calls.
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
	}
}

func http1Only() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// Protect masks the given secrets, such as those of a state, in all later messages.
func (c *Client) Protect(secrets ...Secret) { c.mask.Add(secrets...) }

// IsCredential reports whether this client authenticates with secret.
func (c *Client) IsCredential(secret Secret) bool { return c.credential.is(secret) }
