// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// willBePrevious describes the fate of a new token that a rotation cannot use.
func willBePrevious(state *rotatingModel) string {
	return fmt.Sprintf("It is in previous_tokens, and the next apply revokes it. The slot keeps the %s, which is unchanged. "+
		"Apply again to rotate.", state.describe())
}

// describePrevious describes a previous token for a message.
func describePrevious(p previousToken) string {
	return fmt.Sprintf("previous access token with the id %s", p.ID.ValueString())
}

// notRevokedWarning reports a previous token whose revocation failed or awaits approval.
func (b *Backend) notRevokedWarning(p previousToken, err error) diag.Diagnostic {
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		return diag.NewWarningDiagnostic("Revocation of a previous access token is pending", fmt.Sprintf(
			"Command Center accepted the revocation of the %s as a request that an administrator has to authorize. The token "+
				"works until then, and stays in previous_tokens. The request is not sent again for a day. Have it authorized "+
				"in Command Center.", describePrevious(p)))
	}
	return failedCall{
		summary: "Previous access token not revoked", what: fmt.Sprintf("The %s was not revoked:", describePrevious(p)), err: b.once(err),
		after: "It stays in previous_tokens, and the next apply tries again.",
	}.warning()
}

// notRenewedWarning reports a token that its consumer should have renewed.
func notRenewedWarning(m *rotatingModel) diag.Diagnostic {
	end, _ := m.windowEnd()
	return diag.NewWarningDiagnostic("Access token has not been renewed", fmt.Sprintf(
		"The %s expired at %s, and nobody has renewed it since. It can be renewed until %s, and more than half of that time has passed. "+
			"After that, the slot rotates. With renew = false, the program that uses the token has to renew it. Let that program "+
			"renew the token, run a renewer beside it, or set renew = true if nothing else renews the token. To get a token that works "+
			"now, change a value of rotate_when_changed.",
		m.describe(), m.ExpiresAt.ValueString(), timestamp.FromTime(end).ValueString()))
}

// notRenewedDiagnostic reports a renewal that was not sent. Its pair can still be used later.
func notRenewedDiagnostic(m *rotatingModel, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access token not renewed", fmt.Sprintf(
		"The %s was not renewed, and nothing was sent: %s", m.describe(), why))
}

// renewedElsewhereDiagnostic reports a pair that is not sent because somebody else has renewed the token.
func renewedElsewhereDiagnostic(m *rotatingModel, listed commandcenter.Token) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access token was renewed by somebody else", fmt.Sprintf(
		"The %s was not renewed, and nothing was sent. On the server it expires at %s, which is later than Terraform's own "+
			"last renewal recorded, so the pair of secrets in the state is spent. The refresh token is removed from the "+
			"state. Apply again: the next plan rotates the slot. Then find the second party that renews the token, or set "+
			"renew = false.", m.describe(), timestamp.FromTime(listed.ExpiresAt).ValueString()))
}

// uncertainPairDiagnostic reports a pair that is not sent because nothing proves that it is unspent.
func uncertainPairDiagnostic(m *rotatingModel, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unknown whether the access token was renewed by somebody else", fmt.Sprintf(
		"The %s was not renewed, and nothing was sent: %s Command Center deletes the token if a pair of secrets is sent "+
			"twice. The refresh token is removed from the state. Apply again: the next plan rotates the slot.", m.describe(), why))
}
