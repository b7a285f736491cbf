// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"path"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// MoveState makes a slot of a commvault_access_token, keeping its token. What the slot's arguments are is not known here:
// the first update records them.
func (r *rotatingResource) MoveState(ctx context.Context) []resource.StateMover {
	var source resource.SchemaResponse
	(&tokenResource{}).Schema(ctx, resource.SchemaRequest{}, &source)
	return []resource.StateMover{{SourceSchema: &source.Schema, StateMover: move}}
}

func move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	// A mirror or a fork has another host or namespace, and OpenTofu before 1.12.4 gives the name alone. What does not fit the
	// schema comes without a state.
	ours := req.SourceTypeName == "commvault_access_token" && path.Base(req.SourceProviderAddress) == "commvault"
	if !ours || req.SourceState == nil {
		return // Terraform asks the next one
	}
	var from model
	resp.Diagnostics.Append(req.SourceState.Get(ctx, &from)...)
	if resp.Diagnostics.HasError() {
		return
	}
	to := rotatingModel{
		tokenFields: from.tokenFields, Name: from.Name, AccessTokenID: from.ID, PreviousTokens: types.ListValueMust(previousTokenType, nil),
		RotateWhenChanged: from.RotateWhenChanged,
	}
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, &to)...)
	kept := rotation{Moved: true}
	kept.Owner, kept.Caller = from.UserID.ValueInt64(), from.UserID.IsNull()
	if req.SourcePrivate != nil {
		var owner ownership
		recall(ctx, req.SourcePrivate, privateOwner, &owner)
		kept.Caller, kept.Maker = kept.Caller || owner.Caller, owner.Maker
		// Where the plain resource saved no expiry, nothing proves that the pair in the state is the last one.
		recall(ctx, req.SourcePrivate, privateExpiry, &kept.OurExpiry)
	}
	resp.Diagnostics.Append(remember(ctx, resp.TargetPrivate, privateRotation, kept)...)
	resp.Diagnostics.Append(remember(ctx, resp.TargetPrivate, privateAdopted, true)...)
}
