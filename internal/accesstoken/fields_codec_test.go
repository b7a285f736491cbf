// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// samples returns values of a type: null, unknown, some known ones, and collections with an unknown element.
func samples(typ tftypes.Type) []tftypes.Value {
	all := []tftypes.Value{tftypes.NewValue(typ, nil), tftypes.NewValue(typ, tftypes.UnknownValue)}
	add := func(values ...any) {
		for _, value := range values {
			all = append(all, tftypes.NewValue(typ, value))
		}
	}
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	one, other := tftypes.NewValue(tftypes.String, "a"), tftypes.NewValue(tftypes.String, "2001:DB8::1")
	switch {
	case typ.Is(tftypes.String):
		add("", "text", "2027-01-02T03:04:05Z", "2027-01-02 3 o'clock")
	case typ.Is(tftypes.Number):
		add(0, 11, -1, big.NewFloat(1<<40))
	case typ.Is(tftypes.Bool):
		add(true, false)
	case typ.Is(tftypes.Set{ElementType: tftypes.String}):
		add([]tftypes.Value{}, []tftypes.Value{one, other}, []tftypes.Value{one, unknown})
	case typ.Is(tftypes.Map{ElementType: tftypes.String}):
		add(map[string]tftypes.Value{}, map[string]tftypes.Value{"k": one}, map[string]tftypes.Value{"k": unknown})
	case typ.Is(tftypes.List{}):
		add([]tftypes.Value{})
	}
	return all
}

// TestCodecIsTheFrameworks verifies that a codec reads and writes what Get and Set of the framework do, for each kind of value of each
// attribute, and leaves errors to them.
func TestCodecIsTheFrameworks(t *testing.T) {
	t.Parallel()
	testCodec(t, &tokenResource{}, tokenCodec())
	testCodec(t, &rotatingResource{}, rotatingCodec())
}

func testCodec[M any](t *testing.T, r resource.Resource, c codec[M]) {
	t.Helper()
	var resp resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
	object := resp.Schema.Type().TerraformType(t.Context())
	if !c.object.Equal(object) {
		t.Fatalf("the codec knows %s, the schema %s", c.object, object)
	}
	cases := 0
	base := map[string]tftypes.Value{}
	for name, typ := range c.object.AttributeTypes {
		base[name] = tftypes.NewValue(typ, nil)
	}
	for name, typ := range c.object.AttributeTypes {
		for _, value := range samples(typ) {
			cases++
			values := maps.Clone(base)
			values[name] = value
			state := tfsdk.State{Schema: resp.Schema, Raw: tftypes.NewValue(object, values)}
			var want M
			if diags := state.Get(t.Context(), &want); diags.HasError() {
				if name == "" || value.IsNull() || !value.IsKnown() {
					t.Errorf("%s is %s: the framework says %s", name, value, diags)
				}
				continue // Terraform has validated the configuration before
			}
			got, diags := c.get(t.Context(), state.Raw, state)
			if diags.HasError() || !reflect.DeepEqual(got, want) {
				t.Errorf("%s is %s: the model is %+v, %s; the framework's %+v", name, value, got, diags, want)
			}
			written, theirs := state, state
			diags = c.set(t.Context(), &got, &written.Raw, &written)
			diags.Append(theirs.Set(t.Context(), &want)...)
			if diags.HasError() || !written.Raw.Equal(theirs.Raw) || !written.Raw.Equal(state.Raw) {
				t.Errorf("%s is %s: written is %s, %s; by the framework %s", name, value, written.Raw, diags, theirs.Raw)
			}
		}
	}
	if cases < 40 {
		t.Errorf("only %d cases", cases)
	}
	nothing := tfsdk.State{Schema: resp.Schema, Raw: tftypes.NewValue(object, nil)}
	var model M
	_, got := c.get(t.Context(), nothing.Raw, nothing)
	if want := nothing.Get(t.Context(), &model); !got.HasError() || !got.Equal(want) {
		t.Errorf("null: the diagnostics are %s, the framework's %s", got, want)
	}
	var empty M // its sets have no element type
	got = c.set(t.Context(), &empty, &nothing.Raw, &nothing)
	if want := nothing.Set(t.Context(), &empty); !got.HasError() || !want.HasError() {
		t.Errorf("a model without types: the diagnostics are %s, the framework's %s", got, want)
	}
}

// onlyResources is a provider that has the two resources.
type onlyResources struct{ provider.Provider }

func (onlyResources) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "commvault"
}

func (onlyResources) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{NewResource, NewRotatingResource}
}

// TestUpgradeCurrentIsTheFrameworks verifies that a state that is returned as it is decodes to the same values as the framework's
// answer, and that the framework gets every state that is not as today's schema says.
func TestUpgradeCurrentIsTheFrameworks(t *testing.T) {
	t.Parallel()
	framework := providerserver.NewProtocol6(onlyResources{})()
	files, err := filepath.Glob("testdata/states-*/token-*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d states, error %v", len(files), err)
	}
	passed := map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var saved struct {
			State map[string]any `json:"attributes"`
		}
		if err := json.Unmarshal(data, &saved); err != nil {
			t.Fatal(err)
		}
		object := tokenCodec().object
		for attribute := range object.AttributeTypes {
			if _, found := saved.State[attribute]; !found {
				saved.State[attribute] = nil // Terraform adds what a newer schema has
			}
		}
		for name, change := range map[string]func(state map[string]any){
			"as it is": func(map[string]any) {},
			"null":     func(state map[string]any) { state["allowed_ips"], state["user_id"], state["type"] = nil, nil, nil },
			"collections": func(state map[string]any) {
				state["allowed_ips"], state["rotate_when_changed"] = []string{"b", "a"}, map[string]string{"k": "v"}
			},
			"null element":   func(state map[string]any) { state["allowed_ips"] = []any{"a", nil} },
			"large number":   func(state map[string]any) { state["user_id"] = json.Number("9007199254740993") },
			"number as text": func(state map[string]any) { state["user_id"] = "11" },
			"text as number": func(state map[string]any) { state["name"] = 11 },
			"text as truth":  func(state map[string]any) { state["type"] = true },
			"set of numbers": func(state map[string]any) { state["allowed_ips"] = []any{1, 2} },
			"set as text":    func(state map[string]any) { state["allowed_ips"] = "a" },
			"missing":        func(state map[string]any) { delete(state, "refresh_token") },
			"unknown":        func(state map[string]any) { state["new"] = "x" },
			"renamed":        func(state map[string]any) { delete(state, "refresh_token"); state["new"] = "x" },
		} {
			state := maps.Clone(saved.State)
			change(state)
			raw, err := json.Marshal(state)
			if err != nil {
				t.Fatal(err)
			}
			req := &tfprotov6.UpgradeResourceStateRequest{TypeName: tokenTypeName, RawState: &tfprotov6.RawState{JSON: raw}}
			got := UpgradeCurrent(req)
			if got == nil {
				continue
			}
			passed[name]++
			want, err := framework.UpgradeResourceState(t.Context(), req)
			if err != nil || len(want.Diagnostics) > 0 {
				t.Fatalf("%s, %s: the framework says %v, %v", file, name, want, err)
			}
			ours, err := got.UpgradedState.Unmarshal(object)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := want.UpgradedState.Unmarshal(object)
			if err != nil {
				t.Fatal(err)
			}
			if !ours.Equal(theirs) {
				t.Errorf("%s, %s: the state is %s, the framework's %s", file, name, ours, theirs)
			}
			req.Version = 1
			if UpgradeCurrent(req) != nil {
				t.Errorf("%s, %s: a state of another version is returned as it is", file, name)
			}
		}
	}
	t.Log(passed)
	for _, name := range []string{"as it is", "null", "collections", "null element", "large number"} {
		if passed[name] == 0 {
			t.Errorf("%s: no state is returned as it is", name)
		}
		delete(passed, name)
	}
	if len(passed) > 0 {
		t.Errorf("states are returned as they are with %v", passed)
	}
	for _, req := range []*tfprotov6.UpgradeResourceStateRequest{
		{TypeName: "commvault_rotating_access_token", RawState: &tfprotov6.RawState{JSON: []byte(`{}`)}},
		{TypeName: tokenTypeName},
		{TypeName: tokenTypeName, RawState: &tfprotov6.RawState{Flatmap: map[string]string{"id": "1"}}},
		{TypeName: tokenTypeName, RawState: &tfprotov6.RawState{JSON: []byte(`{`)}},
	} {
		if got := UpgradeCurrent(req); got != nil {
			t.Errorf("%+v gives %+v", req, got)
		}
	}
}
