// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// planCell is one run of Terraform: a prior state, a scenario, and an attribute with one value during plan and a possibly different one
// during apply.
type planCell struct {
	resource, scenario, tokenType, attribute string
	change                                   planChange
	// hadValue reports whether the prior state has the attribute's first value.
	hadValue bool
}

func (c planCell) String() string {
	before := "without"
	if c.hadValue {
		before = "with"
	}
	return fmt.Sprintf("%s/%s/%s/%s/%s/%s", c.resource, c.scenario, c.tokenType, c.attribute, before, c.change.name)
}

// planChange is the value of an attribute during plan and during apply. nil is null.
type planChange struct {
	name              string
	planned, resolved any
}

// planChanges returns the changes of an attribute with two values: everything that Terraform can know about them first and learn later.
func planChanges(value, other any) []planChange {
	changes := []planChange{
		{"null", nil, nil}, {"value", value, value}, {"other", other, other},
		{"unknown, the same", acctest.Unknown, value}, {"unknown, the other", acctest.Unknown, other}, {"unknown, null", acctest.Unknown, nil},
	}
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	switch value := value.(type) {
	case []string:
		planned := tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{
			text(value[0]), tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		})
		others, _ := other.([]string)
		changes = append(changes, planChange{"unknown element, the same", planned, value},
			planChange{"unknown element, another", planned, others},
			planChange{"unknown element, one twice", planned, value[:1]})
	case map[string]string:
		planned := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		})
		withNull := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.String, nil),
		})
		changes = append(changes, planChange{"empty", map[string]string{}, map[string]string{}}, planChange{"null element", withNull, withNull},
			planChange{"unknown element, the same", planned, value}, planChange{"unknown element, another", planned, other},
			planChange{"unknown element, null", planned, withNull})
	}
	return changes
}

var tokenTypes = []string{"DEFAULT", "ALL", "CUSTOM", "Hyperscale", "MS_SCIM", "OneTouch"}

func renews(tokenType string) bool { return tokenType != "MS_SCIM" && tokenType != "OneTouch" }

const otherUser = 12

// changesOf returns the changes of each attribute of a resource.
func changesOf(resource, tokenType string) map[string][]planChange {
	changes := map[string][]planChange{
		"allowed_ips":         planChanges([]string{"10.0.0.1", "10.0.0.2"}, []string{"10.0.0.1", "10.0.0.3"}),
		"user_id":             planChanges(11, otherUser),
		"rotate_when_changed": planChanges(map[string]string{"a": "1"}, map[string]string{"a": "2"}),
		"name_prefix":         planChanges("p-", "q-"),
	}
	for _, other := range tokenTypes {
		for _, change := range planChanges(tokenType, other) {
			if (other == tokenType) == strings.Contains(change.name, "other") {
				continue // changes that do not depend on the other type occur once
			}
			change.name = fmt.Sprintf("%s (%s)", change.name, other)
			changes["type"] = append(changes["type"], change)
		}
	}
	if tokenType == "CUSTOM" {
		changes["api_endpoints"] = planChanges([]string{"/a", "/b"}, []string{"/a", "/c"})
	}
	if resource == "plain" {
		changes["name"] = planChanges("t", "u")
		changes["renewable_until"] = planChanges(acctest.In(30*acctest.Day), acctest.In(40*acctest.Day))
		changes["token_expiry"] = planChanges(acctest.In(5*acctest.Day), acctest.In(6*acctest.Day))
		return changes
	}
	changes["lifetime_days"] = planChanges(12, 10)
	changes["rotate_before_days"] = planChanges(3, 2)
	changes["overlap_hours"] = planChanges(5, 7)
	changes["renew"] = planChanges(true, false)
	changes["renew_before_minutes"] = planChanges(5, 7)
	return changes
}

// arguments returns the arguments that all tokens of the type need, with the attribute set to value.
func (c planCell) arguments(value any) acctest.Arguments {
	arguments := acctest.Arguments{"type": c.tokenType}
	if c.resource == "slot" {
		arguments["name_prefix"] = "p-"
		if c.attribute == "renew_before_minutes" {
			arguments["renew"] = true
		}
	} else if c.scenario == "create before destroy" && c.attribute != "name" {
		arguments["name_prefix"] = "p-" // the old token still has a fixed name
	} else if c.attribute != "name_prefix" {
		arguments["name"] = "t"
	}
	if c.attribute == "name" && value == nil {
		arguments["name_prefix"] = "p-"
	}
	if c.resource == "plain" && c.attribute == "name_prefix" && value == nil {
		arguments["name"] = "t"
	}
	arguments[c.attribute] = value
	if c.attribute == "name" && value == acctest.Unknown && c.change.resolved == nil {
		arguments["name_prefix"] = "p-" // one of them must be set during apply
	}
	if c.resource == "plain" && c.attribute == "name_prefix" && value == acctest.Unknown && c.change.resolved == nil {
		arguments["name"] = "t"
	}
	if final := arguments["type"]; final == "CUSTOM" || final == acctest.Unknown && c.change.resolved == "CUSTOM" {
		if arguments["api_endpoints"] == nil && c.attribute != "api_endpoints" {
			arguments["api_endpoints"] = []string{"/a", "/b"}
		}
	}
	return arguments
}

// planScenarios are the scenarios of a plan.
var planScenarios = []string{"create", "update", "replace", "import", "moved", "tainted", "create before destroy"}

func planCells() []planCell {
	var cells []planCell
	for _, resource := range []string{"plain", "slot"} {
		for _, scenario := range planScenarios {
			if scenario == "moved" && resource == "plain" {
				continue
			}
			for _, tokenType := range tokenTypes {
				changes := changesOf(resource, tokenType)
				for _, attribute := range slices.Sorted(maps.Keys(changes)) {
					for _, change := range changes[attribute] {
						for _, hadValue := range []bool{false, true} {
							always := attribute == "type" || attribute == "api_endpoints" || // of a CUSTOM token
								resource == "slot" && attribute == "name_prefix"
							always = always || scenario != "create" && scenario != "update" && scenario != "import"
							if hadValue && scenario == "create" || !hadValue && always && scenario != "create" {
								continue
							}
							cells = append(cells, planCell{resource, scenario, tokenType, attribute, change, hadValue})
						}
					}
				}
			}
		}
	}
	return cells
}

// planDialects returns the dialects whose responses affect plans. The default dialect comes first.
func planDialects() []simulator.NamedDialect {
	dialects := []simulator.NamedDialect{{Name: "default"}}
	for _, named := range simulator.AllDialects() {
		var plans simulator.Dialect
		d := named.Dialect
		plans.BriefList, plans.NumericTypes, plans.UpdateIDOnly, plans.EndUntold = d.BriefList, d.NumericTypes, d.UpdateIDOnly, d.EndUntold
		if plans.UpdateIDOnly {
			d.UpdateSecrets = simulator.UpdateRepeatsNone // no client can save new secrets that no response contains
		}
		plans.Ends, plans.ListedEnds, plans.UpdateSecrets, plans.Numbers = d.Ends, d.ListedEnds, d.UpdateSecrets, d.Numbers
		if plans != (simulator.Dialect{}) {
			dialects = append(dialects, simulator.NamedDialect{Name: named.Name, Dialect: plans})
		}
	}
	return dialects
}

// TestPlanMatrix makes every argument null, known, and unknown until apply, in every change that a state can meet. It plans, plans
// again with the values that have become known, applies, refreshes and plans, as Terraform does. It checks each step by Terraform's own
// rules: known values stay, the result agrees with the plan, and the final plan is empty. All cells run in the default dialect. One
// cell of three also runs in one of the other dialects that affect plans.
func TestPlanMatrix(t *testing.T) {
	t.Parallel()
	var cells, refused atomic.Int64
	all, dialects := planCells(), planDialects()
	t.Run("cell", func(t *testing.T) {
		for d, dialect := range dialects {
			for number, c := range all {
				if !acctest.Takes(number) || d > 0 && number%(3*(len(dialects)-1)) != d-1 {
					continue
				}
				cells.Add(1)
				t.Run(dialect.Name+"/"+c.String(), func(t *testing.T) {
					t.Parallel()
					if c.run(t, dialect.Dialect) {
						refused.Add(1)
					}
				})
			}
		}
	})
	acctest.Proves(t, "%d cells of the plan matrix, %d of them refused, in %d dialects", cells.Load(), refused.Load(), len(dialects))
}

// run reports whether the configuration was refused.
func (c planCell) run(t *testing.T, dialect simulator.Dialect) bool {
	ctx := t.Context()
	w := acctest.NewOverHTTP(t, simulator.Options{Dialect: dialect})
	w.AddUser("service", "S3rvice-Passw0rd")
	i := w.Plain(t)
	if c.resource == "slot" {
		i = w.Rotating(t)
	}
	if !c.prepare(ctx, t, i) {
		return true
	}
	planned, resolved := c.arguments(c.change.planned), c.arguments(c.change.resolved)
	if c.scenario == "replace" || c.scenario == "create before destroy" {
		for _, arguments := range []acctest.Arguments{planned, resolved} {
			c.replace(arguments)
		}
	}
	w.ResetJournal()
	planning := w.Start(ctx, t, i.Provider)
	if said := i.Refresh(ctx, planning); said.Failed() {
		t.Fatalf("the refresh failed: %s", said.Errors())
	}
	plan, said := i.Plan(ctx, planning, planned)
	if !said.Failed() {
		said = i.ApplyResolved(ctx, w.Start(ctx, t, i.Provider), plan, resolved, c.scenario == "create before destroy")
	}
	issued := dialect.UpdateSecrets == simulator.UpdateRepeatsNew && strings.Contains(said.Errors(), "issued new secrets")
	if said.Failed() && !issued {
		c.expectRefusal(t, w, said)
		return true
	}
	run := i.Apply(ctx, resolved)
	if run.Failed() || run.Action != acctest.Noop {
		t.Errorf("the second plan is to %s: %s", run.Action, run.Errors())
	}
	const moved = "Command Center set a different end"
	all := said.Warnings() + run.Warnings()
	if strings.Contains(run.Warnings(), moved) { // a value that a list showed for the first time
		again := i.Apply(ctx, resolved)
		all += again.Warnings()
		if again.Action != acctest.Noop {
			t.Errorf("the third plan is to %s", again.Action)
		}
	}
	if strings.Count(all, moved) > 1 {
		t.Errorf("one end of the server is told more than once: %q", all)
	}
	if secret := i.Text("access_token"); secret != "" && !w.Works(secret) {
		t.Error("the secret in the state does not work")
	}
	return false
}

// replace changes an argument that forces a replacement or a rotation.
func (c planCell) replace(arguments acctest.Arguments) {
	if c.attribute == "user_id" {
		arguments["rotate_when_changed"] = map[string]string{"by": "2"}
		return
	}
	arguments["user_id"] = otherUser
}

// prepare creates the prior state. It returns false if that state is impossible.
func (c planCell) prepare(ctx context.Context, t *testing.T, i *acctest.Instance) bool {
	t.Helper()
	if c.scenario == "create" {
		return true
	}
	var value any
	for _, change := range changesOf(c.resource, c.tokenType)[c.attribute] {
		if c.hadValue && strings.HasPrefix(change.name, "value") {
			value = change.resolved
		}
	}
	if value == nil && c.attribute == "name" {
		value = "t"
	}
	before := c.arguments(value)
	if c.scenario == "replace" || c.scenario == "create before destroy" {
		if c.attribute == "user_id" {
			before["rotate_when_changed"] = map[string]string{"by": "1"}
		}
	}
	maker := i
	if c.scenario == "import" || c.scenario == "moved" {
		maker = i.Env.Plain(t)
		for _, slots := range []string{"lifetime_days", "rotate_before_days", "overlap_hours", "renew", "renew_before_minutes"} {
			delete(before, slots)
		}
	}
	p := i.Env.Start(ctx, t, i.Provider)
	plan, said := maker.Plan(ctx, p, before)
	if !said.Failed() {
		said = maker.ApplyPlan(ctx, p, plan)
	}
	if said.Failed() {
		c.expectRefusal(t, i.Env, said)
		return false
	}
	switch c.scenario {
	case "import":
		if said := i.ImportByID(ctx, p, maker.Text("id")); said.Failed() {
			t.Fatalf("the import failed: %s", said.Errors())
		}
	case "moved":
		if said := i.Move(ctx, p, maker); said.Failed() {
			t.Fatalf("the move failed: %s", said.Errors())
		}
	case "tainted":
		i.Tainted = true
	}
	return true
}

// expectRefusal checks that a run failed because its configuration is invalid and not because plan and apply differ, and that it sent
// no write.
func (c planCell) expectRefusal(t *testing.T, w *acctest.Env, said acctest.Diagnostics) {
	t.Helper()
	// If no list shows the type, the server refuses arguments that do not apply to it.
	byServer := c.attribute == "name" || c.attribute == "type" && c.scenario == "import"
	if created, changed := w.Count(simulator.OpCreate), w.Count(simulator.OpUpdate); created+changed > 0 && !byServer {
		t.Errorf("%d creates and %d updates were sent, although it was refused: %s", created, changed, said.Errors())
	}
	if !c.mayBeRefused() {
		t.Errorf("it was refused: %s", said.Errors())
	}
	if strings.Contains(said.Errors(), acctest.PlannedActionChanged) && c.attribute != "type" {
		t.Errorf("the plan became another one: %s", said.Errors())
	}
}

// mayBeRefused reports whether some type does not permit the configuration.
func (c planCell) mayBeRefused() bool {
	final := c.tokenType
	if c.attribute == "type" {
		return true // the type may not permit the other arguments of the cell, or may require a replacement
	}
	switch c.attribute {
	case "renewable_until", "renew", "renew_before_minutes":
		return !renews(final)
	case "token_expiry":
		return renews(final)
	case "api_endpoints":
		return c.change.resolved == nil || c.change.planned == nil
	case "name_prefix":
		return c.resource == "slot" && c.change.resolved == nil
	case "name":
		return c.scenario == "create before destroy" // the old token still has the name
	}
	return false
}
