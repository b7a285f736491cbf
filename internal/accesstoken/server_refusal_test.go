// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// refusalDialects are the dialects that differ in how the server refuses a request.
func refusalDialects(t *testing.T, test func(t *testing.T, dialect simulator.Dialect)) {
	t.Helper()
	for name, refusals := range map[string]simulator.Refusals{
		"in error": simulator.RefuseInError, "in tokenInfo": simulator.RefuseInTokenInfo,
		"flat under 200": simulator.RefuseFlat200, "flat under 400": simulator.RefuseFlat400,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, simulator.Dialect{Refusals: refusals})
		})
	}
}

// TestNameTaken verifies that the error contains the id of the token that has the name and how to import it, that this token stays
// unchanged, and that nothing is saved to the state. TestAccCreateBeforeDestroyWithFixedName shows the error with a CLI.
func TestNameTaken(t *testing.T) {
	t.Parallel()
	refusalDialects(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		owner := w.AddUser("service", "S3rvice-Passw0rd")
		mine := elsewhere(t, w, simulator.Token{Name: "ci"})
		theirs := elsewhere(t, w, simulator.Token{Name: "ci", UserID: owner})
		for _, c := range []struct {
			holder    simulator.Token
			importID  string
			arguments acctest.Arguments
		}{
			{mine, fmt.Sprint(mine.ID), acctest.Arguments{"name": "ci"}},
			{theirs, fmt.Sprintf("%d/%d", owner, theirs.ID), acctest.Arguments{"name": "ci", "user_id": owner}},
		} {
			w.ResetJournal()
			i := w.Plain(t)
			run := i.Apply(ctx, c.arguments)
			expectErrors(t, run.Diagnostics, "Name of the access token is taken", `"ci"`, fmt.Sprintf("id %d", c.holder.ID),
				"error code 101", "Token name already present", "change name for one apply", "terraform import <address> "+c.importID)
			if i.State != nil {
				t.Error("something is in the state")
			}
			if err := w.Wrote(1, 0, 0)(nil); err != nil {
				t.Error(err)
			}
			if !w.Works(c.holder.AccessToken) {
				t.Error("the token that has the name was changed")
			}
		}
	})
}

// expectErrors checks that the errors contain the phrases, in this order.
func expectErrors(t *testing.T, said acctest.Diagnostics, phrases ...string) {
	t.Helper()
	if !acctest.Says(phrases...).MatchString(said.Errors()) {
		t.Errorf("the errors are %q, want %q in them", said.Errors(), phrases)
	}
}

// TestAccCreateRefused verifies that the error contains the server's message and code and the token's name, that the create is not
// retried, and that nothing is saved to the state.
func TestAccCreateRefused(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	providers, warnings := w.ProvidersWithWarnings()
	refused := simulator.NewFault(simulator.Status)
	faults := []simulator.Fault{
		refused.WithStatus(400), refused.WithStatus(403), refused.WithStatus(500), simulator.NewFault(simulator.ErrorTop),
		simulator.NewFault(simulator.ErrorInError), simulator.NewFault(simulator.ErrorInTokenInfo),
	}
	var tokens []string
	var created []plancheck.PlanCheck
	for i := range faults {
		faults[i].Code, faults[i].Message = int64(815+i), "The moon is in the wrong phase"
		label := fmt.Sprintf("r%d", i)
		tokens = append(tokens, acctest.NamedToken(label, fmt.Sprintf("name = %q", label)))
		created = append(created, plancheck.ExpectResourceAction("commvault_access_token."+label, plancheck.ResourceActionCreate))
	}
	w.FailNext(simulator.OpCreate, faults...)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             w.NothingLeft,
		ErrorCheck: func(err error) error {
			shown := errorsIn(err.Error())
			if len(shown) != len(faults) {
				t.Errorf("%d errors are shown for %d tokens", len(shown), len(faults))
			}
			for i := range faults {
				has := func(phrases ...string) bool {
					return slices.ContainsFunc(shown, func(text string) bool { return acctest.Says(phrases...).MatchString(text) })
				}
				if !has("Access token not created", fmt.Sprintf(`"r%d"`, i)) || !has(fmt.Sprintf("error code %d", 815+i), "The moon is in the wrong phase.") {
					t.Errorf("the error of the token r%d or of %s is missing: %q", i, faults[i], shown)
				}
			}
			return nil
		},
		Steps: []resource.TestStep{{Config: w.Config(tokens...)}},
	})
	if err := w.Wrote(len(faults), 0, 0)(nil); err != nil {
		t.Error(err)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config:           w.Config(tokens...),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: created},
			// If a state remained, its token would be reported as gone.
			Check: warnings.Exactly(),
		}},
	})
}

// TestUpdateRefused verifies that a refused update leaves the token, its secrets and the state unchanged.
func TestUpdateRefused(t *testing.T) {
	t.Parallel()
	refusalDialects(t, func(t *testing.T, dialect simulator.Dialect) {
		ctx := t.Context()
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		other := elsewhere(t, w, simulator.Token{Name: "taken"})
		i := w.Plain(t)
		i.MustApply(ctx, acctest.Create, acctest.Arguments{"name": "ci"})
		before := *i.State
		run := i.Apply(ctx, acctest.Arguments{"name": "taken"})
		expectErrors(t, run.Diagnostics, "Access token not changed", `"ci"`, "error code 101", "Token name already present",
			`If another token has the new name "taken"`)
		if !i.State.Equal(before) {
			t.Error("the state changed")
		}
		i.MustApply(ctx, acctest.Noop, acctest.Arguments{"name": "ci"})
		expectServers(t, i)
		if err := w.Wrote(1, 1, 0)(nil); err != nil {
			t.Error(err)
		}
		if !w.Works(other.AccessToken) {
			t.Error("the token that has the name was changed")
		}
	})
}

// TestRevokeRefused verifies that a token whose revocation was refused stays in the state, so that a later run can revoke it.
func TestRevokeRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := acctest.New(t, simulator.Options{})
	fault := simulator.NewFault(simulator.Status).WithStatus(403)
	fault.Code, fault.Message = 815, "The moon is in the wrong phase"
	i := w.Plain(t)
	arguments := acctest.Arguments{"name": "ci"}
	i.MustApply(ctx, acctest.Create, arguments)
	w.FailNext(simulator.OpRevoke, fault)
	run := i.Apply(ctx, nil)
	expectErrors(t, run.Diagnostics, "Access token not revoked", `"ci"`, "error code 815", "The moon is in the wrong phase.", "stays in the state")
	i.MustApply(ctx, acctest.Noop, arguments)
	expectServers(t, i)
	if err := w.Wrote(1, 0, 1)(nil); err != nil {
		t.Error(err)
	}
	i.MustApply(ctx, acctest.Delete, nil)
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}

// TestOwnerThatDoesNotExist verifies that no create is sent for a user who does not exist, because the owner's list shows that.
func TestOwnerThatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	run := w.Plain(t).Apply(t.Context(), acctest.Arguments{"name": "ci", "user_id": 99})
	expectErrors(t, run.Diagnostics, "Access token not created", `"ci"`, "nothing was sent, because the list of tokens", "error code 2", "There is no user with the id 99")
	if err := w.Wrote(0, 0, 0)(nil); err != nil {
		t.Error(err)
	}
}

// TestReleaseWithoutTheseTokens verifies that the advice after a 404 mentions the base path.
func TestReleaseWithoutTheseTokens(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{NoV4: true}})
	run := w.Plain(t).Apply(t.Context(), acctest.Arguments{"name": "ci"})
	expectErrors(t, run.Diagnostics, "Access token not created", `"ci"`, "HTTP 404", "base path of host")
}
