package accesstoken_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// These tests speak protocol 6 with the provider in this process. Each is a few runs of Terraform, with changes on the server in
// between.

// TestReadNeverDropsOnFailure verifies that a token stays in the state if a list fails or is not a list.
//
// Claim: "A list that fails never does that"
func TestReadNeverDropsOnFailure(t *testing.T) {
	t.Parallel()
	for _, fault := range simulator.AllFaults() {
		if fault.Kind == simulator.Hang || fault.Kind == simulator.Slow || fault.Kind == simulator.NoSecret {
			continue // a list contains no secret, and a slow list is not a failed one
		}
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			token := w.Plain(t)
			arguments := acctest.Arguments{"name": "kept"}
			token.MustApply(t.Context(), acctest.Create, arguments)
			before := *token.State

			w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{fault}, 20)...)
			process := w.Start(t.Context(), t, token.Provider)
			said := token.Refresh(t.Context(), process)
			if token.State == nil || !token.State.Equal(before) {
				t.Fatalf("the state changed: %v", token.State)
			}
			says := func(what string) bool { return strings.Contains(said.Warnings(), what) }
			if !said.Failed() && !says("no call that lists") && !says("may omit tokens: the answer has no array of tokens") {
				t.Errorf("the read said neither an error nor why nothing can be determined: %q", said.Warnings())
			}
			if said.Failed() && !strings.Contains(said.Errors(), `"kept" (id 1001)`) {
				t.Errorf("the error does not name the token: %s", said.Errors())
			}
			// The same provider does not request a failed list again.
			sent := w.Count(simulator.OpList)
			token.Refresh(t.Context(), process)
			if again := w.Count(simulator.OpList); again != sent {
				t.Errorf("%d more lists were sent by the same process", again-sent)
			}

			w.ClearFaults()
			token.MustApply(t.Context(), acctest.Noop, arguments)
			if created := w.Count(simulator.OpCreate); created != 1 {
				t.Errorf("%d creates were sent, want 1", created)
			}
		})
	}
}

// TestAbsentTokenLeavesTheState verifies that a token leaves the state if the list lacks it, with a message that names the token and
// its end.
func TestAbsentTokenLeavesTheState(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		token := w.Plain(t)
		arguments := acctest.Arguments{"name": "gone"}
		token.MustApply(t.Context(), acctest.Create, arguments)
		w.RemoveToken(token.ID())
		run := token.MustApply(t.Context(), acctest.Create, arguments)
		for _, want := range []string{`"gone" (id 1001)`, acctest.In(90 * acctest.Day)} {
			if !strings.Contains(run.Warnings(), want) {
				t.Errorf("the warning %q does not have %q", run.Warnings(), want)
			}
		}
		if len(w.Tokens()) != 1 {
			t.Errorf("the server has %d tokens, want 1", len(w.Tokens()))
		}
	})
}

// TestExpiredTokenThatMayBeHiddenStays covers the one exception: some servers hide expired tokens.
func TestExpiredTokenThatMayBeHiddenStays(t *testing.T) {
	t.Parallel()
	expired := func(t *testing.T, dialect simulator.Dialect) (*acctest.Env, *acctest.Instance) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		token := w.Plain(t)
		token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "idle"})
		w.Clock.Advance(31 * time.Minute)
		return w, token
	}
	t.Run("hidden", func(t *testing.T) {
		t.Parallel()
		_, token := expired(t, simulator.Dialect{HideExpired: true})
		run := token.MustApply(t.Context(), acctest.Noop, acctest.Arguments{"name": "idle"})
		if !strings.Contains(run.Warnings(), "cannot be determined whether the token was revoked") {
			t.Errorf("the warning does not say what cannot be determined: %q", run.Warnings())
		}
	})
	t.Run("revoked, and the list shows no expired token", func(t *testing.T) {
		t.Parallel()
		w, token := expired(t, simulator.Dialect{})
		w.RemoveToken(token.ID())
		token.MustApply(t.Context(), acctest.Noop, acctest.Arguments{"name": "idle"})
	})
	t.Run("revoked, and the list shows another expired token", func(t *testing.T) {
		t.Parallel()
		w, token := expired(t, simulator.Dialect{})
		w.RemoveToken(token.ID())
		elsewhere(t, w, simulator.Token{Name: "other", ExpiresAt: acctest.Start.Add(time.Minute)})
		token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "idle"})
	})
	t.Run("revoked, and the refresh window has closed", func(t *testing.T) {
		t.Parallel()
		w, token := expired(t, simulator.Dialect{})
		w.RemoveToken(token.ID())
		w.Clock.Advance(15 * acctest.Day)
		token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "idle"})
	})
	t.Run("one that cannot be renewed", func(t *testing.T) {
		t.Parallel()
		w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{HideExpired: true}})
		token := w.Plain(t)
		arguments := acctest.Arguments{"name": "scim", "type": "MS_SCIM"}
		token.MustApply(t.Context(), acctest.Create, arguments)
		w.Clock.Advance(31 * acctest.Day)
		said := token.Refresh(t.Context(), w.Start(t.Context(), t, token.Provider))
		if token.State != nil {
			t.Errorf("a token that ended for good is still in the state: %v", said)
		}
	})
}

// TestEditedElsewhereIsPutBack verifies that a change by somebody else is detected and reverted in place.
func TestEditedElsewhereIsPutBack(t *testing.T) {
	t.Parallel()
	edits := map[string]func(*simulator.Token){
		"name":            func(t *simulator.Token) { t.Name = "renamed" },
		"api_endpoints":   func(t *simulator.Token) { t.APIEndpoints = []string{"/everything"} },
		"allowed_ips":     func(t *simulator.Token) { t.AllowedIPs = nil },
		"renewable_until": func(t *simulator.Token) { t.RenewableUntil = t.RenewableUntil.Add(-acctest.Day) },
	}
	for attribute, edit := range edits {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			token := w.Plain(t)
			arguments := acctest.Arguments{
				"name": "ours", "type": "CUSTOM", "api_endpoints": []string{"/client"}, "allowed_ips": []string{"10.0.0.1"},
				"renewable_until": acctest.In(30 * acctest.Day),
			}
			token.MustApply(t.Context(), acctest.Create, arguments)
			made, _ := w.Token(token.ID())
			if err := w.EditToken(token.ID(), edit); err != nil {
				t.Fatal(err)
			}
			token.MustApply(t.Context(), acctest.Update, arguments)
			now, _ := w.Token(token.ID())
			if now.Name != made.Name || !slices.Equal(now.APIEndpoints, made.APIEndpoints) ||
				!slices.Equal(now.AllowedIPs, made.AllowedIPs) || !now.RenewableUntil.Equal(made.RenewableUntil) {
				t.Errorf("the server has %+v, want what it had", now)
			}
			if token.Text("access_token") != made.AccessToken {
				t.Error("the secret in the state is another one")
			}
			token.MustApply(t.Context(), acctest.Noop, arguments)
		})
	}
}
