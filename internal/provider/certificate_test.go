// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// newPair returns the certificate of an authority and its key, both as PEM.
func newPair(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return asPEM("CERTIFICATE", der), asPEM("PRIVATE KEY", pkcs8)
}

func newCertificate(t *testing.T) string {
	t.Helper()
	certificate, _ := newPair(t)
	return certificate
}

func asPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCertificatesAreTakenFromTextAndFromFiles(t *testing.T) {
	one, key := newPair(t)
	two := newCertificate(t)
	for name, c := range map[string]struct{ text, want string }{
		"one":                             {one, one},
		"a chain":                         {one + two, one + two},
		"with comments between":           {"# root\n" + one + "\n# intermediate\n" + two, one + two},
		"indented line ends":              {strings.ReplaceAll(one, "\n", "\r\n"), one},
		"the key beside is not passed on": {key + one, one},
	} {
		t.Run(name, func(t *testing.T) {
			for way, given := range map[string]string{"text": c.text, "file": writeFile(t, c.text)} {
				got, err := certificates(given, readFile)
				if err != nil || string(got) != c.want {
					t.Errorf("as %s: got %q, %v", way, got, err)
				}
			}
		})
	}
}

func TestPEMWithoutAUsableCertificateIsRefused(t *testing.T) {
	one, key := newPair(t)
	for name, c := range map[string]struct{ text, want string }{
		"a private key":             {key, "holds a private key, not a certificate"},
		"half a private key":        {key[:80], "holds a private key that cannot be read"},
		"a request":                 {asPEM("CERTIFICATE REQUEST", []byte("x")), `a block of the type "CERTIFICATE REQUEST"`},
		"cut off":                   {one[:len(one)/2], "truncated"},
		"cut off after a whole one": {one + one[:len(one)/2], "truncated"},
		"line breaks lost":          {strings.ReplaceAll(one, "\n", `\n`), "line breaks are lost"},
		"not a certificate":         {asPEM("CERTIFICATE", []byte("no DER")), "damaged certificate (number 1)"},
		"a damaged second":          {one + asPEM("CERTIFICATE", []byte("no DER")), "damaged certificate (number 2)"},
	} {
		t.Run(name, func(t *testing.T) {
			for way, given := range map[string]string{"the PEM text": c.text, "the file": writeFile(t, c.text)} {
				got, err := certificates(given, readFile)
				if err == nil || got != nil {
					t.Fatalf("%s is accepted: %q", way, got)
				}
				for _, part := range []string{way, c.want, acceptedCA} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("the error lacks %q: %v", part, err)
					}
				}
				if strings.Contains(err.Error(), c.text[30:60]) {
					t.Errorf("the error quotes PEM: %v", err)
				}
			}
		})
	}
}

func TestACAThatIsNeitherPEMNorAReadableFileIsRefused(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "ca.d") // not base64: quoted in full
	if err := os.Mkdir(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	_, key := newPair(t)
	bare := strings.ReplaceAll(strings.Split(key, "-----")[2], "\n", "")
	for name, c := range map[string]struct {
		given string
		parts []string
		not   string
	}{
		"no such file":            {"missing.pem", []string{`"missing.pem"`, "no such file"}, "open missing.pem"},
		"a directory":             {directory, []string{strconv.Quote(directory), "(is a directory)"}, ""},
		"blank":                   {" \n", []string{`" \n"`, "is blank"}, ""},
		"long":                    {strings.Repeat("ab", 500), []string{strings.Repeat("ab", 20) + `" (the first 40 of 1000 characters)`}, strings.Repeat("ab", 21)},
		"a key without its frame": {bare, []string{"is neither PEM text nor a readable file"}, bare[48:60]},
		"a file without PEM":      {writeFile(t, "hello"), []string{"the file", "holds no certificate"}, "hello"},
		"an empty file":           {writeFile(t, ""), []string{"holds no certificate"}, ""},
		"a huge file":             {writeFile(t, strings.Repeat("x", largestCAFile+1)), []string{"larger than 4 MiB"}, "xxx"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := certificates(c.given, readFile)
			if err == nil || got != nil {
				t.Fatalf("%q is accepted", got)
			}
			for _, part := range append(c.parts, acceptedCA) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error lacks %q: %v", part, err)
				}
			}
			if c.not != "" && strings.Contains(err.Error(), c.not) {
				t.Errorf("the error has %q: %v", c.not, err)
			}
		})
	}
}

func TestValidateReadsNoFile(t *testing.T) {
	if diags := check(t.Context(), modelOf(t, block{"ca_certificate": "missing.pem"})); len(diags) > 0 {
		t.Errorf("%v", diags)
	}
	_, diags := resolve(t.Context(), modelOf(t, block{"ca_certificate": "missing.pem"}), enough().get)
	onlyError(t, diags, "ca_certificate", `"missing.pem"`, "no such file")
}
