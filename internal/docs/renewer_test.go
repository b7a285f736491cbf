// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const renewerDir = examples + "/renewer"

// The exit codes of the renewer, as in its README.
const (
	renewerDone    = 0
	renewerSetup   = 1
	renewerUnsent  = 10
	renewerRefused = 11
	renewerNoPair  = 12
	renewerLater   = 13
	renewerLost    = 20
	renewerTooLate = 21
	renewerKilled  = -1
)

// renewerTools are the programs that the script calls.
var renewerTools = strings.Fields("cat curl date flock head jq mv rm sha256sum sleep sync tr")

// renewer is the script of the example in its own directory, with the clock of the Env.
type renewer struct {
	t       *testing.T
	testEnv *acctest.Env
	// dir is the state directory, and aside holds what is not the renewer's: the issued pair, the clock, the shims and their log.
	dir, aside string
	env        []string
	token      simulator.Token // whose pair was issued
	version    int64
	// delivered is the access token that the service reads; "" if there is none.
	delivered func() string
}

// newRenewer makes a renewer with the pair of a token that the server has just issued.
func newRenewer(t *testing.T, testEnv *acctest.Env) *renewer {
	t.Helper()
	if _, err := exec.LookPath("flock"); err != nil {
		t.Skip("the renewer needs flock of util-linux")
	}
	r := &renewer{t: t, testEnv: testEnv, dir: t.TempDir(), aside: t.TempDir(), version: 1}
	if err := os.Chmod(r.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.delivered = func() string {
		text, _ := os.ReadFile(filepath.Join(r.dir, "access_token")) // none is ""
		return string(text)
	}
	write(t, r.aside, "ca.pem", testEnv.CACertificate())
	r.shim("date", "sleep")
	r.env = []string{
		"PATH=" + r.shims() + ":" + realTools(t), "SHIM_PATH=" + realTools(t), "SHIM_LOG=" + filepath.Join(r.aside, "log"),
		"SHIM_COUNT=" + filepath.Join(r.aside, "count"), "SHIM_NOW=" + filepath.Join(r.aside, "now"),
		"COMMVAULT_HOST=" + testEnv.URL(), "COMMVAULT_CA_CERTIFICATE=" + filepath.Join(r.aside, "ca.pem"),
		"RENEWER_DIR=" + r.dir, "RENEWER_ISSUED=" + filepath.Join(r.aside, "issued.json"),
	}
	r.issue()
	return r
}

// issue gives a new token to the renewer, as a rotation by Terraform does.
func (r *renewer) issue() {
	r.t.Helper()
	issued.Lock()
	issued.number++
	name := fmt.Sprintf("exporter-%d", issued.number)
	issued.Unlock()
	token, err := r.testEnv.AddToken(simulator.Token{Name: name})
	if err != nil {
		r.t.Fatal(err)
	}
	r.token, r.version = token, r.version+1
	r.hand(token.AccessToken, token.RefreshToken, r.version)
}

func (r *renewer) shims() string { return filepath.Join(r.aside, "shims") }

// shim replaces programs with a shim. Programs that return the time or wait are replaced in every test.
func (r *renewer) shim(tools ...string) *renewer {
	r.t.Helper()
	for _, tool := range tools {
		write(r.t, r.shims(), tool, renewerShim)
		if err := os.Chmod(filepath.Join(r.shims(), tool), 0o700); err != nil {
			r.t.Fatal(err)
		}
	}
	return r
}

// issued numbers the tokens of all renewers, which may share an Env.
var issued struct {
	sync.Mutex
	number int
}

func (r *renewer) hand(access, refresh string, version int64) {
	r.t.Helper()
	pair, err := json.Marshal(map[string]any{"access_token": access, "refresh_token": refresh, "secret_version": version})
	if err != nil {
		r.t.Fatal(err)
	}
	write(r.t, r.aside, "issued.json", string(pair))
}

// command is a run in a process group of its own. Its output goes to a file: what outlives the shell would keep a pipe open.
func (r *renewer) command(output *os.File, env []string, arguments ...string) *exec.Cmd {
	r.t.Helper()
	// In one step: another run may read it.
	write(r.t, r.aside, "now.new", strconv.FormatInt(r.testEnv.Clock.Now().Unix(), 10))
	if err := os.Rename(filepath.Join(r.aside, "now.new"), filepath.Join(r.aside, "now")); err != nil {
		r.t.Fatal(err)
	}
	command := exec.CommandContext(r.t.Context(), "sh", append([]string{filepath.Join(renewerDir, "renew.sh")}, arguments...)...)
	command.Env = append(append([]string{}, r.env...), env...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Stdout, command.Stderr = output, output
	return command
}

// outcome of a run.
type outcome struct {
	code int
	said string
}

// run the renewer once.
func (r *renewer) run(env ...string) outcome {
	r.t.Helper()
	return r.start(env)()
}

// start starts a run and returns a function that waits for its end. No secret may be printed, be in an argument, or be in a file that
// others can read.
func (r *renewer) start(env []string, arguments ...string) (wait func() outcome) {
	r.t.Helper()
	output, err := os.CreateTemp(r.aside, "output")
	if err != nil {
		r.t.Fatal(err)
	}
	command := r.command(output, env, arguments...)
	if err := command.Start(); err != nil {
		r.t.Fatal(err)
	}
	return func() outcome {
		r.t.Helper()
		var failed *exec.ExitError
		if err := command.Wait(); err != nil && !errors.As(err, &failed) {
			r.t.Fatal(err)
		}
		said, err := os.ReadFile(output.Name())
		if err := errors.Join(err, output.Close()); err != nil {
			r.t.Fatal(err)
		}
		r.isDiscreet(string(said))
		return outcome{command.ProcessState.ExitCode(), string(said)}
	}
}

// isDiscreet checks that there are no secrets where others can read them.
func (r *renewer) isDiscreet(said string) {
	r.t.Helper()
	arguments, err := os.ReadFile(filepath.Join(r.aside, "log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.t.Fatal(err)
	}
	for where, text := range map[string]string{"the output": said, "the arguments of a program": string(arguments)} {
		if leaks := r.testEnv.Leaks(text); len(leaks) > 0 {
			r.t.Errorf("%s shows %v: %s", where, leaks, text)
		}
	}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && info.Mode() != 0o600 {
			r.t.Errorf("%s has the mode %s", entry.Name(), info.Mode())
		}
	}
}

// must run the renewer with that exit code.
func (r *renewer) must(code int, env ...string) outcome {
	r.t.Helper()
	o := r.run(env...)
	if o.code != code {
		r.t.Fatalf("it exits with %d, want %d: %s", o.code, code, o.said)
	}
	return o
}

// supplied checks that the service has the current access token of the server.
func (r *renewer) supplied() {
	r.t.Helper()
	if current, ok := r.testEnv.Token(r.token.ID); !ok || current.AccessToken != r.delivered() || !r.testEnv.Works(r.delivered()) {
		r.t.Errorf("the service has no access token that works; the server has one: %t", ok)
	}
}

// unpurged checks that no pair was sent twice.
func (r *renewer) unpurged() {
	r.t.Helper()
	if purged := r.testEnv.Purged(); len(purged) > 0 {
		r.t.Fatalf("a pair was sent twice: the server purged %v", purged)
	}
}

// skipUnlessComplete skips a slow test when matrices are sampled. `make test` runs it.
func skipUnlessComplete(t *testing.T) {
	t.Helper()
	if acctest.Sampled() {
		t.Skip("MATRIX=whole runs it, and make test sets that")
	}
}

// life of a renewer: the script runs every five minutes for d, and a consumer calls once a second with the token that it reads.
// It reads it anew after delivery.
func (r *recipe) renewerLife(name string, d, delivery time.Duration, run func(number int), oldLives bool) {
	t := r.t
	t.Helper()
	token, allowed, renewals := "", 0, 0
	for number := range int(d / r.every) {
		run(number)
		if number == 0 {
			token = r.token()
		} else if token != r.token() {
			renewals++
			if !oldLives {
				allowed += int(delivery / time.Second)
			}
		}
		r.callsFor(token, delivery)
		token = r.token()
		r.callsFor(token, r.every-delivery)
	}
	if purged := r.testEnv.Purged(); len(purged) > 0 {
		t.Errorf("the server purged %v", purged)
	}
	if r.refused != allowed || renewals < 3 {
		t.Errorf("%d of %d calls were refused, want %d; there were %d renewals", r.refused, r.calls, allowed, renewals)
	}
	answer := map[bool]string{true: "lives", false: "dies"}[oldLives]
	acctest.Proves(t, "%d calls of the recipe %s where the old access token %s, with %d renewals: %d refused",
		r.calls, name, answer, renewals, r.refused)
}

// TestAccRenewer runs the example for three hours: Terraform issues the token and rotates it, the renewer runs every five minutes, and
// one of its runs fails. It proves that the service never calls with an expired token.
func TestAccRenewer(t *testing.T) {
	t.Parallel()
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		w := newTimedWorkspace(t, testEnv, renewerDir, nil)
		r := newRenewer(t, testEnv)
		if err := w.steps([]string{"init"}); err != nil {
			t.Fatal(err)
		}
		life := &recipe{workspace: w, every: 5 * time.Minute, token: r.delivered}
		failing, failed := 25, 0
		life.renewerLife("renewer", 3*time.Hour, 0, func(number int) {
			if number%8 == 0 { // a pipeline applies every forty minutes
				if err := w.steps([]string{"apply"}); err != nil {
					t.Fatal(err)
				}
				write(t, r.aside, "issued.json", w.output("issued_pair"))
			}
			if number >= failing && failed == 0 {
				testEnv.FailNext(simulator.OpRenew, simulator.NewFault(simulator.Unavailable))
			}
			if o := r.run(); o.code == renewerRefused && failed == 0 {
				failed++
			} else if o.code != renewerDone {
				t.Fatalf("run %d exits with %d: %s", number, o.code, o.said)
			}
			testEnv.ClearFaults()
		}, oldLives)
		if failed != 1 || testEnv.Count(simulator.OpCreate) < 2 {
			t.Errorf("%d runs failed, and %d tokens were issued", failed, testEnv.Count(simulator.OpCreate))
		}
		if err := w.leaks(); err != nil {
			t.Error(err)
		}
	})
}
