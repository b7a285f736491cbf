// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

const simulatorGuide = "docs/guides/simulator.md"

var terraformTest = need{"terraform test", 6, 6}

// TestAccSimulatorInGitHubActions runs the steps of the guide's workflow as a runner of GitHub does, for the guide's module and its
// test. The trap stops the simulator at the end of the step, even if the test of the module fails.
func TestAccSimulatorInGitHubActions(t *testing.T) {
	t.Parallel()
	cli := acctest.NewCLI(t, "") // skips where no CLI is wanted
	if lacking := releaseOf(t, cli).lacks([]need{terraformTest}); lacking != "" {
		t.Skip("this CLI lacks " + lacking)
	}
	c := newCI(t)
	var w workflow
	if err := yaml.Unmarshal([]byte(c.block("yaml", "runs-on:")), &w); err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, step := range w.Jobs["test"].Steps {
		if step.Run != "" {
			steps++
			c.must(c.run("bash", step.Run, "RUNNER_TEMP="+c.home))
		}
	}
	if steps != 2 || !strings.Contains(c.said.String(), "1 passed, 0 failed.") {
		t.Errorf("%d steps have run: %s", steps, &c.said)
	}
	c.stopped(filepath.Join(c.home, "center"))

	test := filepath.Join(c.at, "tests/token.tftest.hcl")
	text, err := os.ReadFile(test)
	if err != nil {
		t.Fatal(err)
	}
	write(t, c.at, "tests/token.tftest.hcl", strings.Replace(string(text), "> 0", "> 1", 1))
	last := w.Jobs["test"].Steps[len(w.Jobs["test"].Steps)-1].Run
	if output, err := c.run("bash", last, "RUNNER_TEMP="+c.home); err == nil || !strings.Contains(string(output), "0 passed, 1 failed.") {
		t.Errorf("a test that fails leaves the job green: %s", output)
	}
	c.stopped(filepath.Join(c.home, "center"))
}

// TestAccSimulatorInGitLab runs the scripts of the guide's pipeline as a runner of GitLab does. The plan of the guide's module is
// empty after its apply. The simulator has stopped at the end, even if the module is wrong.
func TestAccSimulatorInGitLab(t *testing.T) {
	t.Parallel()
	acctest.NewCLI(t, "")
	c := newCI(t)
	var p struct{ Build, Test gitlabSimulatorJob }
	if err := yaml.Unmarshal([]byte(c.block("yaml", "needs:")), &p); err != nil {
		t.Fatal(err)
	}
	env := []string{"CI_PROJECT_DIR=" + c.at, "CI_BUILDS_DIR=" + c.home}
	build, test := strings.Join(p.Build.Script, "\n"), strings.Join(p.Test.Script, "\n")
	c.must(c.run("sh", build, env...))
	// The other job has a home of its own, and what the first one left in its artifacts.
	c.home = t.TempDir()
	c.env = append(c.env, "HOME="+c.home)
	c.must(c.run("sh", test, env...))
	for _, want := range []string{"Apply complete! Resources: 1 added", "No changes.", "Destroy complete! Resources: 1 destroyed"} {
		if !strings.Contains(c.said.String(), want) {
			t.Errorf("nowhere it says %q: %s", want, &c.said)
		}
	}
	c.stopped(filepath.Join(c.at, "center"))

	write(t, c.at, "main.tf", strings.Replace(c.block("terraform", "required_providers"), `name = "ci"`, `name = "ci"
  user_id = 99`, 1))
	if output, err := c.run("sh", test, env...); err == nil {
		t.Errorf("a module that is wrong leaves the job green: %s", output)
	}
	c.stopped(filepath.Join(c.at, "center"))
}

type gitlabSimulatorJob struct {
	Script []string `yaml:"script"`
}

// ci is a newcomer with the shell of a runner, in a checkout of the guide's module.
type ci struct {
	newcomer
	page page
	said strings.Builder
}

func newCI(t *testing.T) *ci {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, simulatorGuide))
	if err != nil {
		t.Fatal(err)
	}
	c := &ci{newcomer: newcomer{t: t, home: t.TempDir(), at: t.TempDir()}, page: readPage(simulatorGuide, source)}
	c.equip(t.Context())
	write(t, c.at, "main.tf", c.block("terraform", "required_providers"))
	write(t, c.at, "tests/token.tftest.hcl", c.block("hcl", "run \""))
	return c
}

// block returns the block of the language that contains the text.
func (c *ci) block(language, text string) string {
	c.t.Helper()
	for _, b := range c.page.blocks {
		if b.language == language && strings.Contains(b.text, text) {
			return b.text
		}
	}
	c.t.Fatalf("the guide has no %s with %s", language, text)
	return ""
}

// run runs a script as runners do: it stops at the first failed command.
func (c *ci) run(shell, script string, env ...string) ([]byte, error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), newcomersPatience)
	defer cancel()
	command := exec.CommandContext(ctx, shell, "-ec", script)
	command.Dir, command.Env = c.at, append(c.env, env...)
	output, err := command.CombinedOutput()
	c.said.Write(output)
	return output, err
}

// stopped checks that the simulator with this directory and log has served a module, has stopped, and has removed its files.
func (c *ci) stopped(center string) {
	c.t.Helper()
	for tries := 0; ; tries++ {
		left, err := filepath.Glob(filepath.Join(center, "*"))
		if err == nil && len(left) == 0 {
			break
		}
		if tries == 100 {
			c.t.Fatalf("the simulator is still there: %v (%v)", left, err)
		}
		time.Sleep(50 * time.Millisecond) // it was told to end, and does so by itself
	}
	if log, err := os.ReadFile(center + ".log"); err != nil || !strings.Contains(string(log), "/Login 200\n") {
		c.t.Errorf("nobody has logged in (%v): %s", err, log)
	}
}
