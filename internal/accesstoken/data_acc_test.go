// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// output checks an output of the configuration.
func output(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownOutputValue(name, want)
}

func outputs(expressions map[string]string) string {
	var blocks strings.Builder
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		fmt.Fprintf(&blocks, "output %q {\n  value = %s\n}\n", name, expressions[name])
	}
	return blocks.String()
}

func textList(list ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(list))
	for _, text := range list {
		checks = append(checks, knownvalue.StringExact(text))
	}
	return knownvalue.ListExact(checks)
}

// TestAccInventory verifies the attributes of each listed token, the filters and the order.
func TestAccInventory(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := w.AddUser("service", "its-password")
	start := acctest.Start
	for i := range 9 { // adds ids with two digits, which detect an order by text: 10 comes after 9, not after 1
		elsewhere(t, w, simulator.Token{Name: fmt.Sprintf("filler-%d", i), RenewableUntil: start.Add(300 * acctest.Day)})
	}
	custom := elsewhere(t, w, simulator.Token{
		Name: "ci-custom", Type: simulator.TypeCustom, APIEndpoints: []string{"/v4/servers"}, AllowedIPs: []string{"192.0.2.1"},
		RenewableUntil: start.Add(20 * acctest.Day),
	})
	scim := elsewhere(t, w, simulator.Token{Name: "ci-scim", Type: simulator.TypeSCIM, ExpiresAt: start.Add(10 * acctest.Day)})
	ended := elsewhere(t, w, simulator.Token{Name: "old", ExpiresAt: start.Add(-time.Hour), RenewableUntil: start.Add(-time.Minute)})
	theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})

	config := w.Config(fmt.Sprintf(`
data "commvault_access_tokens" "all" {}
data "commvault_access_tokens" "ci" {
  name_regex = "^ci-"
}
data "commvault_access_tokens" "default" {
  type       = "DEFAULT"
  name_regex = "^(filler-0|old)$"
}
data "commvault_access_tokens" "ending" {
  ends_before = %q
}
data "commvault_access_tokens" "theirs" {
  user_id = %d
}
data "commvault_access_tokens" "none" {
  name_regex = "nobody"
}
`, acctest.In(30*acctest.Day), service), outputs(map[string]string{
		"all":     "data.commvault_access_tokens.all.tokens[*].id",
		"ci":      "data.commvault_access_tokens.ci.tokens",
		"default": "data.commvault_access_tokens.default.tokens[*].name",
		"ending":  "[for t in data.commvault_access_tokens.ending.tokens : \"${t.name} ${t.ends_at}\"]",
		"theirs":  "data.commvault_access_tokens.theirs.tokens[*].user_id",
		"none":    "data.commvault_access_tokens.none.tokens",
	}))
	all := make([]string, 0, 12)
	for _, token := range w.Tokens() {
		if token.ID != theirs.ID {
			all = append(all, fmt.Sprint(token.ID))
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				output("all", textList(all...)),
				output("ci", knownvalue.ListExact([]knownvalue.Check{
					listedAs(custom, map[string]knownvalue.Check{
						"api_endpoints": knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("/v4/servers")}),
						"allowed_ips":   knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("192.0.2.1")}),
						"ends_at":       knownvalue.StringExact(custom.RenewableUntil.Format(time.RFC3339)),
					}),
					listedAs(scim, map[string]knownvalue.Check{
						"refresh_token_expires_at": knownvalue.Null(),
						"renewable_until":          knownvalue.Null(),
						"ends_at":                  knownvalue.StringExact(scim.ExpiresAt.Format(time.RFC3339)),
					}),
				})),
				output("default", textList("filler-0", "old")),
				output("ending", textList("ci-custom "+acctest.In(20*acctest.Day), "ci-scim "+acctest.In(10*acctest.Day),
					"old "+ended.RenewableUntil.Format(time.RFC3339))),
				output("theirs", knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(service)})),
				output("none", knownvalue.ListExact(nil)),
			},
		}},
	})
}

// listedAs checks a listed token: these attributes and no others.
func listedAs(token simulator.Token, special map[string]knownvalue.Check) knownvalue.Check {
	attributes := map[string]knownvalue.Check{
		"id":                       knownvalue.StringExact(fmt.Sprint(token.ID)),
		"name":                     knownvalue.StringExact(token.Name),
		"type":                     knownvalue.StringExact(token.Type),
		"user_id":                  knownvalue.Int64Exact(token.UserID),
		"api_endpoints":            knownvalue.SetExact(nil),
		"allowed_ips":              knownvalue.SetExact(nil),
		"expires_at":               knownvalue.StringExact(token.ExpiresAt.Format(time.RFC3339)),
		"refresh_token_expires_at": knownvalue.StringExact(token.RefreshExpiresAt.Format(time.RFC3339)),
		"renewable_until":          knownvalue.StringExact(token.RenewableUntil.Format(time.RFC3339)),
	}
	maps.Copy(attributes, special)
	return knownvalue.ObjectExact(attributes)
}

// TestAccInventoryAfterAnApply verifies, for every form of list, that a data source that is read during an apply shows the same about
// the new tokens as the next plan, and that all such data sources share one additional list.
func TestAccInventoryAfterAnApply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dialect simulator.Dialect
		before  []simulator.Token
	}{
		"only another type before": {before: []simulator.Token{{Name: "scim", Type: simulator.TypeSCIM}}},
		"none before":              {},
		"brief, none before":       {dialect: simulator.Dialect{BriefList: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{Dialect: test.dialect})
			for _, token := range test.before {
				elsewhere(t, w, token)
			}
			config := w.Config(acctest.Token(`name = "new"`), `
data "commvault_access_tokens" "all" {
  depends_on = [commvault_access_token.test]
}
data "commvault_access_tokens" "new" {
  name_regex = "new"
  depends_on = [commvault_access_token.test]
}
`, outputs(map[string]string{
				"all": "data.commvault_access_tokens.all.tokens", "new": "length(data.commvault_access_tokens.new.tokens)",
			}))
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				Steps: []resource.TestStep{
					{
						Config:            config,
						ConfigStateChecks: []statecheck.StateCheck{output("new", knownvalue.Int64Exact(1))},
						Check: func(*terraform.State) error {
							// There is one list before the create and one after it. The testing framework's own plans and reads add one
							// each.
							if lists := w.Count(simulator.OpList); lists > 4 {
								return fmt.Errorf("%d lists were sent", lists)
							}
							return nil
						},
					},
					{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
				},
			})
		})
	}
}

// TestAccInventoryOfBriefLists verifies that a filter on a field that the server omits matches nothing and warns, and that an apply
// shows no more about its own tokens than the next plan will.
func TestAccInventoryOfBriefLists(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
	old := elsewhere(t, w, simulator.Token{Name: "old"})
	config := w.Config(acctest.Token(`name = "new"`), fmt.Sprintf(`
data "commvault_access_tokens" "all" {
  depends_on = [commvault_access_token.test]
}
data "commvault_access_tokens" "typed" {
  type = "ALL"
}
data "commvault_access_tokens" "ending" {
  ends_before = %q
}
`, acctest.In(3000*acctest.Day)), outputs(map[string]string{
		"all":    "data.commvault_access_tokens.all.tokens",
		"chosen": "concat(data.commvault_access_tokens.typed.tokens, data.commvault_access_tokens.ending.tokens)",
	}))
	brief := func(id, name knownvalue.Check) knownvalue.Check {
		attributes := map[string]knownvalue.Check{"id": id, "name": name}
		for _, untold := range []string{"type", "user_id", "api_endpoints", "allowed_ips", "expires_at",
			"refresh_token_expires_at", "renewable_until", "ends_at"} {
			attributes[untold] = knownvalue.Null()
		}
		return knownvalue.ObjectExact(attributes)
	}
	both := output("all", knownvalue.ListExact([]knownvalue.Check{
		brief(knownvalue.StringExact(fmt.Sprint(old.ID)), knownvalue.StringExact("old")),
		brief(knownvalue.NotNull(), knownvalue.StringExact("new")),
	}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: []statecheck.StateCheck{both, output("chosen", knownvalue.ListExact(nil))}},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
	plan := acctest.NewCLI(t, w.Config(`data "commvault_access_tokens" "typed" {
  type = "ALL"
}`)).Plan()
	if plan.Code != 0 || !strings.Contains(plan.Text, "Command Center does not list the type of these tokens, so they do not match: access token") {
		t.Errorf("the plan exited with %d and said %q, want a warning about type", plan.Code, plan.Text)
	}
}

// TestAccInventoryOfAnOddList covers a list that no simulator would return: two tokens with the same name, one of another user, one
// without a name, and ends for only one token.
func TestAccInventoryOfAnOddList(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	odd := simulator.NewFault(simulator.ErrorTop).WithBody(fmt.Sprintf(`{"tokens": [
  {"accessTokenId": 4, "tokenName": "twin", "tokenType": "ALL"},
  {"accessTokenId": 3, "tokenName": "twin", "tokenType": "ALL", "userId": 7},
  {"accessTokenId": 2, "tokenType": "MS_SCIM", "tokenExpiryTimestamp": %d},
  {"accessTokenId": 1, "tokenName": "stranger", "tokenType": "ALL", "userId": 9}
]}`, acctest.Start.Add(acctest.Day).Unix()))
	w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{odd}, 50)...)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{
				Config: w.Config("data \"commvault_access_tokens\" \"x\" {\n  user_id = 7\n}\ndata \"commvault_access_tokens\" \"ending\" {\n  user_id = 7\n  ends_before = \"2037-01-01T00:00:00Z\"\n}\n",
					outputs(map[string]string{
						"all":    "[for t in data.commvault_access_tokens.x.tokens : \"${t.id} of ${t.user_id}\"]",
						"ending": "data.commvault_access_tokens.ending.tokens[*].id",
					})),
				ConfigStateChecks: []statecheck.StateCheck{
					output("all", textList("2 of 7", "3 of 7", "4 of 7")), output("ending", textList("2")),
				},
			},
			{
				Config: w.Config("data \"commvault_access_token\" \"x\" {\n  name = \"twin\"\n  user_id = 7\n}\n"),
				ExpectError: acctest.Says("Name of the access token is not unique",
					`The user with the id 7 has 2 access tokens named "twin": access token "twin" (id 3), access token "twin" (id 4).`),
			},
		},
	})
	plan := acctest.NewCLI(t, w.Config("data \"commvault_access_tokens\" \"x\" {\n  ends_before = \"2037-01-01T00:00:00Z\"\n}\n")).Plan()
	if want := `does not list the end of these tokens, so they do not match: access token "stranger" (id 1), access token "twin" (id 3), ` +
		`access token "twin" (id 4).`; !strings.Contains(plan.Text, want) {
		t.Errorf("the plan exited with %d and said %q, want %q", plan.Code, plan.Text, want)
	}
}

// TestAccInventoryRefusals verifies that validate refuses bad arguments on their own path, before any request.
func TestAccInventoryRefusals(t *testing.T) {
	t.Parallel()
	for kind, says := range map[string]map[string]string{
		`data "commvault_access_tokens"`: {
			`name_regex = "("`:         `name_regex: "(" was given, which is not valid (missing closing ): "(")`,
			`name_regex = "a(?=b)"`:    "the value must be a regular expression in RE2 syntax",
			`type = "all"`:             `did you mean "ALL"?`,
			`ends_before = "tomorrow"`: `"tomorrow" cannot be used as a timestamp`,
			`user_id = 0`:              "user_id: 0 was given; the value must be a whole number from 1",
		},
		`data "commvault_access_token"`: {
			`id = "007"`:                 `id: "007" was given; the value must be the id of an access token`,
			"id = \"7\"\n  name = \"x\"": "Both id and name are set",
			``:                           "Missing id or name",
			`name = " "`:                 `name: " " was given, which is blank`,
		},
	} {
		w := acctest.New(t, simulator.Options{})
		refuseBlocks(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers()}, w, kind, says)
	}
}

// TestAccInventoryFails verifies that a list that cannot be read is an error and does not prove that a token is absent.
//
// Claim: "It is never an empty list"
func TestAccInventoryFails(t *testing.T) {
	t.Parallel()
	both := "data \"commvault_access_tokens\" \"x\" {}\ndata \"commvault_access_token\" \"x\" {\n  name = \"x\"\n}\n"
	for name, test := range map[string]struct {
		options simulator.Options
		fault   simulator.Fault
		want    string
	}{
		"no list call": {simulator.Options{Dialect: simulator.Dialect{NoList: true}}, simulator.Fault{}, "no call that lists access tokens"},
		"refused":      {simulator.Options{}, simulator.Fault{Kind: simulator.Status, Status: http.StatusForbidden}, "could not be read"},
		"html":         {simulator.Options{}, simulator.Fault{Kind: simulator.HTML200}, "could not be read"},
		"not there":    {simulator.Options{}, simulator.Fault{Kind: simulator.NotFoundHTML404}, "no call that lists access tokens"},
		"foreign":      {simulator.Options{}, simulator.Fault{Kind: simulator.EmptyObject}, "may omit tokens: the answer has no array of tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, test.options)
			if test.fault.Kind != simulator.None {
				w.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{test.fault}, 50)...)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				Steps:                    []resource.TestStep{{Config: w.Config(both), ExpectError: acctest.Says(test.want)}},
			})
		})
	}
}
