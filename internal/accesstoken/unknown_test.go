// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// withData requires a CLI with terraform_data.
var withData = acctest.Since("1.4", "1.6")

// later declares values that are known only after apply: terraform_data.later.output.<name>.
func later(values ...string) string {
	return "resource \"terraform_data\" \"later\" {\n  input = {\n    " + strings.Join(values, "\n    ") + "\n  }\n}\n"
}

// TestAccUnknownIsNotRefused verifies that a plan does not refuse unknown values, and that the apply refuses wrong ones before anything
// is sent.
func TestAccUnknownIsNotRefused(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	refusals := []refusal{
		{"blank name", []string{`name = terraform_data.later.output.blank`}, "name", []string{"which is blank"}},
		{"blank prefix", []string{`name_prefix = terraform_data.later.output.blank`}, "name_prefix", []string{"it is blank"}},
		{"type", []string{`name = "a"`, `type = terraform_data.later.output.word`}, "type", []string{`"word" was given`, `the value must be "DEFAULT"`}},
		{"endpoint", []string{`name = "b"`, `type = "CUSTOM"`, `api_endpoints = [terraform_data.later.output.word]`}, "api_endpoints",
			[]string{`"word" was given`}},
		{"endpoints", []string{`name = "c"`, `type = terraform_data.later.output.scim`, `api_endpoints = ["/a"]`}, "api_endpoints",
			[]string{"the type is MS_SCIM"}},
		{"address", []string{`name = "d"`, `allowed_ips = [terraform_data.later.output.word]`}, "allowed_ips", []string{`"word" cannot be used`}},
		{"owner", []string{`name = "e"`, `user_id = terraform_data.later.output.zero`}, "user_id", []string{"0 was given", "from 1 to 2147483647"}},
		{"time", []string{`name = "f"`, `renewable_until = terraform_data.later.output.word`}, "renewable_until", []string{`"word" cannot be used`}},
		{"past", []string{`name = "g"`, `renewable_until = terraform_data.later.output.past`}, "renewable_until",
			[]string{"is in the past", acctest.In(-time.Hour)}},
		{"renewal", []string{`name = "h"`, `type = terraform_data.later.output.scim`, `renewable_until = "` + acctest.In(acctest.Day) + `"`},
			"renewable_until", []string{"the type is MS_SCIM"}},
	}
	blocks := []string{later(`blank = " "`, `word = "word"`, `scim = "MS_SCIM"`, `zero = 0`, `past = "`+acctest.In(-time.Hour)+`"`)}
	for i, r := range refusals {
		blocks = append(blocks, acctest.NamedToken(fmt.Sprintf("r%d", i), r.arguments...))
	}
	var shown string
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   withData,
		ProtoV6ProviderFactories: w.Providers(),
		ErrorCheck: func(err error) error {
			shown = err.Error()
			return nil
		},
		Steps: []resource.TestStep{{Config: w.Config(blocks...)}},
	})
	if !strings.HasPrefix(shown, "Error running apply") {
		t.Errorf("the plan was refused: %s", shown)
	}
	checkRefusals(t, refusals, errorsIn(shown))
	if err := w.NothingSent(nil); err != nil {
		t.Error(err)
	}
}

// TestAccUnknownIsUsedOnceKnown verifies that values that are known only after apply are sent.
func TestAccUnknownIsUsedOnceKnown(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	unknown := func(attribute string) plancheck.PlanCheck {
		return plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New(attribute))
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   withData,
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(
				later(`name = "ci"`, `type = "CUSTOM"`, `path = "/client"`, `ip = "10.0.0.1"`, `end = "`+inBerlin(acctest.Day)+`"`),
				acctest.Token(`name = terraform_data.later.output.name`, `type = terraform_data.later.output.type`,
					`api_endpoints = [terraform_data.later.output.path, "/a"]`, `allowed_ips = [terraform_data.later.output.ip]`,
					`renewable_until = terraform_data.later.output.end`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				unknown("name"), unknown("type"), unknown("renewable_until"), unknown("access_token"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.Text("renewable_until", inBerlin(acctest.Day))},
			Check: resource.ComposeTestCheckFunc(w.StateIsServers, w.Sent(simulator.OpCreate, fmt.Sprintf(`{"tokenName": "ci",
				"tokenType": "CUSTOM", "apiEndpoints": ["/a", "/client"], "allowedIPs": ["10.0.0.1"], "renewableUntilTimestamp": %d}`,
				unix(acctest.Day)))),
		}},
	})
}

// TestAccNullOfAVariableIsNotRefused verifies that a module may pass on an argument that turns out to be null: every variable is
// unknown while Terraform validates.
func TestAccNullOfAVariableIsNotRefused(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	variable := func(name, kind string) string {
		return fmt.Sprintf("variable %q {\n  type    = %s\n  default = null\n}\n", name, kind)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(
				variable("end", "string"), variable("name", "string"), variable("endpoints", "set(string)"),
				acctest.NamedToken("scim", `name = "scim"`, `name_prefix = var.name`, `type = "MS_SCIM"`, `renewable_until = var.end`,
					`token_expiry = var.end`, `api_endpoints = var.endpoints`),
				acctest.NamedToken("all", `name = "all"`, `renewable_until = var.end`, `token_expiry = var.end`,
					`api_endpoints = var.endpoints`, `allowed_ips = var.endpoints`)),
			Check: w.Sent(simulator.OpCreate,
				`{"tokenName": "scim", "tokenType": "MS_SCIM"}`, `{"tokenName": "all", "tokenType": "ALL"}`),
		}},
	})
}

// TestAccUnknownOfAnotherToken verifies that one token can use the end of another one, even while both are planned.
func TestAccUnknownOfAnotherToken(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(acctest.NamedToken("first", `name = "first"`, `type = "MS_SCIM"`),
				acctest.Token(`name = "ci"`, `renewable_until = commvault_access_token.first.expires_at`,
					`user_id = commvault_access_token.first.user_id`)),
			ConfigStateChecks: []statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(30*acctest.Day))},
			Check: func(*terraform.State) error {
				return w.Sent(simulator.OpCreate, `{"tokenName": "first", "tokenType": "MS_SCIM"}`, fmt.Sprintf(
					`{"tokenName": "ci", "tokenType": "ALL", "userId": %d, "renewableUntilTimestamp": %d}`,
					w.UserID(), unix(30*acctest.Day)))(nil)
			},
		}},
	})
}
