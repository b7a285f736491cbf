// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The rules by which Terraform's core checks the plans and results of a provider.

// replaces reports whether, by core's rules, one of the attributes that force a replacement changes.
func (i *Instance) replaces(paths []*tftypes.AttributePath, prior, planned tftypes.Value) bool {
	i.T.Helper()
	before, after := members(i.T, prior), members(i.T, planned)
	for _, path := range paths {
		name, ok := path.Steps()[0].(tftypes.AttributeName)
		if !ok || !after[string(name)].IsFullyKnown() || !after[string(name)].Equal(before[string(name)]) {
			return true
		}
	}
	return false
}

// isValid checks a plan as core does. It may differ from the configuration only in a computed attribute that the configuration omits,
// or by keeping the prior value of a configured attribute.
func (i *Instance) isValid(block *tfprotov6.SchemaBlock, prior *tftypes.Value, config, planned tftypes.Value) {
	i.T.Helper()
	configured, values, before := members(i.T, config), members(i.T, planned), map[string]tftypes.Value{}
	if prior != nil {
		before = members(i.T, *prior)
	}
	for _, attribute := range block.Attributes {
		name := attribute.Name
		switch {
		case values[name].Equal(configured[name]), configured[name].IsNull() && attribute.Computed:
		case prior != nil && !before[name].IsNull() && !configured[name].IsNull() && values[name].Equal(before[name]):
		default:
			i.T.Errorf("Terraform would fail with \"invalid plan\": %s is configured as %s and planned as %s", name, configured[name], values[name])
		}
	}
}

// isRefinement checks that known values stayed the same, also within a collection.
func (i *Instance) isRefinement(planned, got tftypes.Value, fault string) {
	i.T.Helper()
	values := members(i.T, got)
	for name, value := range members(i.T, planned) {
		if !refines(i.T, value, values[name]) {
			i.T.Errorf("Terraform would fail with %q: %s was planned as %s and is %s", fault, name, value, values[name])
		}
	}
}

// refines reports whether got is possible for a planned value that is unknown or partly unknown.
func refines(t testing.TB, planned, got tftypes.Value) bool {
	t.Helper()
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsFullyKnown():
		return planned.Equal(got)
	case got.IsNull():
		return false
	case planned.Type().Is(tftypes.Map{}):
		before, after := members(t, planned), members(t, got)
		for key, value := range before {
			if now, there := after[key]; !there || !refines(t, value, now) {
				return false
			}
		}
		return len(before) == len(after)
	}
	var before, after []tftypes.Value
	if planned.As(&before) != nil || got.As(&after) != nil || len(after) > len(before) {
		return false
	}
	for _, value := range before { // unknown elements of a set may turn out to be equal
		if value.IsKnown() && !slices.ContainsFunc(after, value.Equal) {
			return false
		}
	}
	return true
}
