// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var (
	_ resource.Resource                   = (*rotatingResource)(nil)
	_ resource.ResourceWithConfigure      = (*rotatingResource)(nil)
	_ resource.ResourceWithImportState    = (*rotatingResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*rotatingResource)(nil)
	_ resource.ResourceWithMoveState      = (*rotatingResource)(nil)
	_ resource.ResourceWithValidateConfig = (*rotatingResource)(nil)
)

// rotatingResource is commvault_rotating_access_token: a slot whose token is replaced before its end.
type rotatingResource struct {
	backend *Backend
}

// NewRotatingResource is the resource commvault_rotating_access_token.
func NewRotatingResource() resource.Resource { return &rotatingResource{} }

// Metadata names the resource.
func (*rotatingResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_rotating_access_token"
}

// Configure takes the backend; it is nil while Terraform only validates.
func (r *rotatingResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	backend, diags := fromProvider(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	r.backend = backend
}

// Create issues the first token of the slot.
func (r *rotatingResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("create", fmt.Sprintf("access token %q", plan.NamePrefix.ValueString()))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued := r.issue(ctx, client, &plan, plan.UserID)
	if issued.err != nil && !issued.inState() {
		resp.Diagnostics.Append(issueDiagnostic(r.backend.once(issued.err), issued.spec, willBeReplaced))
		return
	}
	plan.take(issued.spec.Name, issued.token)
	kept := issued.remembered()
	plan.RotateAfter = plan.rotateAfter(kept)
	plan.SecretVersion = nextVersion(types.Int64Value(r.backend.version.Load()), issued.at)
	resp.Diagnostics.Append(plan.setPrevious(ctx, nil)...)
	save := func() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, kept)...)
	}
	save()
	if issued.err != nil { // saved together with an error, the token is tainted: the next apply revokes it
		resp.Diagnostics.Append(issueDiagnostic(issued.err, issued.spec, willBeReplaced))
		return
	}
	resp.Diagnostics.Append(reportedWarning(plan.describe(), issued.token.Reported)...)
	if r.learn(ctx, &plan, &kept) {
		save()
	}
}

// remembered is what the slot remembers of its new token.
func (i issuance) remembered() rotation {
	return rotation{
		keptOwner: keptOwner{Caller: i.spec.UserID == 0, Owner: i.owner()},
		Refreshed: i.at.Unix(), Issued: i.at.Unix(), OurExpiry: unixOrZero(i.token.ExpiresAt),
	}
}

// issue creates a token for the slot, under a name of its own. The owner is sent only when it is configured.
func (r *rotatingResource) issue(
	ctx context.Context, client *commandcenter.Client, plan *rotatingModel, owner wholenumber.Value,
) issuance {
	return r.backend.issueGenerated(ctx, client, plan.NamePrefix.ValueString(), owner.ValueInt64(),
		func(name string, now time.Time) commandcenter.Spec { return plan.spec(name, owner, now) })
}

// learnExpiry takes the expiry of the pair from one list of this very operation, if the answer did not return it. The pair
// is in the response state by then. It reports whether there is news.
func (r *rotatingResource) learnExpiry(ctx context.Context, m *rotatingModel, kept *rotation) bool {
	if _, known := kept.ourExpiry(); known {
		return false
	}
	expiry, known := r.backend.Client.SupplyExpiry(ctx, m.tokenID(), m.owner(*kept))
	if known {
		kept.OurExpiry = expiry.Unix()
		m.ExpiresAt = timestamp.FromTime(expiry)
		m.RotateAfter = m.rotateAfter(*kept)
	}
	return known
}

// learn is learnExpiry for a token that was just made, together with the name of its maker.
func (r *rotatingResource) learn(ctx context.Context, m *rotatingModel, kept *rotation) bool {
	expiry := r.learnExpiry(ctx, m, kept)
	kept.Maker = r.backend.learnMaker(ctx)
	return expiry || kept.Maker != ""
}

// Read takes the token from its owner's list, and remembers when something has fallen due: the plan has no other clock. A
// token that is gone stays in the state, and is rotated.
func (r *rotatingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := state
	kept := recallRotation(ctx, req.Private)
	was := kept
	found, diags := r.find(ctx, &state, kept)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	switch found.presence {
	case present:
		if showsMaker(state.owner(kept), found, false) {
			kept.Maker = r.backend.learnMaker(ctx)
		}
		kept.Gone = false
		resp.Diagnostics.Append(state.refresh(found.token, &kept, r.backend.now())...)
	case absent:
		kept.Gone = true
	}
	kept = r.lookForPending(ctx, &state, kept)
	now := r.backend.now()
	then, diags := r.backend.due(ctx, &state, &before, was)
	resp.Diagnostics.Append(diags...)
	today, diags := r.backend.dueAt(ctx, &state, &state, kept, now)
	resp.Diagnostics.Append(diags...)
	if today != then {
		kept.Refreshed = now.Unix()
	}
	if !kept.equal(was) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, kept)...)
	}
	if !state.equal(&before) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// lookForPending finds out whether previous tokens whose revocation waited for an administrator are gone.
func (r *rotatingResource) lookForPending(ctx context.Context, state *rotatingModel, kept rotation) rotation {
	for _, record := range kept.Previous {
		if record.Pending == 0 || record.Gone || r.backend.Client == nil {
			continue
		}
		seen, err := r.backend.Client.Find(ctx, commandcenter.Wanted{
			ID: record.ID, Owner: state.previousOwner(kept, record.ID), MayBeHidden: state.tokenType().Renews(),
		})
		if err == nil && !seen.Found && seen.Absence == commandcenter.Gone {
			kept = kept.withRecord(record.ID, func(p *previousRecord) { p.Gone = true })
		}
	}
	return kept
}

// find is the plain resource's: a slot differs in what it does about the answer.
func (r *rotatingResource) find(ctx context.Context, state *rotatingModel, kept rotation) (reading, diag.Diagnostics) {
	return r.backend.find(ctx, state.asPlain(), state.owner(kept), goneFromSlot)
}

// equal compares what refresh may change.
func (m *rotatingModel) equal(o *rotatingModel) bool {
	return m.APIEndpoints.Equal(o.APIEndpoints) && m.AllowedIPs.Equal(o.AllowedIPs) && m.UserID.Equal(o.UserID) &&
		m.ExpiresAt.Equal(o.ExpiresAt) && m.RefreshTokenExpiresAt.Equal(o.RefreshTokenExpiresAt) &&
		m.RenewableUntil.Equal(o.RenewableUntil) && m.RotateAfter.Equal(o.RotateAfter) &&
		m.RefreshToken.Equal(o.RefreshToken) && m.Name.Equal(o.Name)
}

// refresh takes over what the list tells of the current token. With renew, an expiry later than ours means that somebody
// else renewed: the pair is spent.
func (m *rotatingModel) refresh(t commandcenter.Token, kept *rotation, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	plain := m.asPlain()
	plain.refresh(t, cutEnds{})
	m.Name, m.APIEndpoints, m.AllowedIPs, m.UserID = plain.Name, plain.APIEndpoints, plain.AllowedIPs, plain.UserID
	m.ExpiresAt, m.RefreshTokenExpiresAt = plain.ExpiresAt, plain.RefreshTokenExpiresAt
	m.RenewableUntil = plain.RenewableUntil
	// A list without expiry closes no window; nor does one without the window's end, when the token has been renewed since
	// that end was told.
	showsWindow := !t.RefreshTokenExpiresAt.IsZero() || !kept.renewedSince(t.ExpiresAt)
	kept.Closed = !t.ExpiresAt.IsZero() && showsWindow && m.windowClosed(now)
	if !kept.Moved {
		m.RotateAfter = refreshTime(m.RotateAfter, m.rotateAfter(*kept))
	}
	if m.Renew.ValueBool() && kept.renewedSince(t.ExpiresAt) && !kept.Spent {
		kept.Spent = true
		m.RefreshToken = types.StringNull()
		diags.AddWarning("Access token was renewed by somebody else", fmt.Sprintf(
			"The %s ends at %s, later than Terraform's own last renewal says: somebody else renewed it, although renew = true "+
				"says that only Terraform does. Its pair of secrets in the state is spent, and is not sent again: that would "+
				"end the whole chain. The plan rotates the slot.", m.describe(), timestamp.FromTime(t.ExpiresAt).ValueString()))
	}
	return diags
}

// Delete revokes the previous tokens, then the current one. What failed stays in the state.
func (r *rotatingResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := r.backend.forWrite("revoke", state.describe())
	resp.Diagnostics.Append(diags...)
	kept := recallRotation(ctx, req.Private)
	previous, diags := state.previous(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if own := r.ownCredential(&state, previous, kept); own != nil {
		resp.Diagnostics.Append(ownCredentialDiagnostic(own))
		return
	}
	r.backend.protect(state.asPlain())
	var failed []previousToken
	for _, p := range previous {
		var err error
		if kept, err = r.revokePrevious(ctx, client, &state, kept, p.tokenID()); err != nil {
			failed = append(failed, p)
			resp.Diagnostics.Append(revokeDiagnostic(r.backend.once(err), &model{ID: p.ID}))
		}
	}
	current := commandcenter.Target{ID: state.tokenID(), Owner: state.owner(kept), MayBeHidden: state.tokenType().Renews()}
	resp.Diagnostics.Append(r.backend.revoke(ctx, req, resp, current, state.asPlain())...)
	r.backend.destroyed(state.SecretVersion.ValueInt64())
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(state.setPrevious(ctx, failed)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, kept.onlyRecordsOf(failed))...)
	}
}

// ownCredential is the token of the slot that the provider authenticates with, nil if there is none.
func (r *rotatingResource) ownCredential(state *rotatingModel, previous []previousToken, kept rotation) *model {
	secret := commandcenter.Secret(state.AccessToken.ValueString())
	if r.backend.Client.IsCredential(secret) || r.backend.isCredential(kept.Replaced) {
		return state.asPlain()
	}
	for _, p := range previous {
		if r.backend.isPreviousCredential(kept, p.tokenID()) {
			return &model{ID: p.ID}
		}
	}
	return nil
}

// revokePrevious revokes a previous token. Of its expiry nothing is known for certain, so a renewable one may be hidden. The
// memory that it returns has a record of a revocation that waits for an administrator.
func (r *rotatingResource) revokePrevious(
	ctx context.Context, client *commandcenter.Client, state *rotatingModel, kept rotation, id int64,
) (rotation, error) {
	owner := state.previousOwner(kept, id)
	asked := false
	if record := kept.record(id); record != nil && record.Pending != 0 {
		asked = record.Gone || isPending(record.Pending, r.backend.timeByList(ctx, owner))
	}
	err := client.Revoke(ctx, commandcenter.Target{
		ID: id, Owner: owner, MayBeHidden: state.tokenType().Renews(), Pending: asked,
	})
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		kept = kept.withRecord(id, func(p *previousRecord) {
			p.Gone = false
			if !asked {
				p.Pending = r.backend.now().Unix()
			}
		})
	}
	return kept, err
}

// ImportState refuses: a slot is made of a secret, which nobody can fetch again.
func (*rotatingResource) ImportState(_ context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("A rotating access token cannot be imported", fmt.Sprintf(
		"Import of %q refused; nothing was imported. Command Center shows the secret of a token once only, so a slot made of an "+
			"existing token would hold none. Import it as commvault_access_token, or create the slot and revoke the old token. A "+
			"commvault_access_token that Terraform created becomes a slot with a moved block.", req.ID))
}
