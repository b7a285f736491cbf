// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestOwnCredentialIsNotRevoked verifies that a run neither destroys nor replaces the token that it authenticates with, in either form
// of the credential.
func TestOwnCredentialIsNotRevoked(t *testing.T) {
	t.Parallel()
	for name, spell := range map[string]func(string) string{
		"as it is":    func(secret string) string { return secret },
		"with Bearer": func(secret string) string { return "Bearer " + secret },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{TokensManageTokens: true}})
			token := w.Plain(t)
			arguments := acctest.Arguments{"name": "own", "rotate_when_changed": map[string]string{"v": "1"}}
			token.MustApply(t.Context(), acctest.Create, arguments)
			token.Provider = acctest.Arguments{
				"host": w.URL(), "ca_certificate": w.CACertificate(), "authtoken": spell(token.Text("access_token")),
			}
			token.MustApply(t.Context(), acctest.Noop, arguments)

			replaced := acctest.Arguments{"name": "own", "rotate_when_changed": map[string]string{"v": "2"}}
			for what, run := range map[string]acctest.Run{
				"destroy": token.Apply(t.Context(), nil), "replace": token.Apply(t.Context(), replaced),
			} {
				if !run.Failed() || !strings.Contains(run.Errors(), `"own" (id 1001) was not revoked`) {
					t.Errorf("%s: the error does not say so: %s", what, run.Errors())
				}
				if leaks := w.Leaks(run.Errors()); len(leaks) > 0 {
					t.Errorf("%s: the error shows %v", what, leaks)
				}
			}
			if revokes := w.Count(simulator.OpRevoke); revokes != 0 || token.State == nil {
				t.Errorf("%d revocations were sent, want none; the state is %v", revokes, token.State)
			}
		})
	}
}

// TestUnknownProviderArgumentsKeepTheState verifies that an argument that depends on another resource is not an error until a write
// needs it.
func TestUnknownProviderArgumentsKeepTheState(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	token := w.Plain(t)
	arguments := acctest.Arguments{"name": "kept"}
	token.MustApply(t.Context(), acctest.Create, arguments)
	before := *token.State
	w.ResetJournal()
	provider := w.LoginArguments()
	provider["host"] = acctest.Unknown
	process := w.Start(t.Context(), t, provider)

	said := token.Refresh(t.Context(), process)
	if said.Failed() || !token.State.Equal(before) || !strings.Contains(said.Warnings(), "host") {
		t.Errorf("a read does not keep the state with a warning that names the argument: %v", said)
	}
	if again := token.Refresh(t.Context(), process); again.Warnings() != "" {
		t.Errorf("the warning is repeated for each token: %s", again.Warnings())
	}
	plan, said := token.Plan(t.Context(), process, acctest.Arguments{"name": "renamed"})
	if said.Failed() {
		t.Fatalf("a plan fails: %s", said.Errors())
	}
	if said := token.ApplyPlan(t.Context(), process, plan); !strings.Contains(said.Errors(), "host") ||
		!strings.Contains(said.Errors(), `"kept" (id 1001)`) {
		t.Errorf("a write does not name the argument and the token: %s", said.Errors())
	}
	if sent := w.Journal(); len(sent) != 0 {
		t.Errorf("%d requests were sent, want none", len(sent))
	}
}

// TestBadLoginIsSaidOnce verifies that a refused login is sent once, explained once and not retried.
func TestBadLoginIsSaidOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	tokens := []*acctest.Instance{w.Plain(t), w.Plain(t), w.Plain(t)}
	for i, token := range tokens {
		token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": strings.Repeat("x", i+1)})
	}
	w.ResetJournal()
	provider := w.LoginArguments()
	provider["password"] = "not the password"
	process := w.Start(t.Context(), t, provider)
	explained := 0
	for _, token := range tokens {
		said := token.Refresh(t.Context(), process)
		if !said.Failed() || token.State == nil {
			t.Errorf("a read without a login succeeds, or drops the token: %v", said)
		}
		if strings.Contains(said.Errors(), "Check username and password") {
			explained++
		}
		if strings.Contains(said.Errors(), "not the password") {
			t.Error("the error shows the password")
		}
	}
	if logins := w.Count(simulator.OpLogin); logins != 1 || len(w.Journal()) != 1 {
		t.Errorf("%d logins and %d requests were sent, want 1", logins, len(w.Journal()))
	}
	if explained != 1 {
		t.Errorf("the login was explained %d times, want once", explained)
	}
}
