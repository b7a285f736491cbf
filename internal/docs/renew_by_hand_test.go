// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// byHand runs the shell of the guide on renewals with a pair, and returns the HTTP status and the answer.
func byHand(t *testing.T, testEnv *acctest.Env, access, refresh string) (status string, answer map[string]any) {
	t.Helper()
	dir := t.TempDir()
	blocks := shellOf(t, "docs/guides/keeping-tokens-alive.md")
	if len(blocks) != 1 {
		t.Fatalf("the guide has %d blocks of shell", len(blocks))
	}
	authority := filepath.Join(dir, "ca.pem")
	write(t, dir, "ca.pem", testEnv.CACertificate())
	command := exec.CommandContext(t.Context(), "sh", "-euc", blocks[0])
	command.Dir = dir
	command.Env = []string{
		"PATH=" + realTools(t), "COMMVAULT_HOST=" + testEnv.URL(), "COMMVAULT_CA_CERTIFICATE=" + authority,
		"ACCESS_TOKEN=" + access, "REFRESH_TOKEN=" + refresh,
	}
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	if leaks := testEnv.Leaks(string(output)); len(leaks) > 0 {
		t.Errorf("it prints %v", leaks)
	}
	data, err := os.ReadFile(filepath.Join(dir, "answer.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatalf("%s: %s", err, data)
	}
	return strings.TrimSpace(string(output)), answer
}

// TestRenewByHand covers the call of the guide on renewals, and the answers in its table that a server gives by itself.
func TestRenewByHand(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(root + "/docs/guides/keeping-tokens-alive.md")
	if err != nil {
		t.Fatal(err)
	}
	testEnv := acctest.New(t, simulator.Options{})
	token, err := testEnv.AddToken(simulator.Token{Name: "by-hand"})
	if err != nil {
		t.Fatal(err)
	}
	testEnv.Clock.Advance(13 * acctest.Day) // the access token has expired
	status, answer := byHand(t, testEnv, token.AccessToken, token.RefreshToken)
	renewed, _ := testEnv.Token(token.ID)
	if status != "200" || answer["accessToken"] != renewed.AccessToken || answer["refreshToken"] != renewed.RefreshToken {
		t.Errorf("the status is %s", status)
	}
	for member := range answer {
		if !strings.Contains(string(page), `"`+member+`"`) && !strings.HasPrefix(member, "error") {
			t.Errorf("the guide does not show %s", member)
		}
	}
	const late = "Renew request placed after the permissible time limit"
	testEnv.Clock.Advance(14*acctest.Day + time.Hour)
	status, answer = byHand(t, testEnv, renewed.AccessToken, renewed.RefreshToken)
	if message, _ := answer["errorMessage"].(string); status != "500" || message != late || !strings.Contains(string(page), "500, `"+late+"`") {
		t.Errorf("too late: the status is %s, and the answer %v", status, answer)
	}
	const outdated = "Unexpected access token or refresh token provided."
	status, answer = byHand(t, testEnv, token.AccessToken, token.RefreshToken)
	message, _ := answer["errorMessage"].(string)
	if status != "200" || answer["accessToken"] != nil || message != outdated || !strings.Contains(string(page), "`"+outdated+"`") || len(testEnv.Purged()) != 1 {
		t.Errorf("an older pair: the status is %s, the answer %v, and the server purged %v", status, answer, testEnv.Purged())
	}
}
