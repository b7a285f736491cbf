// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// importBlock requires Terraform 1.5.
func importBlock(label, id string) string {
	return fmt.Sprintf("import {\n  to = commvault_access_token.%s\n  id = %q\n}\n", label, id)
}

func valueOf(label, attribute, text string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("commvault_access_token."+label, tfjsonpath.New(attribute), knownvalue.StringExact(text))
}

var importBlocks = acctest.Since("1.5", "1.6")

// elsewhere adds a token that was created outside Terraform.
func elsewhere(t *testing.T, w *acctest.Env, token simulator.Token) simulator.Token {
	t.Helper()
	added, err := w.AddToken(token)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// importedType is a token of a type that was created outside Terraform, with the arguments that describe it, both for a configuration
// and for a provider in process.
type importedType struct {
	token     simulator.Token
	hcl       []string
	arguments acctest.Arguments
}

// importedTypes returns new values for each test, which adds the names.
func importedTypes() map[string]importedType {
	typed := func(name string) importedType {
		return importedType{simulator.Token{Type: name}, []string{fmt.Sprintf("type = %q", name)}, acctest.Arguments{"type": name}}
	}
	byDefault := typed("DEFAULT")
	byDefault.token.Type = "ALL"
	return map[string]importedType{
		"ALL":        {simulator.Token{Type: "ALL"}, nil, acctest.Arguments{}},
		"DEFAULT":    byDefault,
		"MS_SCIM":    typed("MS_SCIM"),
		"OneTouch":   typed("OneTouch"),
		"Hyperscale": typed("Hyperscale"),
		"CUSTOM": {
			simulator.Token{Type: "CUSTOM", APIEndpoints: []string{"/client"}, AllowedIPs: []string{"10.0.0.1"}},
			[]string{`type = "CUSTOM"`, `api_endpoints = ["/client"]`, `allowed_ips = ["10.0.0.1/32"]`},
			acctest.Arguments{"type": "CUSTOM", "api_endpoints": []string{"/client"}, "allowed_ips": []string{"10.0.0.1/32"}},
		},
	}
}

// TestAccImportThenApply verifies for every type that an import followed by an apply replaces nothing, keeps the secrets null and
// leaves an empty plan. TestImportThenApplyInEveryDialect does the same in process, in all dialects.
func TestAccImportThenApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var blocks []string
	var checks []statecheck.StateCheck
	for label, c := range importedTypes() {
		c.token.Name = "made-by-hand-" + label
		made := elsewhere(t, w, c.token)
		arguments := append([]string{fmt.Sprintf("name = %q", c.token.Name)}, c.hcl...)
		blocks = append(blocks, acctest.NamedToken(label, arguments...), importBlock(label, fmt.Sprint(made.ID)))
		checks = append(checks, valueOf(label, "id", fmt.Sprint(made.ID)), valueOf(label, "name", c.token.Name))
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   importBlocks,
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: w.Config(blocks...), ConfigPlanChecks: notReplaced, ConfigStateChecks: checks},
			{Config: w.Config(blocks...), ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			}},
		},
	})
	if created := w.Count(simulator.OpCreate); created != 0 {
		t.Errorf("%d tokens were created, none should be", created)
	}
}

// notReplaced expects a plan that imports and at most updates in place.
var notReplaced = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.NoReplacement()}}

// TestAccImportOfAnotherUsersToken verifies that <user_id>/<id> is looked up in that user's list.
func TestAccImportOfAnotherUsersToken(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := w.AddUser("service", "its-password")
	made := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
	id := fmt.Sprintf("%d/%d", service, made.ID)
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   importBlocks,
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{ // without the owner the token is not found, and nothing is imported
				Config: w.Config(acctest.Token(`name = "theirs"`), importBlock("test", fmt.Sprint(made.ID))),
				ExpectError: regexp.MustCompile(fmt.Sprintf(
					`(?s)token to import not found.*id\s+%d.*<user_id>/<id>`, made.ID)),
			},
			{
				Config: w.Config(acctest.Token(`name = "theirs"`, fmt.Sprintf("user_id = %d", service)), importBlock("test", id)),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Text("id", fmt.Sprint(made.ID)),
					acctest.Value("user_id", knownvalue.Int64Exact(service)),
					acctest.Null("access_token"), acctest.Null("refresh_token"),
					acctest.Text("renewable_until", acctest.In(90*acctest.Day)),
				},
				ConfigPlanChecks: notReplaced,
			},
			{ // the import command accepts the same id
				ResourceName: acctest.Address, ImportState: true, ImportStateId: id, ImportStateVerify: true,
			},
		},
	})
}

// TestAccImportRefusals verifies that an invalid id is refused before anything is sent.
func TestAccImportRefusals(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	ids := []string{"x", "1/2/3", "-5", "0", "/7", "7/", "7/x", "+5", "05", "1.5", " 5", "99999999999999999999"}
	var blocks []string
	for i, id := range ids {
		label := fmt.Sprintf("r%d", i)
		blocks = append(blocks, acctest.NamedToken(label, `name = "x"`), importBlock(label, id))
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   importBlocks,
		ProtoV6ProviderFactories: w.Providers(),
		ErrorCheck: func(err error) error {
			shown := errorsIn(err.Error())
			for _, id := range ids {
				says := acctest.Says(fmt.Sprintf("import id is %q", id), "<user_id>/<id>")
				if !slices.ContainsFunc(shown, says.MatchString) {
					t.Errorf("the id %q is not refused: %q", id, shown)
				}
			}
			return nil
		},
		Steps: []resource.TestStep{{Config: w.Config(blocks...)}},
	})
	if err := w.NothingSent(nil); err != nil {
		t.Error(err)
	}
}

// TestAccImportByIdentity verifies that a token can be imported by its identity, which stays the same afterwards.
func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	service := w.AddUser("service", "its-password")
	mine := elsewhere(t, w, simulator.Token{Name: "mine"})
	theirs := elsewhere(t, w, simulator.Token{Name: "theirs", UserID: service})
	identity := func(label, body string) string {
		return fmt.Sprintf("import {\n  to = commvault_access_token.%s\n  identity = { %s }\n}\n", label, body)
	}
	config := w.Config(
		acctest.NamedToken("mine", `name = "mine"`), identity("mine", fmt.Sprintf("id = \"%d\"", mine.ID)),
		acctest.NamedToken("theirs", `name = "theirs"`),
		identity("theirs", fmt.Sprintf("id = \"%d\", user_id = %d", theirs.ID, service)),
	)
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Since("1.12", "1.12"),
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{
				Config: config, ConfigPlanChecks: notReplaced,
				ConfigStateChecks: []statecheck.StateCheck{
					valueOf("mine", "id", fmt.Sprint(mine.ID)), valueOf("theirs", "id", fmt.Sprint(theirs.ID)),
				},
			},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}
