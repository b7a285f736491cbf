// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/cliconfig"
)

// workspace is a directory in which a user, or a pipeline, runs Terraform: init finds the built provider in a mirror, and
// the environment gives the address of the server.
type workspace struct {
	t       *testing.T
	testEnv *acctest.Env
	cli     *acctest.CLI
	dir     string
	said    strings.Builder // all that was printed
	// timed makes the provider run on the clock of the Env.
	timed bool
}

func newWorkspace(t *testing.T, testEnv *acctest.Env, dir string, others map[string]*shapes) *workspace {
	t.Helper()
	w := &workspace{t: t, testEnv: testEnv, cli: acctest.NewCLI(t, ""), dir: dir}
	for _, variable := range append(login(testEnv), "TF_CLI_CONFIG_FILE="+mirror(t, others)) {
		name, value, _ := strings.Cut(variable, "=")
		w.cli.Setenv(name, value)
	}
	return w
}

// login is the environment that the examples rely on.
func login(testEnv *acctest.Env) []string {
	return []string{
		"COMMVAULT_HOST=" + testEnv.URL(), "COMMVAULT_CA_CERTIFICATE=" + testEnv.CACertificate(),
		"COMMVAULT_USERNAME=" + testEnv.Username(), "COMMVAULT_PASSWORD=" + testEnv.Password(),
	}
}

// mirror is the path of a CLI configuration by which init finds the built provider, and others, in a directory.
func mirror(t *testing.T, others map[string]*shapes) string {
	t.Helper()
	const usual = "0.1.0" // the first release
	dir := t.TempDir()
	place := func(source, version string) (at, program string) {
		at = filepath.Join(dir, cmp.Or(os.Getenv("TF_ACC_PROVIDER_HOST"), "registry.terraform.io"), filepath.FromSlash(source),
			version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		return at, "terraform-provider-" + path.Base(source) + "_v" + version
	}
	at, program := place(ourSource, usual)
	if err := os.Symlink(acctest.Binary(t), filepath.Join(at, program)); err != nil {
		t.Fatal(err)
	}
	for source, s := range others {
		at, program := place(source, cmp.Or(s.Version, usual))
		s.install(t, at, program)
	}
	write(t, dir, "cli.tfrc", cliconfig.Mirror(dir))
	return filepath.Join(dir, "cli.tfrc")
}

// run runs a command of Terraform in the directory. Init installs the provider, as for a user. The following commands share one
// process of it.
func (w *workspace) run(arguments ...string) acctest.Output {
	w.t.Helper()
	installs := arguments[0] == "init"
	if installs {
		w.cli.Detach()
	}
	output := w.cli.Run(append([]string{"-chdir=" + w.dir}, arguments...)...)
	switch {
	case installs && w.timed:
		w.cli.AttachTo(w.testEnv)
	case installs:
		w.cli.Attach(nil)
	}
	w.said.WriteString(output.Text)
	return output
}

// leaks returns the secrets that were printed.
func (w *workspace) leaks() error {
	if leaks := w.testEnv.Leaks(w.said.String()); len(leaks) > 0 {
		return fmt.Errorf("the CLI printed %v", leaks)
	}
	return nil
}

func succeeds(output acctest.Output) error {
	if output.Code != 0 {
		return fmt.Errorf("exit %d: %s", output.Code, output.Text)
	}
	return nil
}
