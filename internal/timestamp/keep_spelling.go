// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

var _ planmodifier.String = keepSpelling{}

// KeepSpelling plans the value in state if the configuration has an equivalent notation of the same instant, so that a different
// notation does not cause a diff. The framework's semantic equality cannot do this, because the framework does not call it during a
// plan.
//
// Place it before modifiers that compare the plan with the state, such as RequiresReplace.
func KeepSpelling() planmodifier.String { return keepSpelling{} }

type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "An equivalent notation of the same instant is not a change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	// If the attribute is not configured, this modifier keeps what an Optional and Computed attribute plans: its state, a default,
	// or unknown. If the configuration is known and the plan is unknown, another modifier decided that.
	if req.ConfigValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if SameInstant(Value{req.ConfigValue}, Value{req.StateValue}) {
		resp.PlanValue = req.StateValue
	}
}
