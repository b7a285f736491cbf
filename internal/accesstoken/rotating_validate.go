// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ValidateConfig refuses arguments that contradict each other.
func (*rotatingResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config, diags := rotatingCodec().get(ctx, req.Config.Raw, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.validate()...)
}

func (m *rotatingModel) validate() diag.Diagnostics {
	var diags diag.Diagnostics
	t := m.tokenType()
	if !m.Type.IsUnknown() {
		diags.Append(m.validateScope()...)
	}
	// An unknown type counts as ALL, which has the highest limit.
	if limit := inDays(t.LongestLifetime()); m.LifetimeDays.ValueInt64() > limit && m.LifetimeDays.ValueInt64() <= longestDays {
		diags.AddAttributeError(path.Root("lifetime_days"), "Lifetime beyond the server's limit", fmt.Sprintf(
			"lifetime_days is %d. The value must be from 1 to %d for the type %s.", m.LifetimeDays.ValueInt64(), limit, t))
	}
	lifetimeKnown := !m.LifetimeDays.IsUnknown() && (!m.LifetimeDays.IsNull() || !m.Type.IsUnknown())
	before := m.RotateBeforeDays
	if lifetimeKnown && before.ValueInt64() < longestDays && !before.IsNull() && !before.IsUnknown() && before.ValueInt64() >= m.lifetimeDays() {
		diags.AddAttributeError(path.Root("rotate_before_days"), "Rotation before the token's creation", fmt.Sprintf(
			"rotate_before_days is %d, and the lifetime is %d days. It must be less than the lifetime. Otherwise the slot "+
				"would rotate at every apply.", before.ValueInt64(), m.lifetimeDays()))
	}
	overlap := m.OverlapHours.ValueInt64() // its validator refuses a value longer than any lifetime
	if longest := 24 * m.lifetimeDays(); lifetimeKnown && overlap > longest && overlap <= 24*longestDays {
		diags.AddAttributeError(path.Root("overlap_hours"), "Overlap longer than the lifetime", fmt.Sprintf(
			"overlap_hours is %d, and the lifetime is %d days. The value must be from 1 to %d, 24 hours for each day of the lifetime.",
			overlap, m.lifetimeDays(), longest))
	}
	if m.Renew.IsUnknown() {
		return diags
	}
	if m.Renew.ValueBool() && !m.Type.IsUnknown() && !t.Renews() {
		diags.AddAttributeError(path.Root("renew"), "renew is not supported for this token type", fmt.Sprintf(
			"renew is true, and the type is %s. renew is supported for the types %s.", t, typesThat(true, "", "and")))
	}
	if !m.Renew.ValueBool() && given(m.RenewBeforeMinutes) {
		diags.AddAttributeError(path.Root("renew_before_minutes"), "Nothing to renew",
			"renew_before_minutes is set, but renew is not true. Set renew = true, or remove renew_before_minutes.")
	}
	return diags
}
