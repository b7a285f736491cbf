// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const ephemeralType = "commvault_access_token"

// Opened is an ephemeral access token between open and close.
type Opened struct {
	// Values are its attributes.
	Values map[string]tftypes.Value
	// Private is the data that the provider keeps for the close.
	Private []byte
}

// Open opens an ephemeral access token. After an error there is nothing to close, as in Terraform.
func (p *Process) Open(ctx context.Context, arguments Arguments) (*Opened, Diagnostics) {
	p.t.Helper()
	block := p.schema.EphemeralResourceSchemas[ephemeralType].Block
	opened := must(p.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: ephemeralType, Config: p.dynamic(block, p.object(block, arguments)),
	}))(p.t)
	if diagnostics := Diagnostics(opened.Diagnostics); diagnostics.Failed() {
		return nil, diagnostics
	}
	return &Opened{Values: members(p.t, p.decode(block, opened.Result)), Private: opened.Private}, opened.Diagnostics
}

// Close closes an ephemeral access token that Open returned.
func (p *Process) Close(ctx context.Context, opened *Opened) Diagnostics {
	p.t.Helper()
	resp := must(p.server.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{
		TypeName: ephemeralType, Private: opened.Private,
	}))(p.t)
	return resp.Diagnostics
}
