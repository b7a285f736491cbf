// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const slotAddress = "commvault_rotating_access_token.test"

func slotConfig(arguments ...string) string {
	return fmt.Sprintf("resource \"commvault_rotating_access_token\" \"test\" {\n  %s\n}\n", strings.Join(arguments, "\n  "))
}

// tokenAttributes are the attributes of the current token.
var tokenAttributes = []string{
	"access_token", "access_token_id", "expires_at", "name", "previous_tokens", "refresh_token",
	"refresh_token_expires_at", "renewable_until", "rotate_after", "secret_version",
}

// unknownAre expects an update after which exactly these attributes become known.
func unknownAre(attributes ...string) resource.ConfigPlanChecks {
	checks := []plancheck.PlanCheck{plancheck.ExpectResourceAction(slotAddress, plancheck.ResourceActionUpdate)}
	for _, attribute := range tokenAttributes {
		if slices.Contains(attributes, attribute) {
			checks = append(checks, plancheck.ExpectUnknownValue(slotAddress, tfjsonpath.New(attribute)))
		} else {
			checks = append(checks, plancheck.ExpectKnownValue(slotAddress, tfjsonpath.New(attribute), knownvalue.NotNull()))
		}
	}
	return resource.ConfigPlanChecks{PreApply: checks}
}

func slotValue(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(slotAddress, tfjsonpath.New(attribute), check)
}

// TestAccRotatingSlot takes a slot through a real Terraform: nothing due, a renewal, a rotation, the end of the overlap and a narrower
// scope. Each step ends with a plan, which the testing framework expects to be empty.
func TestAccRotatingSlot(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := func(arguments ...string) string {
		return w.Config(slotConfig(append([]string{`name_prefix = "slot-"`, "renew = true"}, arguments...)...))
	}
	pass := func(d time.Duration) func() {
		return func() {
			w.Clock.Advance(d)
			w.ResetJournal()
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{
				Config: config(),
				ConfigStateChecks: []statecheck.StateCheck{
					slotValue("access_token_id", knownvalue.StringExact("1001")),
					slotValue("rotate_after", knownvalue.StringExact(acctest.In(76*acctest.Day))),
					slotValue("secret_version", knownvalue.Int64Exact(acctest.Start.Unix())),
					slotValue("previous_tokens", knownvalue.ListSizeExact(0)),
				},
				Check: func(s *terraform.State) error { // the random digits are not known in advance
					token, _ := w.Token(1001)
					return w.Sent(simulator.OpCreate, fmt.Sprintf(`{"tokenName":%q,"tokenType":"ALL","renewableUntilTimestamp":%d}`,
						token.Name, acctest.Start.Add(90*acctest.Day).Unix()))(s)
				},
			},
			{
				PreConfig:        pass(19 * time.Minute),
				Config:           config(),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            w.Wrote(0, 0, 0),
			},
			{
				PreConfig: pass(time.Minute),
				Config:    config(),
				ConfigPlanChecks: unknownAre("access_token", "refresh_token", "expires_at", "refresh_token_expires_at",
					"secret_version"),
				ConfigStateChecks: []statecheck.StateCheck{
					slotValue("expires_at", knownvalue.StringExact(acctest.In(50*time.Minute))),
					slotValue("secret_version", knownvalue.Int64Exact(acctest.Start.Unix()+20*60)),
				},
				Check: w.Wrote(0, 0, 0),
			},
			{
				Config: config("lifetime_days = 60"), ConfigPlanChecks: unknownAre(tokenAttributes...),
				ConfigStateChecks: []statecheck.StateCheck{
					slotValue("access_token_id", knownvalue.StringExact("1002")),
					slotValue("previous_tokens", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
						"id": knownvalue.StringExact("1001"), "revoke_after": knownvalue.StringExact(acctest.In(24*time.Hour + 20*time.Minute)),
					})})),
				},
				Check: w.Wrote(1, 0, 0),
			},
			{
				Config: config("lifetime_days = 60", `allowed_ips = ["192.0.2.1"]`), ConfigPlanChecks: unknownAre(),
				Check: w.Sent(simulator.OpUpdate, `{"allowedIPs":["192.0.2.1"]}`, `{"allowedIPs":["192.0.2.1"]}`), // the token in its overlap is updated, too
			},
			{
				PreConfig: pass(24 * time.Hour),
				Config:    config("lifetime_days = 60", `allowed_ips = ["192.0.2.1"]`),
				ConfigPlanChecks: unknownAre("access_token", "refresh_token", "expires_at", "refresh_token_expires_at",
					"secret_version", "previous_tokens"),
				Check: w.Wrote(0, 0, 1),
			},
			{
				ResourceName: slotAddress, ImportState: true, ImportStateId: "x",
				ExpectError: acctest.Says("Invalid import id of an access token", "it must be <id>"),
			},
		},
		CheckDestroy: w.NothingLeft,
	})
}

// TestAccMovedFromThePlainResource verifies that the first apply only records the arguments, that the plan after it is empty, and that
// the pair is renewed only if nobody else has renewed the token.
func TestAccMovedFromThePlainResource(t *testing.T) {
	t.Parallel()
	for name, renewedElsewhere := range map[string]bool{"pair is ours": false, "renewed elsewhere": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			const moved = "moved {\n  from = commvault_access_token.test\n  to   = commvault_rotating_access_token.test\n}\n"
			slot := w.Config(slotConfig(`name_prefix = "slot-"`, "renew = true"), moved)
			creates, renewals := 0, 1
			if renewedElsewhere {
				creates, renewals = 1, 0
			}
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   acctest.Since("1.8", "1.10"),
				ProtoV6ProviderFactories: w.Providers(),
				Steps: []resource.TestStep{
					{Config: w.Config(acctest.Token(`name = "plain"`))},
					{
						PreConfig: func() {
							if renewedElsewhere {
								w.Clock.Advance(5 * time.Minute)
								if _, err := w.RenewToken(1001); err != nil {
									t.Error(err)
								}
							}
							w.ResetJournal()
						},
						// A renewal by somebody else shows in the next refresh, when renew is recorded.
						Config: slot, ExpectNonEmptyPlan: renewedElsewhere,
						ConfigPlanChecks: unknownAre("secret_version"),
						ConfigStateChecks: []statecheck.StateCheck{
							slotValue("access_token_id", knownvalue.StringExact("1001")),
							slotValue("name", knownvalue.StringExact("plain")),
							slotValue("rotate_after", knownvalue.StringExact(acctest.In(76*acctest.Day))),
						},
						Check: w.Wrote(0, 0, 0),
					},
					{
						PreConfig: func() { w.Clock.Advance(30 * time.Minute) }, Config: slot, Check: w.Wrote(creates, 0, 0),
					},
				},
			})
			if got := w.Count(simulator.OpRenew); got != renewals || len(w.Purged()) > 0 {
				t.Errorf("%d renewals, want %d; %v purged", got, renewals, w.Purged())
			}
		})
	}
}

// TestAccRotatingRefusals verifies that validate refuses invalid arguments on their attribute, before anything is sent.
func TestAccRotatingRefusals(t *testing.T) {
	t.Parallel()
	says := map[string]string{}
	for argument, phrase := range map[string]string{
		"lifetime_days = 366":                           "lifetime_days: 366 was given; the value must be a whole number from 1 to 365",
		"lifetime_days = 0":                             "lifetime_days: 0 was given; the value must be a whole number from 1 to 365",
		"type = \"OneTouch\"\n  lifetime_days = 15":     "The value must be from 1 to 14 for the type OneTouch",
		"lifetime_days = 30\n  rotate_before_days = 30": "Rotation before the token's creation",
		"type = \"MS_SCIM\"\n  rotate_before_days = 30": "the lifetime is 30 days",
		"rotate_before_days = 0":                        "rotate_before_days: 0 was given; the value must be a whole number from 1 to 364",
		"overlap_hours = 0":                             "overlap_hours: 0 was given; the value must be a whole number from 1 to 8760",
		"type = \"MS_SCIM\"\n  renew = true":            "renew is true, and the type is MS_SCIM",
		"renew_before_minutes = 5":                      "Nothing to renew",
		"renew = true\n  renew_before_minutes = 0":      "renew_before_minutes: 0 was given; the value must be a whole number from 1 to 43200",
		"type = \"CUSTOM\"":                             "Missing endpoints of a CUSTOM access token",
		"api_endpoints = [\"/a\"]":                      "Endpoints only for a CUSTOM access token",
		"type = \"all\"":                                `did you mean "ALL"?`,
		"user_id = 0":                                   "user_id: 0 was given; the value must be a whole number from 1 to 2147483647",
		"name = \"fixed\"":                              "Invalid Configuration for Read-Only Attribute",
	} {
		says["name_prefix = \"slot-\"\n  "+argument] = phrase
	}
	w := acctest.New(t, simulator.Options{})
	refuseBlocks(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers()}, w, `resource "commvault_rotating_access_token"`, says)
}
