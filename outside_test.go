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

// lostAnswers are what a gateway makes of the answer to a request that the server has carried out: one of each kind, because a
// CLI takes seconds. The fault matrices lose answers in every way.
var lostAnswers = []acctest.Injury{
	{Name: "truncated", Forward: true, Cut: true, Keep: 20},
	{Name: "502", Forward: true, Status: 502, Body: "<html><head><title>Bad Gateway</title></head></html>"},
	{Name: "a page", Forward: true, Status: 200, Body: "<html><head><title>Maintenance</title></head></html>"},
	{Name: "no secret", Forward: true, Status: 200, Body: `{"tokenInfo":{"accessTokenId":1001,"tokenName":"ours"}}`},
}

// outside is a real Terraform with the built provider, which reaches the server through a proxy.
func outside(t *testing.T) (*acctest.World, *acctest.Proxy, *acctest.CLI) {
	t.Helper()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	proxy := w.NewProxy(t)
	cli := acctest.NewCLI(t, w.LoginAt(proxy.URL)+acctest.Token(`name = "ours"`))
	return w, proxy, cli
}

// TestAccLostAnswerToCreate guards, from outside, what the fault matrix guards from inside: one POST, the orphan in the
// state and named, and one more apply that revokes it and creates a new one.
func TestAccLostAnswerToCreate(t *testing.T) {
	t.Parallel()
	for _, injury := range lostAnswers {
		t.Run(injury.Name, func(t *testing.T) {
			t.Parallel()
			w, proxy, cli := outside(t)
			proxy.Injure("POST", injury)
			first := cli.Apply()
			if proxy.Pending() != 0 {
				t.Fatal("the provider never met the injury")
			}
			orphan := only(t, w)
			if first.Code == 0 || !strings.Contains(first.Text, fmt.Sprintf("id %d", orphan.ID)) ||
				!strings.Contains(first.Text, "next terraform apply revokes it") {
				t.Errorf("the error does not tell of the orphan %d: %s", orphan.ID, first.Text)
			}
			if creates := w.Count(simulator.OpCreate); creates != 1 {
				t.Errorf("%d creates were sent, want 1", creates)
			}
			if second := cli.Apply(); second.Code != 0 {
				t.Fatalf("one more apply fails: %s", second.Text)
			}
			now := only(t, w)
			if now.ID == orphan.ID {
				t.Error("the orphan was not replaced")
			}
			if plan := cli.Plan(); plan.Code != 0 {
				t.Errorf("a second plan is not empty: %s", plan.Text)
			}
			for _, output := range []string{first.Text, cli.Destroy().Text} {
				if leaks := w.Leaks(output); len(leaks) > 0 {
					t.Errorf("the output shows %v", leaks)
				}
			}
		})
	}
}

// TestAccCreateThatNeverArrived guards that a create which a gateway swallowed is sent again, and then succeeds.
func TestAccCreateThatNeverArrived(t *testing.T) {
	t.Parallel()
	for _, injury := range lostAnswers {
		injury.Forward = false
		if injury.Keep > 0 || strings.Contains(injury.Body, "1001") {
			continue // nothing to truncate, and no token to tell of
		}
		t.Run(injury.Name, func(t *testing.T) {
			t.Parallel()
			w, proxy, cli := outside(t)
			proxy.Injure("POST", injury)
			if apply := cli.Apply(); apply.Code != 0 || proxy.Pending() != 0 {
				t.Fatalf("the apply fails: %s", apply.Text)
			}
			only(t, w)
		})
	}
}

// TestAccLostAnswersToTheOthers guards that lists, changes and revocations are repeated when their answer is lost.
func TestAccLostAnswersToTheOthers(t *testing.T) {
	t.Parallel()
	for _, injury := range lostAnswers {
		if strings.Contains(injury.Body, "1001") {
			continue // an answer of create
		}
		t.Run(injury.Name, func(t *testing.T) {
			t.Parallel()
			w, proxy, cli := outside(t)
			if apply := cli.Apply(); apply.Code != 0 {
				t.Fatalf("the apply fails: %s", apply.Text)
			}
			made := only(t, w)
			proxy.Injure("GET", injury)
			if plan := cli.Plan(); plan.Code != 0 {
				t.Errorf("a plan whose first list is lost is not empty: %s", plan.Text)
			}
			cli.Write(w.LoginAt(proxy.URL) + acctest.Token(`name = "renamed"`))
			proxy.Injure("PUT", injury)
			if apply := cli.Apply(); apply.Code != 0 {
				t.Errorf("a change whose first answer is lost fails: %s", apply.Text)
			}
			if now := only(t, w); now.ID != made.ID || now.Name != "renamed" {
				t.Errorf("the server has %d %q, want %d renamed", now.ID, now.Name, made.ID)
			}
			proxy.Injure("DELETE", injury)
			if destroy := cli.Destroy(); destroy.Code != 0 || len(w.Tokens()) != 0 {
				t.Errorf("a revocation whose first answer is lost fails: %s", destroy.Text)
			}
			if proxy.Pending() != 0 {
				t.Error("the provider did not meet every injury")
			}
		})
	}
}

// only is the one token that the server has.
func only(t *testing.T, w *acctest.World) simulator.Token {
	t.Helper()
	tokens := w.Tokens()
	if len(tokens) != 1 {
		t.Fatalf("the server has %d tokens, want 1", len(tokens))
	}
	return tokens[0]
}
