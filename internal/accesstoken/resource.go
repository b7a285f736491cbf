// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
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

// Create issues the token. The state holds what the answer told before anything else happens, and nothing that happens
// after that can fail.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name, err := r.name(&plan)
	if err != nil {
		resp.Diagnostics.AddError("Access token not created", "No name could be made from name_prefix: "+err.Error()+
			". Nothing was sent.")
		return
	}
	client, diags := r.backend.forWrite("create", fmt.Sprintf("access token %q", name))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	spec := plan.spec(name)
	created, err := client.Issue(ctx, spec)
	if failure := (*commandcenter.IssueError)(nil); errors.As(err, &failure) && failure.Outcome == commandcenter.Orphaned {
		// Saved together with an error, the token is tainted: the next apply revokes it.
		created = failure.Token
	} else if err != nil {
		resp.Diagnostics.Append(issueDiagnostic(r.backend.once(err), spec))
		return
	}
	plan.Name = types.StringValue(name)
	plan.complete(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &plan)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateOwner, ownership{Caller: spec.UserID == 0})...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(created.ExpiresAt))...)
	if err != nil {
		resp.Diagnostics.Append(issueDiagnostic(err, spec))
		return
	}
	cut := plan.cutBy(created)
	if cut != (cutEnds{}) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, cut)...)
		resp.Diagnostics.Append(cut.warnings(&plan)...)
	}
}

// Read takes the token from its owner's list. Only a list that lacks the token lets it leave the state.
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
	found, diags := r.backend.find(ctx, &state, ownerOf(ctx, &state, req.Private), absence)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
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
	var told commandcenter.Token
	if !change.IsEmpty() {
		client, diags := r.backend.forWrite("change", state.describe())
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		var err error
		if told, err = client.Update(ctx, state.tokenID(), change); err != nil {
			resp.Diagnostics.Append(updateDiagnostic(r.backend.once(err), &state, change))
			return
		}
	}
	plan.keep(&state, told)
	renewed := plan.takeNewSecrets(&state, told)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	var cut cutEnds
	recall(ctx, req.Private, privateCut, &cut)
	after := cut.after(change, &plan, told)
	if after != cut {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateCut, after)...)
	}
	if change.RenewableUntil != nil || change.TokenExpiry != nil {
		resp.Diagnostics.Append(after.warnings(&plan)...)
	}
	if renewed {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateExpiry, unixOrZero(told.ExpiresAt))...)
		resp.Diagnostics.Append(newSecretsDiagnostic(&plan))
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
	err := client.Revoke(ctx, commandcenter.Target{
		ID:          state.tokenID(),
		Owner:       ownerOf(ctx, &state, req.Private),
		MayBeHidden: state.mayBeHidden(r.backend.Clock.Now()),
	})
	if err != nil {
		resp.Diagnostics.Append(revokeDiagnostic(r.backend.once(err), &state))
	}
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
