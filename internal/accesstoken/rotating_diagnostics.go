// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// generatedNameDiagnostic is issueDiagnostic for a name that the provider made unique: another token that bears it is hardly
// a stranger's, and there is no other name to choose.
func generatedNameDiagnostic(err error, spec commandcenter.Spec) diag.Diagnostic {
	var failure *commandcenter.IssueError
	if !errors.As(err, &failure) {
		return issueDiagnostic(err, spec)
	}
	switch failure.Outcome {
	case commandcenter.NameTaken:
		return diag.NewErrorDiagnostic("Access token not created, though its name is there", fmt.Sprintf(
			"The creation of the access token %q failed: %s The server has a token of that name, with the id %d, which cannot be "+
				"told for certain to be this one; it was left as it is, and is not in the state. The name was made for this token "+
				"alone: if nobody else made it, revoke it in Command Center. Then apply again.",
			spec.Name, sentence(failure.Err), failure.Token.ID))
	case commandcenter.Undetermined:
		return diag.NewErrorDiagnostic("Unknown whether the access token was created", fmt.Sprintf(
			"The answer to the creation of the access token %q was lost: %s Whether it exists could not be told: %s It is not in "+
				"the state.\n\nLook for a token of that name in Command Center. If it is there, nobody has its secret: revoke it "+
				"there. Then apply again.", spec.Name, sentence(failure.Err), sentence(failure.ListErr)))
	default:
		return issueDiagnostic(err, spec)
	}
}

// rotationOrphanDiagnostic tells of a rotation whose new token has lost its secret.
func rotationOrphanDiagnostic(i issuance, state *rotatingModel) diag.Diagnostic {
	var failure *commandcenter.IssueError
	cause := i.err
	if errors.As(i.err, &failure) {
		cause = failure.Err
	}
	return diag.NewErrorDiagnostic("Rotation lost the secret of the new access token", fmt.Sprintf(
		"The answer to the creation of the %s was lost: %s The token exists, and nobody has its secret; it is in previous_tokens, "+
			"to be revoked by the next apply. The slot keeps the %s, which was not touched. Apply again to rotate.",
		commandcenter.Describe(i.spec.Name, i.token.ID), sentence(cause), state.describe()))
}

// describePrevious names a previous token.
func describePrevious(p previousToken) string {
	return fmt.Sprintf("previous access token with the id %s", p.ID.ValueString())
}
