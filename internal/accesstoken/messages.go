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

// Every message says what happened, with which token, whether anything was created or lost, and what to do next. The
// errors of the client hold no secrets.

// readDiagnostic reports a list that failed.
func readDiagnostic(err error, state *model) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access tokens not listed", fmt.Sprintf(
		"The list of access tokens that the %s should be in could not be read: %s The token stays in the state as it was "+
			"last seen. %s", state.describe(), sentence(err), nextStep(err)))
}

// importMissingDiagnostic reports an id that its owner's list does not show.
func importMissingDiagnostic(state *model, owner commandcenter.Owner, seen commandcenter.Sighting) diag.Diagnostic {
	if why := seen.List.Partial(); why != "" {
		return diag.NewErrorDiagnostic("Access token to import not found", fmt.Sprintf(
			"The list of the tokens of %s does not show the %s, and it may leave tokens out: %s. Nothing was imported. For a token of "+
				"another user, import <user_id>/<id>, such as 7/%d.", whose(owner.ID), state.describe(), why, state.tokenID()))
	}
	return diag.NewErrorDiagnostic("Access token to import not found", fmt.Sprintf(
		"%s has no %s. Nothing was imported. For a token of another user, import <user_id>/<id>, such as 7/%d.",
		capital(whose(owner.ID)), state.describe(), state.tokenID()))
}

// updateDiagnostic reports a change that failed.
func updateDiagnostic(err error, state *model, change commandcenter.Change) diag.Diagnostic {
	what := fmt.Sprintf("The %s was not changed: %s", state.describe(), sentence(err))
	if commandcenter.KindOf(err) == commandcenter.Lost {
		what = fmt.Sprintf("It is unknown whether the %s was changed: %s If it was, and this release issues new secrets with "+
			"a change, they are lost: check that the token still works, and replace it if it does not.",
			state.describe(), sentence(err))
	}
	what += " The state keeps what it was, and its secrets; the next apply makes the change again if it is still needed. "
	if change.Name != nil {
		what += fmt.Sprintf("If the new name %q is taken by another token, choose one that is free. ", *change.Name)
	}
	return diag.NewErrorDiagnostic("Access token not changed", what+nextStep(err))
}

// newSecretsDiagnostic reports new secrets that an update issued, and that no plan showed.
func newSecretsDiagnostic(m *model) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Change of the access token issued new secrets", fmt.Sprintf(
		"The %s was changed, and Command Center answered with new secrets, which no plan could show. They are saved in the "+
			"state, and the old ones may be of no use any more. Nothing is lost. Run terraform apply again, so that whatever "+
			"uses the secrets takes the new ones.", m.describe()))
}

// revokeDiagnostic reports a revocation that failed, or that waits for somebody.
func revokeDiagnostic(err error, state *model) diag.Diagnostic {
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		return diag.NewErrorDiagnostic("Revocation of the access token is pending", fmt.Sprintf(
			"Command Center took the revocation of the %s as a request, which an administrator has to authorize. The token works until "+
				"then, and stays in the state. The request is not sent again for a day. Have it authorized in Command Center, then apply "+
				"again.", state.describe()))
	}
	what := fmt.Sprintf("The %s was not revoked: %s", state.describe(), sentence(err))
	if commandcenter.KindOf(err) == commandcenter.Lost {
		what = fmt.Sprintf("It is unknown whether the %s was revoked: %s", state.describe(), sentence(err))
	}
	return diag.NewErrorDiagnostic("Access token not revoked", what+" It stays in the state; the next apply tries again. "+nextStep(err))
}

// contradictedChangeDiagnostic reports an update that the server does not honour.
func contradictedChangeDiagnostic(state *model, field string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Command Center does not honour an argument", fmt.Sprintf(
		"The %s was changed, but not as it was asked for: this release does not honour %s. The state holds what the server answered, so "+
			"every plan shows the difference until the configuration or the token changes. Applying again does not help.",
		state.describe(), field))
}

// ownCredentialDiagnostic reports a token that authenticates the run.
func ownCredentialDiagnostic(state *model) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access token is the provider's own credential", fmt.Sprintf(
		"The %s was not revoked: its secret is the authtoken of this provider, and without it nothing that follows could be "+
			"done. It stays in the state. Give the provider another credential, then apply again.", state.describe()))
}

// forWrite gives the client to a write, which needs every argument of the provider.
func (b *Backend) forWrite(verb, token string) (*commandcenter.Client, diag.Diagnostics) {
	var diags diag.Diagnostics
	if b.Client == nil {
		diags.Append(b.unknownDiagnostic(verb, token))
	}
	return b.Client, diags
}

func (b *Backend) unknownDiagnostic(verb, token string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider arguments not known yet", fmt.Sprintf(
		"The provider cannot %s the %s: its arguments %s come from resources that are not there yet. Nothing was sent. Apply "+
			"those resources first, with terraform apply -target, or set the arguments in the environment.",
		verb, token, b.unknownArguments()))
}

func importID(userID, id int64) string {
	if userID == 0 {
		return fmt.Sprint(id)
	}
	return fmt.Sprintf("%d/%d", userID, id)
}

// sentence makes a sentence of an error's text, of several errors that were joined one sentence.
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
