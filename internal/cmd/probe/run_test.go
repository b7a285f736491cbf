// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// startProbe runs the program with an environment and an input.
func startProbe(env map[string]string, typed string, args ...string) (code int, stdout, stderr string) {
	var out, problems bytes.Buffer
	code = run(context.Background(), append([]string{"-report", ""}, args...), process{
		getenv: func(name string) string { return env[name] }, stdin: strings.NewReader(typed),
		stdout: &out, stderr: &problems, clock: clock.NewFake(start), random: rand.Reader,
	})
	return code, out.String(), problems.String()
}

func TestNothingIsSentWithoutAYes(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	for _, typed := range []string{"", "\n", "no\n", "y\n"} {
		code, out, _ := startProbe(b.env, typed)
		if code != exitFailed || len(b.Journal()) > 0 || !strings.Contains(out, "creates at most 7 access tokens") {
			t.Errorf("%q: exit code %d, %d requests\n%s", typed, code, len(b.Journal()), out)
		}
	}
	if code, out, _ := startProbe(b.env, "yes\n"); code != exitOK || len(b.Journal()) == 0 {
		t.Errorf("after a yes: exit code %d\n%s", code, out)
	}
}

func TestTheEMailIsAnnounced(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	if _, out, _ := startProbe(b.env, "", "-destructive"); !strings.Contains(out, "AN E-MAIL") {
		t.Errorf("it does not warn: %s", out)
	}
	if _, out, _ := startProbe(b.env, ""); strings.Contains(out, "E-MAIL") {
		t.Errorf("it warns of what it does not do: %s", out)
	}
}

// TestAPairIsSentTwiceOnlyIfAsked counts the tokens that the server has purged.
func TestAPairIsSentTwiceOnlyIfAsked(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	o := b.run(t.Context(), t, "-yes", "-destructive")
	if purged := b.Purged(); len(purged) != 1 || slices.ContainsFunc(b.foreign, func(f simulator.Token) bool { return f.ID == purged[0] }) {
		t.Errorf("purged: %v", purged)
	}
	if a := o.answer(t, "renew-old-pair"); !a.Known || !strings.Contains(a.Answer, "with the known text") || len(b.left()) > 0 {
		t.Errorf("the answer is %+v, left %v", a, b.left())
	}
}

// TestReadOnlyWritesNothing expects no writes except login, logout and WhoAmI.
func TestReadOnlyWritesNothing(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	o := b.run(t.Context(), t, "-read-only")
	for _, r := range b.Journal() {
		harmless := []simulator.Operation{simulator.OpLogin, simulator.OpWhoAmI, simulator.OpLogout}
		if r.Method != http.MethodGet && !slices.Contains(harmless, r.Operation) {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
	for name, want := range map[string]bool{"list-array": true, "list-types": true, "clock": true, "renew-access": false} {
		if a := o.answer(t, name); a.Known != want {
			t.Errorf("%s: known is %t", name, a.Known)
		}
	}
	if o.code != exitOK {
		t.Errorf("the exit code is %d", o.code)
	}
}

func TestASessionIsACredentialToo(t *testing.T) {
	b := newBench(t, simulator.Options{}, true)
	session := simulator.SessionPrefix + strings.Repeat("a", 40)
	b.env = map[string]string{"COMMVAULT_HOST": b.URL(), "COMMVAULT_AUTHTOKEN": session}
	if o := b.run(t.Context(), t, "-yes"); o.code != exitFailed || !strings.Contains(o.stdout, "no access token could be created") {
		t.Errorf("a session that is not valid: exit code %d\n%s", o.code, o.stdout)
	}
	session = b.NewSession(b.Username())
	b.env["COMMVAULT_AUTHTOKEN"] = session
	o := b.run(t.Context(), t, "-yes")
	if o.code != exitOK || o.report.Dialect != "default" || len(b.left()) > 0 || strings.Contains(o.stdout+o.text, session) {
		t.Errorf("exit code %d, dialect %s, left %v", o.code, o.report.Dialect, b.left())
	}
	if b.Count(simulator.OpLogout) > 0 {
		t.Error("it ended a session that it did not open")
	}
}

func TestAPrivateAuthorityIsTrusted(t *testing.T) {
	server := simulator.New(simulator.Options{})
	if err := server.Listen("127.0.0.1:0", true); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(server.CACertificate()), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"COMMVAULT_HOST": server.URL(), "COMMVAULT_USERNAME": server.Username(), "COMMVAULT_PASSWORD": server.Password()}
	for name, value := range map[string]string{"": "", "COMMVAULT_CA_CERTIFICATE": file, "COMMVAULT_INSECURE_SKIP_VERIFY": "true"} {
		with := map[string]string{name: value}
		for name, value := range env {
			with[name] = value
		}
		code, out, _ := startProbe(with, "", "-read-only")
		if (code == exitOK) != (name != "") {
			t.Errorf("%s: exit code %d\n%s", name, code, out)
		}
	}
}

func TestWrongCallsAreRefused(t *testing.T) {
	good := map[string]string{"COMMVAULT_HOST": "cc.example", "COMMVAULT_USERNAME": "u", "COMMVAULT_PASSWORD": "p"}
	for name, test := range map[string]struct {
		set  string // NAME=value
		args []string
		want string
	}{
		"no host":       {"COMMVAULT_HOST=", nil, "COMMVAULT_HOST is not set"},
		"a wrong host":  {"COMMVAULT_HOST=ftp://cc.example", nil, "COMMVAULT_HOST: "},
		"no password":   {"COMMVAULT_PASSWORD=", nil, "COMMVAULT_PASSWORD"},
		"two ways":      {"COMMVAULT_AUTHTOKEN=x", nil, "both set"},
		"no authority":  {"COMMVAULT_CA_CERTIFICATE=gone.pem", nil, "COMMVAULT_CA_CERTIFICATE: "},
		"no PEM":        {"COMMVAULT_CA_CERTIFICATE=-----BEGIN", nil, "no certificate"},
		"no bool":       {"COMMVAULT_INSECURE_SKIP_VERIFY=maybe", nil, "true or false"},
		"no duration":   {"COMMVAULT_REQUEST_TIMEOUT=soon", nil, "COMMVAULT_REQUEST_TIMEOUT: "},
		"an argument":   {"X=", []string{"now"}, "unexpected argument"},
		"both extremes": {"X=", []string{"-read-only", "-destructive"}, "are mutually exclusive"},
		"a wrong flag":  {"X=", []string{"-x"}, "not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{}
			for name, value := range good {
				env[name] = value
			}
			variable, value, _ := strings.Cut(test.set, "=")
			env[variable] = value
			if code, out, problems := startProbe(env, "", test.args...); code != exitBadFlags || !strings.Contains(problems, test.want) || out != "" {
				t.Errorf("exit code %d: %s%s", code, out, problems)
			}
		})
	}
	if code, _, help := startProbe(nil, "", "-h"); code != exitOK || !strings.Contains(help, "-read-only") || !strings.Contains(help, "e-mail") {
		t.Errorf("-h: exit code %d: %s", code, help)
	}
}

// TestOpenQuestionsNameTheirLines compares the table of open questions with the lines of the probe.
func TestOpenQuestionsNameTheirLines(t *testing.T) {
	page, err := os.ReadFile("../../../API.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| <a id="(q\d+)">.* \| ([^|]*) \|$`)
	code := regexp.MustCompile("`([a-z-]+)`")
	named := map[string]bool{}
	rows := row.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 40 {
		t.Fatalf("only %d rows", len(rows))
	}
	for _, r := range rows {
		lines := code.FindAllStringSubmatch(r[2], -1)
		if len(lines) == 0 && !strings.HasPrefix(r[2], "none") {
			t.Errorf("%s names no line of the probe, and does not say so", r[1])
		}
		for _, line := range lines {
			if named[line[1]] = true; !slices.ContainsFunc(questions, func(q question) bool { return q.name == line[1] }) {
				t.Errorf("%s: the probe has no line %s", r[1], line[1])
			}
		}
	}
	// These answer no open question, but check a fact of another section.
	elsewhere := []string{"lifetimes", "type-change"}
	for _, q := range questions {
		if !named[q.name] && !slices.Contains(elsewhere, q.name) {
			t.Errorf("no open question names the line %s", q.name)
		}
	}
}
