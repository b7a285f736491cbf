// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Restore sets the instance to the content of a state file: its attributes and its private state, as JSON. It reads the attributes
// through the provider, as Terraform does with a state of another release.
func (i *Instance) Restore(ctx context.Context, p *Process, attributes, private []byte) {
	i.T.Helper()
	upgraded := must(p.server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: i.Type, RawState: &tfprotov6.RawState{JSON: attributes},
	}))(i.T)
	p.succeeded("UpgradeResourceState", upgraded.Diagnostics)
	state := p.decode(p.schema.ResourceSchemas[i.Type].Block, upgraded.UpgradedState)
	i.State, i.Private = &state, private
}
