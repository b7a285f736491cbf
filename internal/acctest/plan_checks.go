// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// NoReplacement expects a plan that neither creates nor destroys anything. It may import and update in place.
func NoReplacement() plancheck.PlanCheck { return noReplacement{} }

type noReplacement struct{}

func (noReplacement) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		actions := change.Change.Actions
		if actions.Create() || actions.Delete() || actions.Replace() {
			resp.Error = fmt.Errorf("the plan has %v for %s", actions, change.Address)
		}
	}
}
