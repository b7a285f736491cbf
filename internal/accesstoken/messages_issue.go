// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// willBeReplaced describes the fate of a token that a resource saves although its create failed.
const willBeReplaced = "It is saved in the state as tainted: the next terraform apply revokes it and creates a new one."

// issueDiagnostic returns the diagnostic of a failed create. No other function distinguishes the outcomes. fate describes what happens
// to a token that was created and that this run has to dispose of.
func (b *Backend) issueDiagnostic(i issuance, fate string) diag.Diagnostic {
	err, spec := i.err, i.spec
	if !i.inState() {
		err = b.once(err)
	}
	notCreated := failedCall{summary: "Access token not created", err: err}
	var failure *commandcenter.IssueError
	if !errors.As(err, &failure) {
		notCreated.what = fmt.Sprintf("The access token %q was not created:", spec.Name)
		return notCreated.diagnostic()
	}
	switch failure.Outcome {
	case commandcenter.Orphaned:
		return failedCall{
			summary: "Access token created without its secret",
			what: fmt.Sprintf("The answer to the creation of the %s did not contain its secret:",
				commandcenter.Describe(spec.Name, failure.Token.ID)),
			err: failure.Err, after: evidenceOf(spec), step: fate,
		}.diagnostic()
	case commandcenter.NameTaken:
		return nameTakenDiagnostic(failure, spec, b.hasMet(failure.Token.ID))
	case commandcenter.Appeared:
		return appearedDiagnostic(failure, spec)
	case commandcenter.Undetermined:
		return failedCall{
			summary: "Unknown whether the access token was created",
			what:    fmt.Sprintf("The answer to the creation of the access token %q was lost:", spec.Name), err: failure.Err,
			after: fmt.Sprintf("Whether the token exists could not be determined: %s Nothing is saved in the state.", sentence(failure.ListErr)),
			step: "\n\n" +
				"Look for a token of that name in Command Center. If it exists, its secret is lost: revoke it before the next " +
				"apply.",
		}.diagnostic()
	case commandcenter.Contradicted:
		return contradictedDiagnostic(failure, spec, fate)
	case commandcenter.NothingCreated:
	}
	return notCreated.diagnostic()
}

// evidenceOf explains why a token counts as this run's although the response was lost.
func evidenceOf(spec commandcenter.Spec) string {
	if spec.Generated {
		return "The provider attributes the token to this run, because its name was generated for this creation."
	}
	return "The provider attributes the token to this run: the name was free before, one token of that name has appeared " +
		"since, and the token matches the request. If another run created it at the same moment, run terraform untaint before " +
		"the next apply."
}

// nameTakenDiagnostic reports a name that another token has. Terraform does not pass the replaced object to a create. Unless this
// process knows the holder of the name, the advice therefore covers every possible holder. met reports whether a resource of this
// configuration manages the holder.
func nameTakenDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec, met bool) diag.Diagnostic {
	if spec.Generated {
		step := "Apply again: another name is generated."
		if !failure.SaysNameTaken() && !failure.Sibling {
			step = "The name is unique to this creation, so the token probably belongs to it, and its secret is lost: revoke " +
				"it in Command Center. " + step
		}
		return failedCall{
			summary: "Generated name of the access token is taken",
			what: fmt.Sprintf("No access token was created by this apply. The name %q was generated for it, but the token "+
				"with the id %d has that name. That token is unchanged.", spec.Name, failure.Token.ID), err: failure.Err,
			step: step,
		}.diagnostic()
	}
	same := ""
	if failure.Token.Name != spec.Name {
		same = fmt.Sprintf(" Command Center treats the names %q and %q as equal.", spec.Name, failure.Token.Name)
	}
	const (
		ownNames    = "Give each resource a unique name, or use name_prefix instead of name."
		predecessor = "If this resource replaces that token (create_before_destroy), tainted or not, change name for one " +
			"apply, which also revokes the old token. The next apply can change the name back in place. "
		givenUp = "If another resource of this configuration releases the name in this apply, apply again. "
	)
	step := predecessor + givenUp +
		"If the token belongs to another resource, give each resource a unique name. Only if no Terraform configuration " +
		"manages it, you can import it instead: terraform import <address> " + importID(spec.UserID, failure.Token.ID) + "."
	switch {
	case failure.Sibling:
		step = "Another resource of this configuration created that token in this apply. " + ownNames
	case met:
		step = "A resource of this configuration holds that token. " + predecessor + givenUp + "Otherwise: " + ownNames
	}
	return failedCall{
		summary: "Name of the access token is taken",
		what: fmt.Sprintf("No access token was created by this apply: the name %q belongs to the token with the id %d. That "+
			"token is unchanged.%s", spec.Name, failure.Token.ID, same), err: failure.Err, step: "\n\n" + step,
	}.diagnostic()
}

// appearedDiagnostic reports a token that appeared although the server answered that it did not process the request.
func appearedDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec) diag.Diagnostic {
	return failedCall{
		summary: "Access token not created, and its name is now taken",
		what:    fmt.Sprintf("The creation of the access token %q failed:", spec.Name), err: failure.Err,
		after: fmt.Sprintf("During the creation a token of that name appeared, with the id %d. It is unchanged, and is not in "+
			"the state. Either an earlier attempt of this run created it, or somebody else did.", failure.Token.ID),
		step: fmt.Sprintf("\n\n"+
			"If nobody else created it, revoke it in Command Center, because its secret is lost, then apply again. If "+
			"somebody else did, choose another name, or import it: terraform import <address> %s.", importID(spec.UserID, failure.Token.ID)),
	}.diagnostic()
}

// contradictedDiagnostic reports a server that ignored an argument of a create.
func contradictedDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec, fate string) diag.Diagnostic {
	became := "It was revoked at once, and nothing is saved in the state."
	if failure.RevokeErr != nil {
		became = fmt.Sprintf("It could not be revoked: %s %s", sentence(failure.RevokeErr), fate)
	}
	return diag.NewErrorDiagnostic("Command Center does not honour an argument", fmt.Sprintf(
		"The %s was created, but not as requested: this release does not honour %s. The token may belong to another user, or "+
			"have a wider scope than requested. %s\n\n"+
			"Applying again does not help. Remove the argument, or use a release that honours it.",
		commandcenter.Describe(spec.Name, failure.Token.ID), failure.Field, became))
}

// reportedWarning reports a response that contains secrets and an error.
func reportedWarning(token string, reported *commandcenter.Error) diag.Diagnostics {
	if reported == nil {
		return nil
	}
	return diag.Diagnostics{failedCall{
		summary: "Command Center returned the secrets together with a failure",
		what:    fmt.Sprintf("The answer contains the secrets of the %s, but reports a failure:", token), err: reported,
		after: "The secrets are saved.", step: "Check that the token works. If it does not, replace it.",
	}.warning()}
}
