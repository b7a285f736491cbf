// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// namelessServer starts a server whose certificate has a host name only in its common name, and returns the certificate as PEM.
func namelessServer(t *testing.T) (*httptest.Server, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = quiet
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestACertificateWithoutANameIsReportedAsSuch(t *testing.T) {
	server, certificate := namelessServer(t)
	client, _ := clientOf(t, server.URL, func(cfg *cc.Config) { cfg.CACertificates = certificate })
	_, err := client.Tokens(t.Context(), 0)
	wantKind(t, err, cc.NeverSent)
	wantCause(t, err, cc.CauseNoSubjectAltName)
	wantSays(t, err, "no subjectAltName")
}

func TestAnswersThatAreNotTheAPIsHaveACause(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		kind   cc.Kind
		cause  cc.Cause
	}{
		"maintenance":      {200, "<html><title>Maintenance</title></html>", cc.Lost, cc.CausePage},
		"single sign-on":   {200, "<html><title>Sign in to your account</title></html>", cc.Lost, cc.CauseSignInPage},
		"login form":       {200, `<html><title>Welcome</title><input type="password"></html>`, cc.Lost, cc.CauseSignInPage},
		"firewall":         {403, "<html><title>Blocked</title></html>", cc.Refused, cc.CausePage},
		"waking up":        {503, "<html><title>Waking up</title></html>", cc.Busy, cc.CausePage},
		"wrong path":       {404, "<html><title>Not Found</title></html>", cc.Refused, cc.CausePage},
		"a proxy's 407":    {407, "", cc.Refused, cc.CauseProxyAuthentication},
		"documented 403":   {403, `{"errorCode":5,"errorMessage":"no"}`, cc.Refused, 0},
		"documented, 200":  {200, `{"errorCode":5,"errorMessage":"sign in"}`, cc.Refused, 0},
		"nothing to go by": {502, "", cc.Lost, 0},
	} {
		posts := 0
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			posts++
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		client, _ := clientOf(t, server.URL, noRetries)
		_, err := client.Tokens(t.Context(), 0)
		wantKind(t, err, c.kind)
		if t.Log(name, err); posts != 1 {
			t.Errorf("%s: sent %d times", name, posts)
		}
		wantCause(t, err, c.cause)
	}
}

func TestA407IsNotRepeated(t *testing.T) {
	posts := 0
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		posts++
		w.WriteHeader(http.StatusProxyAuthRequired)
	})
	client, _ := clientOf(t, server.URL)
	_, err := client.Tokens(t.Context(), 0)
	wantSays(t, err, "HTTP 407", "a proxy requires authentication")
	if posts != 1 {
		t.Errorf("sent %d times", posts)
	}
}

func TestAFailedLoginHasItsOwnCause(t *testing.T) {
	for name, c := range map[string]struct {
		fault  simulator.Fault
		kind   cc.Kind
		cause  cc.Cause
		status int
	}{
		"wrong path":  {simulator.NewFault(simulator.NotFoundHTML404), cc.Refused, cc.CausePage, 404},
		"firewall":    {simulator.NewFault(simulator.HTML403), cc.Refused, cc.CausePage, 403},
		"maintenance": {simulator.NewFault(simulator.HTML200), cc.Lost, cc.CausePage, 200},
		"redirect":    {simulator.NewFault(simulator.Redirect), cc.Redirected, 0, 307},
		"proxy":       {simulator.NewFault(simulator.BareStatus).WithStatus(407), cc.Refused, cc.CauseProxyAuthentication, 407},
	} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpLogin, c.fault)
		_, err := b.client().FreshTokens(t.Context(), 0)
		origin := failureOf(t, err, cc.NeverSent).Origin()
		if origin.Operation != cc.OpLogin || origin.Kind != c.kind || origin.Status != c.status {
			t.Errorf("%s: it goes back to %+v", name, origin)
		}
		if c.kind == cc.Redirected && origin.Target != "https://elsewhere.example" {
			t.Errorf("the redirect points to %q", origin.Target)
		}
		wantCause(t, err, c.cause)
		b.wantAsked("login 1")
	}
}

func TestBadCredentialsAreALoginErrorAlsoAfterA401(t *testing.T) {
	b := newBench(t, simulator.Options{})
	fault := simulator.NewFault(simulator.Status).WithStatus(401)
	fault.Message = "Access denied"
	b.FailNext(simulator.OpLogin, fault)
	_, err := b.client().FreshTokens(t.Context(), 0)
	wantKind(t, err, cc.Unauthorized)
	if err.Error() != `the login of "admin" was refused: Access denied` {
		t.Errorf("the error is %q", err)
	}
}
