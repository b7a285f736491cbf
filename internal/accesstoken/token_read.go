// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Read looks up the token in its owner's list. The token leaves the state only if the list proves that it is gone.
func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := tokenCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var imported bool
	recall(ctx, req.Private, privateImported, &imported)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.ID, state.UserID)...)
	absence := leavesState
	if imported {
		absence = nothingToImport
	}
	owner := ownerOf(ctx, &state.scopeFields, req.Private)
	found, diags := r.backend.find(ctx, state.ref(), owner, absence)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	if showsMaker(owner, found, imported) {
		if maker := r.backend.learnMaker(ctx); maker != "" {
			resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, ownership{Caller: owner.Caller, Maker: maker})...)
		}
	}
	switch found.presence {
	case absent:
		resp.State.RemoveResource(ctx)
	case present:
		var cut cutEnds
		recall(ctx, req.Private, privateCut, &cut)
		before := cut
		if cut = cut.learn(&state, found.token); cut != before {
			resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, cut)...)
			resp.Diagnostics.Append(cut.since(before).warnings(&state)...)
		}
		if state.refresh(found.token, cut) {
			resp.Diagnostics.Append(tokenCodec().set(ctx, &state, &resp.State.Raw, &resp.State)...)
		}
	case undecided:
	}
	if imported {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	}
}
