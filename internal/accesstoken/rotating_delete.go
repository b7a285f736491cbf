// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Delete revokes the previous tokens and then the current one. Tokens whose revocation failed stay in the state.
func (r *rotatingResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := rotatingCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("revoke", state.describe())
	resp.Diagnostics.Append(diags...)
	stored := recallRotation(ctx, req.Private)
	previous, diags := state.previous(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if own := r.ownCredential(&state, previous, stored); own != nil {
		resp.Diagnostics.Append(ownCredentialDiagnostic(own.describe()))
		return
	}
	r.backend.protect(&state.secretFields)
	var failed []previousToken
	for _, p := range previous {
		var err error
		if stored, err = r.revokePrevious(ctx, client, &state, stored, p.tokenID()); err != nil {
			failed = append(failed, p)
			resp.Diagnostics.Append(r.backend.revokeDiagnostic(err, p.ref().describe()))
		}
	}
	current := commandcenter.Target{ID: state.tokenID(), Owner: state.owner(stored), HiddenAt: state.mayBeHidden}
	resp.Diagnostics.Append(r.backend.revoke(ctx, req, resp, current, state.describe())...)
	r.backend.sawVersion(state.SecretVersion.ValueInt64())
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(state.setPrevious(ctx, failed)...)
		resp.Diagnostics.Append(rotatingCodec().set(ctx, &state, &resp.State.Raw, &resp.State)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, stored.onlyRecordsOf(failed))...)
	}
}

// ownCredential returns the token of the slot that the provider authenticates with, or nil if there is none.
func (r *rotatingResource) ownCredential(state *rotatingModel, previous []previousToken, stored rotation) *tokenRef {
	secret := commandcenter.Secret(state.AccessToken.ValueString())
	if r.backend.Client.IsCredential(secret) || r.backend.isCredential(stored.Replaced) {
		own := state.ref()
		return &own
	}
	for _, p := range previous {
		if r.backend.isPreviousCredential(stored, p.tokenID()) {
			own := p.ref()
			return &own
		}
	}
	return nil
}
