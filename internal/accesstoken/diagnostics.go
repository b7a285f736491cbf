// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Every message says what happened, with which token, whether anything was created or lost, and what to do next. The
// errors of the client hold no secrets.

// willBeReplaced is what becomes of a token that a resource saves although its create failed.
const willBeReplaced = "It is saved in the state as tainted: the next terraform apply revokes it and creates a new one."

// issueDiagnostic makes a diagnostic of a create that failed. It is the one place that switches over the outcomes. fate says
// what becomes of a token that was made, and that this run has to get rid of.
func issueDiagnostic(err error, spec commandcenter.Spec, fate string) diag.Diagnostic {
	var failure *commandcenter.IssueError
	if !errors.As(err, &failure) {
		return diag.NewErrorDiagnostic("Access token not created", fmt.Sprintf("The access token %q was not created: %s %s",
			spec.Name, sentence(err), nextStep(err)))
	}
	switch failure.Outcome {
	case commandcenter.Orphaned:
		return diag.NewErrorDiagnostic("Access token created without its secret", fmt.Sprintf(
			"The answer to the creation of the %s did not bring its secret: %s %s %s", commandcenter.Describe(spec.Name, failure.Token.ID),
			sentence(failure.Err), evidenceOf(spec), fate))
	case commandcenter.NameTaken:
		return nameTakenDiagnostic(failure, spec)
	case commandcenter.Appeared:
		return appearedDiagnostic(failure, spec)
	case commandcenter.Undetermined:
		return diag.NewErrorDiagnostic("Unknown whether the access token was created", fmt.Sprintf(
			"The answer to the creation of the access token %q was lost: %s Whether it exists could not be determined: %s Nothing is "+
				"saved in the state.\n\nLook for a token of that name in Command Center. If it is there, its secret is lost: "+
				"revoke it there before the next apply.", spec.Name, sentence(failure.Err), sentence(failure.ListErr)))
	case commandcenter.Contradicted:
		return contradictedDiagnostic(failure, spec, fate)
	case commandcenter.NothingCreated:
	}
	return diag.NewErrorDiagnostic("Access token not created", sentence(failure)+" "+nextStep(err))
}

// evidenceOf says why a token whose answer was lost counts as this run's.
func evidenceOf(spec commandcenter.Spec) string {
	if spec.Generated {
		return "The token is taken for the one that this run made: its name was generated for this create alone."
	}
	return "The token is taken for the one that this run made: the name was free before, one token of that name has appeared since, " +
		"and it is as it was asked for. If another run made it at the same moment, run terraform untaint before the next apply."
}

func nameTakenDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec) diag.Diagnostic {
	if spec.Generated {
		return diag.NewErrorDiagnostic("Generated name of the access token is taken", fmt.Sprintf(
			"No access token was created by this apply: the name %q was generated for it, and the token with the id %d has it, which was "+
				"left as it is. %s If nobody else made that token, revoke it in Command Center. Apply again: another name is generated.",
			spec.Name, failure.Token.ID, sentence(failure.Err)))
	}
	same := ""
	if failure.Token.Name != spec.Name {
		same = fmt.Sprintf(" The names %q and %q are the same to Command Center.", spec.Name, failure.Token.Name)
	}
	return diag.NewErrorDiagnostic("Name of the access token is taken", fmt.Sprintf(
		"No access token was created by this apply: the name %q belongs to the token with the id %d, which was left as it "+
			"is.%s %s\n\nIf no Terraform configuration manages that token, import it: terraform import <address> %s. If a resource "+
			"of this configuration has it, each of the two needs a name of its own. If it is the token that this resource replaces "+
			"(create_before_destroy), use name_prefix instead of name; or, where it was tainted by a lost answer, run terraform apply "+
			"-destroy -target=<address> first.",
		spec.Name, failure.Token.ID, same, sentence(failure.Err), importID(spec.UserID, failure.Token.ID)))
}

// appearedDiagnostic reports a token that appeared although the answer says that the request was not taken.
func appearedDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Access token not created, and its name is taken since", fmt.Sprintf(
		"The creation of the access token %q failed: %s During the create a token of that name appeared, with the id %d. It was left "+
			"as it is, and is not in the state. Either an earlier attempt of this run made it, or somebody else did.\n\nIf nobody else "+
			"made it, revoke it in Command Center, because its secret is lost, then apply again. If somebody else did, choose another "+
			"name, or import it: terraform import <address> %s.",
		spec.Name, sentence(failure.Err), failure.Token.ID, importID(spec.UserID, failure.Token.ID)))
}

// contradictedDiagnostic reports a server that does not honour what was asked for.
func contradictedDiagnostic(failure *commandcenter.IssueError, spec commandcenter.Spec, fate string) diag.Diagnostic {
	became := "It was revoked at once, and nothing is saved in the state."
	if failure.RevokeErr != nil {
		became = fmt.Sprintf("It could not be revoked: %s %s", sentence(failure.RevokeErr), fate)
	}
	return diag.NewErrorDiagnostic("Command Center does not honour an argument", fmt.Sprintf(
		"The %s was created, but not as it was asked for: this release does not honour %s. So the token belongs to somebody else, or "+
			"may do more than it should. %s\n\nApplying again does not help. Remove the argument, or use a release that honours it.",
		commandcenter.Describe(spec.Name, failure.Token.ID), failure.Field, became))
}

// reportedWarning is for an answer that issued secrets and reported a failure nevertheless.
func reportedWarning(token string, reported *commandcenter.Error) diag.Diagnostics {
	if reported == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Command Center reported a failure with the secrets of the access token", fmt.Sprintf(
		"The answer holds the secrets of the %s, and reports a failure: %s The secrets are saved. Check that the token works; if it "+
			"does not, replace it.", token, sentence(reported)))}
}

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

// nextStep says what to do about an error of the client. It is the one place where an error's cause meets the arguments of
// the provider.
func nextStep(err error) string {
	var e *commandcenter.Error
	switch {
	case errors.Is(err, errLoginSaid), errors.Is(err, errRenewalSaid):
		return "Nothing was sent."
	case errors.Is(err, commandcenter.ErrTokenNotFound):
		return "If the token was revoked elsewhere, run terraform state rm <address>. Otherwise check the base path of host, " +
			"/commandcenter/api unless it is given."
	case !errors.As(err, &e):
		return "Apply again."
	}
	e = e.Origin() // the login's, where that is what failed
	if step := loginStep(err); step != "" {
		return step
	}
	if e.Operation == commandcenter.OpRenew && (e.Kind == commandcenter.Unauthorized || e.Kind == commandcenter.Refused) {
		return "The provider tried every known form of a renewal's credential, and does not try another renewal in this run. Use " +
			"renew = false, or a type that needs no renewal, such as MS_SCIM."
	}
	if step := causeStep(e); step != "" {
		return step
	}
	switch e.Kind {
	case commandcenter.NeverSent:
		return "Check host and the network path to it, then apply again."
	case commandcenter.Unauthorized:
		return "Check the authtoken: it is invalid, or has expired. An access token lives for minutes, a login session for " +
			"hours; with username and password the provider opens a session by itself."
	case commandcenter.Busy:
		return "Wait, then apply again; max_retries and max_retry_wait say how long the provider waits by itself, and " +
			"-parallelism how many requests it sends at a time."
	case commandcenter.Redirected:
		return redirectStep(e)
	case commandcenter.Lost, commandcenter.Interrupted, commandcenter.Failed:
		return "Apply again."
	}
	return refusalStep(e)
}

// loginStep is for a login that Command Center refused, "" for everything else.
func loginStep(err error) string {
	var login *commandcenter.LoginError
	switch {
	case !errors.As(err, &login):
		return ""
	case login.Locked:
		return "Wait until the account is unlocked, or have it unlocked. Nothing is tried again before."
	default:
		return "Check username and password; a user of a domain is DOMAIN\\user. An account with two-factor authentication or " +
			"single sign-on (SSO) cannot log in with a password alone: use authtoken, or an account without them. A refused " +
			"login is not tried again, so that the account is not locked."
	}
}

// causeSteps are for what stopped a call on its way.
var causeSteps = map[commandcenter.Cause]string{
	commandcenter.CauseUnknownAuthority: "Set ca_certificate (COMMVAULT_CA_CERTIFICATE) to the PEM of the authority that signed the " +
		"server's certificate, then apply again.",
	commandcenter.CauseHostName: "Set host to a name that the server's certificate has, or have the certificate issued for the name " +
		"in host.",
	commandcenter.CauseNoSubjectAltName: "Have the server's certificate issued anew with the name in host as a subjectAltName; the " +
		"common name alone is not accepted.",
	commandcenter.CauseCertificate:       "Check the dates of the server's certificate and the clock of this machine.",
	commandcenter.CauseNotTLS:            "Check the port in host: Command Center serves HTTPS, usually on port 443.",
	commandcenter.CauseTimeout:           "Apply again; if the server is slow, raise request_timeout.",
	commandcenter.CauseConnectionRefused: "Nothing listens on that port: check the name and the port in host, and whether Command Center runs.",
	commandcenter.CauseUnknownHost:       "Check the name in host, and that this machine can resolve it.",
	commandcenter.CauseUnreachable:       "Check the network, the VPN and the firewall between this machine and host.",
	commandcenter.CauseProxyAuthentication: "Put a user name and password for the proxy into HTTPS_PROXY, or exclude host with " +
		"NO_PROXY.",
	commandcenter.CauseProxyRefused:     "Have the proxy allow the host, or exclude the host with NO_PROXY.",
	commandcenter.CauseProxyUnreachable: "Check the address of the proxy in HTTPS_PROXY, or exclude host with NO_PROXY.",
	commandcenter.CauseCredentialForm:   "Check the authtoken (COMMVAULT_AUTHTOKEN): it must be one line without control characters.",
	commandcenter.CauseSignInPage: "The answer is a login page, such as that of single sign-on (SSO): set host to an address at which " +
		"the API answers without it, and check its base path.",
	commandcenter.CauseWaitTooLong: "Apply again after that time, or raise max_retry_wait (COMMVAULT_MAX_RETRY_WAIT).",
}

// causeStep is for what stopped a call on its way, "" if nothing is known to have.
func causeStep(e *commandcenter.Error) string {
	if e.Cause == commandcenter.CausePage && e.Status < http.StatusMultipleChoices {
		return "The answer is a page, not the API's: Command Center may be under maintenance, or the base path of host is wrong " +
			"(/commandcenter/api unless it is given)."
	}
	return causeSteps[e.Cause]
}

func redirectStep(e *commandcenter.Error) string {
	if e.Target == "" {
		return "Set host to the address at which the API itself answers."
	}
	return fmt.Sprintf("If %s is your Command Center, set host to it; if it is a login page, such as that of single sign-on (SSO), "+
		"set host to an address at which the API answers without it. Check the base path, too.", e.Target)
}

func refusalStep(e *commandcenter.Error) string {
	wrongPath := e.Operation == commandcenter.OpCreate || e.Operation == commandcenter.OpList || e.Operation == commandcenter.OpLogin
	switch {
	case e.Status == http.StatusForbidden && e.Documented:
		return "Check the rights of the provider's user. Access tokens cannot create, change or revoke access tokens: use " +
			"username and password, or the token of a login session."
	case e.Status == http.StatusForbidden:
		return "The answer is not Command Center's: something before it, such as a firewall, refused the request."
	case wrongPath && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed && !e.Documented):
		return "Check the base path of host, /commandcenter/api unless it is given; this release may also be one without " +
			"these access tokens."
	default:
		return "Fix what the message says, then apply again."
	}
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
