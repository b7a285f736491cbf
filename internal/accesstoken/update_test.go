// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"errors"
	"fmt"
	"slices"
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

// sameToken returns checks that the token and its secrets stay the same in each step.
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

// change is one change of a token's configuration, with its expected effect. The token's name is its label, unless the configuration
// sets another one.
type change struct {
	label         string
	before, after []string
	sent          string // the body of the one update, "" for none
	plan          plancheck.ResourceActionType
	state         map[string]knownvalue.Check
}

// testChanges creates all tokens with one run of Terraform and changes them all with another, because each run of a CLI takes seconds.
func testChanges(t *testing.T, w *acctest.Env, changes []change) {
	t.Helper()
	var before, after []string
	var firstChecks, checks []statecheck.StateCheck
	var plans []plancheck.PlanCheck
	var bodies []string
	replaced := 0
	named := func(label string, arguments []string) []string {
		if slices.ContainsFunc(arguments, func(text string) bool { return strings.HasPrefix(text, "name") }) {
			return arguments
		}
		return append([]string{fmt.Sprintf("name = %q", label)}, arguments...)
	}
	address := func(i int) string { return fmt.Sprintf("commvault_access_token.t%d", i) }
	for i, c := range changes {
		before = append(before, acctest.NamedToken(fmt.Sprintf("t%d", i), named(c.label, c.before)...))
		after = append(after, acctest.NamedToken(fmt.Sprintf("t%d", i), named(c.label, c.after)...))
		plans = append(plans, plancheck.ExpectResourceAction(address(i), c.plan))
		var comparer compare.ValueComparer = compare.ValuesSame()
		if c.plan == plancheck.ResourceActionDestroyBeforeCreate {
			comparer = compare.ValuesDiffer()
			replaced++
		}
		for _, attribute := range []string{"id", "access_token"} {
			compared := statecheck.CompareValue(comparer)
			firstChecks = append(firstChecks, compared.AddStateValue(address(i), tfjsonpath.New(attribute)))
			checks = append(checks, compared.AddStateValue(address(i), tfjsonpath.New(attribute)))
		}
		for attribute, check := range c.state {
			checks = append(checks, statecheck.ExpectKnownValue(address(i), tfjsonpath.New(attribute), check))
		}
		if c.sent != "" {
			bodies = append(bodies, c.sent)
		}
	}
	servers := func(s *terraform.State) error {
		var problems []error
		for i, c := range changes {
			held, err := w.StateOf(s, address(i))
			if err == nil && c.sent != "" && !w.SentTo(held.ID, c.sent) {
				err = fmt.Errorf("%s was not sent to the token %d", c.sent, held.ID)
			}
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", c.label, err))
			}
		}
		return errors.Join(problems...)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             w.NothingLeft,
		Steps: []resource.TestStep{
			{Config: w.Config(before...), ConfigStateChecks: firstChecks},
			{
				PreConfig:         w.ResetJournal,
				Config:            w.Config(after...),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: plans},
				ConfigStateChecks: checks,
				Check:             resource.ComposeTestCheckFunc(servers, w.Sent(simulator.OpUpdate, bodies...), w.Wrote(replaced, len(bodies), replaced)),
			},
		},
	})
}

// TestAccUpdate covers each argument of the resource that changes in place: one request with only the changed fields, or no request,
// and the token and its secrets stay.
func TestAccUpdate(t *testing.T) {
	t.Parallel()
	const inPlace, nothing = plancheck.ResourceActionUpdate, plancheck.ResourceActionNoop
	const scim, custom = `type = "MS_SCIM"`, `type = "CUSTOM"`
	is := knownvalue.StringExact
	until := func(text string) string { return `renewable_until = "` + text + `"` }
	expiry := func(text string) string { return `token_expiry = "` + text + `"` }
	month, week := 30*acctest.Day, 7*acctest.Day
	testChanges(t, acctest.New(t, simulator.Options{}), []change{
		{
			"name", nil, []string{`name = "ci-2"`},
			`{"tokenName": "ci-2"}`, inPlace, map[string]knownvalue.Check{"name": is("ci-2")},
		},
		{
			"api_endpoints", []string{custom, `api_endpoints = ["/a", "/b"]`}, []string{custom, `api_endpoints = ["/c", "/b"]`},
			`{"apiEndpoints": ["/b", "/c"]}`, inPlace, map[string]knownvalue.Check{"api_endpoints": texts("/b", "/c")},
		},
		{
			"api_endpoints in another order", []string{custom, `api_endpoints = ["/a", "/b"]`}, []string{custom, `api_endpoints = ["/b", "/a", "/b"]`},
			"", nothing, map[string]knownvalue.Check{"api_endpoints": texts("/a", "/b")},
		},
		{
			"allowed_ips given", nil, []string{`allowed_ips = ["2001:DB8::1", "10.0.0.0/8"]`},
			`{"allowedIPs": ["10.0.0.0/8", "2001:DB8::1"]}`, inPlace,
			map[string]knownvalue.Check{"allowed_ips": texts("2001:DB8::1", "10.0.0.0/8")},
		},
		{
			"allowed_ips with one more", []string{`allowed_ips = ["10.0.0.1"]`}, []string{`allowed_ips = ["10.0.0.1", "10.0.0.2"]`},
			`{"allowedIPs": ["10.0.0.1", "10.0.0.2"]}`, inPlace,
			map[string]knownvalue.Check{"allowed_ips": texts("10.0.0.1", "10.0.0.2")},
		},
		{
			"allowed_ips removed", []string{`allowed_ips = ["10.0.0.1"]`}, nil,
			`{"allowedIPs": []}`, inPlace, map[string]knownvalue.Check{"allowed_ips": knownvalue.Null()},
		},
		{
			"allowed_ips emptied", []string{`allowed_ips = ["10.0.0.1"]`}, []string{`allowed_ips = []`},
			`{"allowedIPs": []}`, inPlace, map[string]knownvalue.Check{"allowed_ips": knownvalue.SetSizeExact(0)},
		},
		{
			"allowed_ips empty instead of none", nil, []string{`allowed_ips = []`},
			"", inPlace, map[string]knownvalue.Check{"allowed_ips": knownvalue.SetSizeExact(0)},
		},
		{
			"allowed_ips respelt", []string{`allowed_ips = ["10.0.0.1", "2001:DB8:0::1", "10.1.0.0-10.1.0.255"]`},
			[]string{`allowed_ips = ["2001:db8::1", "10.1.0.0/24", "10.0.0.1/32"]`},
			"", nothing, map[string]knownvalue.Check{"allowed_ips": texts("10.0.0.1", "2001:DB8:0::1", "10.1.0.0-10.1.0.255")},
		},
		{
			"renewable_until given", nil, []string{until(inBerlin(month))},
			fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(month)), inPlace,
			map[string]knownvalue.Check{"renewable_until": is(inBerlin(month))},
		},
		{
			"renewable_until given as it is", nil, []string{until(inBerlin(90 * acctest.Day))},
			"", nothing, map[string]knownvalue.Check{"renewable_until": is(acctest.In(90 * acctest.Day))},
		},
		{
			"renewable_until moved", []string{until(acctest.In(month))}, []string{until(acctest.In(week))},
			fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(week)), inPlace,
			map[string]knownvalue.Check{"renewable_until": is(acctest.In(week))},
		},
		{
			"renewable_until respelt", []string{until(acctest.In(month))}, []string{until(inBerlin(month))},
			"", nothing, map[string]knownvalue.Check{"renewable_until": is(acctest.In(month))},
		},
		{
			"renewable_until removed", []string{until(acctest.In(month))}, nil,
			"", nothing, map[string]knownvalue.Check{"renewable_until": is(acctest.In(month))},
		},
		{
			"token_expiry given", []string{scim}, []string{scim, expiry(inBerlin(week))},
			fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, unix(week)), inPlace,
			map[string]knownvalue.Check{"token_expiry": is(inBerlin(week)), "expires_at": is(acctest.In(week))},
		},
		{
			"token_expiry moved", []string{scim, expiry(acctest.In(month))}, []string{scim, expiry(acctest.In(week))},
			fmt.Sprintf(`{"tokenExpiryTimestamp": %d}`, unix(week)), inPlace,
			map[string]knownvalue.Check{"token_expiry": is(acctest.In(week)), "expires_at": is(acctest.In(week))},
		},
		{
			"token_expiry respelt", []string{scim, expiry(acctest.In(month))}, []string{scim, expiry(inBerlin(month))},
			"", nothing, map[string]knownvalue.Check{"token_expiry": is(acctest.In(month))},
		},
		{
			"token_expiry removed", []string{scim, expiry(acctest.In(week))}, []string{scim},
			"", inPlace, map[string]knownvalue.Check{"token_expiry": knownvalue.Null(), "expires_at": is(acctest.In(week))},
		},
		{
			"type", []string{custom, `api_endpoints = ["/a"]`}, []string{`type = "Hyperscale"`},
			`{"tokenType": "Hyperscale"}`, inPlace, map[string]knownvalue.Check{"type": is("Hyperscale"), "api_endpoints": knownvalue.Null()},
		},
		{
			"type left to its default", []string{custom, `api_endpoints = ["/a"]`}, nil,
			`{"tokenType": "ALL"}`, inPlace, map[string]knownvalue.Check{"type": is("ALL"), "api_endpoints": knownvalue.Null()},
		},
		{
			"type CUSTOM", nil, []string{custom, `api_endpoints = ["/a"]`},
			`{"tokenType": "CUSTOM", "apiEndpoints": ["/a"]}`, inPlace, map[string]knownvalue.Check{"type": is("CUSTOM")},
		},
		{
			"DEFAULT to ALL", []string{`type = "DEFAULT"`}, []string{`type = "ALL"`},
			"", inPlace, map[string]knownvalue.Check{"type": is("ALL")},
		},
		{
			"ALL to DEFAULT", nil, []string{`type = "DEFAULT"`},
			"", inPlace, map[string]knownvalue.Check{"type": is("DEFAULT")},
		},
		{
			"everything at once", []string{custom, `api_endpoints = ["/a"]`, `allowed_ips = ["10.0.0.1"]`},
			[]string{`name = "ci-3"`, custom, `api_endpoints = ["/b"]`, `allowed_ips = ["10.0.0.2"]`, until(acctest.In(week))},
			fmt.Sprintf(`{"tokenName": "ci-3", "apiEndpoints": ["/b"], "allowedIPs": ["10.0.0.2"], "renewableUntilTimestamp": %d}`,
				unix(week)), inPlace,
			map[string]knownvalue.Check{"name": is("ci-3")},
		},
	})
}

// TestUpdateWithEndCutShort covers a shortened end. An update of other fields neither sends it again nor repeats the warning, and
// another end replaces it.
func TestUpdateWithEndCutShort(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := acctest.New(t, simulator.Options{})
	arguments := func(name string, until time.Duration) acctest.Arguments {
		return acctest.Arguments{"name": name, "renewable_until": acctest.In(until)}
	}
	end := func(d time.Duration) string { return fmt.Sprintf(`{"renewableUntilTimestamp": %d}`, unix(d)) }
	i := w.Plain(t)
	i.MustApply(ctx, acctest.Create, arguments("ci", 50*acctest.Day))
	for _, step := range []struct {
		name  string
		until time.Duration
		sent  string
		warns bool
	}{
		{"ci", 400 * acctest.Day, end(400 * acctest.Day), true},
		{"ci-2", 400 * acctest.Day, `{"tokenName": "ci-2"}`, false},
		{"ci-2", 380 * acctest.Day, end(380 * acctest.Day), true},
		{"ci-2", 100 * acctest.Day, end(100 * acctest.Day), false},
	} {
		w.ResetJournal()
		run := i.MustApply(ctx, acctest.Update, arguments(step.name, step.until))
		expectCut(t, run, "renewable_until", 365*acctest.Day, step.warns)
		expectTexts(t, i, map[string]string{"renewable_until": acctest.In(step.until)})
		again := i.MustApply(ctx, acctest.Noop, arguments(step.name, step.until))
		expectCut(t, again, "renewable_until", 365*acctest.Day, false)
		if err := w.Sent(simulator.OpUpdate, step.sent)(nil); err != nil {
			t.Error(err)
		}
	}
	// If somebody else later sets that very end, it does not count as shortened.
	if err := w.EditToken(i.ID(), func(token *simulator.Token) {
		token.RenewableUntil = acctest.Start.Add(365 * acctest.Day)
	}); err != nil {
		t.Error(err)
	}
	i.MustApply(ctx, acctest.Update, arguments("ci-2", 100*acctest.Day))
}

// expectCut checks that a run has exactly one warning about the end that the server set instead of the requested one, or that it has no
// warning.
func expectCut(t *testing.T, run acctest.Run, attribute string, set time.Duration, warns bool) {
	t.Helper()
	warned := slices.DeleteFunc(strings.Split(run.Warnings(), "\n"), func(warning string) bool {
		return strings.HasPrefix(warning, "End of the access token beyond the server's limit") // of the plan, see TestEndBeyondTheLimit
	})
	warnings := strings.Join(warned, "\n")
	if !warns && warnings != "" || warns && (strings.Count(warnings, "\n") > 0 ||
		!acctest.Says("Command Center set a different end", acctest.In(set), attribute).MatchString(warnings)) {
		t.Errorf("the warnings are %q; one of the end is expected: %t", warnings, warns)
	}
}

// TestUpdateWithTerseAnswer verifies that a response that only reports success loses nothing: changed fields are as planned, and the
// others stay.
func TestUpdateWithTerseAnswer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := acctest.New(t, simulator.Options{})
	arguments := func(end time.Duration) acctest.Arguments {
		return acctest.Arguments{"name": "ci", "type": "MS_SCIM", "token_expiry": inBerlin(end)}
	}
	i := w.Plain(t)
	i.MustApply(ctx, acctest.Create, arguments(acctest.Day))
	secret := i.Text("access_token")
	w.FailNext(simulator.OpUpdate,
		simulator.NewFault(simulator.Status).WithStatus(200).WithBody(`{"error": {"errorCode": 0}}`).At(simulator.After))
	i.MustApply(ctx, acctest.Update, arguments(2*acctest.Day))
	expectTexts(t, i, map[string]string{
		"token_expiry": inBerlin(2 * acctest.Day), "expires_at": acctest.In(2 * acctest.Day), "access_token": secret,
	})
	expectServers(t, i)
	i.MustApply(ctx, acctest.Noop, arguments(2*acctest.Day))
	if err := w.Wrote(1, 1, 0)(nil); err != nil {
		t.Error(err)
	}
}
