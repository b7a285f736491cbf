// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// CLI is a directory with a configuration, and the real Terraform CLI that starts the built provider in it, as for a user. It requires
// TF_ACC, as the other acceptance tests do.
type CLI struct {
	t   *testing.T
	dir string
	env []string
}

// Output is the result of a command.
type Output struct {
	// Text is the output on both streams, with white space folded, because the CLI breaks lines anywhere.
	Text string
	// Stdout is the unchanged output on stdout.
	Stdout string
	// Code is the exit code.
	Code int
}

// NewCLI builds the provider, once in a test binary, and creates a directory. It does not inherit environment variables that begin with
// COMMVAULT_ or TF_. env is added to the inherited variables.
func NewCLI(t *testing.T, config string, env ...string) *CLI {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1; make test sets it")
	}
	binary := Binary(t)
	c := &CLI{t: t, dir: t.TempDir()}
	rc := filepath.Join(c.dir, "cli.tfrc")
	address := strings.Replace(provider.Address, "registry.terraform.io/", registryHost(), 1)
	write(t, rc, cliconfig.Overrides(map[string]string{address: filepath.Dir(binary)}))
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "COMMVAULT_") {
			c.env = append(c.env, variable)
		}
	}
	c.env = append(c.env, "TF_CLI_CONFIG_FILE="+rc, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	c.env = append(c.env, env...)
	write(t, filepath.Join(c.dir, "terraform.tf"), fmt.Sprintf(
		"terraform {\n  required_providers {\n    commvault = { source = %q }\n  }\n}\n",
		strings.TrimPrefix(provider.Address, "registry.terraform.io/")))
	c.Write(config)
	return c
}

// registryHost returns the host that the CLI adds to a provider's source. It differs between Terraform and OpenTofu.
func registryHost() string {
	if host := os.Getenv("TF_ACC_PROVIDER_HOST"); host != "" {
		return host + "/"
	}
	return "registry.terraform.io/"
}

// Write replaces the configuration.
func (c *CLI) Write(config string) {
	c.t.Helper()
	write(c.t, filepath.Join(c.dir, "main.tf"), config)
}

// File returns the text of a file in the directory, or "" if it does not exist.
func (c *CLI) File(name string) string {
	data, err := os.ReadFile(filepath.Join(c.dir, name)) //nolint:gosec // of the test's own directory
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.t.Errorf("cannot read %s: %s", name, err)
	}
	return string(data)
}

// Setenv adds a variable to the environment of later commands.
func (c *CLI) Setenv(name, value string) { c.env = append(c.env, name+"="+value) }

// Environ returns the environment of later commands. If a name occurs several times, the last one counts.
func (c *CLI) Environ() []string { return slices.Clone(c.env) }

// Start starts a command. The caller must call its Wait.
func (c *CLI) Start(arguments ...string) *Command {
	c.t.Helper()
	command := &Command{t: c.t, stderr: printout{more: make(chan struct{}, 1)}}
	command.cmd = exec.CommandContext(context.Background(), cliPath(c.t), arguments...) //nolint:gosec // the CLI under test
	command.cmd.Dir = c.dir
	command.cmd.Env = c.env
	command.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that Kill reaches the provider, and a signal reaches only the CLI
	command.cmd.Stdout = &command.stdout
	command.cmd.Stderr = &command.stderr
	if err := command.cmd.Start(); err != nil {
		c.t.Fatalf("%v does not start: %s", arguments, err)
	}
	return command
}

// Run runs a command and waits for its end.
func (c *CLI) Run(arguments ...string) Output {
	c.t.Helper()
	return c.Start(arguments...).Wait()
}

// Must runs a command that must succeed.
func (c *CLI) Must(arguments ...string) Output {
	c.t.Helper()
	output := c.Run(arguments...)
	if output.Code != 0 {
		c.t.Fatalf("%v exited with %d: %s", arguments, output.Code, output.Text)
	}
	return output
}

// Apply runs terraform apply without questions and colours.
func (c *CLI) Apply() Output {
	c.t.Helper()
	return c.Run("apply", "-auto-approve", "-no-color", "-input=false")
}

// Plan runs terraform plan. Its exit code is 0 for no changes, 1 for an error, and 2 for changes.
func (c *CLI) Plan(arguments ...string) Output {
	c.t.Helper()
	return c.Run(append([]string{"plan", "-no-color", "-input=false", "-detailed-exitcode"}, arguments...)...)
}

// Destroy runs terraform destroy.
func (c *CLI) Destroy() Output {
	c.t.Helper()
	return c.Run("destroy", "-auto-approve", "-no-color", "-input=false")
}

// Command is a running command.
type Command struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr printout
}

// printout is the output of a running command.
type printout struct {
	more chan struct{} // receives a value after a Write

	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printout) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
	return p.text.Write(data)
}

func (p *printout) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// LogStops is the environment of a CLI whose commands can be interrupted.
const LogStops = "TF_LOG_CORE=info"

// Interrupt sends Ctrl-C to the CLI alone, as a pipeline does, and waits until the CLI only waits for the operations in progress. The
// CLI needs LogStops. A CLI that completes its operations before it notices the interrupt writes the state once more and may end during
// that write. The file is then empty, with both Terraform and OpenTofu.
func (c *Command) Interrupt() {
	c.t.Helper()
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		c.t.Errorf("the CLI cannot be interrupted: %s", err)
		return
	}
	hung := time.After(time.Minute)
	for !strings.Contains(c.stderr.String(), "waiting for graceful stop to complete") {
		select {
		case <-c.stderr.more:
		case <-hung:
			c.t.Error("the CLI does not stop")
			return
		}
	}
}

// Kill kills the CLI and the provider that it started.
func (c *Command) Kill() {
	c.t.Helper()
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		c.t.Errorf("the CLI cannot be killed: %s", err)
	}
}

// Wait waits for the end of the command.
func (c *Command) Wait() Output {
	c.t.Helper()
	var failed *exec.ExitError
	if err := c.cmd.Wait(); err != nil && !errors.As(err, &failed) {
		c.t.Fatalf("the CLI failed: %s", err)
	}
	text := strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(c.stdout.String() + c.stderr.String())
	return Output{
		Text:   strings.Join(strings.Fields(text), " "),
		Stdout: c.stdout.String(),
		Code:   c.cmd.ProcessState.ExitCode(),
	}
}

// Binary returns the path of the provider, which is built and stripped as in a release.
func Binary(t *testing.T) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "commvault-provider-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	path := filepath.Join(dir, "terraform-provider-commvault")
	build := exec.CommandContext(context.Background(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, //nolint:gosec // fixed arguments
		"github.com/commvault-tokens/terraform-provider-commvault")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the provider does not build: %w\n%s", err, output)
	}
	return path, nil
})

// builtIn is the directory of the built provider, or "" if no test has built it.
var builtIn string

// Cleanup removes the built provider. TestMain calls it at its end.
func Cleanup() { _ = os.RemoveAll(builtIn) }

func cliPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Fatal("there is no Terraform CLI: set TF_ACC_TERRAFORM_PATH, or run make test")
	return ""
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
