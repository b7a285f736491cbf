// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

var _ planmodifier.String = keepSpelling{}

// KeepSpelling plans the state's spelling where the configuration names the same instant otherwise, so that respelling
// is no change. The framework's semantic equality cannot do that: it is never asked during a plan.
//
// It belongs before modifiers that compare the plan with the state, such as RequiresReplace.
func KeepSpelling() planmodifier.String { return keepSpelling{} }

type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "Another spelling of the same instant is not a change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	// With nothing configured, what an Optional and Computed attribute plans (its state, a default, unknown) is not
	// decided here. An unknown plan for a known configuration was another modifier's wish.
	if req.ConfigValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if SameInstant(Value{req.ConfigValue}, Value{req.StateValue}) {
		resp.PlanValue = req.StateValue
	}
}
