// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"path"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// MoveState turns a commvault_access_token into a slot and keeps its token. The slot's arguments are unknown here. The first update
// records them.
func (r *rotatingResource) MoveState(ctx context.Context) []resource.StateMover {
	var source resource.SchemaResponse
	(&tokenResource{}).Schema(ctx, resource.SchemaRequest{}, &source)
	return []resource.StateMover{{SourceSchema: &source.Schema, StateMover: move}}
}

func move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	// The address of a mirror or a fork has another host or namespace. OpenTofu before 1.12.4 passes only the type name. SourceState is
	// nil if the state does not match the schema.
	ours := req.SourceTypeName == "commvault_access_token" && path.Base(req.SourceProviderAddress) == "commvault"
	if !ours || req.SourceState == nil {
		return // Terraform tries the next mover
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
	stored := rotation{Moved: true}
	stored.Owner, stored.Caller = from.UserID.ValueInt64(), from.UserID.IsNull()
	if req.SourcePrivate != nil {
		var owner ownership
		recall(ctx, req.SourcePrivate, privateOwner, &owner)
		stored.Caller, stored.Maker = stored.Caller || owner.Caller, owner.Maker
		// If the plain resource saved no expiry, nothing proves that the pair in the state is the latest one.
		recall(ctx, req.SourcePrivate, privateExpiry, &stored.OurExpiry)
	}
	resp.Diagnostics.Append(remember(ctx, resp.TargetPrivate, privateRotation, stored)...)
	resp.Diagnostics.Append(remember(ctx, resp.TargetPrivate, privateAdopted, true)...)
}
