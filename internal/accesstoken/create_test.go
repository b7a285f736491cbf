// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// inBerlin returns a time relative to acctest.Start, written in another time zone.
func inBerlin(d time.Duration) string {
	return acctest.Start.Add(d).In(time.FixedZone("", 60*60)).Format(time.RFC3339)
}

// unix returns a time relative to acctest.Start in Unix seconds, as in the API.
func unix(d time.Duration) int64 { return acctest.Start.Add(d).Unix() }

func texts(list ...string) knownvalue.Check {
	elements := make([]knownvalue.Check, 0, len(list))
	for _, text := range list {
		elements = append(elements, knownvalue.StringExact(text))
	}
	return knownvalue.SetExact(elements)
}

// attributes checks every attribute of the schema, so that a test cannot overlook one. An attribute that is not in want must be null.
func attributes(address string, want map[string]knownvalue.Check) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, attribute := range []string{
		"id", "name", "name_prefix", "type", "api_endpoints", "allowed_ips", "user_id", "renewable_until", "token_expiry",
		"rotate_when_changed", "access_token", "refresh_token", "expires_at", "refresh_token_expires_at",
	} {
		check, ok := want[attribute]
		if !ok {
			check = knownvalue.Null()
		}
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check))
	}
	return checks
}

// TestAccCreateOfEachType verifies the request that creates a token, and that the state contains all values of the response.
func TestAccCreateOfEachType(t *testing.T) {
	t.Parallel()
	is := knownvalue.StringExact
	id := knownvalue.StringRegexp(regexp.MustCompile(`^[1-9][0-9]*$`))
	secret := func(prefix string) knownvalue.Check {
		return knownvalue.StringRegexp(regexp.MustCompile("^" + prefix + "."))
	}
	access, refresh := secret(simulator.AccessPrefix), secret(simulator.RefreshPrefix)
	w := acctest.New(t, simulator.Options{})
	var tokens, bodies []string
	var plans []plancheck.PlanCheck
	var checks []statecheck.StateCheck
	var servers []resource.TestCheckFunc
	label := func(name string) string { return strings.ReplaceAll(name, " ", "-") }
	expires, window := is(acctest.In(30*time.Minute)), is(acctest.In(30*time.Minute+14*acctest.Day))
	for name, c := range map[string]struct {
		arguments []string
		body      string
		state     map[string]knownvalue.Check
	}{
		"no type": {
			nil,
			`{"tokenName": %q, "tokenType": "ALL"}`,
			map[string]knownvalue.Check{"type": is("ALL"), "renewable_until": is(acctest.In(90 * acctest.Day))},
		},
		"ALL": {
			[]string{`type = "ALL"`, `renewable_until = "` + inBerlin(30*acctest.Day) + `"`},
			fmt.Sprintf(`{"tokenName": %%q, "tokenType": "ALL", "renewableUntilTimestamp": %d}`, unix(30*acctest.Day)),
			map[string]knownvalue.Check{"type": is("ALL"), "renewable_until": is(inBerlin(30 * acctest.Day))},
		},
		"DEFAULT": {
			[]string{`type = "DEFAULT"`},
			`{"tokenName": %q, "tokenType": "DEFAULT"}`,
			map[string]knownvalue.Check{"type": is("DEFAULT"), "renewable_until": is(acctest.In(90 * acctest.Day))},
		},
		"CUSTOM": {
			[]string{
				`type = "CUSTOM"`, `api_endpoints = ["/v4/servers", "/client"]`,
				`allowed_ips = ["2001:DB8::1", "10.0.0.0/8", "192.0.2.1-192.0.2.9", "192.0.2.77"]`,
			},
			`{"tokenName": %q, "tokenType": "CUSTOM", "apiEndpoints": ["/client", "/v4/servers"],
			  "allowedIPs": ["10.0.0.0/8", "192.0.2.1-192.0.2.9", "192.0.2.77", "2001:DB8::1"]}`,
			map[string]knownvalue.Check{
				"type": is("CUSTOM"), "renewable_until": is(acctest.In(90 * acctest.Day)),
				"api_endpoints": texts("/client", "/v4/servers"),
				"allowed_ips":   texts("2001:DB8::1", "10.0.0.0/8", "192.0.2.1-192.0.2.9", "192.0.2.77"),
			},
		},
		"Hyperscale": {
			[]string{`type = "Hyperscale"`, `rotate_when_changed = { team = "a" }`},
			`{"tokenName": %q, "tokenType": "Hyperscale"}`,
			map[string]knownvalue.Check{
				"type": is("Hyperscale"), "renewable_until": is(acctest.In(90 * acctest.Day)),
				"rotate_when_changed": knownvalue.MapExact(map[string]knownvalue.Check{"team": is("a")}),
			},
		},
		"MS_SCIM": {
			[]string{`type = "MS_SCIM"`},
			`{"tokenName": %q, "tokenType": "MS_SCIM"}`,
			map[string]knownvalue.Check{
				"type": is("MS_SCIM"), "expires_at": is(acctest.In(30 * acctest.Day)),
				"refresh_token": knownvalue.Null(), "refresh_token_expires_at": knownvalue.Null(),
			},
		},
		"OneTouch": {
			[]string{`type = "OneTouch"`, `token_expiry = "` + inBerlin(3*acctest.Day) + `"`},
			fmt.Sprintf(`{"tokenName": %%q, "tokenType": "OneTouch", "tokenExpiryTimestamp": %d}`, unix(3*acctest.Day)),
			map[string]knownvalue.Check{
				"type": is("OneTouch"), "token_expiry": is(inBerlin(3 * acctest.Day)), "expires_at": is(acctest.In(3 * acctest.Day)),
				"refresh_token": knownvalue.Null(), "refresh_token_expires_at": knownvalue.Null(),
			},
		},
	} {
		address := "commvault_access_token." + label(name)
		tokens = append(tokens, acctest.NamedToken(label(name), append(c.arguments, fmt.Sprintf("name = %q", name))...))
		plans = append(plans, plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate))
		bodies = append(bodies, strings.Replace(c.body, "%q", strconv.Quote(name), 1))
		state := map[string]knownvalue.Check{
			"id": id, "name": is(name), "user_id": knownvalue.Int64Exact(w.UserID()),
			"access_token": access, "refresh_token": refresh, "expires_at": expires, "refresh_token_expires_at": window,
		}
		maps.Copy(state, c.state)
		checks = append(checks, attributes(address, state)...)
		servers = append(servers, func(s *terraform.State) error {
			held, err := w.StateOf(s, address)
			if err == nil && !w.Works(held.AccessToken) {
				err = fmt.Errorf("the access token of %s does not work", address)
			}
			return err
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config:            w.Config(tokens...),
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: plans},
			ConfigStateChecks: checks,
			Check:             resource.ComposeTestCheckFunc(append(servers, w.Sent(simulator.OpCreate, bodies...), w.Wrote(len(bodies), 0, 0))...),
		}},
	})
}

// TestAccCreateWithNamePrefix verifies the form of generated names, and that they are generated during apply.
func TestAccCreateWithNamePrefix(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Clock.Advance(61 * time.Second)
	different := statecheck.CompareValue(compare.ValuesDiffer())
	name := tfjsonpath.New("name")
	second := "commvault_access_token.second"
	pattern := knownvalue.StringRegexp(regexp.MustCompile(`^ci-20261123T142743Z-[0-9a-f]{8}$`))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(acctest.Token(`name_prefix = "ci-"`), acctest.NamedToken("second", `name_prefix = "ci-"`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(acctest.Address, name),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.Value("name", pattern), acctest.Text("name_prefix", "ci-"),
				statecheck.ExpectKnownValue(second, name, pattern),
				different.AddStateValue(acctest.Address, name), different.AddStateValue(second, name),
			},
			Check: w.StateIsServers,
		}},
	})
}

// TestAccCreateForServiceAccount verifies that the owner is sent only if it is configured, and that the token is looked up in the
// owner's list. It would be missing in the administrator's own list.
func TestAccCreateForServiceAccount(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	owner := w.AddUser("service", "S3rvice-Passw0rd")
	config := w.Config(acctest.Token(`name = "ci"`, fmt.Sprintf("user_id = %d", owner)))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{
				Config:            config,
				ConfigStateChecks: []statecheck.StateCheck{acctest.Value("user_id", knownvalue.Int64Exact(owner))},
				Check: resource.ComposeTestCheckFunc(w.StateIsServers,
					w.Sent(simulator.OpCreate, fmt.Sprintf(`{"tokenName": "ci", "tokenType": "ALL", "userId": %d}`, owner))),
			},
			{PreConfig: w.ResetJournal, Config: config, ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionNoop)},
		},
	})
	lists := 0
	for _, request := range w.Journal() {
		if request.Operation != simulator.OpList {
			continue
		}
		lists++
		if want := fmt.Sprintf("userId=%d", owner); request.RawQuery != want {
			t.Errorf("the list of %q was asked for, want %q", request.RawQuery, want)
		}
	}
	if lists == 0 {
		t.Error("no list was asked for")
	}
}

// TestCreateWithEndCutShort verifies that the planned end is saved, that a warning contains the server's end, and that later plans are
// empty and have no warnings.
func TestCreateWithEndCutShort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attribute, kind string
		asked, cut      time.Duration
	}{
		"renewable_until of ALL":   {"renewable_until", "ALL", 400 * acctest.Day, 365 * acctest.Day},
		"token_expiry of OneTouch": {"token_expiry", "OneTouch", 20 * acctest.Day, 14 * acctest.Day},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			w := acctest.New(t, simulator.Options{})
			arguments := acctest.Arguments{"name": "ci", "type": c.kind, c.attribute: acctest.In(c.asked)}
			i := w.Plain(t)
			run := i.MustApply(ctx, acctest.Create, arguments)
			expectCut(t, run, c.attribute, c.cut, true)
			run = i.MustApply(ctx, acctest.Noop, arguments)
			expectCut(t, run, c.attribute, c.cut, false)
			expectTexts(t, i, map[string]string{c.attribute: acctest.In(c.asked)})
			if err := w.Wrote(1, 0, 0)(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAccSecretsAreSensitive verifies that Terraform hides the secrets, and no other attribute.
func TestAccSecretsAreSensitive(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	sensitive := func(attribute string) statecheck.StateCheck {
		return statecheck.ExpectSensitiveValue(acctest.Address, tfjsonpath.New(attribute))
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Since("1.4.6", "1.6"),
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(acctest.Token(`name = "ci"`),
				"output \"id\" {\n  value = commvault_access_token.test.id\n}\n"),
			ConfigStateChecks: []statecheck.StateCheck{sensitive("access_token"), sensitive("refresh_token")},
			Check: func(s *terraform.State) error {
				if output := s.RootModule().Outputs["id"]; output == nil || output.Sensitive {
					return fmt.Errorf("the id cannot be shown: %v", output)
				}
				return nil
			},
		}},
	})
}
