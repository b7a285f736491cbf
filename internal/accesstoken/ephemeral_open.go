// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// privateOpened is the private data key of opened.
const privateOpened = "opened"

// opened identifies the token to revoke at close. It holds no secret.
type opened struct {
	storedOwner

	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Open creates the token. After an error Terraform calls no Close, so the error names any token that remains.
func (e *ephemeralToken) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, diags := e.backend.forWrite("open", "ephemeral access token")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	issued, diags := e.issue(ctx, client, &config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	created, stored := issued.token, opened{storedOwner: issued.remembered().storedOwner, ID: issued.token.ID, Name: issued.spec.Name}
	if config.RevokeOnClose.IsNull() || config.RevokeOnClose.ValueBool() {
		stored.Maker = e.backend.learnMaker(ctx)
		resp.Diagnostics.Append(remember(ctx, resp.Private, privateOpened, stored)...)
	}
	if created.ExpiresAt.IsZero() {
		created.ExpiresAt, _ = client.SupplyExpiry(ctx, created.ID, stored.asOwner())
	}
	config.ID = types.StringValue(strconv.FormatInt(created.ID, 10))
	config.Name = types.StringValue(issued.spec.Name)
	config.secretFields = answeredSecrets(created)
	config.ExpiresAt = timestamp.FromTime(created.ExpiresAt)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &config)...)
	resp.Diagnostics.Append(reportedWarning(commandcenter.Describe(issued.spec.Name, created.ID), created.Reported)...)
}

// issue creates the token. Because its name is unique, a token that appears after a lost response is this run's own: issue revokes it
// and sends the create once more.
func (e *ephemeralToken) issue(
	ctx context.Context, client *commandcenter.Client, config *ephemeralModel,
) (issuance, diag.Diagnostics) {
	var diags diag.Diagnostics
	prefix := "terraform-"
	if !config.NamePrefix.IsNull() {
		prefix = config.NamePrefix.ValueString()
	}
	for again := false; ; again = true {
		issued := e.backend.issueGenerated(ctx, client, prefix, config.UserID.ValueInt64(),
			func(name string, _ time.Time) commandcenter.Spec { return config.spec(name) })
		if issued.err == nil {
			return issued, diags
		}
		lost := issued.orphaned()
		if lost == nil {
			diags.Append(e.backend.issueDiagnostic(issued, revokeByHand))
			return issued, diags
		}
		stored := issued.remembered().storedOwner
		if err := client.Revoke(ctx, commandcenter.Target{ID: issued.token.ID, Owner: stored.asOwner()}); err != nil {
			diags.Append(e.backend.issueDiagnostic(issued, "It was not revoked: "+sentence(err)+" "+revokeByHand))
			return issued, diags
		}
		if again {
			diags.Append(failedCall{
				summary: "Access token not created",
				what: fmt.Sprintf("The answer to the creation of the %s was lost twice in a row:",
					commandcenter.Describe(issued.spec.Name, issued.token.ID)), err: lost,
				after: "The tokens that were created are revoked.", step: "Apply again.",
			}.diagnostic())
			return issued, diags
		}
	}
}

// revokeByHand is the next step for a token that no state tracks.
const revokeByHand = "Revoke it in Command Center."
