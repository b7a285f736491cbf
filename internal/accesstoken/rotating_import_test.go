// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestImportIntoASlot verifies, for every way in which a slot receives a token without its secret, that the first apply rotates with
// the overlap, that the imported token is not changed, and that it is revoked in its owner's list.
//
// Claim: "The imported token is never changed"
func TestImportIntoASlot(t *testing.T) {
	t.Parallel()
	ownTokens := func(w *walk) acctest.Arguments { return nil }
	service := func(w *walk) acctest.Arguments {
		return acctest.Arguments{"user_id": w.AddUser("service", "S3rvice-Passw0rd")}
	}
	for name, c := range map[string]struct {
		owner   func(*walk) acctest.Arguments
		byOwner bool
		moved   bool
		dialect simulator.Dialect
	}{
		"own":               {ownTokens, false, false, simulator.Dialect{}},
		"own, brief list":   {ownTokens, false, false, simulator.Dialect{BriefList: true}},
		"own, by owner":     {ownTokens, true, false, simulator.Dialect{}},
		"service account":   {service, true, false, simulator.Dialect{}},
		"moved":             {ownTokens, false, true, simulator.Dialect{}},
		"moved, brief list": {ownTokens, false, true, simulator.Dialect{BriefList: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, c.dialect)
			maker := w.Plain(t)
			made := acctest.Arguments{"name": "old", "type": "CUSTOM", "api_endpoints": []string{"/a"}, "allowed_ips": []string{"192.0.2.1"}}
			for argument, value := range c.owner(w) {
				made[argument] = value
			}
			maker.MustApply(t.Context(), acctest.Create, made)
			before, _ := w.Token(1001)
			id := "1001"
			if c.byOwner {
				id = fmt.Sprintf("%d/1001", before.UserID)
			}
			imported := w.slot
			if c.moved {
				imported = w.Plain(t)
			}
			if said := imported.ImportByID(t.Context(), w.Start(t.Context(), t, w.slot.Provider), id); said.Failed() {
				t.Fatal(said.Errors())
			}
			if c.moved {
				if said := w.slot.Move(t.Context(), w.Start(t.Context(), t, w.slot.Provider), imported); said.Failed() {
					t.Fatal(said.Errors())
				}
			}
			w.ResetJournal()
			arguments := acctest.Arguments{"name_prefix": "slot-", "user_id": made["user_id"]}
			run := w.slot.MustApply(t.Context(), acctest.Update, arguments)
			if warns := run.Warnings(); !strings.Contains(warns, "Imported access token will be revoked") || !strings.Contains(warns, "24 hours") {
				t.Errorf("the plan warns: %q", warns)
			}
			if bodies := w.Bodies(simulator.OpUpdate); len(bodies) > 0 {
				t.Errorf("the imported token was changed: %s", bodies)
			}
			w.did(1, 0, 0)
			tokenType := "CUSTOM" // an imported token keeps its rights, as far as a list shows them
			if c.dialect.BriefList {
				tokenType = "ALL"
			}
			if token, _ := w.Token(w.slot.ID()); previousTokens(t, w.slot) != 1 || w.slot.Text("type") != tokenType || token.Type != tokenType {
				t.Errorf("%d previous tokens, type %s", previousTokens(t, w.slot), w.slot.Text("type"))
			}
			if !w.Works(before.AccessToken) {
				t.Error("the imported token does not work in its overlap")
			}
			w.works()
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			w.Clock.Advance(24 * time.Hour)
			w.slot.MustApply(t.Context(), acctest.Update, arguments)
			w.did(0, 0, 1)
			w.slot.MustApply(t.Context(), acctest.Noop, arguments)
			w.slot.MustApply(t.Context(), acctest.Delete, nil)
			if left := w.Tokens(); len(left) > 0 {
				t.Errorf("%d tokens are left", len(left))
			}
		})
	}
}

// TestImportedStateOfASlot verifies the state from which Terraform generates a configuration: it has to be valid and must not contain
// the provider's own user.
func TestImportedStateOfASlot(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	for name, prefix := range map[string]string{
		"ci-20261123T142642Z-9f3a": "ci-", "ci-20261123T142642Z-9f3ac07b": "ci-", "plain": "plain",
		"20261123T142642Z-9f3a": "20261123T142642Z-9f3a", "  20261123T142642Z-9f3a": "  20261123T142642Z-9f3a",
		"ci-20261123T142642Z-9f3ac0": "ci-20261123T142642Z-9f3ac0", "ci-20261123T142642Z-9f3a x": "ci-20261123T142642Z-9f3a x",
	} {
		plain := w.Plain(t)
		plain.MustApply(t.Context(), acctest.Create, acctest.Arguments{"name": name})
		slot := w.Rotating(t)
		p := w.Start(t.Context(), t, slot.Provider)
		if said := slot.ImportByID(t.Context(), p, plain.Text("id")); said.Failed() {
			t.Fatalf("%q: %s", name, said.Errors())
		}
		if got := slot.Text("name_prefix"); got != prefix {
			t.Errorf("%q gave the prefix %q, want %q", name, got, prefix)
		}
		if !slot.Attribute("user_id").IsNull() {
			t.Errorf("%q: user_id is %s", name, slot.Attribute("user_id"))
		}
		if plan, said := slot.Plan(t.Context(), p, acctest.Arguments{"name_prefix": slot.Text("name_prefix")}); said.Failed() ||
			!slices.Contains(plan.Unknown, "access_token") {
			t.Errorf("%q: the plan fails: %s", name, said.Errors())
		}
	}
}

// TestImportIntoASlotThatFails verifies that a token is not imported if the list does not show it.
func TestImportIntoASlotThatFails(t *testing.T) {
	t.Parallel()
	w := newWalk(t, simulator.Dialect{})
	for id, says := range map[string]string{
		"4711": "Access token to import not found", "11/4711": "Access token to import not found", "": "Invalid import id of an access token",
		"x": "Invalid import id of an access token", "1/2/3": "Invalid import id of an access token",
	} {
		slot := w.Rotating(t)
		if said := slot.ImportByID(t.Context(), w.Start(t.Context(), t, slot.Provider), id); !strings.Contains(said.Errors(), says) {
			t.Errorf("%q: %q", id, said.Errors())
		}
	}
}
