// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

const (
	// acceptedCA ends the message about each refused CA.
	acceptedCA = "the value must be PEM text with at least one certificate (-----BEGIN CERTIFICATE-----), or the path of a PEM file"

	pemBegin         = "-----BEGIN"
	certificateBegin = "-----BEGIN CERTIFICATE-----"

	// largestCAFile is the limit in bytes. It is many times the size of a bundle of all public roots.
	largestCAFile = 4 << 20

	// longestQuote is the number of characters of a path that a message quotes.
	longestQuote = 200

	// longestBareQuote is the same limit for text that could be base64. It is shorter than the secret part of a private key, which
	// could be given without its PEM frame.
	longestBareQuote = 40
)

// certificates reads ca_certificate, which is PEM text or the path of a file that readFile reads. If readFile is nil, paths are
// ignored. It returns only the certificates, as PEM. Its error never quotes PEM.
func certificates(given string, readFile func(name string) ([]byte, error)) ([]byte, error) {
	if strings.Contains(given, pemBegin) {
		found, err := onlyCertificates([]byte(given))
		if err != nil {
			return nil, fmt.Errorf("the PEM text %w; %s", err, acceptedCA)
		}
		return found, nil
	}
	if strings.TrimSpace(given) == "" {
		return nil, fmt.Errorf("%q was given, which is blank; %s", given, acceptedCA)
	}
	if readFile == nil {
		return nil, nil
	}
	text, err := readFile(given)
	if err != nil {
		return nil, fmt.Errorf("%s is neither PEM text nor a readable file (%w); %s", shortened(given), err, acceptedCA)
	}
	found, err := onlyCertificates(text)
	if err != nil {
		return nil, fmt.Errorf("the file %s %w; %s", shortened(given), err, acceptedCA)
	}
	return found, nil
}

// onlyCertificates returns the certificates and drops everything else in the PEM. Its error completes "the file …".
func onlyCertificates(text []byte) ([]byte, error) {
	var found bytes.Buffer
	var count int
	var others []string
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			others = append(others, block.Type)
			continue
		}
		count++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return nil, fmt.Errorf("holds a damaged certificate (number %d)", count)
		}
		if err := pem.Encode(&found, &pem.Block{Type: block.Type, Bytes: block.Bytes}); err != nil {
			return nil, fmt.Errorf("cannot be encoded as PEM: %w", err)
		}
	}
	switch {
	case bytes.Count(text, []byte(certificateBegin)) > count:
		// A chain with a silently dropped part would fail much later, in the first handshake.
		return nil, errors.New("holds a certificate that cannot be read: it is truncated, or its line breaks are lost")
	case count > 0:
		return found.Bytes(), nil
	case len(others) > 0 && strings.HasSuffix(others[0], "PRIVATE KEY"):
		return nil, errors.New("holds a private key, not a certificate; the provider needs no key, so remove it from there")
	case len(others) > 0:
		return nil, fmt.Errorf("holds no certificate, but a block of the type %s", shortened(others[0]))
	case bytes.Contains(text, []byte("PRIVATE KEY")):
		return nil, errors.New("holds a private key that cannot be read, not a certificate")
	}
	return nil, errors.New("holds no certificate")
}

// readFile reads a file of certificates. Its error omits the file name, which may be long.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the user names the file to read
	if err != nil {
		return nil, withoutPath(err)
	}
	defer func() { _ = file.Close() }() // the file was opened for reading
	text, err := io.ReadAll(io.LimitReader(file, largestCAFile+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(text) > largestCAFile {
		return nil, fmt.Errorf("it is larger than %d MiB", largestCAFile>>20)
	}
	return text, nil
}

func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// bareBase64 lacks the characters that distinguish most paths, such as the dot of an extension.
var bareBase64 = regexp.MustCompile(`^[A-Za-z0-9+/=\s]*$`)

// shortened quotes the given text, or its beginning.
func shortened(given string) string {
	longest := longestQuote
	if bareBase64.MatchString(given) {
		longest = longestBareQuote
	}
	characters := []rune(given)
	if len(characters) <= longest {
		return fmt.Sprintf("%q", given)
	}
	return fmt.Sprintf("%q (the first %d of %d characters)", string(characters[:longest]), longest, len(characters))
}
