// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestMain runs nothing with -short: these tests start the built provider, so no code in this process can race.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		return
	}
	code := m.Run()
	acctest.Cleanup()
	os.Exit(code)
}

// TestAccRequestsForManyTokens counts the requests of the built provider, over all processes that the CLI starts.
func TestAccRequestsForManyTokens(t *testing.T) {
	const many = 30
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(fmt.Sprintf(`
resource "commvault_access_token" "test" {
  count = %d
  name  = "token-${count.index}"
}
`, many)))

	if output := cli.Apply(); output.Code != 0 {
		t.Fatalf("apply failed: %s", output.Text)
	}
	expectCounts(t, w, "apply", map[simulator.Operation][2]int{
		simulator.OpCreate: {many, many}, simulator.OpList: {0, 2}, simulator.OpLogin: {1, 2},
		simulator.OpUpdate: {0, 0}, simulator.OpRevoke: {0, 0},
	})
	if output := cli.Plan(); output.Code != 0 {
		t.Fatalf("a second plan is not empty: %s", output.Text)
	}
	expectCounts(t, w, "plan", map[simulator.Operation][2]int{
		simulator.OpList: {1, 1}, simulator.OpLogin: {1, 1}, simulator.OpCreate: {0, 0},
	})
	if output := cli.Destroy(); output.Code != 0 {
		t.Fatalf("destroy failed: %s", output.Text)
	}
	expectCounts(t, w, "destroy", map[simulator.Operation][2]int{
		simulator.OpRevoke: {many, many}, simulator.OpList: {1, 1}, simulator.OpLogin: {1, 2},
	})
	if left := len(w.Tokens()); left != 0 {
		t.Errorf("%d tokens are left on the server", left)
	}
}

// expectCounts checks the number of requests of each operation in the journal, between a minimum and a maximum, and empties the
// journal.
func expectCounts(t *testing.T, w *acctest.Env, command string, want map[simulator.Operation][2]int) {
	t.Helper()
	for operation, bounds := range want {
		if count := w.Count(operation); count < bounds[0] || count > bounds[1] {
			t.Errorf("%s sent %d requests to %s, want %d to %d", command, count, operation, bounds[0], bounds[1])
		}
	}
	w.ResetJournal()
}

// TestAccSecretIsNotShown looks for the secrets of a run in all output and logs of the CLI.
func TestAccSecretIsNotShown(t *testing.T) {
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(acctest.Token(`name = "quiet"`), `
output "token" {
  value     = commvault_access_token.test.access_token
  sensitive = true
}`), "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=trace.log")
	shown := cli.Apply().Text + cli.Plan().Text
	token := w.Tokens()[0]
	if got := cli.Must("output", "-raw", "token").Stdout; got != token.AccessToken {
		t.Error("the output is not the token's secret")
	}
	shown += cli.Destroy().Text
	log := cli.File("trace.log")
	if !strings.Contains(log, "/V4/AccessToken") {
		t.Error("the log does not show the calls")
	}
	for name, secret := range map[string]string{
		"access token": token.AccessToken, "refresh token": token.RefreshToken, "password": w.Password(),
	} {
		if strings.Contains(shown, secret) {
			t.Errorf("the CLI's output shows the %s", name)
		}
		if strings.Contains(log, secret) {
			t.Errorf("the provider's log shows the %s", name)
		}
	}
}

// TestAccLogsThatWereAskedForAreShown verifies that the provider's logs are complete however a user enables them: the provider's own
// lines appear, and those of the SDKs at TRACE. The table in internal/plugin lists the variables that enable logs.
func TestAccLogsThatWereAskedForAreShown(t *testing.T) {
	t.Parallel()
	const own, sdk = "/V4/AccessToken", "Calling provider defined Resource Read"
	const plan = "Calling provider defined Resource ModifyPlan" // of an empty plan
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(acctest.Token(`name = "ours"`)))
	if apply := cli.Apply(); apply.Code != 0 {
		t.Fatalf("the apply fails: %s", apply.Text)
	}
	for _, test := range []struct {
		env  []string
		want []string
		not  []string
	}{
		{not: []string{own, sdk}},
		{env: []string{"TF_LOG=yes", "TF_LOG_PATH=all.log"}, want: []string{own, sdk, plan}}, // an unknown level is TRACE
		{env: []string{"TF_LOG=OFF", "TF_LOG_CORE=ERROR", "TF_LOG_PROVIDER=DEBUG"}, want: []string{own}, not: []string{sdk}},
		{env: []string{"TF_LOG=TRACE", "TF_LOG_PROVIDER_COMMVAULT=OFF"}, want: []string{sdk, plan}, not: []string{own}},
	} {
		for _, variable := range test.env {
			name, value, _ := strings.Cut(variable, "=")
			cli.Setenv(name, value)
		}
		planned := cli.Plan()
		for _, variable := range test.env {
			name, _, _ := strings.Cut(variable, "=")
			cli.Setenv(name, "")
		}
		if planned.Code != 0 {
			t.Fatalf("with %q, the plan fails: %s", test.env, planned.Text)
		}
		shown := planned.Text
		if slices.Contains(test.env, "TF_LOG_PATH=all.log") {
			shown = cli.File("all.log")
		}
		for _, want := range test.want {
			if !strings.Contains(shown, want) {
				t.Errorf("with %q, %q is not shown", test.env, want)
			}
		}
		for _, not := range test.not {
			if strings.Contains(shown, not) {
				t.Errorf("with %q, %q is shown", test.env, not)
			}
		}
	}
}

// TestAccDebugger verifies -debug: the provider is started by hand, serves several CLIs one after another and outlasts them, logs
// without a variable, and ends on an interrupt.
func TestAccDebugger(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(acctest.Token(`name = "ours"`)))
	var log bytes.Buffer
	stop := cli.Attach(&log)
	if apply := cli.Apply(); apply.Code != 0 {
		t.Errorf("the apply fails: %s", apply.Text)
	}
	if plan := cli.Plan(); plan.Code != 0 || len(w.Tokens()) != 1 {
		t.Errorf("a second plan, with %d tokens on the server: %s", len(w.Tokens()), plan.Text)
	}
	if err := stop(); err != nil {
		t.Errorf("the provider does not end well: %s", err)
	}
	for _, want := range []string{"/V4/AccessToken", "Calling provider defined Resource Create"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the process that was attached to does not log %q", want)
		}
	}
}

// TestBinaryIsSmall limits the size of the download.
func TestBinaryIsSmall(t *testing.T) {
	const most = 20e6
	info, err := os.Stat(acctest.Binary(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the stripped binary has %.1f MB", float64(info.Size())/1e6)
	if info.Size() > most {
		t.Errorf("the stripped binary has %d bytes, more than %d", info.Size(), int(most))
	}
}
