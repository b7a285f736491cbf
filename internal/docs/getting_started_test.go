// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

// newcomersPatience is the time limit for the guide.
const newcomersPatience = 5 * time.Minute

// TestAccGettingStarted follows the page as a new user does: it runs each shell block in order, in an empty home directory. The block
// that starts the simulator runs in the background.
func TestAccGettingStarted(t *testing.T) {
	t.Parallel()
	acctest.NewCLI(t, "") // skips where no CLI is wanted
	ctx, cancel := context.WithTimeout(t.Context(), newcomersPatience)
	defer cancel()
	started := time.Now()
	n := newcomer{t: t, home: t.TempDir(), at: t.TempDir()}
	n.equip(ctx)
	var first, second string
	var rest strings.Builder
	for _, step := range shellOf(t, "docs/guides/getting-started.md") {
		switch _, err := exec.LookPath("curl"); {
		case first == "":
			first = step
		case strings.HasPrefix(step, "make simulator"):
			second = step
		case err != nil && strings.Contains(step, "curl"):
			t.Log("there is no curl to follow the page with")
		default:
			rest.WriteString(step)
		}
	}
	if second == "" {
		t.Fatal("the page starts no simulator")
	}
	n.must(n.shell(ctx, first).CombinedOutput())

	n.at = filepath.Join(n.at, "terraform-provider-commvault")
	terminal := n.shell(ctx, second)
	terminal.Stdin = nil
	if err := terminal.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = terminal.Process.Wait() }()
	defer func() { _ = syscall.Kill(-terminal.Process.Pid, syscall.SIGINT) }()
	for exports := 0; exports < 4; time.Sleep(20 * time.Millisecond) {
		file, err := os.ReadFile(filepath.Join(n.home, "commvault.env"))
		if exports = strings.Count(string(file), "\n"); ctx.Err() != nil || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("the simulator exports %q: %v", file, err)
		}
	}

	said := n.must(n.shell(ctx, rest.String()).CombinedOutput())
	for _, want := range []string{
		"Installed commvault-tokens/commvault", "Apply complete! Resources: 1 added", "\n{}", "No changes.", "Destroy complete! Resources: 1 destroyed",
	} {
		if _, err := exec.LookPath("curl"); !strings.Contains(said, want) && (want != "\n{}" || err == nil) {
			t.Errorf("nowhere it says %q: %s", want, said)
		}
	}
	if strings.Contains(said, "SIMACC") {
		t.Error("the page has a secret printed")
	}

	// Another build of the same version, and what troubleshooting says to do about it. go build keeps a binary whose build ID
	// is up to date, so a byte more is the cheapest other build.
	const initAgain = "cd examples/quickstart; terraform init -no-color"
	installed := n.must(n.shell(ctx, "printf x >>bin/terraform-provider-commvault && make install").CombinedOutput())
	if refused, err := n.shell(ctx, initAgain).CombinedOutput(); err == nil || !acctest.Says(initSays).MatchString(string(refused)) {
		t.Errorf("nothing is in the way of another build (%v): %s", err, refused)
	}
	if !strings.Contains(installed, ".terraform.lock.hcl") {
		t.Errorf("make install does not say what another build takes: %s", installed)
	}
	n.at = filepath.Join(n.at, "examples/quickstart")
	n.must(n.shell(ctx, strings.Join(shellOf(t, "docs/guides/troubleshooting.md"), "")).CombinedOutput())
	t.Logf("from nothing to a token, and back, in %s", time.Since(started).Round(time.Second))
}

// shellOf returns the shell blocks of a page, which users copy. Console blocks are only for reading.
func shellOf(t *testing.T, name string) []string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, b := range readPage(name, source).blocks {
		if b.language == "shell" {
			steps = append(steps, b.text)
		}
	}
	if len(steps) == 0 {
		t.Fatalf("%s has nothing to copy", name)
	}
	return steps
}

// newcomer has git, Go, make and a CLI, and an empty home.
type newcomer struct {
	t    *testing.T
	home string
	at   string
	env  []string
}

// equip sets up the newcomer's machine: the CLI under test with the name on the page, Go's caches, and a git that finds this working
// copy at the public address.
func (n *newcomer) equip(ctx context.Context) {
	n.t.Helper()
	published := n.t.TempDir()
	bin := n.t.TempDir()
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		n.t.Fatal(err)
	}
	if err := os.Symlink(cli, filepath.Join(bin, "terraform")); err != nil {
		n.t.Fatal(err)
	}
	n.env = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + n.home, "TMPDIR=" + n.home, "CHECKPOINT_DISABLE=1",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		"GIT_CONFIG_KEY_1=url.file://" + published + "/.insteadOf", "GIT_CONFIG_VALUE_1=https://github.com/commvault-tokens/",
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"} {
		value := n.must(exec.CommandContext(ctx, "go", "env", name).Output())
		n.env = append(n.env, name+"="+strings.TrimSpace(value))
	}
	repository := filepath.Join(published, "terraform-provider-commvault")
	listed := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	listed.Dir, listed.Env = root, append(os.Environ(), n.env...)
	for name := range strings.SplitSeq(strings.TrimSuffix(n.must(listed.Output()), "\x00"), "\x00") {
		info, err := os.Stat(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and not yet committed
		}
		text, failed := os.ReadFile(filepath.Join(root, name))
		target := filepath.Join(repository, name)
		if err := errors.Join(err, failed, os.MkdirAll(filepath.Dir(target), 0o700)); err != nil {
			n.t.Fatal(err)
		}
		if err := os.WriteFile(target, text, info.Mode().Perm()); err != nil {
			n.t.Fatal(err)
		}
	}
	publish := n.shell(ctx, "git init -q && git add -A && git -c user.name=a -c user.email=a@example.com commit -q -m a\n")
	publish.Dir = repository
	n.must(publish.CombinedOutput())
}

// shell returns a command that runs a script and answers yes to every question.
func (n *newcomer) shell(ctx context.Context, script string) *exec.Cmd {
	command := exec.CommandContext(ctx, "sh", "-euc", script)
	command.Dir, command.Env = n.at, n.env
	command.Stdin = yes{}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return command
}

// yes answers every question.
type yes struct{}

// Read repeats the answer, because a CLI reads more input than it needs.
func (yes) Read(p []byte) (int, error) { return copy(p, "yes\n"), nil }

func (n *newcomer) must(output []byte, err error) string {
	n.t.Helper()
	if err != nil {
		n.t.Fatalf("%s: %s", err, output)
	}
	return string(output)
}
