// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestKeepSpelling(t *testing.T) {
	set := func(elements ...string) types.Set {
		values := make([]attr.Value, 0, len(elements))
		for _, e := range elements {
			values = append(values, types.StringValue(e))
		}
		return types.SetValueMust(types.StringType, values)
	}
	with := func(v attr.Value) types.Set {
		return types.SetValueMust(types.StringType, []attr.Value{types.StringValue("10.0.0.1"), v})
	}
	null, unknown := types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	short, long := set("10.0.0.1", "::1"), set("0:0::1", "10.0.0.1/32")
	number := types.SetValueMust(types.Int64Type, []attr.Value{types.Int64Value(1)})
	for _, c := range []struct {
		name                      string
		config, state, plan, want types.Set
	}{
		{"respelt", long, short, long, short},
		{"respelt with a duplicate", set("10.0.0.1", "10.0.0.1/32", "::1"), short, set("10.0.0.1", "10.0.0.1/32", "::1"), short},
		{"unchanged", short, short, short, short},
		{"changed", set("10.0.0.2", "::1"), short, set("10.0.0.2", "::1"), set("10.0.0.2", "::1")},
		{"created", long, null, long, long},
		{"removed", null, short, null, null},
		{"never there", null, null, null, null},
		{"emptied", set(), short, set(), set()},
		{"empty is not null", set(), null, set(), set()},
		{"null is not empty", null, set(), null, null},
		{"from another resource", unknown, short, unknown, unknown},
		{"one element from another resource", with(types.StringUnknown()), set("10.0.0.1", ""), with(types.StringUnknown()), with(types.StringUnknown())},
		{"one element null", with(types.StringNull()), set("10.0.0.1", ""), with(types.StringNull()), with(types.StringNull())},
		{"computed anew by another modifier", long, short, unknown, unknown},
		{"not valid, as it was", set("lan", "10.0.0.1/32"), set("lan", "10.0.0.1"), set("lan", "10.0.0.1/32"), set("lan", "10.0.0.1")},
		{"no strings", number, number, number, number},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp := planmodifier.SetResponse{PlanValue: c.plan}
			keepAddresses.PlanModifySet(t.Context(),
				planmodifier.SetRequest{ConfigValue: c.config, StateValue: c.state, PlanValue: c.plan}, &resp)
			if !resp.PlanValue.Equal(c.want) || len(resp.Diagnostics) != 0 || resp.RequiresReplace {
				t.Errorf("planned %s (replace: %t, %v), want %s", resp.PlanValue, resp.RequiresReplace, resp.Diagnostics, c.want)
			}
		})
	}
}

func TestKeepSpellingDescribesItself(t *testing.T) {
	for _, m := range []planmodifier.Set{keepAddresses, keepEndpoints} {
		if m.Description(t.Context()) == "" || m.MarkdownDescription(t.Context()) == "" {
			t.Error("a description is empty")
		}
	}
}

// TestKeepSpellingOfEndpoints verifies that letter case and a trailing slash, which the server ignores, cause no diff.
func TestKeepSpellingOfEndpoints(t *testing.T) {
	state := textSet([]string{"/Client", "/v4/servers/"})
	for _, c := range []struct {
		name         string
		config, want types.Set
	}{
		{"respelt", textSet([]string{"/V4/Servers", "/client/"}), state},
		{"changed", textSet([]string{"/Client", "/v4/server"}), textSet([]string{"/Client", "/v4/server"})},
		{"one more", textSet([]string{"/Client", "/v4/servers", "/"}), textSet([]string{"/Client", "/v4/servers", "/"})},
	} {
		resp := planmodifier.SetResponse{PlanValue: c.config}
		keepEndpoints.PlanModifySet(t.Context(),
			planmodifier.SetRequest{ConfigValue: c.config, StateValue: state, PlanValue: c.config}, &resp)
		if !resp.PlanValue.Equal(c.want) {
			t.Errorf("%s: planned %s, want %s", c.name, resp.PlanValue, c.want)
		}
	}
}
