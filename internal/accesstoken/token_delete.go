// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Delete revokes the token. It succeeds if the token is gone, even if somebody else revoked it.
func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := tokenCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("revoke", state.describe())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if client.IsCredential(commandcenter.Secret(state.AccessToken.ValueString())) {
		resp.Diagnostics.Append(ownCredentialDiagnostic(state.describe()))
		return
	}
	r.backend.meet(state.tokenID())
	r.backend.protect(&state.secretFields)
	target := commandcenter.Target{
		ID: state.tokenID(), Owner: ownerOf(ctx, &state.scopeFields, req.Private), HiddenAt: state.mayBeHidden,
	}
	resp.Diagnostics.Append(r.backend.revoke(ctx, req, resp, target, state.describe())...)
}

// revoke revokes the token of a resource. The private state records a revocation that awaits an administrator's approval.
func (b *Backend) revoke(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse, target commandcenter.Target, token string,
) diag.Diagnostics {
	var since int64
	recall(ctx, req.Private, privatePending, &since)
	target.Pending = since != 0 && isPending(since, b.timeByList(ctx, target.Owner))
	err := b.Client.Revoke(ctx, target)
	if err == nil {
		return nil
	}
	var diags diag.Diagnostics
	if errors.Is(err, commandcenter.ErrRevocationPending) && !target.Pending {
		diags.Append(remember(ctx, resp.Private, privatePending, b.now().Unix())...)
	}
	diags.Append(b.revokeDiagnostic(err, token))
	return diags
}
