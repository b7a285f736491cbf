// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const canary = "canary-7f3"

func TestNoWayOfPrintingShowsASecret(t *testing.T) {
	secret := cc.Secret(canary)
	token := cc.Token{ID: 1, AccessToken: secret, RefreshToken: secret}
	cfg := cc.Config{Authtoken: secret, Password: secret}
	var out []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %[1]v", "%10s", "%-30q"} {
		for _, value := range []any{secret, &secret, []cc.Secret{secret}, map[string]cc.Secret{"k": secret}, token, &token, cfg} {
			out = append(out, fmt.Sprintf(verb, value))
		}
	}
	out = append(out, fmt.Sprint(secret), fmt.Sprintln(token), secret.String(), fmt.Errorf("%w: %s", errors.New("x"), secret).Error())
	for _, value := range []any{secret, token, map[string]any{"k": secret}} {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(data))
	}
	data, err := xml.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, string(data))
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("x", "secret", secret, "token", token, "any", []any{secret})
	}
	out = append(out, log.String())
	hexadecimal := fmt.Sprintf("%x", canary)
	for _, text := range out {
		if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), hexadecimal) {
			t.Errorf("%s shows the secret", text)
		}
	}
	if secret.Reveal() != canary {
		t.Error("Reveal does not show the secret")
	}
}

func TestAKnownSecretIsHiddenWhereverItStands(t *testing.T) {
	m := cc.NewMask()
	m.Add("a-b&c", "QSDK s1/x+y", "Bearer tok")
	m.AddPassword(`pa"ss <1>`)
	for text, want := range map[string]string{
		"before a-b&c after":            "before (hidden) after",
		"xa-b&cx":                       "x(hidden)x",
		"query a-b%26c":                 "query (hidden)",
		"page a-b&amp;c":                "page (hidden)",
		"whole QSDK s1/x+y":             "whole (hidden)",
		"half s1/x+y here":              "half (hidden) here",
		"path s1%2Fx+y":                 "path (hidden)",
		"query s1%2Fx%2By":              "query (hidden)",
		"the tok, the token":            "the (hidden), the (hidden)en",
		`in clear pa"ss <1>`:            "in clear (hidden)",
		`in JSON pa\"ss \u003c1\u003e.`: "in JSON (hidden).",
		"sent " + base64.StdEncoding.EncodeToString([]byte(`pa"ss <1>`)):    "sent (hidden)",
		"sent " + base64.RawStdEncoding.EncodeToString([]byte(`pa"ss <1>`)): "sent (hidden)",
	} {
		if got := m.Hide(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestTheLongestSecretIsHiddenFirst(t *testing.T) {
	const alphabet = "abcdefghijklmnop"
	m := cc.NewMask()
	for end := 3; end <= len(alphabet); end++ {
		m.Add(cc.Secret(alphabet[:end]))
	}
	for end := 3; end <= len(alphabet); end++ {
		if got := m.Hide(alphabet[:end] + " x"); got != "(hidden) x" {
			t.Errorf("%q becomes %q", alphabet[:end], got)
		}
	}
}

func TestASecretAddedLaterIsHiddenToo(t *testing.T) {
	m := cc.NewMask()
	m.Add("first")
	_ = m.Hide("first")
	m.Add("second")
	if got := m.Hide("first second"); got != "(hidden) (hidden)" {
		t.Errorf("got %q", got)
	}
}

func TestWordsOfAPasswordAndTrivialSecretsHideNothingElse(t *testing.T) {
	m := cc.NewMask()
	m.AddPassword("correct is battery")
	m.Add("", "a", "to")
	const text = "a user is not allowed to create a token"
	if got := m.Hide(text); got != text {
		t.Errorf("got %q", got)
	}
}

func TestTextThatLooksLikeACredentialIsHidden(t *testing.T) {
	for _, word := range []string{
		"0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
		strings.Repeat("deadbeef", 4), strings.Repeat("abcdefgh", 4), "3a3a3a3a3a3a3a3a3a3a", "Zm9vYmFyYmF6cXV4MTIzNA==",
		"ab1+/cd2+/ef3+/gh4+/ij5+/kl6", "ab1=/cd2=/ef3=/gh4=/ij5=/kl6", "a/b+" + strings.Repeat("Xy1", 10), "SIMACC" + strings.Repeat("x1", 20),
	} {
		for _, text := range []string{"%s", "Authtoken: %s", `"token":"%s",`, "token=%s;", "(%s)", "/x/%s/y"} {
			if got := cc.NewMask().Hide(fmt.Sprintf(text, word)); strings.Contains(got, word) || !strings.Contains(got, "(hidden)") {
				t.Errorf("%s in %s is shown: %s", word, text, got)
			}
		}
	}
	for text, want := range map[string]string{
		"Authtoken QSDK x1 is bad":           "Authtoken QSDK (hidden) is bad",
		"bearer abc.def":                     "bearer (hidden)",
		"Authorization: Basic  dXNlcjpwYXNz": "Authorization: Basic (hidden)",
		"proxy http://user:pa%ss@proxy:3128": "proxy http://(hidden)@proxy:3128",
		`parse "HTTPS://u:p@h": bad`:         `parse "HTTPS://(hidden)@h": bad`,
	} {
		if got := cc.NewMask().Hide(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestOrdinaryWordsAreSpared(t *testing.T) {
	for _, text := range []string{
		"Token name already present", "There is no access token with the id 1001", "internationalization of misunderstandings",
		"/commandcenter/api/V4/AccessToken/12345", "commandcenter/api/V4/AccessToken/12", "https://cc.example.com:8443/commandcenter/api",
		"m012.metallic.io", "ip-10-0-0-1.eu-central-1.compute.internal", "ci-20261123T142642Z-9f3ac07b", "terraform-20261123T142642Z-00ff4e21",
		"dial tcp 127.0.0.1:41234: connect: connection refused", "lookup cc.example.com on 10.0.0.53:53: no such host",
		"dial tcp [2001:db8::1]:443: i/o timeout", "2026-11-23T14:26:42Z", "error code 4711", "renewableUntilTimestamp", "user@example.com",
		"read tcp 127.0.0.1:51234->127.0.0.1:443: read: connection reset by peer", "x509: certificate signed by unknown authority",
	} {
		if got := cc.NewMask().Hide(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestAServerThatEchoesSecretsShowsNone(t *testing.T) {
	for _, op := range []simulator.Operation{
		simulator.OpLogin, simulator.OpList, simulator.OpCreate, simulator.OpUpdate, simulator.OpRevoke,
	} {
		for _, status := range []int{400, 401, 403, 500, 503, 200} {
			b := newBench(t, simulator.Options{})
			b.FailNext(op, simulator.NewFault(simulator.Echo).WithStatus(status), simulator.NewFault(simulator.Echo).WithStatus(status))
			errs := b.tryEverything(b.client(noRetries))
			if len(errs) == 0 {
				t.Errorf("%s, status %d: nothing failed", op, status)
			}
			b.wantNoSecret(errs...)
		}
	}
}

// tryEverything makes each call once and returns the errors.
func (b *bench) tryEverything(c *cc.Client) []string {
	b.t.Helper()
	var errs []string
	note := func(err error) {
		if err != nil {
			errs = append(errs, fmt.Sprintf("%v | %+v", err, err))
		}
	}
	_, err := c.Issue(b.t.Context(), cc.Spec{Name: "one"})
	note(err)
	other := b.elsewhere(simulator.Token{Name: "other"})
	name := "two"
	_, err = c.Update(b.t.Context(), other.ID, cc.Change{Name: &name})
	note(err)
	note(c.Revoke(b.t.Context(), cc.Target{ID: other.ID}))
	return errs
}

func TestASecretAtTheCutOfAShortenedMessageIsHidden(t *testing.T) {
	b := newBench(t, simulator.Options{Password: "Correct horse battery staple"})
	for length := 260; length <= 300; length++ {
		fault := simulator.NewFault(simulator.Status).WithStatus(403)
		fault.Message = strings.Repeat("x ", length/2) + b.Password()
		b.FailNext(simulator.OpList, fault)
		_, err := b.client(noRetries).FreshTokens(t.Context(), 0)
		if wantKind(t, err, cc.Refused); strings.Contains(err.Error(), "Corr") {
			t.Fatalf("after %d characters: %s", length, err)
		}
	}
}

func TestAServersTextIsOneShortLineWithoutControlCharacters(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for text, want := range map[string]string{
		"two\nlines\tand \x1b[31mred\u202e":     "two lines and [31mred",
		"<html><title> a\r\n b </title></html>": `an HTML page titled " a b "`,
		strings.Repeat("ä ", 100_000):           strings.Repeat("ä ", 150) + "…",
		strings.Repeat("x", 100_000):            "",
	} {
		fault := simulator.NewFault(simulator.Status).WithStatus(403)
		fault.Message = text
		if strings.HasPrefix(text, "<") {
			fault = simulator.NewFault(simulator.HTML403).WithBody(text)
		}
		b.FailNext(simulator.OpList, fault)
		_, err := b.client(noRetries).FreshTokens(t.Context(), 0)
		if got := failureOf(t, err, cc.Refused).Message; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheProvidersOwnCredentialIsRecognised(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(authtoken("Bearer abc"))
	for secret, want := range map[cc.Secret]bool{
		"Bearer abc": true, "abc": true, "bearer  abc": true, " abc ": true, "ab": false, "": false, "Bearer": false, "QSDK abc": false,
	} {
		if got := c.IsCredential(secret); got != want {
			t.Errorf("%q: %t, want %t", secret.Reveal(), got, want)
		}
	}
	if b.client().IsCredential(cc.Secret(b.Password())) {
		t.Error("a client that logs in has a token for credential")
	}
	if got := c.Mask().Hide("sent abc"); got != "sent (hidden)" {
		t.Errorf("the client's mask makes it %q", got)
	}
}

func TestTheClientsMaskHidesEverySecretThatTheClientSees(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{UpdateSecrets: simulator.UpdateRepeatsNew}})
	c := b.client()
	made := b.issue(c, cc.Spec{Name: "one"})
	name := "two"
	answered, err := c.Update(t.Context(), made.ID, cc.Change{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	session := b.last(simulator.OpUpdate).Header.Get("Authtoken")
	for _, secret := range []string{
		made.AccessToken.Reveal(), made.RefreshToken.Reveal(), answered.AccessToken.Reveal(), answered.RefreshToken.Reveal(), session, b.Password(),
	} {
		if got := c.Mask().Hide("x" + secret + "x"); got != "x(hidden)x" {
			t.Errorf("%q becomes %q", secret, got)
		}
	}
}

func TestASecretIsHiddenTrimmedAndInAnyLetterCase(t *testing.T) {
	m := cc.NewMask()
	m.Add("  Canary-7f3\n", "Ab-1", "Größe-ÄÖÜ-9")
	m.AddPassword("Straße 12!")
	for text, want := range map[string]string{
		"x canary-7f3 CANARY-7F3 Canary-7f3 y": "x (hidden) (hidden) (hidden) y",
		"x Ab-1 ab-1 y":                        "x (hidden) ab-1 y", // too short: may be an ordinary word
		"x GRÖßE-äöü-9 y":                      "x (hidden) y",
		"x straße 12! y":                       "x (hidden) y",
		"x \xff canary-7f3":                    "x \xff (hidden)",
	} {
		if got := m.Hide(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
