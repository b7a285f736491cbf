// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// revoked returns the ids of the revocations that were sent, in order.
func revoked(w *acctest.Env) []string {
	var ids []string
	for _, request := range w.Journal() {
		if request.Operation == simulator.OpRevoke {
			ids = append(ids, request.Path[strings.LastIndex(request.Path, "/")+1:])
		}
	}
	return ids
}

func idOf(token simulator.Token) string { return fmt.Sprint(token.ID) }

// TestRevokeAction verifies, in every dialect, that each token is revoked once and in order, that a missing token is not an error, that
// a refusal does not stop the others, and the messages about each token.
func TestRevokeAction(t *testing.T) {
	t.Parallel()
	acctest.EveryDialect(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		one := elsewhere(t, w, simulator.Token{Name: "one"})
		two := elsewhere(t, w, simulator.Token{Name: "two"})
		three := elsewhere(t, w, simulator.Token{Name: "three"})
		owned := elsewhere(t, w, simulator.Token{Name: "kept"})
		refusal := simulator.NewFault(simulator.Status).WithStatus(http.StatusForbidden)
		w.OnRequest(simulator.OpRevoke, func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/"+idOf(three)) {
				w.FailNext(simulator.OpRevoke, refusal)
			}
		})
		p := w.Start(t.Context(), t, w.LoginArguments())
		progress, diagnostics := p.Invoke(t.Context(), acctest.Arguments{
			"ids": []string{idOf(two), "999", idOf(three), idOf(one), idOf(two)},
		})
		missing := "The server has no access token with the id 999."
		if dialect.MissingID200 {
			missing = "The access token with the id 999 was not among the tokens of the user of the provider, and the server answered: " +
				"Command Center refused the request (HTTP 200 OK, error code 7): There is no access token with the id 999. It gives this answer for " +
				"an id that does not exist, and possibly for a token that it refuses to revoke."
		}
		want := []string{
			fmt.Sprintf("Revoking the access token %q (id %d).", "two", two.ID),
			fmt.Sprintf("Revoked the access token %q (id %d).", "two", two.ID),
			"Revoking the access token with the id 999.",
			missing,
			fmt.Sprintf("Revoking the access token %q (id %d).", "three", three.ID),
			fmt.Sprintf("The access token %q (id %d) was not revoked.", "three", three.ID),
			fmt.Sprintf("Revoking the access token %q (id %d).", "one", one.ID),
			fmt.Sprintf("Revoked the access token %q (id %d).", "one", one.ID),
		}
		if !slices.Equal(progress, want) {
			t.Errorf("the progress is\n%s\nwant\n%s", strings.Join(progress, "\n"), strings.Join(want, "\n"))
		}
		if len(diagnostics) != 1 || !strings.Contains(diagnostics.Errors(), fmt.Sprintf("access token %q (id %d) was not revoked", "three", three.ID)) ||
			!strings.Contains(diagnostics.Errors(), "ids[2]") && !strings.Contains(diagnostics.Errors(), "ElementKeyInt(2)") {
			t.Errorf("the diagnostics are %q, want one about the third id", diagnostics.Errors())
		}
		if got, want := revoked(w), []string{idOf(two), "999", idOf(three), idOf(one)}; !slices.Equal(got, want) {
			t.Errorf("revocations were sent for %v, want %v", got, want)
		}
		for _, token := range []simulator.Token{three, owned} {
			if _, there := w.Token(token.ID); !there {
				t.Errorf("%s is gone", token.Name)
			}
		}
		if leaks := w.Leaks(strings.Join(progress, "\n") + diagnostics.Errors()); len(leaks) > 0 {
			t.Errorf("the action shows %v", leaks)
		}
	})
}

// TestRevokeActionOfOthers verifies that user_id selects the owner, and that another user's token does not count as missing if the
// server refuses the revocation.
func TestRevokeActionOfOthers(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := w.AddUser("service", "its-password")
	theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
	mine := elsewhere(t, w, simulator.Token{Name: "mine"})
	elsewhere(t, w, simulator.Token{Name: "expired", ExpiresAt: acctest.Start.Add(-time.Hour), UserID: service})
	asService := w.LoginArguments()
	asService["username"], asService["password"] = "service", "its-password"
	progress, diagnostics := w.Start(t.Context(), t, asService).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(mine)}})
	if !diagnostics.Failed() {
		t.Errorf("the token of somebody else is taken for a missing one: %q", progress)
	}
	if _, there := w.Token(mine.ID); !there {
		t.Error("the token of somebody else was revoked")
	}
	progress, diagnostics = w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(),
		acctest.Arguments{"ids": []string{idOf(theirs)}, "user_id": service})
	if diagnostics.Failed() || !strings.Contains(strings.Join(progress, "\n"), `Revoked the access token "theirs"`) {
		t.Errorf("the progress is %q, with %q", progress, diagnostics.Errors())
	}
}

// TestRevokeActionBelievesNoRefusal verifies that a token is not reported as gone if the owner's list lacks it and the server refuses
// or loses the request, and that a refusal costs no list.
func TestRevokeActionBelievesNoRefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault simulator.Fault
		want  string // in the errors, or else in the progress messages
		fails bool
	}{
		"403":            {simulator.NewFault(simulator.Status).WithStatus(http.StatusForbidden), "was not revoked", true},
		"500":            {simulator.NewFault(simulator.Status), "was not revoked", true},
		"lost":           {simulator.NewFault(simulator.BareStatus).WithStatus(http.StatusBadGateway), "may or may not have been revoked", true},
		"error at top":   {simulator.NewFault(simulator.ErrorTop), "and possibly for a token that it refuses to revoke", false},
		"error in error": {simulator.NewFault(simulator.ErrorInError), "and possibly for a token that it refuses to revoke", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			service := w.AddUser("service", "its-password")
			theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
			elsewhere(t, w, simulator.Token{Name: "shows expired ones", ExpiresAt: acctest.Start.Add(-time.Hour)})
			w.FailNext(simulator.OpRevoke, slices.Repeat([]simulator.Fault{test.fault}, 20)...)
			progress, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(theirs)}})
			said := strings.Join(progress, "\n")
			if test.fails {
				said = diagnostics.Errors()
			}
			if diagnostics.Failed() != test.fails || !strings.Contains(said, test.want) {
				t.Errorf("the progress is %q, and the errors %q; want %q", progress, diagnostics.Errors(), test.want)
			}
			if lists := w.Count(simulator.OpList); lists != 1 {
				t.Errorf("%d lists were sent, want the first only", lists)
			}
		})
	}
}

// TestRevokeActionKnowsWhatMayBeHidden verifies that a token whose list shows neither its expiry nor its refresh window is not reported
// as revoked because a later list lacks it.
func TestRevokeActionKnowsWhatMayBeHidden(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
	one := elsewhere(t, w, simulator.Token{Name: "one"})
	w.FailNext(simulator.OpRevoke, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.Status)}, 20)...)
	w.FailNext(simulator.OpList, simulator.Fault{}, simulator.NewFault(simulator.EmptyObject).WithBody(`{"accessTokens":[]}`))
	progress, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(one)}})
	if !strings.Contains(diagnostics.Errors(), "was not revoked") {
		t.Errorf("the progress is %q, and the errors %q", progress, diagnostics.Errors())
	}
	if w.PendingFaults(simulator.OpList) > 0 {
		t.Error("no list followed the refusal")
	}
}

// TestRevokeActionWithoutAList verifies that the action works with a release that has no list call.
func TestRevokeActionWithoutAList(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{NoList: true}})
	one := elsewhere(t, w, simulator.Token{Name: "one"})
	progress, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(one), "999"}})
	if _, there := w.Token(one.ID); there || len(diagnostics) > 0 {
		t.Errorf("the progress is %q, and the errors %q", progress, diagnostics.Errors())
	}
}

// TestRevokeActionSparesItsCredential verifies that the action does not revoke a token that the provider may be authenticating with,
// and that it revokes a token that cannot be the credential.
func TestRevokeActionSparesItsCredential(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"", "Bearer "} {
		w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{TokensManageTokens: true}})
		service := w.AddUser("service", "its-password")
		own := elsewhere(t, w, simulator.Token{Name: "own"})
		recent := elsewhere(t, w, simulator.Token{Name: "clocks differ", ExpiresAt: acctest.Start.Add(-30 * time.Minute)})
		scim := elsewhere(t, w, simulator.Token{Name: "scim", Type: simulator.TypeSCIM})
		ended := elsewhere(t, w, simulator.Token{Name: "ended", ExpiresAt: acctest.Start.Add(-2 * time.Hour)})
		theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
		arguments := acctest.Arguments{"host": w.URL(), "ca_certificate": w.CACertificate(), "authtoken": scheme + own.AccessToken}
		_, diagnostics := w.Start(t.Context(), t, arguments).Invoke(t.Context(),
			acctest.Arguments{"ids": []string{idOf(own), idOf(recent), idOf(scim), idOf(ended)}})
		if !strings.Contains(diagnostics.Errors(), "may be the provider's own credential") || len(diagnostics) != 2 {
			t.Errorf("the diagnostics are %q, want one about the credential", diagnostics.Errors())
		}
		_, diagnostics = w.Start(t.Context(), t, arguments).Invoke(t.Context(),
			acctest.Arguments{"ids": []string{idOf(theirs), idOf(own)}, "user_id": service})
		if !strings.Contains(diagnostics.Errors(), "may be the provider's own credential") || len(diagnostics) != 1 {
			t.Errorf("with a user_id the diagnostics are %q, want one about the credential", diagnostics.Errors())
		}
		if got, want := revoked(w), []string{idOf(scim), idOf(ended), idOf(theirs)}; !slices.Equal(got, want) {
			t.Errorf("revocations were sent for %v, want %v", got, want)
		}
		session := acctest.Arguments{"host": w.URL(), "ca_certificate": w.CACertificate(), "authtoken": w.NewSession(w.Username())}
		if _, diagnostics = w.Start(t.Context(), t, session).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(own)}}); diagnostics.Failed() {
			t.Errorf("with a login session: %s", diagnostics.Errors())
		}
	}
}

// TestRevokeActionIsCancelled verifies that no revocation starts after a cancellation, and that the one in progress completes.
func TestRevokeActionIsCancelled(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	one, two := elsewhere(t, w, simulator.Token{Name: "one"}), elsewhere(t, w, simulator.Token{Name: "two"})
	three := elsewhere(t, w, simulator.Token{Name: "three"})
	ctx, cancel := context.WithCancel(t.Context())
	w.OnRequest(simulator.OpRevoke, func(*http.Request) { cancel() })
	progress, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(ctx,
		acctest.Arguments{"ids": []string{idOf(one), idOf(one), idOf(two), idOf(three), idOf(two)}})
	if _, there := w.Token(one.ID); there {
		t.Error("the revocation that was under way was not carried out")
	}
	if got := revoked(w); !slices.Equal(got, []string{idOf(one)}) {
		t.Errorf("revocations were sent for %v, want the first one only (%q)", got, progress)
	}
	if want := fmt.Sprintf("not processed: %s, %s. Invoke the action again. %s: revoked, or did not exist.",
		idOf(two), idOf(three), idOf(one)); !strings.Contains(diagnostics.Errors(), want) {
		t.Errorf("the error is %q, want %q in it", diagnostics.Errors(), want)
	}
}

// TestRevokeActionFails verifies which arguments are refused before any request, and that nothing is revoked if the list fails.
func TestRevokeActionFails(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	one := elsewhere(t, w, simulator.Token{Name: "one"})
	for name, test := range map[string]struct {
		arguments acctest.Arguments
		want      string
	}{
		"no id":     {acctest.Arguments{"ids": []string{idOf(one), "one"}}, `"one" was given; the value must be the id of an access token`},
		"sign":      {acctest.Arguments{"ids": []string{"+1"}}, `"+1" was given`},
		"bad owner": {acctest.Arguments{"ids": []string{idOf(one)}, "user_id": int64(0)}, "user_id"},
	} {
		if _, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), test.arguments); !strings.Contains(diagnostics.Errors(), test.want) {
			t.Errorf("%s: the diagnostics are %q, want %q in them", name, diagnostics.Errors(), test.want)
		}
	}
	arguments := w.LoginArguments()
	arguments["host"] = acctest.Unknown
	if _, diagnostics := w.Start(t.Context(), t, arguments).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(one)}}); !strings.Contains(diagnostics.Errors(), "its arguments host come") {
		t.Errorf("with an unknown host: %q", diagnostics.Errors())
	}
	if progress, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), acctest.Arguments{"ids": []string{}}); len(diagnostics) > 0 || len(progress) != 1 {
		t.Errorf("without ids: %q and %q", progress, diagnostics.Errors())
	}
	if len(w.Journal()) > 0 {
		t.Errorf("%d requests were sent, want none", len(w.Journal()))
	}
	w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML503)}, 20)...)
	if _, diagnostics := w.Start(t.Context(), t, w.LoginArguments()).Invoke(t.Context(), acctest.Arguments{"ids": []string{idOf(one)}}); !strings.Contains(diagnostics.Errors(), "Access tokens not listed") || len(revoked(w)) > 0 {
		t.Errorf("without the list: %q, %v revoked", diagnostics.Errors(), revoked(w))
	}
}

// TestAccRevokeAction covers the action with a real CLI, triggered by a resource.
func TestAccRevokeAction(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	forgotten := elsewhere(t, w, simulator.Token{Name: "forgotten"})
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Since("1.14", ""),
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(acctest.Token(`name = "ours"`, `lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.commvault_revoke_access_token.cleanup]
    }
  }`), fmt.Sprintf(`
action "commvault_revoke_access_token" "cleanup" {
  config {
    ids = [%q]
  }
}
`, idOf(forgotten))),
		}},
	})
	if got := revoked(w); len(got) == 0 || got[0] != idOf(forgotten) {
		t.Errorf("revocations were sent for %v, want the forgotten token's first", got)
	}
}
