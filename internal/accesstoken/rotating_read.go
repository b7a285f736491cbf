// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// Read looks up the token in its owner's list and records the time if work has fallen due, because a plan has no other clock. A token
// that is gone stays in the state until the slot rotates.
func (r *rotatingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := rotatingCodec().get(ctx, req.State.Raw, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.backend.sawVersion(state.SecretVersion.ValueInt64())
	before := state
	stored := recallRotation(ctx, req.Private)
	was := stored
	found, diags := r.find(ctx, &state, stored)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	switch found.presence {
	case present:
		if showsMaker(state.owner(stored), found, stored.Imported) {
			stored.Maker = r.backend.learnMaker(ctx)
		}
		stored.Gone = false
		resp.Diagnostics.Append(state.refresh(found.token, &stored, r.backend.now())...)
		if state.AccessToken.IsNull() {
			state.refreshImported(&before, &stored)
		}
	case absent:
		stored.Gone = true
	case undecided:
	}
	stored = r.lookForPending(ctx, &state, stored)
	now := r.backend.now()
	then, diags := r.backend.due(ctx, &state, &before, was)
	resp.Diagnostics.Append(diags...)
	today, diags := r.backend.dueAt(ctx, &state, &state, stored, now)
	resp.Diagnostics.Append(diags...)
	if today != then {
		stored.Refreshed = now.Unix()
	}
	if !stored.equal(was) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, stored)...)
	}
	if !reflect.DeepEqual(state, before) {
		resp.Diagnostics.Append(rotatingCodec().set(ctx, &state, &resp.State.Raw, &resp.State)...)
	}
}

// lookForPending determines whether previous tokens whose revocation awaited approval are gone.
func (r *rotatingResource) lookForPending(ctx context.Context, state *rotatingModel, stored rotation) rotation {
	for _, record := range stored.Previous {
		if record.Pending == 0 || record.Gone || r.backend.Client == nil {
			continue
		}
		seen, err := r.backend.Client.Find(ctx, commandcenter.Wanted{
			ID: record.ID, Owner: state.previousOwner(stored, record.ID), MayBeHidden: state.tokenType().Renews(),
		})
		if err == nil && !seen.Found && seen.Absence == commandcenter.Gone {
			stored = stored.withRecord(record.ID, func(p *previousRecord) { p.Gone = true })
		}
	}
	return stored
}

// find is like the plain resource's lookup. Only the consequences differ.
func (r *rotatingResource) find(ctx context.Context, state *rotatingModel, stored rotation) (reading, diag.Diagnostics) {
	absence := goneFromSlot
	if stored.Imported {
		absence = nothingToImport
	}
	return r.backend.find(ctx, state.ref(), state.owner(stored), absence)
}

// refresh copies the values of a list item of the current token. With renew, an expiry later than the recorded one means that somebody
// else has renewed the token and that the pair is spent.
func (m *rotatingModel) refresh(t commandcenter.Token, stored *rotation, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	if t.Name != "" {
		m.Name = types.StringValue(t.Name)
	}
	m.tokenFields.refresh(t, cutEnds{})
	// A list without expiries does not close the window. Neither does a list without the end of the window if the token has been
	// renewed since that end was returned.
	showsWindow := !t.RefreshTokenExpiresAt.IsZero() || !stored.renewedSince(t.ExpiresAt)
	stored.WindowClosed = !t.ExpiresAt.IsZero() && showsWindow && m.windowClosed(now)
	if !stored.Moved {
		m.RotateAfter = refreshTime(m.RotateAfter, m.rotateAfter(*stored))
	}
	if m.Renew.ValueBool() && stored.renewedSince(t.ExpiresAt) && !stored.Spent {
		stored.Spent = true
		m.RefreshToken = types.StringNull()
		diags.AddWarning("Access token was renewed by somebody else", fmt.Sprintf(
			"The %s expires at %s, which is later than Terraform's own last renewal recorded. Somebody else renewed it, "+
				"although with renew = true only Terraform should renew. The pair of secrets in the state is spent, and is not sent "+
				"again, because Command Center would delete the token. The plan rotates the slot. Find the second party that renews "+
				"the token, or set renew = false.", m.describe(), timestamp.FromTime(t.ExpiresAt).ValueString()))
	}
	if m.isNotRenewed(t, *stored, now) {
		diags.Append(notRenewedWarning(m))
	}
	return diags
}

// isNotRenewed reports whether half of the refresh window has passed although a consumer should renew the token. Only a list with the
// expiry proves that.
func (m *rotatingModel) isNotRenewed(t commandcenter.Token, stored rotation, now time.Time) bool {
	switch {
	case t.ExpiresAt.IsZero() || !m.tokenType().Renews() || m.Renew.ValueBool():
		return false
	case stored.Moved || stored.WindowClosed || stored.Spent || m.AccessToken.IsNull(): // renew is not recorded yet, or the slot will rotate
		return false
	case t.RefreshTokenExpiresAt.IsZero() && stored.renewedSince(t.ExpiresAt): // the window in the state is outdated
		return false
	}
	end, known := m.windowEnd()
	return known && now.Before(end) && end.After(t.ExpiresAt) && !now.Before(t.ExpiresAt.Add(end.Sub(t.ExpiresAt)/2))
}

// windowEnd returns the time until which the token can be renewed, if nobody renews it before.
func (m *rotatingModel) windowEnd() (time.Time, bool) {
	window, known := m.RefreshTokenExpiresAt.Time()
	if until, limited := m.RenewableUntil.Time(); known && limited && until.Before(window) {
		return until, true
	}
	return window, known
}
