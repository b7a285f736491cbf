// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// runner runs the scripts of a pipeline in a checkout of its example, as the runner of the pipeline would.
type runner struct {
	t     *testing.T
	world *acctest.World
	// checkout is the directory of the example, with the lock file that the user has committed.
	checkout string
	// temp is where the scripts put their temporary files.
	temp string
	env  []string
	said strings.Builder
}

func newRunner(t *testing.T, name, override string) *runner {
	t.Helper()
	r := &runner{t: t, world: acctest.NewOnSystemClock(t, simulator.Options{}), checkout: t.TempDir(), temp: t.TempDir()}
	if err := os.CopyFS(r.checkout, os.DirFS(filepath.Join(examples, "pipelines", name))); err != nil {
		t.Fatal(err)
	}
	if override != "" {
		write(t, r.checkout, "here_override.tf", override)
	}
	user := newWorkspace(t, r.world, r.checkout, nil)
	user.cli.Must("-chdir="+r.checkout, "init", "-backend=false", "-no-color")
	// The CLI under test, by the name that the scripts call it.
	bin := t.TempDir()
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cli, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	r.env = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + r.temp, "TMPDIR=" + r.temp, "CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE=" + mirror(t, nil), "COMMVAULT_CA_CERTIFICATE=" + r.world.CACertificate(),
	}
	return r
}

// run a script with a shell, and tell whether it succeeds.
func (r *runner) run(shell []string, script string, env map[string]string) error {
	r.t.Helper()
	command := exec.CommandContext(r.t.Context(), shell[0], append(shell[1:], script)...)
	command.Dir = r.checkout
	command.Env = r.env
	for name, value := range env {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	r.said.Write(output)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	return nil
}

// rotates lives through the days of a pipeline. pipeline runs it once, to replace the token if that is an address.
func (r *runner) rotates(pipeline func(replace string) error) {
	t := r.t
	t.Helper()
	run := func(when, replace string, creates int) simulator.Token {
		t.Helper()
		r.world.ResetJournal()
		if err := pipeline(replace); err != nil {
			t.Fatalf("%s: %s", when, err)
		}
		if got := r.world.Count(simulator.OpCreate); got != creates {
			t.Fatalf("%s: %d tokens were created, want %d\n%s", when, got, creates, &r.said)
		}
		tokens := r.world.Tokens()
		if len(tokens) != 1 {
			t.Fatalf("%s: the server holds %v", when, tokens)
		}
		return tokens[0]
	}
	first := run("the first run", "", 1)
	if same := run("a run when nothing is due", "", 0); same.ID != first.ID || r.world.Count(simulator.OpUpdate) > 0 {
		t.Error("a run when nothing is due changed something")
	}
	if !strings.Contains(r.said.String(), "Nothing is due.") {
		t.Errorf("it does not say that nothing is due: %s", &r.said)
	}
	second := run("a run that replaces", "commvault_rotating_access_token.backups", 1)
	if second.ID == first.ID || r.world.Works(first.AccessToken) || !r.world.Works(second.AccessToken) {
		t.Error("a run that replaces does not revoke the old token, and issue a new one that works")
	}
	r.world.FailNext(simulator.OpLogin, simulator.NewFault(simulator.HTML403))
	if err := pipeline(""); err == nil {
		t.Error("a run that cannot log in succeeds")
	}
	r.world.ClearFaults()
	if !r.world.Works(second.AccessToken) {
		t.Error("a run that failed revoked the token")
	}
	if leaks := r.world.Leaks(r.said.String()); len(leaks) > 0 {
		t.Errorf("the pipeline printed %v", leaks)
	}
	_ = filepath.WalkDir(r.temp, func(path string, entry os.DirEntry, err error) error { // the function gives no error
		if err == nil && !entry.IsDir() && !strings.Contains(path, ".terraform.d") {
			t.Errorf("the pipeline left %s", path)
		}
		return nil
	})
}

// stateServer keeps a state and its lock as GitLab does, for the job token that it is given.
func stateServer(t *testing.T, jobToken string) *httptest.Server {
	t.Helper()
	var mu sync.Mutex
	var state, lock []byte
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(req.Body) // cut short, it is refused below
		user, password, _ := req.BasicAuth()
		switch place := req.Method + " " + req.URL.Path; {
		case user != "gitlab-ci-token" || password != jobToken:
			rw.WriteHeader(http.StatusUnauthorized)
		case place == "POST /api/v4/projects/7/terraform/state/tokens/lock":
			if lock != nil {
				rw.WriteHeader(http.StatusLocked)
				_, _ = rw.Write(lock)
				return
			}
			lock = body
		case place == "DELETE /api/v4/projects/7/terraform/state/tokens/lock":
			lock = nil
		case place == "GET /api/v4/projects/7/terraform/state/tokens" && state == nil:
			rw.WriteHeader(http.StatusNotFound)
		case place == "GET /api/v4/projects/7/terraform/state/tokens":
			_, _ = rw.Write(state)
		case place == "POST /api/v4/projects/7/terraform/state/tokens" && lock != nil:
			state = body
		default:
			rw.WriteHeader(http.StatusBadRequest)
		}
	}))
	t.Cleanup(func() {
		server.Close()
		if lock != nil {
			t.Error("the state is locked")
		}
		if !strings.Contains(string(state), simulator.AccessPrefix) {
			t.Error("the state does not hold the token")
		}
	})
	return server
}
