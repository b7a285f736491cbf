// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Close revokes the token. A failure is a warning because the run itself has finished.
func (e *ephemeralToken) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	var token opened
	recall(ctx, req.Private, privateOpened, &token)
	if token.ID == 0 || e.backend == nil || e.backend.Client == nil {
		return
	}
	err := e.backend.Client.Revoke(ctx, commandcenter.Target{ID: token.ID, Owner: token.asOwner(), MayBeHidden: true})
	if err == nil {
		return
	}
	name := commandcenter.Describe(token.Name, token.ID)
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		resp.Diagnostics.AddWarning("Ephemeral access token not revoked", fmt.Sprintf("Command Center accepted the revocation "+
			"of the %s as a request that an administrator has to authorize. Until then the token works for anyone who has its "+
			"secret. Have it authorized in Command Center.", name))
		return
	}
	resp.Diagnostics.Append(failedCall{
		summary: "Ephemeral access token not revoked", what: fmt.Sprintf("The %s was not revoked at the end of the run:", name),
		err: e.backend.once(err), step: "Revoke it in Command Center. Until then the token works for anyone who has its " +
			"secret.",
	}.warning())
}
