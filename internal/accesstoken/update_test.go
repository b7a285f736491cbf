// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
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

// sameToken gives checks, to be used in each step, that the token and its secrets stay what they are.
func sameToken(address string) func() []statecheck.StateCheck {
	attributes := []string{"id", "access_token", "refresh_token"}
	same := make([]interface {
		AddStateValue(string, tfjsonpath.Path) statecheck.StateCheck
	}, len(attributes))
	for i := range attributes {
		same[i] = statecheck.CompareValue(compare.ValuesSame())
	}
	return func() []statecheck.StateCheck {
		var checks []statecheck.StateCheck
		for i, attribute := range attributes {
			checks = append(checks, same[i].AddStateValue(address, tfjsonpath.New(attribute)))
		}
		return checks
	}
}

// updatesHeld checks that every update names the token that the state holds.
func updatesHeld(w *acctest.World) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		token, _, err := w.Held(s, acctest.Address)
		if err != nil {
			return err
		}
		for _, request := range w.Journal() {
			if request.Operation == simulator.OpUpdate && request.TokenID != token.ID {
				return fmt.Errorf("%s was changed instead of %d", request.Path, token.ID)
			}
		}
		return nil
	}
}

// change is one difference between two configurations of a token, and what it is to do.
type change struct {
	before, after []string
	sent          string // the body of the one update; "" for none
	plan          plancheck.ResourceActionType
	state         []statecheck.StateCheck
}

// TestAccUpdate guards each row of the resource's table that changes in place: one request that holds nothing but what
// changed, or none, and the token and its secrets stay.
func TestAccUpdate(t *testing.T) {
	t.Parallel()
	const inPlace, nothing = plancheck.ResourceActionUpdate, plancheck.ResourceActionNoop
	name, scim, custom := `name = "ci"`, `type = "MS_SCIM"`, `type = "CUSTOM"`
	until := func(text string) string { return `renewable_until = "` + text + `"` }
	expiry := func(text string) string { return `token_expiry = "` + text + `"` }
	month, week := 30*acctest.Day, 7*acctest.Day
	for label, c := range map[string]change{
		"name": {
			[]string{name}, []string{`name = "ci-2"`},
			`{"tokenName": "ci-2"}`, inPlace, []statecheck.StateCheck{acctest.Text("name", "ci-2")},
		},
		"api_endpoints": {
			[]string{name, custom, `api_endpoints = ["/a", "/b"]`}, []string{name, custom, `api_endpoints = ["/c", "/b"]`},
			`{"apiEndpoints": ["/b", "/c"]}`, inPlace, []statecheck.StateCheck{acctest.Value("api_endpoints", texts("/b", "/c"))},
		},
		"api_endpoints in another order": {
			[]string{name, custom, `api_endpoints = ["/a", "/b"]`}, []string{name, custom, `api_endpoints = ["/b", "/a", "/b"]`},
			"", nothing, []statecheck.StateCheck{acctest.Value("api_endpoints", texts("/a", "/b"))},
		},
		"allowed_ips given": {
			[]string{name}, []string{name, `allowed_ips = ["2001:DB8::1", "10.0.0.0/8"]`},
			`{"allowedIPs": ["10.0.0.0/8", "2001:DB8::1"]}`, inPlace,
			[]statecheck.StateCheck{acctest.Value("allowed_ips", texts("2001:DB8::1", "10.0.0.0/8"))},
		},
		"allowed_ips with one more": {
			[]string{name, `allowed_ips = ["10.0.0.1"]`}, []string{name, `allowed_ips = ["10.0.0.1", "10.0.0.2"]`},
			`{"allowedIPs": ["10.0.0.1", "10.0.0.2"]}`, inPlace,
			[]statecheck.StateCheck{acctest.Value("allowed_ips", texts("10.0.0.1", "10.0.0.2"))},
		},
		"allowed_ips removed": {
			[]string{name, `allowed_ips = ["10.0.0.1"]`}, []string{name},
			`{"allowedIPs": []}`, inPlace, []statecheck.StateCheck{acctest.Null("allowed_ips")},
		},
		"allowed_ips emptied": {
			[]string{name, `allowed_ips = ["10.0.0.1"]`}, []string{name, `allowed_ips = []`},
			`{"allowedIPs": []}`, inPlace, []statecheck.StateCheck{acctest.Value("allowed_ips", knownvalue.SetSizeExact(0))},
		},
		"allowed_ips empty instead of none": {
			[]string{name}, []string{name, `allowed_ips = []`},
			"", inPlace, []statecheck.StateCheck{acctest.Value("allowed_ips", knownvalue.SetSizeExact(0))},
		},
		"allowed_ips respelt": {
			[]string{name, `allowed_ips = ["10.0.0.1", "2001:DB8:0::1", "10.1.0.0-10.1.0.255"]`},
			[]string{name, `allowed_ips = ["2001:db8::1", "10.1.0.0/24", "10.0.0.1/32"]`},
			"", nothing, []statecheck.StateCheck{acctest.Value("allowed_ips", texts("10.0.0.1", "2001:DB8:0::1", "10.1.0.0-10.1.0.255"))},
		},
		"renewable_until given": {
			[]string{name}, []string{name, until(inBerlin(month))},
			fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(month)), inPlace,
			[]statecheck.StateCheck{acctest.Text("renewable_until", inBerlin(month))},
		},
		"renewable_until given as it is": {
			[]string{name}, []string{name, until(inBerlin(90 * acctest.Day))},
			"", nothing, []statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(90*acctest.Day))},
		},
		"renewable_until moved": {
			[]string{name, until(acctest.In(month))}, []string{name, until(acctest.In(week))},
			fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(week)), inPlace,
			[]statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(week))},
		},
		"renewable_until respelt": {
			[]string{name, until(acctest.In(month))}, []string{name, until(inBerlin(month))},
			"", nothing, []statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(month))},
		},
		"renewable_until removed": {
			[]string{name, until(acctest.In(month))}, []string{name},
			"", nothing, []statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(month))},
		},
		"token_expiry given": {
			[]string{name, scim}, []string{name, scim, expiry(inBerlin(week))},
			fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, unix(week)), inPlace,
			[]statecheck.StateCheck{acctest.Text("token_expiry", inBerlin(week)), acctest.Text("expires_at", acctest.In(week))},
		},
		"token_expiry moved": {
			[]string{name, scim, expiry(acctest.In(month))}, []string{name, scim, expiry(acctest.In(week))},
			fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, unix(week)), inPlace,
			[]statecheck.StateCheck{acctest.Text("token_expiry", acctest.In(week)), acctest.Text("expires_at", acctest.In(week))},
		},
		"token_expiry respelt": {
			[]string{name, scim, expiry(acctest.In(month))}, []string{name, scim, expiry(inBerlin(month))},
			"", nothing, []statecheck.StateCheck{acctest.Text("token_expiry", acctest.In(month))},
		},
		"token_expiry removed": {
			[]string{name, scim, expiry(acctest.In(week))}, []string{name, scim},
			"", inPlace, []statecheck.StateCheck{acctest.Null("token_expiry"), acctest.Text("expires_at", acctest.In(week))},
		},
		"DEFAULT to ALL": {
			[]string{name, `type = "DEFAULT"`}, []string{name, `type = "ALL"`},
			"", inPlace, []statecheck.StateCheck{acctest.Text("type", "ALL")},
		},
		"ALL to DEFAULT": {
			[]string{name}, []string{name, `type = "DEFAULT"`},
			"", inPlace, []statecheck.StateCheck{acctest.Text("type", "DEFAULT")},
		},
		"everything at once": {
			[]string{name, custom, `api_endpoints = ["/a"]`, `allowed_ips = ["10.0.0.1"]`},
			[]string{`name = "ci-2"`, custom, `api_endpoints = ["/b"]`, `allowed_ips = ["10.0.0.2"]`, until(acctest.In(week))},
			fmt.Sprintf(`{"tokenName": "ci-2", "apiEndpoints": ["/b"], "allowedIPs": ["10.0.0.2"], "renewableUntilTimestamp": %d}`,
				unix(week)), inPlace,
			[]statecheck.StateCheck{acctest.Text("name", "ci-2")},
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			same := sameToken(acctest.Address)
			var bodies []string
			if c.sent != "" {
				bodies = append(bodies, c.sent)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             w.NothingLeft,
				Steps: []resource.TestStep{
					{Config: w.Config(acctest.Token(c.before...)), ConfigStateChecks: same()},
					{
						Config:            w.Config(acctest.Token(c.after...)),
						ConfigPlanChecks:  acctest.Planned(c.plan),
						ConfigStateChecks: append(same(), c.state...),
						Check:             resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks, updatesHeld(w)),
					},
				},
			})
			// Over the whole test: also the plans after the step sent no update.
			if err := resource.ComposeTestCheckFunc(w.Sent(simulator.OpUpdate, bodies...), w.Wrote(1, len(bodies), 1))(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAccUpdateEveryEnd guards that ends of each kind move, and secrets stay, whatever the answers leave out. Where an
// update issues new secrets, they are saved, and an error says so once. TestUpdateInEveryDialect does the same in process.
func TestAccUpdateEveryEnd(t *testing.T) {
	t.Parallel()
	acctest.DialectsOfCLI(t, func(t *testing.T, dialect simulator.Dialect) {
		w := acctest.New(t, simulator.Options{Dialect: dialect})
		config := func(name, end string) string {
			return w.Config(
				acctest.NamedToken("scim", `name = "scim"`, `type = "MS_SCIM"`, `token_expiry = "`+end+`"`),
				acctest.NamedToken("test", `name = "`+name+`"`, `type = "DEFAULT"`, `renewable_until = "`+end+`"`),
			)
		}
		before, after := config("ci", acctest.In(acctest.Day)), config("ci-2", inBerlin(2*acctest.Day))
		sameSCIM, sameTest := sameToken("commvault_access_token.scim"), sameToken(acctest.Address)
		same := func() []statecheck.StateCheck { return append(sameSCIM(), sameTest()...) }
		create := resource.TestStep{Config: before, ConfigStateChecks: same()}
		update := resource.TestStep{
			Config: after,
			ConfigStateChecks: []statecheck.StateCheck{
				valueOf("scim", "token_expiry", inBerlin(2*acctest.Day)), valueOf("scim", "expires_at", acctest.In(2*acctest.Day)),
				acctest.Text("renewable_until", inBerlin(2*acctest.Day)), acctest.Text("name", "ci-2"), acctest.Text("type", "DEFAULT"),
			},
			Check: resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks),
		}
		steps := []resource.TestStep{create}
		if dialect.UpdateSecrets == simulator.UpdateRepeatsNew {
			steps = append(steps, resource.TestStep{Config: after, ExpectError: acctest.Says("issued new secrets")})
			update.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}
		} else {
			update.ConfigStateChecks = append(update.ConfigStateChecks, same()...)
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: w.Providers(),
			CheckDestroy:             w.NothingLeft,
			Steps:                    append(steps, update),
		})
		end := unix(2 * acctest.Day)
		if err := w.Sent(simulator.OpUpdate, fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, end),
			fmt.Sprintf(`{"tokenName": "ci-2", "renewableUntilTimestamp": %d}`, end))(nil); err != nil {
			t.Error(err)
		}
	})
}

// TestAccUpdateWithEndCutShort guards what becomes of an end that was cut short: an update of something else neither
// repeats it nor warns again, and another end takes its place.
func TestAccUpdateWithEndCutShort(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	providers, heard := w.Overheard()
	step := func(name string, until time.Duration, sent string, warnings ...acctest.Warning) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() {
				w.ResetJournal()
				heard.Forget()
			},
			Config:            w.Config(acctest.Token(`name = "`+name+`"`, `renewable_until = "`+acctest.In(until)+`"`)),
			ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.Text("renewable_until", acctest.In(until))},
			Check:             resource.ComposeTestCheckFunc(w.Sent(simulator.OpUpdate, sent), heard.Exactly(warnings...)),
		}
	}
	end := func(d time.Duration) string { return fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(d)) }
	cut := acctest.Warning{
		Call: "apply", Attribute: "renewable_until", Summary: "Command Center set another end", Detail: acctest.In(365 * acctest.Day),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: w.Config(acctest.Token(`name = "ci"`, `renewable_until = "`+acctest.In(50*acctest.Day)+`"`))},
			step("ci", 400*acctest.Day, end(400*acctest.Day), cut),
			step("ci-2", 400*acctest.Day, `{"tokenName": "ci-2"}`),
			step("ci-2", 380*acctest.Day, end(380*acctest.Day), cut),
			step("ci-2", 100*acctest.Day, end(100*acctest.Day)),
			{ // what was cut short once is not taken for it when somebody else sets that very end
				PreConfig: func() {
					if err := w.EditToken(w.Tokens()[0].ID, func(token *simulator.Token) {
						token.RenewableUntil = acctest.Start.Add(365 * acctest.Day)
					}); err != nil {
						t.Error(err)
					}
				},
				Config:           w.Config(acctest.Token(`name = "ci-2"`, `renewable_until = "`+acctest.In(100*acctest.Day)+`"`)),
				ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionUpdate),
			},
		},
	})
}

// TestAccUpdateWithTerseAnswer guards that an answer that tells nothing but success loses nothing: what changed is as
// planned, and the rest as it was.
func TestAccUpdateWithTerseAnswer(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	same := sameToken(acctest.Address)
	config := func(end time.Duration) string {
		return w.Config(acctest.Token(`name = "ci"`, `type = "MS_SCIM"`, `token_expiry = "`+inBerlin(end)+`"`))
	}
	terse := simulator.NewFault(simulator.Status).WithStatus(200).WithBody(`{"error": {"errorCode": 0}}`).At(simulator.After)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config(acctest.Day), ConfigStateChecks: same()},
			{
				PreConfig: func() { w.FailNext(simulator.OpUpdate, terse) },
				Config:    config(2 * acctest.Day),
				ConfigStateChecks: append(same(), acctest.Text("token_expiry", inBerlin(2*acctest.Day)),
					acctest.Text("expires_at", acctest.In(2*acctest.Day))),
				Check: resource.ComposeTestCheckFunc(w.StateIsServers, w.SecretWorks, w.Wrote(1, 1, 0)),
			},
		},
	})
}
