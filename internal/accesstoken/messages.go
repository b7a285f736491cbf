// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Every message names the event and the token, reports whether a token was created or lost, and states the next step. Errors of the
// client contain no secrets.

// failedCall is the message for an error of the client. Only its methods turn an error into a diagnostic.
type failedCall struct {
	summary string
	what    string // the event and the token, up to the error
	err     error
	after   string // the consequence for the token
	step    string // the next step, nextStep(err) if empty
}

// failed returns the diagnostic of an error. The cause is explained once in a run.
func (b *Backend) failed(f failedCall) diag.Diagnostic {
	f.err = b.once(f.err)
	return f.diagnostic()
}

func (f failedCall) diagnostic() diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary, f.detail())
}

func (f failedCall) warning() diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary, f.detail())
}

// detail joins the parts into sentences. A part that starts a new paragraph comes last.
func (f failedCall) detail() string {
	if f.step == "" {
		f.step = nextStep(f.err)
	}
	detail := f.what
	for _, part := range []string{sentence(f.err), f.after, f.step} {
		if detail != "" && part != "" && part[0] != '\n' {
			detail += " "
		}
		detail += part
	}
	return detail
}

// readDiagnostic reports a failed list.
func (b *Backend) readDiagnostic(err error, token string) diag.Diagnostic {
	return b.failed(failedCall{
		summary: "Access tokens not listed",
		what:    fmt.Sprintf("The list that should contain the %s could not be read:", token), err: err,
		after: "The token stays unchanged in the state.",
	})
}

// importMissingDiagnostic reports an id that the owner's list does not contain.
func importMissingDiagnostic(token tokenRef, owner commandcenter.Owner, seen commandcenter.Sighting) diag.Diagnostic {
	if why := seen.List.Partial(); why != "" {
		return diag.NewErrorDiagnostic("Access token to import not found", fmt.Sprintf(
			"The list of the tokens of %s does not contain the %s, and it may omit tokens: %s. Nothing was imported. To "+
				"import a token of another user, use <user_id>/<id>, such as 7/%d.", whose(owner.ID), token.describe(), why, token.tokenID()))
	}
	return diag.NewErrorDiagnostic("Access token to import not found", fmt.Sprintf(
		"%s has no %s. Nothing was imported. To import a token of another user, use <user_id>/<id>, such as 7/%d.",
		capital(whose(owner.ID)), token.describe(), token.tokenID()))
}

// updateDiagnostic reports a failed update.
func (b *Backend) updateDiagnostic(err error, token string, change commandcenter.Change) diag.Diagnostic {
	f := failedCall{
		summary: "Access token not changed", what: fmt.Sprintf("The %s was not changed:", token), err: err,
		after: "The state is unchanged, including the secrets. The next apply makes the change again if it is still " +
			"needed.",
	}
	if commandcenter.KindOf(err) == commandcenter.Lost {
		f.what = fmt.Sprintf("It is unknown whether the %s was changed:", token)
		f.after = "If it was, and this release issues new secrets with a change, the new secrets are lost: check that the " +
			"token still works, and replace it if it does not. " + f.after
	}
	if change.Name != nil {
		f.after += fmt.Sprintf(" If another token has the new name %q, choose a different one.", *change.Name)
	}
	return b.failed(f)
}

// newSecretsDiagnostic reports new secrets that an update issued without a plan for them.
func newSecretsDiagnostic(token string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Change of the access token issued new secrets", fmt.Sprintf(
		"The %s was changed, and Command Center answered with new secrets, which the plan could not include. They are saved "+
			"in the state, and the old ones may no longer work. Nothing is lost. Run terraform apply again, so that "+
			"everything that uses the secrets gets the new ones.", token))
}

// revokeDiagnostic reports a revocation that failed or awaits approval.
func (b *Backend) revokeDiagnostic(err error, token string) diag.Diagnostic {
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		return diag.NewErrorDiagnostic("Revocation of the access token is pending", fmt.Sprintf(
			"Command Center accepted the revocation of the %s as a request that an administrator has to authorize. The token "+
				"works until then, and stays in the state. The request is not sent again for a day. Have it authorized in "+
				"Command Center, then apply again.", token))
	}
	f := failedCall{
		summary: "Access token not revoked", what: fmt.Sprintf("The %s was not revoked:", token), err: err,
		after: "It stays in the state; the next apply tries again.",
	}
	if commandcenter.KindOf(err) == commandcenter.Lost {
		f.what = fmt.Sprintf("It is unknown whether the %s was revoked:", token)
	}
	return b.failed(f)
}

// contradictedChangeDiagnostic reports an update that the server ignored.
func contradictedChangeDiagnostic(token, field string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Command Center does not honour an argument", fmt.Sprintf(
		"The %s was changed, but not as requested: this release does not honour %s. The state holds the values that the "+
			"server returned, so every plan shows the difference until the configuration or the token changes. Applying again "+
			"does not help. Remove the argument, or use a release that honours it.",
		token, field))
}

// ownCredentialDiagnostic reports a token that the run authenticates with.
func ownCredentialDiagnostic(token string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access token is the provider's own credential", fmt.Sprintf(
		"The %s was not revoked: its secret is the authtoken of this provider, and without it the provider could send no "+
			"further request. It stays in the state. Give the provider another credential, then apply again.", token))
}

// forWrite returns the client for a write, which requires that all arguments of the provider are known.
func (b *Backend) forWrite(verb, token string) (*commandcenter.Client, diag.Diagnostics) {
	var diags diag.Diagnostics
	if b.Client == nil {
		diags.Append(b.unknownDiagnostic(verb, token))
	}
	return b.Client, diags
}

func (b *Backend) unknownDiagnostic(verb, token string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider arguments not known yet", fmt.Sprintf(
		"The provider cannot %s the %s: its arguments %s come from resources that do not exist yet. Nothing was sent. Apply "+
			"those resources first with terraform apply -target, or set the arguments in the environment.",
		verb, token, b.unknownArguments()))
}

func importID(userID, id int64) string {
	if userID == 0 {
		return fmt.Sprint(id)
	}
	return fmt.Sprintf("%d/%d", userID, id)
}

// sentence turns the text of an error into a sentence. Joined errors become one sentence.
func sentence(err error) string {
	text := capital(strings.ReplaceAll(err.Error(), "\n", ": "))
	if last := text[len(text)-1]; last != '.' && last != '!' && last != '?' {
		text += "."
	}
	return text
}

func capital(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}
