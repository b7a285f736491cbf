// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAccOneToken verifies that a token is found by id or by name, and the errors if it is not found. TestOneTokenInEveryDialect does
// the same in process, in all dialects.
func TestAccOneToken(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := w.AddUser("service", "its-password")
	nightly := elsewhere(t, w, simulator.Token{Name: "ci-nightly"})
	elsewhere(t, w, simulator.Token{Name: "ci-weekly"})
	elsewhere(t, w, simulator.Token{Name: "backup"})
	elsewhere(t, w, simulator.Token{Name: "grafana"})
	theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
	found := func(label, attribute, value string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.commvault_access_token."+label, tfjsonpath.New(attribute),
			knownvalue.StringExact(value))
	}
	single := func(arguments string) string {
		return w.Config("data \"commvault_access_token\" \"one\" {\n" + arguments + "\n}\n")
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{
				Config: w.Config(fmt.Sprintf(`
data "commvault_access_token" "by_name" {
  name = "ci-nightly"
}
data "commvault_access_token" "by_id" {
  id = "%d"
}
data "commvault_access_token" "theirs" {
  id      = "%d"
  user_id = %d
}
`, nightly.ID, theirs.ID, service)),
				ConfigStateChecks: []statecheck.StateCheck{
					found("by_name", "id", fmt.Sprint(nightly.ID)), found("by_id", "name", "ci-nightly"),
					found("theirs", "name", "theirs"),
					statecheck.ExpectKnownValue("data.commvault_access_token.theirs", tfjsonpath.New("user_id"), knownvalue.Int64Exact(service)),
				},
			},
			{Config: single(`name = "ci-nigtly"`), ExpectError: acctest.Says(
				`The user of the provider has no access token with the name "ci-nigtly". The nearest, of 4 in total: ` +
					`access token "ci-nightly" (id ` + fmt.Sprint(nightly.ID) + `), access token "ci-weekly"`)},
			{Config: single(`id = "999"`), ExpectError: acctest.Says(`The user of the provider has no access token with the id "999"`)},
			{Config: single(fmt.Sprintf("name = \"backup\"\n user_id = %d", service)), ExpectError: acctest.Says(
				fmt.Sprintf(`The user with the id %d has no access token with the name "backup". The nearest, of 1 in total: access token "theirs"`, service))},
		},
	})
}

// TestAccOneListAPlan verifies that a plan with five data sources and a resource sends one list.
func TestAccOneListAPlan(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{})
	for _, name := range []string{"ci-1", "ci-2"} {
		elsewhere(t, w, simulator.Token{Name: name})
	}
	config := w.Config(acctest.Token(`name = "managed"`), `
data "commvault_access_tokens" "all" {}
data "commvault_access_tokens" "ci" {
  name_regex = "^ci-"
}
data "commvault_access_tokens" "typed" {
  type = "ALL"
}
data "commvault_access_token" "one" {
  name = "ci-1"
}
data "commvault_access_token" "two" {
  name = "ci-2"
}
`)
	cli := acctest.NewCLI(t, config)
	if applied := cli.Apply(); applied.Code != 0 {
		t.Fatalf("the apply failed: %s", applied.Text)
	}
	before := w.Count(simulator.OpList)
	logins := w.Count(simulator.OpLogin)
	if planned := cli.Plan(); planned.Code != 0 {
		t.Fatalf("the second plan is not empty: %s", planned.Text)
	}
	if lists := w.Count(simulator.OpList) - before; lists != 1 {
		t.Errorf("a plan of five data sources and a resource sent %d lists, want 1", lists)
	}
	if logins := w.Count(simulator.OpLogin) - logins; logins != 1 {
		t.Errorf("the plan logged in %d times, want once", logins)
	}
}
