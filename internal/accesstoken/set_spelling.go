// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/ipset"
)

var _ planmodifier.Set = keepSpelling{}

// keepSpelling plans the set in the state if the configured one is equivalent, so that another notation causes no diff. A set with an
// unknown element stays as configured.
//
// It must come before modifiers that compare the plan with the state, such as RequiresReplace.
type keepSpelling struct {
	// of describes the elements.
	of   string
	same func(a, b []string) bool
}

var (
	keepAddresses = keepSpelling{of: "addresses", same: ipset.Same}
	keepEndpoints = keepSpelling{of: "endpoints", same: commandcenter.SameEndpoints}
)

func (m keepSpelling) Description(context.Context) string {
	return "An equivalent notation of the same " + m.of + " is not a change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m keepSpelling) PlanModifySet(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.PlanValue.IsUnknown() || !wholly(req.ConfigValue) || !wholly(req.StateValue) {
		return
	}
	if m.same(texts(req.ConfigValue), texts(req.StateValue)) {
		resp.PlanValue = req.StateValue
	}
}

// wholly reports whether a set of strings and all its elements are known and not null.
func wholly(set types.Set) bool {
	return given(set) && len(texts(set)) == len(set.Elements())
}
