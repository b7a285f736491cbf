// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

// storedPair is an entry of the store, as the example writes it. Sent reports whether the pair may have been sent to Renew.
type storedPair struct {
	AccessToken   string    `json:"access_token"`
	RefreshToken  string    `json:"refresh_token"`
	ExpiresAt     time.Time `json:"expires_at"`
	SecretVersion int64     `json:"secret_version"`
	Sent          bool      `json:"sent,omitempty"`
}

// secretStore is a secret store with one entry. Each write makes a new version of it, and may name the version that it replaces, as
// in Vault's KV v2.
type secretStore struct {
	url string

	mu      sync.Mutex
	pair    storedPair
	version int
	sealed  bool
	// writes counts those of Terraform.
	writes int
}

func newSecretStore(t *testing.T) *secretStore {
	t.Helper()
	s := &secretStore{}
	// Terraform writes here, without the version that it replaces.
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.sealed {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var pair storedPair
		if err := json.NewDecoder(req.Body).Decode(&pair); err != nil || pair.AccessToken == "" || pair.ExpiresAt.IsZero() {
			t.Errorf("Terraform writes %+v: %v", pair, err)
		}
		if pair.SecretVersion <= s.pair.SecretVersion {
			t.Errorf("Terraform writes secret_version %d over %d", pair.SecretVersion, s.pair.SecretVersion)
		}
		s.pair, s.version, s.writes = pair, s.version+1, s.writes+1
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *secretStore) seal()   { s.setSealed(true) }
func (s *secretStore) unseal() { s.setSealed(false) }

func (s *secretStore) setSealed(sealed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = sealed
}

// read returns the entry and its version.
func (s *secretStore) read() (storedPair, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pair, s.version
}

// checkAndSet writes the entry if its version is still this one, and returns the new version.
func (s *secretStore) checkAndSet(pair storedPair, version int) (newVersion int, written bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return 0, false
	}
	s.pair, s.version = pair, s.version+1
	return s.version, true
}

// writeBack is the time between a renewal and its write back.
const writeBack = 2 * time.Second

// storeRenewer is the renewer that the example's page describes. Each step reads the store once.
type storeRenewer struct {
	t       *testing.T
	testEnv *acctest.Env
	store   *secretStore
	client  *http.Client

	// renewed is the new pair until it is written back at the time at, over the version.
	renewed *storedPair
	version int
	at      time.Time

	// renewals counts the pairs sent, and late the write backs that the store refused.
	renewals, late int
	// stopped says that an earlier renewer sent the pair, and that nobody knows what became of it.
	stopped bool
}

func newStoreRenewer(t *testing.T, testEnv *acctest.Env, store *secretStore) *storeRenewer {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(testEnv.CACertificate())) {
		t.Fatal("the server has no certificate")
	}
	return &storeRenewer{t: t, testEnv: testEnv, store: store, client: &http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
	}}
}

// step renews at half of the token's life. It marks the pair as sent before it sends it, and writes the new pair back over that
// version only.
func (r *storeRenewer) step() {
	now := r.testEnv.Clock.Now()
	if r.renewed != nil {
		if now.Before(r.at) {
			return
		}
		if _, written := r.store.checkAndSet(*r.renewed, r.version); !written {
			r.late++ // Terraform has written the next token: the pair belongs to the old one, which nobody needs
		}
		r.renewed = nil
		return
	}
	pair, version := r.store.read()
	r.stopped = pair.Sent
	if pair.Sent || pair.AccessToken == "" || now.Before(pair.ExpiresAt.Add(-recipeLives.Access/2)) {
		return
	}
	marked := pair
	marked.Sent = true
	version, written := r.store.checkAndSet(marked, version)
	if !written {
		return
	}
	renewed := r.renew(pair)
	r.renewals++
	r.renewed, r.version, r.at = &renewed, version, now.Add(writeBack)
}

func (r *storeRenewer) renew(pair storedPair) storedPair {
	t := r.t
	t.Helper()
	body, err := json.Marshal(map[string]string{"accessToken": pair.AccessToken, "refreshToken": pair.RefreshToken})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.testEnv.URL()+"/V4/AccessToken/Renew", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authtoken", pair.AccessToken)
	req.Header.Set("Authorization", "Bearer "+pair.AccessToken)
	resp, err := r.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("renew: %s %v", resp.Status, err)
	}
	var renewed struct {
		AccessToken, RefreshToken string
		TokenExpiryTimestamp      int64
	}
	if err := json.Unmarshal(answer, &renewed); err != nil || renewed.RefreshToken == "" {
		t.Fatalf("renew: no pair in the answer: %v", err)
	}
	return storedPair{renewed.AccessToken, renewed.RefreshToken, time.Unix(renewed.TokenExpiryTimestamp, 0), pair.SecretVersion, false}
}
