// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccWholeLife takes a token through its full lifecycle. After each step the testing framework checks that a second plan is empty.
// TestWholeLifeInEveryDialect does the same in process, in all dialects.
func TestAccWholeLife(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	created := w.Config(acctest.Token(`name = "pipeline"`, `type = "CUSTOM"`, `api_endpoints = ["/v4/servers"]`))
	changed := w.Config(acctest.Token(`name = "pipeline-2"`, `type = "CUSTOM"`, `api_endpoints = ["/v4/servers", "/client"]`,
		`allowed_ips = ["10.0.0.0/8", "2001:DB8::1"]`, `renewable_until = "`+acctest.In(30*acctest.Day)+`"`))
	sameID := statecheck.CompareValue(compare.ValuesSame())
	newID := statecheck.CompareValue(compare.ValuesDiffer())
	id := tfjsonpath.New("id")

	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{
				Config:           created,
				ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					sameID.AddStateValue(acctest.Address, id), newID.AddStateValue(acctest.Address, id),
					acctest.Text("name", "pipeline"), acctest.Text("type", "CUSTOM"),
					acctest.Text("expires_at", acctest.In(30*time.Minute)),
					acctest.Text("renewable_until", acctest.In(90*acctest.Day)),
				},
				Check: resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks),
			},
			{Config: changed, ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionUpdate)},
			{ // the state has the secrets that the server accepts, whatever the response to the update contained
				Config:            changed,
				ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(acctest.Address, id)},
				Check:             resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks, serverHasChanges(w)),
			},
			{ // somebody else renews the token
				PreConfig: func() {
					w.Clock.Advance(10 * time.Minute)
					if _, err := w.RenewToken(w.Tokens()[0].ID); err != nil {
						t.Errorf("the token cannot be renewed: %s", err)
					}
				},
				Config:            changed,
				ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(acctest.Address, id)},
			},
			{ // somebody else revokes it
				PreConfig:         func() { w.RemoveToken(w.Tokens()[0].ID) },
				Config:            changed,
				ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{newID.AddStateValue(acctest.Address, id)},
				Check:             resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks),
			},
		},
	})
}

// serverHasChanges checks that the server has the update of TestAccWholeLife.
func serverHasChanges(w *acctest.Env) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		token, _, err := w.Held(s, acctest.Address)
		if err != nil {
			return err
		}
		return expectChanged(token)
	}
}

// expectChanged checks that the token on the server has the update of the lifecycle tests.
func expectChanged(token simulator.Token) error {
	got := fmt.Sprint(token.Name, token.APIEndpoints, token.AllowedIPs, token.RenewableUntil.Format(time.RFC3339))
	want := fmt.Sprint("pipeline-2", []string{"/client", "/v4/servers"}, []string{"10.0.0.0/8", "2001:DB8::1"},
		acctest.In(30*acctest.Day))
	if got != want {
		return fmt.Errorf("the server has %s, want %s", got, want)
	}
	return nil
}
