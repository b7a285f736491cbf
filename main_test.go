// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestMain(m *testing.M) {
	code := m.Run()
	acctest.Cleanup()
	os.Exit(code)
}

// hundred is a configuration of 100 tokens.
const hundred = `
resource "commvault_access_token" "test" {
  count = 100
  name  = "token-${count.index}"
}
`

// TestAccRequestsForAHundredTokens counts what the built provider sends, over all the processes that the CLI starts.
func TestAccRequestsForAHundredTokens(t *testing.T) {
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	cli := acctest.NewCLI(t, w.Config(hundred))

	if output := cli.Apply(); output.Code != 0 {
		t.Fatalf("apply failed: %s", output.Text)
	}
	expectCounts(t, w, "apply", map[simulator.Operation][2]int{
		simulator.OpCreate: {100, 100}, simulator.OpList: {0, 2}, simulator.OpLogin: {1, 2},
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
		simulator.OpRevoke: {100, 100}, simulator.OpList: {1, 1}, simulator.OpLogin: {1, 2},
	})
	if left := len(w.Tokens()); left != 0 {
		t.Errorf("%d tokens are left on the server", left)
	}
}

// expectCounts checks how many requests of each operation the journal holds, between a least and a most, and empties it.
func expectCounts(t *testing.T, w *acctest.World, command string, want map[simulator.Operation][2]int) {
	t.Helper()
	for operation, bounds := range want {
		if count := w.Count(operation); count < bounds[0] || count > bounds[1] {
			t.Errorf("%s sent %d requests to %s, want %d to %d", command, count, operation, bounds[0], bounds[1])
		}
	}
	w.ResetJournal()
}

// TestAccSecretIsNotShown looks for the secrets of a run in everything that the CLI prints and logs.
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

// TestBinaryIsSmall guards what a user downloads.
func TestBinaryIsSmall(t *testing.T) {
	const most = 22 << 20
	info, err := os.Stat(acctest.Binary(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the stripped binary has %.1f MB", float64(info.Size())/1e6)
	if info.Size() > most {
		t.Errorf("the stripped binary has %d bytes, more than %d", info.Size(), most)
	}
}
