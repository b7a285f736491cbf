// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestTheProgramPrintsHowToUseItAndServes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	p := start(t, 4)
	want := "COMMVAULT_HOST COMMVAULT_USERNAME COMMVAULT_PASSWORD COMMVAULT_CA_CERTIFICATE"
	if got := strings.Join(p.names, " "); got != want {
		t.Errorf("lines for %s, want %s", got, want)
	}
	host := p.environment["COMMVAULT_HOST"]
	if !strings.HasPrefix(host, "https://127.0.0.1:") || !strings.HasSuffix(host, "/commandcenter/api") {
		t.Errorf("host %q", host)
	}
	session := p.logIn(t)
	created := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"})
	info, _ := created["tokenInfo"].(map[string]any)
	if info["tokenName"] != "x" {
		t.Errorf("create answers %v", created)
	}
	file := p.environment["COMMVAULT_CA_CERTIFICATE"]
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if _, err := os.Stat(filepath.Dir(file)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary directory is still there: %v", err)
	}
	logged := p.stderr.String()
	if want := "POST /commandcenter/api/Login 200\nPOST /commandcenter/api/V4/AccessToken 200\n"; logged != want {
		t.Errorf("stderr %q, want %q", logged, want)
	}
	if _, err := p.client.Get(host); err == nil {
		t.Error("it still serves")
	}
}

// TestTheProgramPrintsItsAccounts verifies that each line is correct: the password logs in, and the id is valid as an owner.
func TestTheProgramPrintsItsAccounts(t *testing.T) {
	p := start(t, 3, "-http")
	session := p.logIn(t)
	for i, comment := range p.comments[1:] {
		fields := strings.Fields(comment) // # 11 admin password …
		if len(fields) < 5 {
			t.Fatalf("line %q", comment)
		}
		id, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		created := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x", "userId": id})
		if info, _ := created["tokenInfo"].(map[string]any); info["userId"] != float64(id) {
			t.Errorf("line %d: create answers %v", i, created)
		}
		if fields[3] != "password" {
			if !strings.Contains(comment, "cannot log in") {
				t.Errorf("line %q has no password", comment)
			}
			continue
		}
		answer := p.post(t, "/Login", "", map[string]any{
			"mode": 4, "clientType": 30, "deviceId": "d", "username": fields[2],
			"password": base64.StdEncoding.EncodeToString([]byte(strings.TrimSuffix(fields[4], ","))),
		})
		if answer["token"] == nil {
			t.Errorf("line %q does not log in: %v", comment, answer)
		}
	}
}

func TestPlainHTTPPrintsNoCA(t *testing.T) {
	p := start(t, 3, "-http", "-base-path", "/webconsole/api", "-username", "root", "-password", "pw")
	if _, there := p.environment["COMMVAULT_CA_CERTIFICATE"]; there {
		t.Error("a CA for plain http")
	}
	if host := p.environment["COMMVAULT_HOST"]; !strings.HasPrefix(host, "http://127.0.0.1:") ||
		!strings.HasSuffix(host, "/webconsole/api") {
		t.Errorf("host %q", host)
	}
	if p.environment["COMMVAULT_USERNAME"] != "root" || p.environment["COMMVAULT_PASSWORD"] != "pw" {
		t.Errorf("environment %v", p.environment)
	}
	p.logIn(t)
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestDialectAndLifetimesReachTheServer(t *testing.T) {
	p := start(t, 4, "-dialect", "update-repeats-same,refuse-flat-200", "-access-lifetime", "90s", "-refresh-window", "5s")
	session := p.logIn(t)
	info, _ := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"})["tokenInfo"].(map[string]any)
	expiry, _ := info["tokenExpiryTimestamp"].(float64)
	refreshExpiry, _ := info["refreshTokenExpiryTimestamp"].(float64)
	if expiry == 0 || refreshExpiry-expiry != 5 {
		t.Errorf("token %v, want a refresh window of 5 s", info)
	}
	if again := p.post(t, "/V4/AccessToken", session, map[string]any{"tokenName": "x"}); again["errorMessage"] == nil {
		t.Errorf("refused by %v, want a flat error", again)
	}
}

// TestTheDirectoryHasWhatOthersNeed covers the files through which a container is used: a mounted directory with a current
// commvault.env, which contains the container's host name, and a certificate for that name.
func TestTheDirectoryHasWhatOthersNeed(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "made")
	args := []string{"-directory", directory, "-address", "0.0.0.0:0", "-name", "sim_1, ::1"}
	p := start(t, 4, args...)
	if host := p.environment["COMMVAULT_HOST"]; !strings.HasPrefix(host, "https://sim_1:") {
		t.Errorf("host %q", host)
	}
	ca := filepath.Join(directory, "ca.pem")
	if p.environment["COMMVAULT_CA_CERTIFICATE"] != ca {
		t.Errorf("the CA is in %s", p.environment["COMMVAULT_CA_CERTIFICATE"])
	}
	exports, err := os.ReadFile(filepath.Join(directory, "commvault.env"))
	if err != nil || !strings.HasPrefix(string(exports), "export COMMVAULT_HOST="+p.environment["COMMVAULT_HOST"]+"\n") ||
		!strings.HasSuffix(string(exports), p.comments[len(p.comments)-1]+"\n") {
		t.Errorf("commvault.env is %q (%v)", exports, err)
	}
	p.environment["COMMVAULT_HOST"] = strings.Replace(p.environment["COMMVAULT_HOST"], "sim_1", "127.0.0.1", 1)
	p.client.Transport.(*http.Transport).TLSClientConfig.ServerName = "sim_1" //nolint:forcetypeassert // start has made it
	p.logIn(t)
	if code := p.stop(); code != exitOK {
		t.Errorf("exit code %d, want 0", code)
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v (%v)", left, err)
	}

	for name, text := range map[string]string{"commvault.env": "old", "ca.pem": "old"} { // of a killed simulator
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openDirectory(directory); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("a start leaves %v of the run before it (%v)", left, err)
	}
	if err := os.WriteFile(ca, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // otherwise it would serve
	if code := run(ctx, args, io.Discard, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "use an empty directory") {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if content, err := os.ReadFile(ca); err != nil || string(content) != "somebody's" {
		t.Errorf("somebody's ca.pem is %q (%v)", content, err)
	}
}

func TestQuoting(t *testing.T) {
	for value, want := range map[string]string{
		"":                         "''",
		"https://[::1]:1/a":        "'https://[::1]:1/a'",
		"https://127.0.0.1:1/a-b":  "https://127.0.0.1:1/a-b",
		"Sim-Adm1n-Passw0rd.7":     "Sim-Adm1n-Passw0rd.7",
		`CORP\alice`:               `'CORP\alice'`,
		"it's $HOME; `x` \"y\" \n": "'it'\\''s $HOME; `x` \"y\" \n'",
		"wörd":                     "'wörd'",
		"~/a":                      "'~/a'",
	} {
		if got := quoted(value); got != want {
			t.Errorf("%q is quoted %s, want %s", value, got, want)
		}
	}
}

func TestARequestWithoutAnAnswerIsLoggedAsSuch(t *testing.T) {
	var out bytes.Buffer
	l := requestLog{out: &out}
	l.log("GET", "/a", 0)
	l.log("PUT", "/b", 404)
	if want := "GET /a no answer\nPUT /b 404\n"; out.String() != want {
		t.Errorf("logged %q, want %q", out.String(), want)
	}
}
