// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// target is the configuration from the environment variables of the provider.
type target struct {
	base      *url.URL
	authtoken commandcenter.Secret
	username  string
	password  commandcenter.Secret
	tls       *tls.Config
	timeout   time.Duration
	// longestWait limits a wait that the server asks for.
	longestWait time.Duration
}

// readTarget reads the environment. There are no flags for credentials, because other users of the machine could read them.
func readTarget(getenv func(string) string) (target, error) {
	t := target{
		authtoken:   commandcenter.Secret(getenv("COMMVAULT_AUTHTOKEN")),
		username:    getenv("COMMVAULT_USERNAME"),
		password:    commandcenter.Secret(getenv("COMMVAULT_PASSWORD")),
		timeout:     commandcenter.DefaultRequestTimeout,
		longestWait: commandcenter.DefaultMaxRetryWait,
		tls:         &tls.Config{MinVersion: tls.VersionTLS12},
	}
	login := t.username != "" && t.password != ""
	switch {
	case getenv("COMMVAULT_HOST") == "":
		return t, errors.New("COMMVAULT_HOST is not set")
	case t.authtoken != "" && (t.username != "" || t.password != ""):
		return t, errors.New("COMMVAULT_AUTHTOKEN and a login are both set: unset one of them")
	case t.authtoken == "" && !login:
		return t, errors.New("set COMMVAULT_USERNAME and COMMVAULT_PASSWORD, or COMMVAULT_AUTHTOKEN")
	}
	var err error
	if t.base, err = commandcenter.ParseHost(getenv("COMMVAULT_HOST")); err != nil {
		return t, fmt.Errorf("COMMVAULT_HOST: %w", err)
	}
	for name, duration := range map[string]*time.Duration{
		"COMMVAULT_REQUEST_TIMEOUT": &t.timeout, "COMMVAULT_MAX_RETRY_WAIT": &t.longestWait,
	} {
		if text := getenv(name); text != "" {
			if *duration, err = time.ParseDuration(text); err != nil {
				return t, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if text := getenv("COMMVAULT_INSECURE_SKIP_VERIFY"); text != "" {
		if t.tls.InsecureSkipVerify, err = strconv.ParseBool(text); err != nil {
			return t, errors.New("COMMVAULT_INSECURE_SKIP_VERIFY must be true or false")
		}
	}
	if text := getenv("COMMVAULT_CA_CERTIFICATE"); text != "" {
		if t.tls.RootCAs, err = authorities(text); err != nil {
			return t, fmt.Errorf("COMMVAULT_CA_CERTIFICATE: %w", err)
		}
	}
	return t, nil
}

// authorities returns the system's authorities and those of a PEM text or file.
func authorities(given string) (*x509.CertPool, error) {
	text := []byte(given)
	if !strings.Contains(given, "-----BEGIN") {
		var err error
		if text, err = os.ReadFile(given); err != nil { //nolint:gosec // the user names the file to read
			return nil, err
		}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("it contains no certificate")
	}
	return pool, nil
}

// transport returns a transport for HTTP/1.1, as in the provider, or one that also offers HTTP/2.
func (t target) transport(withHTTP2 bool) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(withHTTP2)
	return &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: t.tls.Clone(), Protocols: protocols}
}
