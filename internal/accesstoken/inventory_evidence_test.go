// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestInventoryOfAPage covers data sources whose list omits tokens. None of them reports a token as absent.
func TestInventoryOfAPage(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{PageSize: 2, PageMark: simulator.PageTotal}})
	for i := range 3 {
		elsewhere(t, w, simulator.Token{Name: fmt.Sprint("t", i)})
	}
	process := w.Start(t.Context(), t, w.LoginArguments())
	_, said := process.ReadData(t.Context(), "commvault_access_tokens", acctest.Arguments{"name_regex": "t2"})
	expect(t, said.Warnings(), "List of access tokens is incomplete", "may omit tokens")
	_, said = process.ReadData(t.Context(), "commvault_access_token", acctest.Arguments{"name": "t2"})
	expect(t, said.Errors(), "contains no token with the name \"t2\"", "may omit tokens")
	if strings.Contains(said.Errors(), "has no access token") {
		t.Errorf("the error claims that there is none: %s", said.Errors())
	}
	if _, said = process.ReadData(t.Context(), "commvault_access_token", acctest.Arguments{"name": "t1"}); said.Failed() {
		t.Errorf("a token that the list shows is not found: %s", said.Errors())
	}
}

// TestRevokeActionThatWaitsForAnAdministrator verifies that a requested revocation is not reported as done.
func TestRevokeActionThatWaitsForAnAdministrator(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{RevokePending: true}})
	token := elsewhere(t, w, simulator.Token{Name: "x"})
	process := w.Start(t.Context(), t, w.LoginArguments())
	progress, said := process.Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(token)}})
	expect(t, said.Warnings(), "Revocation of the access token is pending")
	expect(t, strings.Join(progress, "\n"), "waits for an administrator")
	if said.Failed() || strings.Contains(strings.Join(progress, "\n"), "Revoked") {
		t.Errorf("the action says %q: %s", progress, said.Errors())
	}
}

// TestRevokeActionOfAPage covers a credential that may be a token that the list omits.
func TestRevokeActionOfAPage(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{
		PageSize: 2, PageMark: simulator.PageTotal, TokensManageTokens: true,
	}})
	var last simulator.Token
	for i := range 3 {
		last = elsewhere(t, w, simulator.Token{Name: fmt.Sprint("t", i)})
	}
	process := w.Start(t.Context(), t, authtoken(w, last.AccessToken))
	_, said := process.Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(last)}})
	expect(t, said.Errors(), "Access token may be the provider's own credential")
	if w.Count(simulator.OpRevoke) > 0 {
		t.Error("a revocation was sent")
	}
}

// TestChangeThatTheAnswerContradicts covers an update that requests addresses and whose response shows none. The state keeps the
// server's value, and each plan shows the difference.
func TestChangeThatTheAnswerContradicts(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{IgnoreAllowedIPs: true}})
	provider := editor{answer: func(r *http.Request, answer *httptest.ResponseRecorder) []byte {
		if r.Method != http.MethodPut {
			return answer.Body.Bytes()
		}
		return changed(answer, func(top map[string]any) {
			if token, ok := top["tokenInfo"].(map[string]any); ok {
				token["allowedIPs"] = []string{}
			}
		})
	}}.provider(t, w)
	for _, instance := range []*acctest.Instance{w.Plain(t), w.Rotating(t)} {
		instance.Provider = provider
		arguments := acctest.Arguments{"name": "x"}
		if instance.Type != "commvault_access_token" {
			arguments = acctest.Arguments{"name_prefix": "x-"}
		}
		instance.MustApply(t.Context(), acctest.Create, arguments)
		arguments = with(arguments, "allowed_ips", []string{"192.0.2.1"})
		for range 2 {
			run := instance.Apply(t.Context(), arguments)
			expect(t, run.Errors(), "Command Center does not honour an argument", "allowedIPs", "every plan shows the difference")
			if run.Action != acctest.Update || !instance.Attribute("allowed_ips").IsNull() {
				t.Errorf("the plan was to %s, and the state has %s", run.Action, instance.Attribute("allowed_ips"))
			}
		}
		instance.MustApply(t.Context(), acctest.Delete, nil)
	}
}

// TestChangeThatShowsAnotherTypeOrOwner covers an update whose response shows a token with more rights, or of another owner, although
// the update changes neither.
func TestChangeThatShowsAnotherTypeOrOwner(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]struct {
		answered  any
		attribute string
	}{"tokenType": {"ALL", "type"}, "userId": {7777, "user_id"}} {
		w := acctest.NewOverHTTP(t, simulator.Options{})
		owner := service(w)
		provider := editor{answer: func(r *http.Request, answer *httptest.ResponseRecorder) []byte {
			if r.Method != http.MethodPut {
				return answer.Body.Bytes()
			}
			return changed(answer, func(top map[string]any) {
				if token, ok := top["tokenInfo"].(map[string]any); ok {
					token[field] = c.answered
				}
			})
		}}.provider(t, w)
		for _, instance := range []*acctest.Instance{w.Plain(t), w.Rotating(t)} {
			instance.Provider = provider
			arguments := acctest.Arguments{"name": "x"}
			if instance.Type != "commvault_access_token" {
				arguments = acctest.Arguments{"name_prefix": "x-"}
			}
			arguments = with(arguments, "type", "CUSTOM")
			arguments = with(arguments, "user_id", owner)
			instance.MustApply(t.Context(), acctest.Create, with(arguments, "api_endpoints", []string{"/Client"}))
			run := instance.Apply(t.Context(), with(arguments, "api_endpoints", []string{"/MediaAgent"}))
			expect(t, run.Errors(), "Command Center does not honour an argument", field, "every plan shows the difference")
			if shown := fmt.Sprint(instance.Attribute(c.attribute)); !strings.Contains(shown, fmt.Sprint(c.answered)) {
				t.Errorf("the %s in the state of the %s is %s", c.attribute, instance.Type, shown)
			}
		}
	}
}

// TestImportOfAnotherUsersTokenKnowsItsImporter covers lists whose items have no owner. A later list requested by the importing user
// proves that the token is gone. A list requested by another user does not.
func TestImportOfAnotherUsersTokenKnowsItsImporter(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"the importer": true, "a colleague": false} {
		w := acctest.NewOverHTTP(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
		owner := service(w)
		found := elsewhere(t, w, simulator.Token{Name: "x", UserID: owner})
		elsewhere(t, w, simulator.Token{Name: "y", UserID: owner})
		token := w.Plain(t)
		process := w.Start(t.Context(), t, token.Provider)
		if said := token.ImportByID(t.Context(), process, fmt.Sprintf("%d/%d", owner, found.ID)); said.Failed() {
			t.Fatal(said.Errors())
		}
		// The type is only recorded, because the list omits it. An expired token of this type is not hidden.
		if run := token.Apply(t.Context(), acctest.Arguments{"name": "x", "user_id": owner, "type": "MS_SCIM"}); run.Failed() {
			t.Fatal(run.Errors())
		}
		w.RemoveToken(found.ID)
		if !same {
			token.Provider = colleague(w, "nine")
		}
		said := token.Refresh(t.Context(), w.Start(t.Context(), t, token.Provider))
		if gone := token.State == nil; gone != same {
			t.Errorf("%s: the token left the state: %t, want %t: %s", name, gone, same, said.Warnings())
		}
	}
}
