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

// privateRotation is the key of what the slot remembers.
const privateRotation = "rotation"

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
	issued, err := r.issue(ctx, client, &plan, plan.UserID)
	if err != nil && !issued.orphaned() {
		resp.Diagnostics.Append(generatedNameDiagnostic(r.backend.once(err), issued.spec))
		return
	}
	// Saved together with an error, an orphan is tainted: the next apply revokes it.
	plan.take(issued.spec.Name, issued.token)
	kept := issued.remembered(issued.spec.UserID == 0)
	plan.RotateAfter = plan.rotateAfter(kept)
	plan.SecretVersion = nextVersion(types.Int64Value(r.backend.version.Load()), issued.at)
	resp.Diagnostics.Append(plan.setPrevious(ctx, nil)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, kept)...)
	if err != nil {
		resp.Diagnostics.Append(issueDiagnostic(err, issued.spec))
	}
}

// issuance is a token that was asked for, and what came of it.
type issuance struct {
	spec  commandcenter.Spec
	token commandcenter.Token
	at    time.Time
	err   error
}

// orphaned tells that the token was made and its secret is lost.
func (i issuance) orphaned() bool {
	var failure *commandcenter.IssueError
	return errors.As(i.err, &failure) && failure.Outcome == commandcenter.Orphaned
}

// remembered is what the slot remembers of its new token.
func (i issuance) remembered(caller bool) rotation {
	return rotation{
		Refreshed: i.at.Unix(), Issued: i.at.Unix(), OurExpiry: unixOrZero(i.token.ExpiresAt), Caller: caller,
	}
}

// issue creates a token for the slot, under a name of its own. The owner is sent only when it is configured.
func (r *rotatingResource) issue(
	ctx context.Context, client *commandcenter.Client, plan *rotatingModel, owner wholenumber.Value,
) (issuance, error) {
	now := r.backend.Clock.Now()
	name, err := uniqueName(plan.NamePrefix.ValueString(), now, r.backend.Random)
	i := issuance{spec: plan.spec(name, owner, now), at: now}
	if err != nil {
		i.err = fmt.Errorf("no name could be made of name_prefix: %w", err)
		return i, i.err
	}
	i.token, i.err = client.Issue(ctx, i.spec)
	var failure *commandcenter.IssueError
	if errors.As(i.err, &failure) && failure.Outcome == commandcenter.Orphaned {
		i.token = failure.Token
	}
	return i, i.err
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
	var kept rotation
	recall(ctx, req.Private, privateRotation, &kept)
	was := kept
	found, diags := r.find(ctx, &state, kept)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	switch found.presence {
	case present:
		kept.Gone = false
		resp.Diagnostics.Append(state.refresh(found.token, &kept, r.backend.Clock.Now())...)
	case absent:
		kept.Gone = true
	}
	now := r.backend.Clock.Now()
	then, diags := state.due(ctx, &before, was)
	resp.Diagnostics.Append(diags...)
	today, diags := state.dueAt(ctx, &state, kept, now)
	resp.Diagnostics.Append(diags...)
	if today != then {
		kept.Refreshed = now.Unix()
	}
	if kept != was {
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateRotation, kept)...)
	}
	if !state.equal(&before) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
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
	tellsWindow := !t.RefreshTokenExpiresAt.IsZero() || !kept.isLater(timestamp.FromTime(t.ExpiresAt))
	kept.Closed = !t.ExpiresAt.IsZero() && tellsWindow && m.windowClosed(now)
	if !kept.Moved {
		m.RotateAfter = refreshTime(m.RotateAfter, m.rotateAfter(*kept))
	}
	if m.Renew.ValueBool() && kept.isLater(timestamp.FromTime(t.ExpiresAt)) && !kept.Spent {
		kept.Spent = true
		m.RefreshToken = types.StringNull()
		diags.AddWarning("Access token was renewed by somebody else", fmt.Sprintf(
			"The %s ends at %s, later than Terraform's own last renewal says: somebody else renewed it, although renew = true "+
				"says that only Terraform does. Its pair of secrets in the state is spent, and is not sent again: that would "+
				"end the whole chain. The plan rotates the slot.", m.describe(), timestamp.FromTime(t.ExpiresAt).ValueString()))
	}
	return diags
}

// isLater tells that an expiry is not ours: somebody else has renewed. Servers round, and clocks differ a little.
func (r rotation) isLater(expiry timestamp.Value) bool {
	const slack = 60
	at, known := expiry.Time()
	return r.OurExpiry != 0 && known && at.Unix() > r.OurExpiry+slack
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
	if resp.Diagnostics.HasError() {
		return
	}
	if client.IsCredential(commandcenter.Secret(state.AccessToken.ValueString())) {
		resp.Diagnostics.Append(ownCredentialDiagnostic(state.asPlain()))
		return
	}
	var kept rotation
	recall(ctx, req.Private, privateRotation, &kept)
	previous, diags := state.previous(ctx)
	resp.Diagnostics.Append(diags...)
	var failed []previousToken
	for _, p := range previous {
		if err := r.revoke(ctx, client, &state, kept, p.tokenID()); err != nil {
			failed = append(failed, p)
			resp.Diagnostics.Append(revokeDiagnostic(r.backend.once(err), &model{ID: p.ID}))
		}
	}
	if err := r.revoke(ctx, client, &state, kept, state.tokenID()); err != nil {
		resp.Diagnostics.Append(revokeDiagnostic(r.backend.once(err), state.asPlain()))
	}
	r.backend.destroyed(state.SecretVersion.ValueInt64())
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(state.setPrevious(ctx, failed)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// revoke revokes a token of the slot. Of its expiry nothing is known for certain, so a renewable one may be hidden.
func (r *rotatingResource) revoke(
	ctx context.Context, client *commandcenter.Client, state *rotatingModel, kept rotation, id int64,
) error {
	return client.Revoke(ctx, commandcenter.Target{
		ID: id, Owner: state.owner(kept), MayBeHidden: state.tokenType().Renews(),
	})
}

// ImportState refuses: a slot is made of a secret, which nobody can fetch again.
func (*rotatingResource) ImportState(_ context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("A rotating access token cannot be imported", fmt.Sprintf(
		"Import of %q refused; nothing was imported. Command Center shows the secret of a token once only, so a slot made of an "+
			"existing token would hold none. Import it as commvault_access_token, or create the slot and revoke the old token. A "+
			"commvault_access_token that Terraform created becomes a slot with a moved block.", req.ID))
}
