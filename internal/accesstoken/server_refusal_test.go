// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// refusalDialects are the ways in which a server tells that it refuses what was asked.
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

// TestAccNameTaken guards that the error tells which token has the name and how to import it, that this token is left as
// it is, and that nothing is in the state.
func TestAccNameTaken(t *testing.T) {
	t.Parallel()
	refusalDialects(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		providers, heard := w.Overheard()
		owner := w.AddUser("service", "S3rvice-Passw0rd")
		mine := elsewhere(t, w, simulator.Token{Name: "ci"})
		theirs := elsewhere(t, w, simulator.Token{Name: "ci", UserID: owner})
		fails := func(id int64, importID string, arguments ...string) resource.TestStep {
			return resource.TestStep{
				PreConfig: w.ResetJournal,
				Config:    w.Config(acctest.Token(append(arguments, `name = "ci"`)...)),
				ExpectError: acctest.Says("Name of the access token is taken", `"ci"`, fmt.Sprintf("id %d", id), "error code 101",
					"Token name already present", "terraform import <address> "+importID, "name_prefix"),
			}
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: providers,
			CheckDestroy:             w.NothingLeft,
			Steps: []resource.TestStep{
				fails(mine.ID, fmt.Sprint(mine.ID)),
				fails(theirs.ID, fmt.Sprintf("%d/%d", owner, theirs.ID), fmt.Sprintf("user_id = %d", owner)),
				{
					PreConfig: func() {
						if err := w.Wrote(1, 0, 0)(nil); err != nil {
							t.Error(err)
						}
						if !w.Works(mine.AccessToken) || !w.Works(theirs.AccessToken) {
							t.Error("a token that has the name was changed")
						}
						w.RemoveToken(mine.ID)
						w.RemoveToken(theirs.ID)
					},
					Config:           w.Config(acctest.Token(`name = "ci"`)),
					ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionCreate),
					// A state that was left behind would be told to be gone.
					Check: resource.ComposeTestCheckFunc(onlyHeld(w), heard.Exactly()),
				},
			},
		})
	})
}

// TestAccCreateRefused guards that a refusal is shown with its message and code and the token's name, that the create is
// not sent again, and that nothing is in the state.
func TestAccCreateRefused(t *testing.T) {
	t.Parallel()
	refused := simulator.NewFault(simulator.Status)
	for _, fault := range []simulator.Fault{
		refused.WithStatus(400), refused.WithStatus(403), refused.WithStatus(500), simulator.NewFault(simulator.ErrorTop),
		simulator.NewFault(simulator.ErrorInError), simulator.NewFault(simulator.ErrorInTokenInfo),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			providers, heard := w.Overheard()
			fault.Code, fault.Message = 815, "The moon is in the wrong phase"
			w.FailNext(simulator.OpCreate, fault)
			config := w.Config(acctest.Token(`name = "ci"`))
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             w.NothingLeft,
				Steps: []resource.TestStep{
					{
						Config:      config,
						ExpectError: acctest.Says("Access token not created", `"ci"`, "error code 815", "The moon is in the wrong phase."),
					},
					{
						PreConfig: func() {
							if err := w.Wrote(1, 0, 0)(nil); err != nil {
								t.Error(err)
							}
						},
						Config:           config,
						ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionCreate),
						// A state that was left behind would be told to be gone.
						Check: resource.ComposeTestCheckFunc(onlyHeld(w), heard.Exactly()),
					},
				},
			})
		})
	}
}

// TestAccUpdateRefused guards that a change that is refused leaves the token, its secrets and the state as they were.
func TestAccUpdateRefused(t *testing.T) {
	t.Parallel()
	refusalDialects(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		other := elsewhere(t, w, simulator.Token{Name: "taken"})
		same := sameToken(acctest.Address)
		config := func(name string) string { return w.Config(acctest.Token(`name = "` + name + `"`)) }
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: w.Providers(),
			Steps: []resource.TestStep{
				{Config: config("ci"), ConfigStateChecks: same()},
				{
					Config: config("taken"),
					ExpectError: acctest.Says("Access token not changed", `"ci"`, "error code 101", "Token name already present",
						`"taken" is taken by another token`),
				},
				{
					Config:            config("ci"),
					ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionNoop),
					ConfigStateChecks: same(),
					Check:             resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks, w.Wrote(1, 1, 0)),
				},
			},
		})
		if !w.Works(other.AccessToken) {
			t.Error("the token that has the name was changed")
		}
	})
}

// TestAccRevokeRefused guards that a token whose revocation was refused stays in the state, to be revoked later.
func TestAccRevokeRefused(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := w.Config(acctest.Token(`name = "ci"`))
	fault := simulator.NewFault(simulator.Status).WithStatus(403)
	fault.Code, fault.Message = 815, "The moon is in the wrong phase"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig:   func() { w.FailNext(simulator.OpRevoke, fault) },
				Config:      config,
				Destroy:     true,
				ExpectError: acctest.Says("Access token not revoked", `"ci"`, "error code 815", "The moon is in the wrong phase.", "stays in the state"),
			},
			{
				Config:           config,
				ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionNoop),
				Check:            resource.ComposeTestCheckFunc(onlyHeld(w), w.SecretWorks, w.Wrote(1, 0, 1)),
			},
		},
	})
}

// TestAccOwnerThatDoesNotExist guards that a token for nobody is not even asked for, since its owner's list tells.
func TestAccOwnerThatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config: w.Config(acctest.Token(`name = "ci"`, `user_id = 99`)),
			ExpectError: acctest.Says("Access token not created", `"ci"`, "nothing was sent", "error code 2",
				"There is no user with the id 99"),
		}},
	})
	if err := w.Wrote(0, 0, 0)(nil); err != nil {
		t.Error(err)
	}
}

// TestAccReleaseWithoutTheseTokens guards that a 404 leads to the base path.
func TestAccReleaseWithoutTheseTokens(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{NoV4: true}})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config:      w.Config(acctest.Token(`name = "ci"`)),
			ExpectError: acctest.Says("Access token not created", `"ci"`, "HTTP 404", "base path of host"),
		}},
	})
}
