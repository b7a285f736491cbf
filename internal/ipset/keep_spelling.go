// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package ipset

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

var _ planmodifier.Set = keepSpelling{}

// KeepSpelling plans the state's set where the configuration's holds the same elements, spelt otherwise, so that
// respelling is no change. A set that is not known to its last element is left alone.
//
// It belongs before modifiers that compare the plan with the state, such as RequiresReplace.
func KeepSpelling() planmodifier.Set { return keepSpelling{} }

type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "Another spelling of the same addresses is not a change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepSpelling) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.PlanValue.IsUnknown() {
		return
	}
	config, ok := texts(ctx, req.ConfigValue)
	if !ok {
		return
	}
	state, ok := texts(ctx, req.StateValue)
	if !ok {
		return
	}
	if Same(config, state) {
		resp.PlanValue = req.StateValue
	}
}

// texts is false unless the set and each of its elements are known strings.
func texts(ctx context.Context, set basetypes.SetValue) ([]string, bool) {
	if set.IsNull() || set.IsUnknown() {
		return nil, false
	}
	values := set.Elements()
	out := make([]string, 0, len(values))
	for _, value := range values {
		valuable, ok := value.(basetypes.StringValuable)
		if !ok || valuable.IsNull() || valuable.IsUnknown() {
			return nil, false
		}
		s, diags := valuable.ToStringValue(ctx)
		if diags.HasError() {
			return nil, false
		}
		out = append(out, s.ValueString())
	}
	return out, true
}
