// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// documentedRefusal reports whether a fault says, in the documented form, that the request was not taken. After the effect it
// would be a lie, which no client can see through.
func documentedRefusal(f simulator.Fault) bool {
	switch f.Kind {
	case simulator.TooMany, simulator.Unavailable:
		return true
	case simulator.Status:
		return f.Status == 401 || f.Status == 403
	}
	return false
}

// TestRenewerMatrix lets a renewal fail in every way. It proves that the renewer never sends a pair twice: it keeps a pair only
// after a documented refusal, and stops after any other failure, until Terraform issues a new token.
func TestRenewerMatrix(t *testing.T) {
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	outcomes := map[int]int{}
	number := 0
	for _, fault := range simulator.AllFaults() {
		for _, when := range []simulator.When{simulator.Before, simulator.After} {
			fault := fault.At(when)
			number++
			if when == simulator.After && documentedRefusal(fault) || !acctest.Takes(number) && fault.Kind != simulator.Reset {
				continue
			}
			t.Run(fault.String(), func(t *testing.T) {
				r := newRenewer(t, testEnv).quick()
				if fault.Kind == simulator.Hang {
					r.env = append(r.env, "RENEWER_TIMEOUT=1")
				}
				testEnv.ResetJournal()
				testEnv.FailNext(simulator.OpRenew, fault)
				want := renewerLost
				switch {
				case documentedRefusal(fault):
					want = renewerRefused
				case fault.Kind == simulator.Slow:
					want = renewerDone
				}
				r.must(want)
				outcomes[want]++
				if want != renewerLost {
					r.must(renewerDone)
					r.supplied()
					return
				}
				r.must(renewerLost)
				if sent := testEnv.Count(simulator.OpRenew); sent != 1 {
					t.Errorf("the pair was sent %d times", sent)
				}
				if fault.Kind == simulator.Reset {
					r.issue()
					r.must(renewerDone)
					r.supplied()
				}
			})
		}
	}
	if purged := testEnv.Purged(); len(purged) > 0 {
		t.Errorf("a pair was sent twice: the server purged %v", purged)
	}
	acctest.Proves(t, "%d failures of a renewal by the renewer: %d keep the pair, after %d it stops: 0 pairs sent twice",
		outcomes[renewerRefused]+outcomes[renewerLost], outcomes[renewerRefused], outcomes[renewerLost])
}

// TestRenewerUnreachable proves that a renewal that never left costs nothing: the pair is kept, and sent by the next run.
func TestRenewerUnreachable(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	r := newRenewer(t, testEnv)
	for name, env := range map[string]string{
		"a port that is closed":               "COMMVAULT_HOST=127.0.0.1:1",
		"a name that is none":                 "COMMVAULT_HOST=commandcenter.invalid",
		"a server that does not answer TLS":   "COMMVAULT_HOST=" + silent.Addr().String(),
		"a certificate that is not trusted":   "COMMVAULT_CA_CERTIFICATE=",
		"a CA certificate that is not there":  "COMMVAULT_CA_CERTIFICATE=/nowhere.pem",
		"a proxy that does not listen":        "https_proxy=http://127.0.0.1:1",
		"a port that speaks something else":   "COMMVAULT_HOST=" + plainAddress(t),
		"a host that cannot be part of a URL": "COMMVAULT_HOST=command center",
	} {
		if o := r.run(env, "RENEWER_TIMEOUT=1"); o.code != renewerUnsent {
			t.Errorf("%s: it exits with %d: %s", name, o.code, o.said)
		}
	}
	if sent := testEnv.Count(simulator.OpRenew); sent > 0 {
		t.Errorf("%d renewals were sent", sent)
	}
	r.must(renewerDone)
	r.supplied()
}

// plainAddress is that of a server without TLS.
func plainAddress(t *testing.T) string {
	t.Helper()
	testEnv := acctest.NewOverHTTP(t, simulator.Options{})
	address, _, _ := strings.Cut(strings.TrimPrefix(testEnv.URL(), "http://"), "/")
	return address
}

// TestRenewerTooLate proves that the renewer says when a pair can no longer be renewed, and asks only once.
func TestRenewerTooLate(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	r := newRenewer(t, acctest.New(t, simulator.Options{}))
	r.testEnv.Clock.Advance(15 * acctest.Day)
	r.must(renewerTooLate)
	r.must(renewerTooLate)
	if sent := r.testEnv.Count(simulator.OpRenew); sent != 1 {
		t.Errorf("the pair was sent %d times", sent)
	}
	r.issue()
	r.must(renewerDone)
	r.supplied()
}

// TestRenewerSalvages proves that an answer that is no valid JSON, or ends early, is used if it holds both secrets; and that a
// page that repeats the request is not taken for one.
func TestRenewerSalvages(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	testEnv := acctest.New(t, simulator.Options{})
	r := newRenewer(t, testEnv)
	const body = `{"accessTokenId":7,"accessToken":"new-access-1","refreshToken":"new-refresh-1","tokenExpiryTimestamp":}`
	for name, test := range map[string]struct {
		answer string
		code   int
	}{
		"an end that is no number":      {body, renewerDone},
		"an end that is missing":        {body[:len(body)-20], renewerDone},
		"a byte order mark":             {"\ufeff" + body, renewerDone},
		"half of a refresh token":       {body[:len(body)-27], renewerLost},
		"an object without secrets":     {`{"errorCode":0}`, renewerLost},
		"a page that repeats a request": {"<p>request</p>", renewerLost},
	} {
		r.issue()
		request := fmt.Sprintf(`{"accessToken":%q,"refreshToken":%q}`, r.token.AccessToken, r.token.RefreshToken)
		answer := strings.ReplaceAll(test.answer, "request", request)
		testEnv.FailNext(simulator.OpRenew, simulator.NewFault(simulator.HTML200).WithBody(answer))
		if o := r.run(); o.code != test.code {
			t.Errorf("%s: it exits with %d: %s", name, o.code, o.said)
		}
		if renewed := r.delivered() == "new-access-1"; renewed != (test.code == renewerDone) {
			t.Errorf("%s: the service has %q", name, r.delivered())
		}
	}
}

// TestRenewerFullDisk proves that a full disk is found before the pair is sent, and that a disk that fills up afterwards loses
// nothing: the next run stores the answer, and sends nothing.
func TestRenewerFullDisk(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	r := newRenewer(t, acctest.New(t, simulator.Options{}))
	r.must(renewerDone)
	r.testEnv.Clock.Advance(20 * time.Minute)
	sent := func(want int) {
		t.Helper()
		if got := r.testEnv.Count(simulator.OpRenew); got != want {
			t.Errorf("%d renewals were sent, want %d", got, want)
		}
	}
	full := func(name string, code int, env ...string) {
		t.Helper()
		link := filepath.Join(r.dir, name+".new")
		if err := errors.Join(ignoreMissing(os.Remove(link)), os.Symlink("/dev/full", link)); err != nil {
			t.Fatal(err)
		}
		r.must(code, env...)
		if err := ignoreMissing(os.Remove(link)); err != nil {
			t.Fatal(err)
		}
	}
	output, err := os.CreateTemp(r.aside, "limited")
	if err != nil {
		t.Fatal(err)
	}
	limited := r.command(output, nil)
	limited.Args = append([]string{"sh", "-c", `ulimit -f 2; exec sh "$@"`, "sh"}, limited.Args[1:]...)
	if err := limited.Run(); limited.ProcessState.ExitCode() != renewerUnsent {
		said, _ := os.ReadFile(output.Name())
		t.Errorf("without space for the answer it ends with %v: %s", err, said)
	}
	sent(1)
	full("sent", renewerUnsent)
	sent(1)
	full("pair.json", renewerLater)
	sent(2)
	full("access_token", renewerLater)
	sent(2)
	r.must(renewerDone)
	sent(2)
	r.supplied()
	r.unpurged()
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// TestRenewerTwoAtOnce proves that of renewers that start together one renews, and that each pair is sent once also where both
// are told to renew.
func TestRenewerTwoAtOnce(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	r := newRenewer(t, acctest.New(t, simulator.Options{Lifetimes: simulator.Lifetimes{Renewable: acctest.Day}}))
	const rounds = 3
	for round := range rounds {
		waits := []func() outcome{r.start(nil), r.start(nil), r.start(nil)}
		for _, wait := range waits {
			if o := wait(); o.code != renewerDone {
				t.Errorf("it exits with %d: %s", o.code, o.said)
			}
		}
		if sent := r.testEnv.Count(simulator.OpRenew); sent != round+1 {
			t.Errorf("%d renewals were sent in %d rounds", sent, round+1)
		}
		r.supplied()
		r.testEnv.Clock.Advance(20 * time.Minute)
	}
	waits := []func() outcome{r.start(nil, "--force"), r.start(nil, "--force"), r.start(nil, "--force")}
	for _, wait := range waits {
		if o := wait(); o.code != renewerDone {
			t.Errorf("it exits with %d: %s", o.code, o.said)
		}
	}
	r.supplied()
	r.unpurged()
	acctest.Proves(t, "%d renewers, three at a time: %d pairs, each sent once", 3*rounds+3, r.testEnv.Count(simulator.OpRenew))
}

// TestRenewerSetup proves that the renewer names what it lacks before it sends anything, and that an issued pair that is older, or
// cannot be read, leaves the pair alone.
func TestRenewerSetup(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	r := newRenewer(t, acctest.New(t, simulator.Options{}))
	tools := t.TempDir()
	for _, tool := range renewerTools {
		if tool != "jq" && tool != "flock" {
			if err := os.Symlink("/bin/true", filepath.Join(tools, tool)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for want, env := range map[string][]string{
		"missing: flock jq":     {"PATH=" + tools},
		"COMMVAULT_HOST is not": {"COMMVAULT_HOST="},
		"begin with https://":   {"COMMVAULT_HOST=http://127.0.0.1"},
		"whole numbers":         {"RENEWER_TIMEOUT=1m"},
		"no store named attic":  {"RENEWER_STORE=attic"},
		"not a directory":       {"RENEWER_DIR=/nowhere"},
	} {
		if o := r.must(renewerSetup, env...); !strings.Contains(o.said, want) {
			t.Errorf("it says %q, want %q", o.said, want)
		}
	}
	write(t, r.aside, "issued.json", `{"access_token":"a"`)
	r.must(renewerNoPair)
	r.hand(r.token.AccessToken, r.token.RefreshToken, r.version)
	r.must(renewerDone)
	for _, pair := range []string{`{`, `[]`, `{"access_token":"a","refresh_token":"b"}`, `{"access_token":"a","refresh_token":"b","secret_version":1}`} {
		write(t, r.aside, "issued.json", pair)
		r.must(renewerDone)
		r.supplied()
	}
	if sent := r.testEnv.Count(simulator.OpRenew); sent != 1 {
		t.Errorf("%d renewals were sent", sent)
	}
}

// TestRenewerSignals proves that a service manager that ends the renewer in the middle of a renewal loses nothing.
func TestRenewerSignals(t *testing.T) {
	skipUnlessComplete(t)
	t.Parallel()
	for name, test := range map[string]struct {
		signal syscall.Signal
		alone  bool // only the shell meets it, not curl
		codes  []int
	}{
		"a signal to all":          {syscall.SIGTERM, false, []int{renewerDone, renewerDone}},
		"a kill of the shell":      {syscall.SIGKILL, true, []int{renewerKilled, renewerDone}},
		"a kill of shell and curl": {syscall.SIGKILL, false, []int{renewerKilled, renewerLost, renewerLost}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRenewer(t, acctest.New(t, simulator.Options{}))
			output, err := os.CreateTemp(r.aside, "output")
			if err != nil {
				t.Fatal(err)
			}
			command := r.command(output, nil)
			r.testEnv.OnRequest(simulator.OpRenew, func(*http.Request) {
				pid := command.Process.Pid
				if !test.alone {
					pid = -pid
				}
				if err := syscall.Kill(pid, test.signal); err != nil {
					t.Error(err)
				}
			})
			r.testEnv.FailNext(simulator.OpRenew, simulator.NewFault(simulator.Slow).At(simulator.After))
			_ = command.Run() // its code is looked at
			codes, said := []int{command.ProcessState.ExitCode()}, ""
			for range test.codes[1:] {
				o := r.run()
				codes, said = append(codes, o.code), o.said
			}
			if !slices.Equal(codes, test.codes) {
				t.Errorf("the runs exit with %v, want %v: %s", codes, test.codes, said)
			}
			if sent := r.testEnv.Count(simulator.OpRenew); sent != 1 {
				t.Errorf("the pair was sent %d times", sent)
			}
			if test.codes[1] == renewerDone {
				r.supplied()
			}
		})
	}
}
