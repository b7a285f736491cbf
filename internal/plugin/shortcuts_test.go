// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// foreseeing is a provider that plans and upgrades one type itself.
type foreseeing struct{ small }

func (*foreseeing) PlanUnchanged(
	_ context.Context, req *tfprotov6.PlanResourceChangeRequest,
) *tfprotov6.PlanResourceChangeResponse {
	if req.TypeName != "foreseen" {
		return nil
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedPrivate: []byte("foreseen")}
}

func (*foreseeing) UpgradeCurrent(req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse {
	if req.TypeName != "foreseen" {
		return nil
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: []byte("{}")}}
}

// TestTheFrameworkAnswersWhatAProviderDoesNotForesee verifies that the framework answers the calls for which the provider returns nil.
func TestTheFrameworkAnswersWhatAProviderDoesNotForesee(t *testing.T) {
	t.Parallel()
	server, err := plugin.NewServer(&foreseeing{})()
	if err != nil {
		t.Fatal(err)
	}
	for typeName, want := range map[string]string{"foreseen": "foreseen", "other": ""} {
		resp, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: typeName})
		if err != nil || string(resp.PlannedPrivate) != want {
			t.Errorf("the plan of %s has %q (%v), want %q", typeName, resp.PlannedPrivate, err, want)
		}
		if asked := len(resp.Diagnostics) > 0; asked != (want == "") {
			t.Errorf("%s: that the framework was asked is %t", typeName, asked)
		}
		upgraded, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: typeName})
		if err != nil || (upgraded.UpgradedState == nil) != (want == "") {
			t.Errorf("the upgrade of %s is %+v, %v", typeName, upgraded, err)
		}
	}
}
