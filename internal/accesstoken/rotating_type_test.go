// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestTypeOfTheSlotChangesInPlace verifies that a new type reaches the current token and those in their overlap without new secrets,
// and that endpoints are sent only with CUSTOM.
func TestTypeOfTheSlotChangesInPlace(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]simulator.Dialect{
		"default": {}, "brief list": {BriefList: true}, "numbers": {NumericTypes: true}, "id only": {UpdateIDOnly: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, dialect)
			arguments := acctest.Arguments{"name_prefix": "slot-"}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			arguments = with(arguments, "lifetime_days", 60)
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			secret := w.slot.Text("access_token")
			for _, step := range []struct{ changes, sends string }{
				{"CUSTOM", `{"tokenType":"CUSTOM","apiEndpoints":["/a"]}`}, {"Hyperscale", `{"tokenType":"Hyperscale"}`},
				{"DEFAULT", `{"tokenType":"DEFAULT"}`}, {"ALL", ""},
			} {
				arguments = with(with(arguments, "type", step.changes), "api_endpoints", nil)
				if step.changes == "CUSTOM" {
					arguments["api_endpoints"] = []string{"/a"}
				}
				w.ResetJournal()
				run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
				if len(run.Plan.Unknown) > 0 {
					t.Errorf("%s: %v are unknown", step.changes, run.Plan.Unknown)
				}
				want := []string{step.sends, step.sends}
				if step.sends == "" {
					want = nil
				}
				if got := w.Bodies(simulator.OpUpdate); !slices.Equal(got, want) {
					t.Errorf("%s: it sent %q", step.changes, got)
				}
				w.did(0, 0, 0)
				w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			}
			if w.slot.Text("access_token") != secret {
				t.Error("the secret is another")
			}
			w.holds()
			w.slot.MustApply(t.Context(), acctest.Update, with(arguments, "type", "MS_SCIM"))
			w.did(1, 0, 0)
		})
	}
}

// TestTypeThatDriftsShows verifies that a refresh hides no drift of the scope: a token with more rights than configured is narrowed in
// place.
func TestTypeThatDriftsShows(t *testing.T) {
	t.Parallel()
	for _, configured := range []string{"ALL", "CUSTOM"} {
		t.Run(configured, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			arguments := acctest.Arguments{"name_prefix": "slot-", "type": configured}
			var endpoints []string
			if configured == "CUSTOM" {
				endpoints = []string{"/a"}
				arguments["api_endpoints"] = endpoints
			}
			w.slot.MustApply(t.Context(), acctest.Create, arguments)
			if err := w.EditToken(w.slot.ID(), func(token *simulator.Token) { token.Type, token.APIEndpoints = "Hyperscale", nil }); err != nil {
				t.Fatal(err)
			}
			w.ResetJournal()
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(0, 0, 0)
			if token, _ := w.Token(w.slot.ID()); token.Type != configured || !slices.Equal(token.APIEndpoints, endpoints) {
				t.Errorf("the token is of the type %s with the endpoints %v", token.Type, token.APIEndpoints)
			}
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
		})
	}
}

// TestTypeThatIsNotHonoured verifies that the state contains the server's type, so that every plan shows the difference.
func TestTypeThatIsNotHonoured(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{IgnoreTokenType: true})
	w.slot.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name_prefix": "slot-"})
	arguments := acctest.Arguments{"name_prefix": "slot-", "type": "Hyperscale"}
	for range 2 {
		run := w.slot.Apply(t.Context(), arguments)
		if run.Action != acctest.Update || !strings.Contains(run.Errors(), "tokenType (requested Hyperscale, answered ALL)") {
			t.Errorf("the plan was to %s, and the apply said %q", run.Action, run.Errors())
		}
		if got := w.slot.Text("type"); got != "ALL" {
			t.Errorf("the state has the type %s", got)
		}
	}
	w.works()
}

// TestTypeOfATokenThatIsNotHonoured verifies that the plain resource reads the type from a list if the response to the update omits it.
func TestTypeOfATokenThatIsNotHonoured(t *testing.T) {
	t.Parallel()
	for _, dialect := range []simulator.Dialect{{IgnoreTokenType: true}, {IgnoreTokenType: true, UpdateIDOnly: true}} {
		w := acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})
		token := w.Plain(t)
		token.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": "t"})
		secret := token.Text("access_token")
		arguments := acctest.Arguments{"name": "t", "type": "Hyperscale"}
		for range 2 {
			run := token.Apply(t.Context(), arguments)
			if run.Action != acctest.Update || !strings.Contains(run.Errors(), "tokenType (requested Hyperscale, answered ALL)") {
				t.Errorf("the plan was to %s, and the apply said %q", run.Action, run.Errors())
			}
			if got := token.Text("type"); got != "ALL" || token.Text("access_token") != secret {
				t.Errorf("the state has the type %s", got)
			}
		}
	}
}

// TestMovedTypeThatIsOmitted verifies that the default of type does not widen a token that was moved to a slot. A configured type is
// changed in place.
func TestMovedTypeThatIsOmitted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tokenType any
		creates   int
		old       string
	}{"omitted": {nil, 0, "CUSTOM"}, "named": {"ALL", 0, "ALL"}, "another kind": {"MS_SCIM", 1, "CUSTOM"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, simulator.Dialect{})
			plain := w.Plain(t)
			plain.MustApply(t.Context(), acctest.Create, acctest.Arguments{
				"name": "plain", "type": "CUSTOM", "api_endpoints": []string{"/a"},
			})
			if said := w.slot.Move(t.Context(), w.Start(t.Context(), t, w.slot.Provider), plain); said.Failed() {
				t.Fatal(said.Errors())
			}
			w.ResetJournal()
			arguments := acctest.Arguments{"name_prefix": "slot-", "type": c.tokenType}
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(c.creates, 0, 0)
			if token, _ := w.Token(1001); token.Type != c.old {
				t.Errorf("the token that was moved is of the type %s", token.Type)
			}
			w.works()
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
		})
	}
}

// TestScopeThatDidNotReachTheOverlap verifies that the next plan tries again although the list shows the new scope of the current
// token.
func TestScopeThatDidNotReachTheOverlap(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	arguments := acctest.Arguments{"name_prefix": "slot-"}
	w.slot.MustApply(t.Context(), acctest.Create, arguments)
	arguments = with(arguments, "lifetime_days", 60)
	w.slot.MustApply(t.Context(), acctest.Update, arguments)
	refusal := simulator.NewFault(simulator.HTML403)
	w.FailNext(simulator.OpUpdate, simulator.Fault{}, refusal)
	arguments = with(with(arguments, "type", "CUSTOM"), "api_endpoints", []string{"/a"})
	arguments = with(arguments, "allowed_ips", []string{"192.0.2.1"})
	if run := w.slot.Apply(t.Context(), arguments); !strings.Contains(run.Errors(), "Access token not changed") {
		t.Errorf("the apply said %q", run.Errors())
	}
	w.ResetJournal()
	run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
	if !slices.Equal(run.Plan.Unknown, []string{"previous_tokens"}) || w.Count(simulator.OpUpdate) != 1 {
		t.Errorf("%v are unknown, and %d updates were sent", run.Plan.Unknown, w.Count(simulator.OpUpdate))
	}
	for _, token := range w.Tokens() {
		if token.Type != "CUSTOM" || !slices.Equal(token.APIEndpoints, []string{"/a"}) || len(token.AllowedIPs) != 1 {
			t.Errorf("the token %d is of the type %s with %v and %v", token.ID, token.Type, token.APIEndpoints, token.AllowedIPs)
		}
	}
	w.slot.MustApply(t.Context(), acctest.Noop, arguments)
}
