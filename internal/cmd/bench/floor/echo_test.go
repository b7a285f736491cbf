// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

const resource = "commvault_access_token"

func newTestEcho(t *testing.T) *echo {
	t.Helper()
	e, err := newEcho(t.Context(), providerserver.NewProtocol6(provider.New("test")())())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// object returns an object of the resource's type, null except for some texts.
func object(t *testing.T, e *echo, texts map[string]string) *tfprotov6.DynamicValue {
	t.Helper()
	block := e.schemas.ResourceSchemas[resource].Block
	values := map[string]tftypes.Value{}
	for _, attribute := range block.Attributes {
		values[attribute.Name] = tftypes.NewValue(attribute.ValueType(), nil)
		if text, ok := texts[attribute.Name]; ok {
			values[attribute.Name] = tftypes.NewValue(tftypes.String, text)
		}
	}
	return dynamic(t, tftypes.NewValue(block.ValueType(), values))
}

func dynamic(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func decoded(t *testing.T, e *echo, value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	t.Helper()
	object, err := value.Unmarshal(e.schemas.ResourceSchemas[resource].Block.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]tftypes.Value{}
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// TestACreateIsPlannedAndApplied verifies that exactly the computed attributes that are not configured are unknown in the plan, and
// that no value is unknown after the apply.
func TestACreateIsPlannedAndApplied(t *testing.T) {
	e := newTestEcho(t)
	nothing := dynamic(t, tftypes.NewValue(e.schemas.ResourceSchemas[resource].Block.ValueType(), nil))
	planned, err := e.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: nothing, ProposedNewState: object(t, e, map[string]string{"name": "bench-1"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	var unknowns []string
	for name, value := range decoded(t, e, planned.PlannedState) {
		if !value.IsKnown() {
			unknowns = append(unknowns, name)
		}
	}
	slices.Sort(unknowns)
	want := []string{
		"access_token", "api_endpoints", "expires_at", "id", "refresh_token", "refresh_token_expires_at", "renewable_until", "type", "user_id",
	}
	if !slices.Equal(unknowns, want) {
		t.Errorf("unknown are %q, want %q", unknowns, want)
	}
	applied, err := e.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resource, PriorState: nothing, PlannedState: planned.PlannedState,
	})
	if err != nil {
		t.Fatal(err)
	}
	state := decoded(t, e, applied.NewState)
	for name, value := range state {
		if !value.IsKnown() {
			t.Errorf("%s is unknown after the apply", name)
		}
		filled := slices.Contains(want, name) && name != "api_endpoints" || name == "name" // sets stay null
		if filled == value.IsNull() {
			t.Errorf("%s is %s", name, value)
		}
	}
	var name string
	if err := state["name"].As(&name); err != nil || name != "bench-1" {
		t.Errorf("the name is %q, %v", name, err)
	}
}

// TestTheRestIsEchoed covers the responses that return the request's values.
func TestTheRestIsEchoed(t *testing.T) {
	e := newTestEcho(t)
	state := object(t, e, map[string]string{"id": "1001", "name": "bench-1"})
	proposed := object(t, e, map[string]string{"id": "1001", "name": "renamed"})
	planned, err := e.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: state, ProposedNewState: proposed, PriorPrivate: []byte("p"),
	})
	if err != nil || planned.PlannedState != proposed || string(planned.PlannedPrivate) != "p" {
		t.Errorf("an update is planned as %+v, %v", planned, err)
	}
	applied, err := e.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resource, PriorState: state, PlannedState: proposed,
	})
	if err != nil || applied.NewState != proposed {
		t.Errorf("an update is applied as %+v, %v", applied, err)
	}
	read, err := e.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: state})
	if err != nil || read.NewState != state {
		t.Errorf("read is %+v, %v", read, err)
	}
	raw := []byte(`{"id":"1001"}`)
	upgraded, err := e.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: resource, RawState: &tfprotov6.RawState{JSON: raw},
	})
	if err != nil || string(upgraded.UpgradedState.JSON) != string(raw) {
		t.Errorf("upgraded is %+v, %v", upgraded, err)
	}
}
