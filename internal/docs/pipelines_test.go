// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// pipeline is an example of a directory below examples/pipelines, as its CI runs it.
type pipeline struct {
	name string
	// steps are those of a job that works in so many parts. The file has two parts; a longer job repeats the second one.
	steps func(j *job, parts int) []step
	// masks begins a line by which a script hides the rest of it in the log; "" if the CI has nothing of the kind.
	masks string
	// trusting is whether the steps that work have the password, too.
	trusting bool
}

// step is what a CI runs in a shell of its own.
type step struct {
	// shell runs the file of the script.
	shell  []string
	script string
	env    map[string]string
	// anyway makes the step run after a failure, too.
	anyway bool
	// unheard makes the CI ignore a failure of the step.
	unheard bool
}

// job is a run of a pipeline in a checkout of its own.
type job struct {
	t *testing.T
	*office
	pipeline
	number string
	// takes is how long the parts of the work take, one after the other, again and again.
	takes []time.Duration
	// meets is what happens when the work begins for the nth time; an error fails that work.
	meets func(n int) error

	// checkout is the directory of the example with the lock file that the user has committed. temp is the CI's directory for
	// temporary files, and scripts are where the CI keeps the scripts themselves.
	checkout, temp, scripts string
	cli                     *acctest.CLI
	said                    strings.Builder
	masked                  []string
	parts                   int // begun so far
}

// newJob makes a checkout. With a clock, the provider runs on it in this process; otherwise the scripts start the built one.
func (o *office) newJob(t *testing.T, p pipeline, takes ...time.Duration) *job {
	t.Helper()
	j := &job{
		t: t, office: o, pipeline: p, takes: takes, number: fmt.Sprint(len(o.jobs) + 1), meets: func(int) error { return nil },
		checkout: t.TempDir(), temp: t.TempDir(), scripts: t.TempDir(), cli: acctest.NewCLI(t, ""),
	}
	o.jobs[j.number] = j
	if err := os.CopyFS(j.checkout, os.DirFS(filepath.Join(examples, "pipelines", p.name))); err != nil {
		t.Fatal(err)
	}
	j.cli.Setenv("TF_CLI_CONFIG_FILE", mirror(t, nil))
	j.cli.Must("-chdir="+j.checkout, "init", "-backend=false", "-no-color")
	if err := os.RemoveAll(filepath.Join(j.checkout, ".terraform")); err != nil {
		t.Fatal(err)
	}
	if o.testEnv.Clock != nil {
		j.cli.AttachTo(o.testEnv)
	}
	// The programs by the names that the scripts call them.
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for name, program := range map[string]string{"terraform": cli, "curl": self} {
		if err := os.Symlink(program, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{
		"PATH": bin + ":" + os.Getenv("PATH"), "HOME": j.temp, "TMPDIR": j.temp, "COMMVAULT_CA_CERTIFICATE": o.testEnv.CACertificate(),
		officeVariable: o.server.URL + "/" + j.number,
	} {
		j.cli.Setenv(name, value)
	}
	return j
}

// live runs the steps as a CI does: after a failure, only those that run anyway. It reports the failures that the CI would.
func (j *job) live(parts int) error {
	var failed error
	for i, s := range j.steps(j, parts) {
		if failed != nil && !s.anyway {
			continue
		}
		if err := j.run(fmt.Sprintf("step-%d", i), s); err != nil && !s.unheard {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// run runs a script with nothing but what the CI gives it.
func (j *job) run(name string, s step) error {
	// A provider in this process takes its arguments from the environment of the CLI.
	for _, variable := range []string{"COMMVAULT_HOST", "COMMVAULT_USERNAME", "COMMVAULT_PASSWORD"} {
		j.cli.Setenv(variable, s.env[variable])
	}
	file := filepath.Join(j.scripts, name)
	if err := os.WriteFile(file, []byte(s.script), 0o600); err != nil {
		return err
	}
	command := exec.CommandContext(j.t.Context(), s.shell[0], append(slices.Clone(s.shell[1:]), file)...)
	command.Dir = j.checkout
	command.Env = j.cli.Environ()
	for name, value := range s.env {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	for line := range strings.Lines(string(output)) {
		secret, hides := strings.CutPrefix(strings.TrimSpace(line), j.masks)
		if hides && j.masks != "" {
			j.masked = append(j.masked, secret)
			continue
		}
		j.said.WriteString(line)
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, &j.said)
	}
	return nil
}

// secretFiles are the files of the job that hold a secret.
func (j *job) secretFiles() (files []string) {
	for _, dir := range []string{j.checkout, j.temp, j.scripts} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil //nolint:nilerr // a file that has gone meanwhile
			}
			data, err := os.ReadFile(path)
			if err == nil && len(j.testEnv.Leaks(string(data))) > 0 {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			j.t.Error(err)
		}
	}
	return files
}

// ended checks that a job has printed no secret and has left none behind.
func (j *job) ended() {
	t := j.t
	t.Helper()
	if leaks := j.testEnv.Leaks(j.said.String()); len(leaks) > 0 {
		t.Errorf("the job printed %v", leaks)
	}
	if files := j.secretFiles(); len(files) > 0 {
		t.Errorf("the job left the secrets in %v", files)
	}
	for _, left := range j.testEnv.Tokens() {
		t.Errorf("the server holds %s", left.Name)
	}
}

// runsOnce runs a job as it is written, with the built provider.
func (p pipeline) runsOnce(t *testing.T) {
	t.Helper()
	o := newOffice(t, acctest.NewOnSystemClock(t, simulator.Options{}))
	j := o.newJob(t, p, 0)
	if err := o.open(func() error { return j.live(2) }); err != nil {
		t.Fatal(err)
	}
	if got := o.testEnv.Count(simulator.OpCreate); got != 1 || o.calls != 2 || o.refused > 0 {
		t.Errorf("%d tokens were created, and %d of %d calls were refused, want 1 token and 0 of 2 calls", got, o.refused, o.calls)
	}
	j.ended()
}

// worksForHours runs two jobs at once, whose renewals fall on different minutes. The first one asks for a renewal when one second
// too much of the half-life is left; the second one renews, and would be late if it did not.
func (p pipeline) worksForHours(t *testing.T) {
	t.Helper()
	eachAnswerToRenewals(t, func(t *testing.T, testEnv *acctest.Env, oldLives bool) {
		o := newOffice(t, testEnv)
		one, other := o.newJob(t, p, 15*time.Minute-time.Second, 15*time.Minute), o.newJob(t, p, 9*time.Minute, 9*time.Minute, 15*time.Minute)
		err := o.open(func() error { return one.live(9) }, func() error { return other.live(12) })
		if err != nil {
			t.Fatal(err)
		}
		one.ended()
		other.ended()
		if purged := testEnv.Purged(); len(purged) > 0 {
			t.Errorf("the server purged %v", purged)
		}
		renewals := testEnv.Count(simulator.OpRenew)
		if o.refused > 0 || renewals < 6 {
			t.Errorf("%d of %d calls were refused; there were %d renewals", o.refused, o.calls, renewals)
		}
		answer := "lives"
		if !oldLives {
			answer = "dies"
		}
		readme, err := os.ReadFile(filepath.Join(examples, "pipelines", p.name, "README.md"))
		if claim := fmt.Sprintf("%d,%03d calls, %d refused", o.calls/1000, o.calls%1000, o.refused); err != nil || !strings.Contains(string(readme), claim) {
			t.Errorf("its README does not say: %s (%v)", claim, err)
		}
		acctest.Proves(t, "%d calls of the recipe pipelines/%s where the old access token %s, by two jobs at once with %d renewals and %d tokens: %d refused",
			o.calls, p.name, answer, renewals, testEnv.Count(simulator.OpCreate), o.refused)
	})
}

// endsItsToken lets jobs fail at different places.
func (p pipeline) endsItsToken(t *testing.T) {
	t.Helper()
	noLogin := simulator.NewFault(simulator.HTML403)
	for name, test := range map[string]struct {
		before  func(testEnv *acctest.Env)
		meets   func(t *testing.T, testEnv *acctest.Env, n int) error
		creates int
	}{
		"the login fails": {before: func(testEnv *acctest.Env) { testEnv.FailNext(simulator.OpLogin, noLogin) }},
		"the work fails": {
			meets:   func(_ *testing.T, _ *acctest.Env, n int) error { return fmt.Errorf("part %d fails", n) },
			creates: 1,
		},
		"the renewal fails": {
			meets: func(t *testing.T, testEnv *acctest.Env, n int) error {
				if n > 1 {
					t.Error("the job works after a renewal that failed")
				}
				testEnv.FailNext(simulator.OpLogin, noLogin)
				return nil
			},
			creates: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, acctest.New(t, simulator.Options{}))
			j := o.newJob(t, p, 20*time.Minute)
			if test.before != nil {
				test.before(o.testEnv)
			}
			if test.meets != nil {
				j.meets = func(n int) error { return test.meets(t, o.testEnv, n) }
			}
			if err := o.open(func() error { return j.live(2) }); err == nil {
				t.Errorf("the job succeeds: %s", &j.said)
			}
			if got := o.testEnv.Count(simulator.OpCreate); got != test.creates {
				t.Errorf("%d tokens were created, want %d", got, test.creates)
			}
			j.ended()
		})
	}
}

// lengthened repeats the last part of a job: issue, work, renew, work, revoke.
func lengthened[T any](written []T, parts int) []T {
	all := slices.Clone(written[:2])
	for range parts - 1 {
		all = append(all, written[2:4]...)
	}
	return append(all, written[4:]...)
}
