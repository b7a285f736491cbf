// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// Cause is the known reason why a call was stopped on its way. It is 0 for an answer of the API itself.
type Cause int

const (
	// CauseUnknownAuthority means that no trusted authority signed the server's certificate.
	CauseUnknownAuthority Cause = iota + 1
	// CauseHostName means that the server's certificate is for another host name.
	CauseHostName
	// CauseNoSubjectAltName means that the server's certificate has a host name only in its common name, which is ignored.
	CauseNoSubjectAltName
	// CauseCertificate means that the server's certificate is invalid for another reason, such as its dates.
	CauseCertificate
	// CauseNotTLS means that the port does not speak TLS.
	CauseNotTLS
	// CauseTimeout means that no complete answer came within Config.RequestTimeout.
	CauseTimeout
	// CauseInterrupted means that the run was interrupted before the answer came.
	CauseInterrupted
	// CauseConnectionRefused means that nothing listens on the port.
	CauseConnectionRefused
	// CauseUnknownHost means that the host name cannot be resolved.
	CauseUnknownHost
	// CauseUnreachable means that there is no route to the host.
	CauseUnreachable
	// CauseCutOff means that the connection was closed before the answer was complete.
	CauseCutOff
	// CauseProxyAuthentication means that a proxy requires authentication (407). Error.Proxy names it.
	CauseProxyAuthentication
	// CauseProxyRefused means that a proxy refused the connection. Error.Proxy names it.
	CauseProxyRefused
	// CauseProxyUnreachable means that the proxy itself cannot be reached.
	CauseProxyUnreachable
	// CauseCredentialForm means that the credential contains characters that a header cannot hold.
	CauseCredentialForm
	// CausePage means that the answer is an HTML page.
	CausePage
	// CauseSignInPage means that the answer is an HTML login page, such as one of single sign-on.
	CauseSignInPage
	// CauseWaitTooLong means that the server asked for a wait longer than Config.MaxRetryWait.
	CauseWaitTooLong
)

// permanent reports whether a retry would fail for the same cause.
func (c Cause) permanent() bool {
	switch c {
	case CauseUnknownAuthority, CauseHostName, CauseNoSubjectAltName, CauseCertificate, CauseNotTLS,
		CauseProxyAuthentication, CauseCredentialForm, CauseWaitTooLong:
		return true
	case CauseTimeout, CauseInterrupted, CauseConnectionRefused, CauseUnknownHost, CauseUnreachable, CauseCutOff,
		CauseProxyRefused, CauseProxyUnreachable, CausePage, CauseSignInPage:
	}
	return false
}

var errCredentialForm = errors.New("the credential contains a line break or another control character, which is not allowed " +
	"in a header")

// proxyError is the answer of a proxy that did not open a connection.
type proxyError struct {
	host   string // without user info
	status int
}

func (e *proxyError) Error() string {
	text := "the proxy " + e.host + " refused the connection: " + httpStatus(e.status)
	if e.status == http.StatusProxyAuthRequired {
		text = "the proxy " + e.host + " requires authentication: " + httpStatus(e.status)
	}
	return text
}

// onProxyConnect converts the refusal of a proxy to a typed error.
func onProxyConnect(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{host: proxy.Host, status: answer.StatusCode}
}

// explain returns the cause of a network error, and its text without the URL that net/http may prepend.
func explain(err error) (Cause, string) {
	var (
		authority   x509.UnknownAuthorityError
		name        x509.HostnameError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		proxy       *proxyError
		dns         *net.DNSError
		op          *net.OpError
	)
	switch {
	case errors.Is(err, errCredentialForm):
		return CauseCredentialForm, err.Error()
	case errors.As(err, &authority):
		return CauseUnknownAuthority, "its certificate is signed by an unknown authority"
	case errors.As(err, &name) && name.Certificate != nil && hasNoName(name.Certificate):
		return CauseNoSubjectAltName, "its certificate has no subjectAltName (SAN), so it is not valid for any host name"
	case errors.As(err, &name):
		return CauseHostName, "its certificate is for another host name: " + name.Error()
	case errors.As(err, &certificate):
		return CauseCertificate, "its certificate is not valid: " + certificate.Err.Error()
	case errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch):
		return CauseNotTLS, "it does not speak TLS on this port"
	case errors.As(err, &proxy):
		if proxy.status == http.StatusProxyAuthRequired {
			return CauseProxyAuthentication, proxy.Error()
		}
		return CauseProxyRefused, proxy.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return CauseTimeout, "no answer arrived within the timeout for one request"
	case errors.Is(err, context.Canceled):
		return CauseInterrupted, "the run was interrupted before the answer arrived"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return CauseCutOff, "the answer was truncated"
	case errors.Is(err, io.EOF):
		return CauseCutOff, "the connection was closed without an answer"
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return CauseProxyUnreachable, "the proxy cannot be reached: " + err.Error()
	case errors.As(err, &dns):
		return CauseUnknownHost, err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return CauseConnectionRefused, err.Error()
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return CauseUnreachable, err.Error()
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return CauseCutOff, err.Error()
	default:
		return 0, err.Error()
	}
}

// hasNoName reports whether the certificate has no subjectAltName.
func hasNoName(certificate *x509.Certificate) bool {
	return len(certificate.DNSNames) == 0 && len(certificate.IPAddresses) == 0 && len(certificate.URIs) == 0 &&
		len(certificate.EmailAddresses) == 0
}

// networkError has a masked text and keeps its cause for errors.As.
type networkError struct {
	text  string
	cause error
}

func (e *networkError) Error() string { return e.text }
func (e *networkError) Unwrap() error { return e.cause }
