// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package live contains only tests. They run a real CLI and the built provider against the server of the environment, and know only its
// address and an account. make testacc-live sets LIVE_HOST and the other variables.
package live

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	acctest.Cleanup()
	os.Exit(code)
}

// prefix begins the names of all tokens of the run. make sweep reads the age of a token from it.
var prefix = func() string {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // it does not fail
	return "live-" + time.Now().UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(random) + "-"
}()

// inventory lists the remaining tokens of the run.
var inventory = fmt.Sprintf(`
data "commvault_access_tokens" "run" {
  name_regex = "^%s"
}

output "run" {
  value = [for token in data.commvault_access_tokens.run.tokens : token.name]
}
`, prefix)

// session is a CLI with a provider that is configured by the environment.
type session struct {
	*acctest.CLI
	t *testing.T
}

// environment returns the variables that configure the provider. It skips the test if there are none.
func environment(t *testing.T) (variables []string) {
	t.Helper()
	if os.Getenv("LIVE_HOST") == "" {
		t.Skip("live tests need a server: make testacc-live, or make test-live for the simulator")
	}
	for _, variable := range os.Environ() {
		if rest, isOurs := strings.CutPrefix(variable, "LIVE_"); isOurs {
			variables = append(variables, "COMMVAULT_"+rest)
		}
	}
	return variables
}

// begin starts a session. The end of the test destroys what it has created.
func begin(t *testing.T, config string) session {
	t.Helper()
	s := session{acctest.NewCLI(t, config, environment(t)...), t}
	t.Cleanup(func() {
		if output := s.Destroy(); output.Code != 0 {
			t.Errorf("destroy failed, and make sweep removes what is left: %s", output.Text)
		}
	})
	return s
}

// apply applies a configuration and expects an empty plan afterwards.
func (s session) apply(config string) {
	s.t.Helper()
	s.Write(config)
	if output := s.Apply(); output.Code != 0 {
		s.t.Fatalf("apply failed: %s", output.Text)
	}
	if output := s.Plan(); output.Code != 0 {
		s.t.Fatalf("a second plan is not empty: %s", output.Text)
	}
}

// output returns the value of an output.
func (s session) output(name string) (value any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.Must("output", "-json", name).Stdout), &value); err != nil {
		s.t.Fatal(err)
	}
	return value
}

// expect compares the value of an output.
func (s session) expect(name, want string) {
	s.t.Helper()
	if got := fmt.Sprint(s.output(name)); got != want {
		s.t.Errorf("the output %s is %s, want %s", name, got, want)
	}
}

// atLeast skips the test if the CLI is older.
func (s session) atLeast(terraform, tofu string) {
	s.t.Helper()
	var version struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(s.Must("version", "-json").Stdout), &version); err != nil {
		s.t.Fatal(err)
	}
	wanted := terraform
	if os.Getenv("TF_ACC_PROVIDER_HOST") != "" {
		wanted = tofu
	}
	var major, minor, wantedMajor, wantedMinor int
	_, _ = fmt.Sscanf(version.Version, "%d.%d", &major, &minor)
	if n, _ := fmt.Sscanf(wanted, "%d.%d", &wantedMajor, &wantedMinor); n != 2 || major*1000+minor < wantedMajor*1000+wantedMinor {
		s.t.Skipf("the CLI is %s, and this needs %s", version.Version, wanted)
	}
}
