// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// lostAnswers are the faults of a gateway in the response to a request that the server has performed: one of each kind, each for
// another token of one configuration, because a CLI is slow. The fault matrices lose responses in every way.
var lostAnswers = []acctest.Injury{
	{Name: "reset", Forward: true, Cut: true},
	{Name: "truncated", Forward: true, Cut: true, Keep: 20},
	{Name: "502", Forward: true, Status: 502, Body: "<html><head><title>Bad Gateway</title></head></html>"},
	{Name: "a page", Forward: true, Status: 200, Body: "<html><head><title>Maintenance</title></head></html>"},
}

// outside returns a real Terraform with the built provider, which reaches the server through a proxy.
func outside(t *testing.T) (*acctest.Env, *acctest.Proxy, *acctest.CLI) {
	t.Helper()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	proxy := w.NewProxy(t)
	return w, proxy, acctest.NewCLI(t, "")
}

// tokens returns a configuration of tokens that are named by a prefix and a number.
func tokens(w *acctest.Env, proxy *acctest.Proxy, count int, prefix string) string {
	return w.LoginAt(proxy.URL) + acctest.Token(fmt.Sprintf("count = %d", count), `name = "`+prefix+`-${count.index}"`)
}

// TestAccLostAnswersToCreate covers with the built provider what the fault matrix covers in process: among twenty parallel creates,
// some of which lose their response, each is sent once, each orphaned token is in the state and named in an error, and the next apply
// revokes the orphaned tokens and creates new ones.
func TestAccLostAnswersToCreate(t *testing.T) {
	t.Parallel()
	const count = 20
	injuries := append([]acctest.Injury{
		{Name: "no secret", Forward: true, Status: 200, Body: `{"tokenInfo":{"tokenName":"ours"}}`},
	}, lostAnswers...)
	w, proxy, cli := outside(t)
	cli.Write(tokens(w, proxy, count, "ours"))
	for _, injury := range injuries {
		proxy.Injure("POST", injury)
	}
	apply := []string{"apply", "-auto-approve", "-no-color", "-input=false", "-parallelism=20"}
	first := cli.Run(apply...)
	if proxy.Pending() != 0 {
		t.Fatal("the provider did not meet every injury")
	}
	if creates := w.Count(simulator.OpCreate); creates != count || len(w.Tokens()) != count {
		t.Errorf("%d creates were sent and made %d tokens, want %d of each", creates, len(w.Tokens()), count)
	}
	orphans := withoutSecret(w, cli)
	if first.Code == 0 || len(orphans) != len(injuries) ||
		strings.Count(first.Text, "next terraform apply revokes it") != len(orphans) {
		t.Errorf("not every error tells of its orphan: %s", first.Text)
	}
	for _, orphan := range orphans {
		if !strings.Contains(first.Text, fmt.Sprintf("id %d", orphan)) {
			t.Errorf("no error names the orphan %d: %s", orphan, first.Text)
		}
	}
	w.ResetJournal()
	second := cli.Run(apply...)
	if second.Code != 0 {
		t.Fatalf("one more apply fails: %s", second.Text)
	}
	if creates, revokes := w.Count(simulator.OpCreate), w.Count(simulator.OpRevoke); creates != len(orphans) || revokes != len(orphans) {
		t.Errorf("one more apply created %d and revoked %d, want %d of each", creates, revokes, len(orphans))
	}
	if left := withoutSecret(w, cli); len(left) > 0 || len(w.Tokens()) != count {
		t.Errorf("the server has %d tokens, and the state lacks the secrets of %v", len(w.Tokens()), left)
	}
	if plan := cli.Plan(); plan.Code != 0 {
		t.Errorf("a second plan is not empty: %s", plan.Text)
	}
	destroy := cli.Destroy()
	if destroy.Code != 0 || len(w.Tokens()) != 0 {
		t.Errorf("the destroy leaves %d tokens: %s", len(w.Tokens()), destroy.Text)
	}
	if leaks := w.Leaks(first.Text + second.Text + destroy.Text); len(leaks) > 0 {
		t.Errorf("the output shows %v", leaks)
	}
}

// withoutSecret returns the ids of the tokens on the server whose secrets are not in the state.
func withoutSecret(w *acctest.Env, cli *acctest.CLI) []int64 {
	state := cli.File("terraform.tfstate")
	var ids []int64
	for _, token := range w.Tokens() {
		if !strings.Contains(state, token.AccessToken) {
			ids = append(ids, token.ID)
		}
	}
	return ids
}

// TestAccCreatesThatNeverArrived verifies that creates that a gateway dropped are retried and succeed.
func TestAccCreatesThatNeverArrived(t *testing.T) {
	t.Parallel()
	w, proxy, cli := outside(t)
	count := 0
	for _, injury := range lostAnswers {
		if injury.Keep > 0 {
			continue // nothing to truncate
		}
		injury.Forward = false
		proxy.Injure("POST", injury)
		count++
	}
	cli.Write(tokens(w, proxy, count, "ours"))
	if apply := cli.Apply(); apply.Code != 0 || proxy.Pending() != 0 {
		t.Fatalf("the apply fails: %s", apply.Text)
	}
	if made := len(w.Tokens()); made != count {
		t.Errorf("the server has %d tokens, want %d", made, count)
	}
}

// TestAccLostAnswersToTheOthers verifies that lists, updates and revocations are retried after a lost response.
func TestAccLostAnswersToTheOthers(t *testing.T) {
	t.Parallel()
	w, proxy, cli := outside(t)
	count := len(lostAnswers)
	cli.Write(tokens(w, proxy, count, "ours"))
	if apply := cli.Apply(); apply.Code != 0 {
		t.Fatalf("the apply fails: %s", apply.Text)
	}
	made := map[int64]bool{}
	for _, token := range w.Tokens() {
		made[token.ID] = true
	}
	reset, truncated, status, page := lostAnswers[0], lostAnswers[1], lostAnswers[2], lostAnswers[3]
	for _, injury := range lostAnswers {
		proxy.Injure("PUT", injury)
		proxy.Injure("DELETE", injury)
	}

	proxy.Injure("GET", reset)
	proxy.Injure("GET", page)
	if plan := cli.Plan(); plan.Code != 0 {
		t.Errorf("a plan whose first lists are lost is not empty: %s", plan.Text)
	}

	proxy.Injure("GET", truncated)
	cli.Write(tokens(w, proxy, count, "renamed"))
	if apply := cli.Apply(); apply.Code != 0 {
		t.Errorf("changes whose first answers are lost fail: %s", apply.Text)
	}
	for _, token := range w.Tokens() {
		if !made[token.ID] || !strings.HasPrefix(token.Name, "renamed-") {
			t.Errorf("the server has %d %q, want one of those that were made, renamed", token.ID, token.Name)
		}
	}

	proxy.Injure("GET", status)
	if destroy := cli.Destroy(); destroy.Code != 0 || len(w.Tokens()) != 0 {
		t.Errorf("revocations whose first answers are lost fail: %s", destroy.Text)
	}
	if proxy.Pending() != 0 {
		t.Error("the provider did not meet every injury")
	}
}

// only returns the one token that the server has.
func only(t *testing.T, w *acctest.Env) simulator.Token {
	t.Helper()
	tokens := w.Tokens()
	if len(tokens) != 1 {
		t.Fatalf("the server has %d tokens, want 1", len(tokens))
	}
	return tokens[0]
}
