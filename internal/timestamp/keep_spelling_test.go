// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

func TestKeepSpelling(t *testing.T) {
	null, unknown := types.StringNull(), types.StringUnknown()
	utc, berlin, other := types.StringValue(inUTC), types.StringValue(inBerlin), types.StringValue(otherTime)
	for _, c := range []struct {
		name                      string
		config, state, plan, want types.String
	}{
		{"respelt", berlin, utc, berlin, utc},
		{"respelt the other way", utc, berlin, utc, berlin},
		{"unchanged", utc, utc, utc, utc},
		{"changed", other, utc, other, other},
		{"created", berlin, null, berlin, berlin},
		{"removed, optional", null, utc, null, null},
		{"not configured, computed is kept", null, utc, utc, utc},
		{"not configured, computed anew", null, utc, unknown, unknown},
		{"not configured, a default planned", null, null, utc, utc},
		{"never there", null, null, null, null},
		{"from another resource", unknown, utc, unknown, unknown},
		{"computed anew by another modifier", berlin, utc, unknown, unknown},
		{"state is not valid", berlin, types.StringValue("soon"), berlin, berlin},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp := planmodifier.StringResponse{PlanValue: c.plan}
			timestamp.KeepSpelling().PlanModifyString(t.Context(),
				planmodifier.StringRequest{ConfigValue: c.config, StateValue: c.state, PlanValue: c.plan}, &resp)
			if !resp.PlanValue.Equal(c.want) || len(resp.Diagnostics) != 0 || resp.RequiresReplace {
				t.Errorf("planned %s (replace: %t, %v), want %s", resp.PlanValue, resp.RequiresReplace, resp.Diagnostics, c.want)
			}
		})
	}
}

func TestKeepSpellingDescribesItself(t *testing.T) {
	m := timestamp.KeepSpelling()
	if m.Description(t.Context()) == "" || m.MarkdownDescription(t.Context()) == "" {
		t.Error("a description is empty")
	}
}
