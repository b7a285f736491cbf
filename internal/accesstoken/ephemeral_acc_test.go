// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// ephemerals requires a CLI with ephemeral resources.
var ephemerals = acctest.Since("1.10", "1.11")

// echoing returns the provider and an echo provider, which stores its own configuration in the state.
func echoing(w *acctest.Env) map[string]func() (tfprotov6.ProviderServer, error) {
	factories := w.Providers()
	factories["echo"] = echoprovider.NewProviderServer()
	return factories
}

func ephemeralToken(arguments ...string) string {
	return "ephemeral \"commvault_access_token\" \"run\" {\n  " + strings.Join(arguments, "\n  ") + "\n}\n"
}

// echoed stores the name and the id of the token in the state, but no secret.
const echoed = `
provider "echo" {
  data = {
    id      = ephemeral.commvault_access_token.run.id
    name    = ephemeral.commvault_access_token.run.name
    secret  = startswith(ephemeral.commvault_access_token.run.access_token, "SIMACC")
    refresh = ephemeral.commvault_access_token.run.refresh_token != null
    expires = ephemeral.commvault_access_token.run.expires_at
  }
}
resource "echo" "run" {}
`

func echoedValue(field string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.run", tfjsonpath.New("data").AtMapKey(field), check)
}

// everyOpenIsClosed checks that each created token was revoked by its own id, and that none is left.
func everyOpenIsClosed(w *acctest.Env) func(*terraform.State) error {
	return func(*terraform.State) error {
		var made, revoked []int64
		for _, request := range w.Journal() {
			switch request.Operation {
			case simulator.OpCreate:
				made = append(made, request.TokenID)
			case simulator.OpRevoke:
				revoked = append(revoked, request.TokenID)
			}
		}
		slices.Sort(made)
		slices.Sort(revoked)
		if len(made) == 0 || !slices.Equal(made, revoked) || len(w.Tokens()) > 0 {
			return fmt.Errorf("%v were made, %v revoked, %d are left", made, revoked, len(w.Tokens()))
		}
		return nil
	}
}

// TestAccEphemeralLivesForOneRun verifies the result of an open, and that every open is followed by a close, in every dialect that
// supports it.
func TestAccEphemeralLivesForOneRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dialect   simulator.Dialect
		arguments []string
		prefix    string
		refresh   bool
		expires   string
	}{
		"default":     {simulator.Dialect{}, nil, "terraform-", true, "2026-11-23T14:56:42Z"},
		"missing-200": {simulator.Dialect{MissingID200: true, BriefList: true}, []string{`name_prefix = "ci-"`}, "ci-", true, "2026-11-23T14:56:42Z"},
		"MS_SCIM":     {simulator.Dialect{}, []string{`type = "MS_SCIM"`}, "terraform-", false, "2026-12-23T14:26:42Z"},
		"CUSTOM": {
			simulator.Dialect{},
			[]string{`type = "CUSTOM"`, `api_endpoints = ["/client"]`, `allowed_ips = ["192.0.2.0/24"]`, `user_id = 11`, `revoke_on_close = true`},
			"terraform-", true, "2026-11-23T14:56:42Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{Dialect: c.dialect})
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   ephemerals,
				ProtoV6ProviderFactories: echoing(w),
				Steps: []resource.TestStep{{
					Config: w.Config(ephemeralToken(c.arguments...), echoed),
					ConfigStateChecks: []statecheck.StateCheck{
						echoedValue("secret", knownvalue.Bool(true)),
						echoedValue("refresh", knownvalue.Bool(c.refresh)),
						echoedValue("expires", knownvalue.StringExact(c.expires)),
						echoedValue("name", knownvalue.StringRegexp(acctest.Says(c.prefix+"20261123T142642Z-"))),
					},
					Check: everyOpenIsClosed(w),
				}},
				CheckDestroy: everyOpenIsClosed(w),
			})
		})
	}
}

// TestAccEphemeralThatStays covers revoke_on_close = false.
func TestAccEphemeralThatStays(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   ephemerals,
		ProtoV6ProviderFactories: echoing(w),
		Steps: []resource.TestStep{{
			Config: w.Config(ephemeralToken("revoke_on_close = false"), echoed),
			Check: func(*terraform.State) error {
				if w.Count(simulator.OpRevoke) > 0 || len(w.Tokens()) != w.Count(simulator.OpCreate) || len(w.Tokens()) == 0 {
					return fmt.Errorf("%d are left of %d", len(w.Tokens()), w.Count(simulator.OpCreate))
				}
				return nil
			},
		}},
	})
}

// TestAccEphemeralRefusals verifies that invalid arguments are refused before anything is sent.
func TestAccEphemeralRefusals(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	test := resource.TestCase{TerraformVersionChecks: ephemerals, ProtoV6ProviderFactories: w.Providers()}
	refuseBlocks(t, test, w, `ephemeral "commvault_access_token"`, map[string]string{
		`name_prefix = " "`:                            "name_prefix: \" \" was given",
		`type = "all"`:                                 `did you mean "ALL"?`,
		`api_endpoints = ["/a"]`:                       "Endpoints only for a CUSTOM access token",
		`type = "CUSTOM"`:                              "Missing endpoints of a CUSTOM access token",
		`allowed_ips = ["x"]`:                          "Invalid IP address",
		`allowed_ips = ["192.0.2.1", null]`:            "Null Set Value",
		`user_id = 0`:                                  "user_id: 0 was given; the value must be a whole number from 1",
		"type = \"CUSTOM\"\n  api_endpoints = [null]":  "Null Set Value",
		"type = \"CUSTOM\"\n  api_endpoints = [\"a\"]": "Invalid API endpoint",
	})
}

// TestAccEphemeralConfiguresAnotherProvider covers the intended use: the token authenticates a second provider and appears neither in
// the state nor in a saved plan nor in the output. If a close fails, the message names the token.
//
// Claim: "never in the state or a plan"
func TestAccEphemeralConfiguresAnotherProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewOnSystemClock(t, simulator.Options{Dialect: simulator.Dialect{TokensManageTokens: true}})
	cli := acctest.NewCLI(t, w.Config(ephemeralToken(), fmt.Sprintf(`
provider "commvault" {
  alias          = "with_it"
  host           = %q
  ca_certificate = %q
  authtoken      = ephemeral.commvault_access_token.run.access_token
}
resource "commvault_access_token" "test" {
  provider = commvault.with_it
  name     = "made with it"
}
`, w.URL(), w.CACertificate())))
	if text := cli.Run("version", "-json").Stdout; strings.Contains(text, `"terraform_version": "1.`) && olderThan110(text) {
		t.Skip("ephemeral resources need Terraform 1.10")
	}
	saved := cli.Must("plan", "-no-color", "-input=false", "-out=saved")
	applied := cli.Must("apply", "-no-color", "-input=false", "saved")
	held := w.Tokens()
	if len(held) != 1 || held[0].Name != "made with it" {
		t.Fatalf("the server holds %v, want the token made with the ephemeral one", held)
	}
	w.FailNext(simulator.OpRevoke, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML403)}, 20)...)
	failing := cli.Must("plan", "-no-color", "-input=false", "-refresh=false")
	w.ClearFaults()
	named := false
	for _, token := range w.Tokens() {
		named = named || token.Name != "made with it" && acctest.Says("not revoked", fmt.Sprintf("%q (id %d)", token.Name, token.ID)).MatchString(failing.Text)
	}
	if !named {
		t.Errorf("the failed close does not name the token: %s", failing.Text)
	}
	for file, text := range map[string]string{"output": saved.Text + applied.Text + failing.Text, "plan file": cli.File("saved")} {
		if leaks := w.Leaks(text); len(leaks) > 0 {
			t.Errorf("the %s shows %v", file, leaks)
		}
	}
	if shown := cli.Must("show", "-json", "saved").Stdout; strings.Contains(shown, simulator.AccessPrefix) {
		t.Error("the plan holds an access token")
	}
	state := strings.ReplaceAll(cli.File("terraform.tfstate"), held[0].AccessToken, "")
	if strings.Contains(state, simulator.AccessPrefix) || strings.Contains(state, "terraform-20") {
		t.Error("the state holds something of the ephemeral token")
	}
}

func olderThan110(text string) bool {
	for minor := range 10 {
		if strings.Contains(text, fmt.Sprintf(`"terraform_version": "1.%d.`, minor)) {
			return true
		}
	}
	return false
}
