// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

var (
	_ resource.Resource                   = (*tokenResource)(nil)
	_ resource.ResourceWithConfigure      = (*tokenResource)(nil)
	_ resource.ResourceWithIdentity       = (*tokenResource)(nil)
	_ resource.ResourceWithImportState    = (*tokenResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*tokenResource)(nil)
	_ resource.ResourceWithValidateConfig = (*tokenResource)(nil)
)

// tokenResource is commvault_access_token: one token, created, changed, and revoked.
type tokenResource struct {
	backend *Backend
}

// NewResource is the resource commvault_access_token.
func NewResource() resource.Resource { return &tokenResource{} }

// Metadata names the resource.
func (*tokenResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Configure takes the backend; it is nil while Terraform only validates.
func (r *tokenResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	r.backend = backend
}

// Create issues the token. The state holds what the answer returned before anything else happens, and nothing that happens
// after that can fail.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("create", plan.describePlanned())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued := r.issue(ctx, client, &plan)
	if issued.err != nil && !issued.inState() {
		resp.Diagnostics.Append(issueDiagnostic(r.backend.once(issued.err), issued.spec, willBeReplaced))
		return
	}
	plan.Name = types.StringValue(issued.spec.Name)
	plan.complete(issued.token)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &plan)...)
	kept := ownership{Caller: issued.spec.UserID == 0}
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, kept)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(issued.token.ExpiresAt))...)
	if issued.err != nil { // saved together with an error, the token is tainted: the next apply revokes it
		resp.Diagnostics.Append(issueDiagnostic(issued.err, issued.spec, willBeReplaced))
		return
	}
	resp.Diagnostics.Append(reportedWarning(plan.describe(), issued.token.Reported)...)
	r.complete(ctx, resp, &plan, issued.token, commandcenter.Owner{ID: issued.owner(), Caller: kept.Caller})
	if kept.Maker = r.backend.learnMaker(ctx); kept.Maker != "" {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, kept)...)
	}
}

// issue creates the token under the name configured, or under one made of the prefix.
func (r *tokenResource) issue(ctx context.Context, client *commandcenter.Client, plan *model) issuance {
	if plan.NamePrefix.IsNull() {
		return r.backend.issue(ctx, client, plan.spec(plan.Name.ValueString()))
	}
	return r.backend.issueGenerated(ctx, client, plan.NamePrefix.ValueString(), plan.UserID.ValueInt64(),
		func(name string, _ time.Time) commandcenter.Spec { return plan.spec(name) })
}

// complete takes an expiry that the answer did not return from a list, and reports ends that the server cut short.
func (r *tokenResource) complete(
	ctx context.Context, resp *resource.CreateResponse, plan *model, created commandcenter.Token, owner commandcenter.Owner,
) {
	if created.ExpiresAt.IsZero() {
		expiry, known := r.backend.Client.SupplyExpiry(ctx, created.ID, owner)
		if known {
			created.ExpiresAt = expiry
			plan.ExpiresAt = timestamp.FromTime(expiry)
			resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
			resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(expiry))...)
		}
	}
	if cut := plan.cutBy(created); cut != (cutEnds{}) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, cut)...)
		resp.Diagnostics.Append(cut.warnings(plan)...)
	}
}

// Read takes the token from its owner's list. Only a list that proves that the token is gone lets it leave the state.
func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var imported bool
	recall(ctx, req.Private, privateImported, &imported)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &state)...)
	absence := leavesState
	if imported {
		absence = nothingToImport
	}
	owner := ownerOf(ctx, &state, req.Private)
	found, diags := r.backend.find(ctx, &state, owner, absence)
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
		if learned := cut.learn(&state, found.token); learned != cut {
			cut = learned
			resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, cut)...)
			resp.Diagnostics.Append(cut.warnings(&state)...)
		}
		if state.refresh(found.token, cut) {
			resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
		}
	}
	if imported {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	}
}

// Update changes the token in place. What the answer does not repeat stays as it was, above all the secrets.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &state)...)
	change := plan.change(&state)
	var answered commandcenter.Token
	if !change.IsEmpty() {
		client, diags := r.backend.forWrite("change", state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.backend.protect(&state)
		var err error
		if answered, err = client.Update(ctx, state.tokenID(), change); err != nil {
			resp.Diagnostics.Append(updateDiagnostic(r.backend.once(err), &state, change))
			return
		}
	}
	plan.keep(&state, answered)
	field := change.Contradicts(answered)
	if field != "" {
		plan.takeScope(answered)
	}
	renewed := plan.takeNewSecrets(&state, answered)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	var cut cutEnds
	recall(ctx, req.Private, privateCut, &cut)
	after := cut.after(change, &plan, answered)
	if after != cut {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, after)...)
	}
	if change.RenewableUntil != nil || change.TokenExpiry != nil {
		resp.Diagnostics.Append(after.warnings(&plan)...)
	}
	if renewed {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(answered.ExpiresAt))...)
		resp.Diagnostics.Append(newSecretsDiagnostic(&plan))
	}
	if field != "" {
		resp.Diagnostics.Append(contradictedChangeDiagnostic(&plan, field))
	}
}

// Delete revokes the token. It is done when the token is gone, also when somebody else revoked it.
func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("revoke", state.describe())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if client.IsCredential(commandcenter.Secret(state.AccessToken.ValueString())) {
		resp.Diagnostics.Append(ownCredentialDiagnostic(&state))
		return
	}
	r.backend.protect(&state)
	target := commandcenter.Target{ID: state.tokenID(), Owner: ownerOf(ctx, &state, req.Private), HiddenAt: state.mayBeHidden}
	resp.Diagnostics.Append(r.backend.revoke(ctx, req, resp, target, &state)...)
}

// revoke revokes the token of a resource, which remembers when the revocation waits for an administrator.
func (b *Backend) revoke(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse, target commandcenter.Target, state *model,
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
	diags.Append(revokeDiagnostic(b.once(err), state))
	return diags
}

// ImportState takes "<id>" or "<user_id>/<id>", or the identity. The Read that follows fills the rest.
func (*tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, userID := importIdentity(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), userID)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, ownership{Caller: userID.IsNull()})...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateImported, true)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &model{ID: id, UserID: userID})...)
}
