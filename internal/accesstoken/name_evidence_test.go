// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestFixedNameOfAnotherRunIsLeftAlone covers a create that is rejected while another run creates a token with the same name. That
// token is not saved, and no later apply revokes it.
func TestFixedNameOfAnotherRunIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"429":            simulator.NewFault(simulator.TooMany),
		"503":            simulator.NewFault(simulator.Unavailable),
		"401":            simulator.NewFault(simulator.Status).WithStatus(http.StatusUnauthorized),
		"403":            simulator.NewFault(simulator.Status).WithStatus(http.StatusForbidden),
		"a firewall":     simulator.NewFault(simulator.HTML403),
		"a redirect":     simulator.NewFault(simulator.Redirect),
		"a refusal":      simulator.NewFault(simulator.ErrorInError),
		"documented 500": simulator.NewFault(simulator.Status),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewOverHTTP(t, simulator.Options{})
			token := w.Plain(t)
			arguments := acctest.Arguments{"name": "deploy"}
			var theirs simulator.Token
			w.OnRequest(simulator.OpCreate, func(*http.Request) {
				if theirs.ID == 0 {
					theirs, _ = w.AddToken(simulator.Token{Name: "deploy"})
				}
			})
			w.FailNext(simulator.OpCreate, fault)
			run := token.Apply(t.Context(), arguments)
			if !run.Failed() || token.State != nil {
				t.Fatalf("the token of another run is in the state: %v", token.State)
			}
			expect(t, run.Errors(), fmt.Sprintf("id %d", theirs.ID))
			w.ClearFaults()
			if again := token.Apply(t.Context(), arguments); !again.Failed() || token.State != nil {
				t.Error("the token of another run is in the state after one more apply")
			}
			if now, there := w.Token(theirs.ID); !there || now.AccessToken != theirs.AccessToken || w.Count(simulator.OpRevoke) > 0 {
				t.Error("the token of another run was touched")
			}
		})
	}
}

// TestGeneratedNameAfterAnAttemptThatWasTurnedAway covers an attempt that took effect although it was answered 429. Nobody else can
// generate the same name, so the token is saved as tainted even if the retry is refused because the name is taken.
func TestGeneratedNameAfterAnAttemptThatWasTurnedAway(t *testing.T) {
	t.Parallel()
	w := acctest.NewOverHTTP(t, simulator.Options{})
	token := w.Plain(t)
	w.FailNext(simulator.OpCreate, simulator.NewFault(simulator.TooMany).At(simulator.After))
	run := token.Apply(t.Context(), acctest.Arguments{"name_prefix": "ci-"})
	if !run.Failed() || !token.Tainted {
		t.Fatalf("the token is not in the state as tainted: %s", run.Errors())
	}
	expect(t, run.Errors(), "generated for this creation", "saved in the state as tainted")
	token.MustApply(t.Context(), acctest.Replace, acctest.Arguments{"name_prefix": "ci-"})
	if left := w.Tokens(); len(left) != 1 {
		t.Errorf("%d tokens are left, want 1", len(left))
	}
}

// TestGeneratedNameThatIsTakenIsDrawnOnceMore covers all three users of generated names.
func TestGeneratedNameThatIsTakenIsDrawnOnceMore(t *testing.T) {
	t.Parallel()
	taken := func(w *acctest.Env, times int) {
		w.OnRequest(simulator.OpCreate, func(r *http.Request) {
			if times--; times < 0 {
				return
			}
			if name := nameIn(r); name != "" {
				_, _ = w.AddToken(simulator.Token{Name: name})
			}
		})
	}
	slot := func(w *acctest.Env) (*acctest.Instance, acctest.Arguments) {
		return w.Rotating(t), acctest.Arguments{"name_prefix": "ci-"}
	}
	plain := func(w *acctest.Env) (*acctest.Instance, acctest.Arguments) {
		return w.Plain(t), acctest.Arguments{"name_prefix": "ci-"}
	}
	for name, instanceOf := range map[string]func(*acctest.Env) (*acctest.Instance, acctest.Arguments){"token": plain, "slot": slot} {
		w := acctest.NewOverHTTP(t, simulator.Options{})
		taken(w, 1)
		instance, arguments := instanceOf(w)
		instance.MustApply(t.Context(), acctest.Create, arguments)
		if creates := w.Count(simulator.OpCreate); creates != 2 {
			t.Errorf("%s: %d creates were sent, want 2", name, creates)
		}
		w = acctest.NewOverHTTP(t, simulator.Options{})
		taken(w, 2)
		instance, arguments = instanceOf(w)
		run := instance.Apply(t.Context(), arguments)
		expect(t, run.Errors(), "Generated name of the access token is taken", "another name is generated")
		if errors := run.Errors(); strings.Contains(errors, "revoke") || strings.Contains(errors, "import") {
			t.Errorf("%s: the holder may be a token of the same apply, and is to be revoked or imported: %s", name, errors)
		}
		if creates := w.Count(simulator.OpCreate); creates != 2 {
			t.Errorf("%s: %d creates were sent, want 2", name, creates)
		}
	}
	w := acctest.NewOverHTTP(t, simulator.Options{})
	taken(w, 1)
	process := w.Start(t.Context(), t, w.LoginArguments())
	opened, said := process.Open(t.Context(), nil)
	if said.Failed() || w.Count(simulator.OpCreate) != 2 {
		t.Errorf("ephemeral: %d creates were sent, want 2: %s", w.Count(simulator.OpCreate), said.Errors())
	}
	process.Close(t.Context(), opened)
}
