// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// nextStep returns the advice for an error of the client. Only this function relates the cause of an error to the arguments of the
// provider.
func nextStep(err error) string {
	var e *commandcenter.Error
	switch {
	case errors.Is(err, errLoginSaid), errors.Is(err, errRenewalSaid):
		return "Nothing was sent."
	case errors.Is(err, commandcenter.ErrTokenNotFound):
		return "If the token was revoked elsewhere, run terraform state rm <address>. Otherwise check the base path of host; " +
			"it defaults to /commandcenter/api."
	case errors.Is(err, commandcenter.ErrTokenMayBeListed):
		return "Apply again. If the token was revoked elsewhere, run terraform state rm <address>."
	case errors.Is(err, commandcenter.ErrTokenOfAnother):
		return "Log in as the user who created the token, then apply again. If the token was revoked elsewhere, run terraform " +
			"state rm <address>."
	case !errors.As(err, &e):
		return "Apply again."
	}
	e = e.Origin() // the error of the login, if the login failed
	if step := loginStep(err); step != "" {
		return step
	}
	if e.Operation == commandcenter.OpRenew && commandcenter.KeepsPair(e) && (e.Kind == commandcenter.Unauthorized || e.Kind == commandcenter.Refused) {
		return "The provider tried every known way to authenticate a renewal, and does not try another renewal in this run. " +
			withoutRenewals
	}
	if step := causeStep(e); step != "" {
		return step
	}
	switch e.Kind {
	case commandcenter.NeverSent:
		return "Check host and the network path to it, then apply again."
	case commandcenter.Unauthorized:
		if e.SessionRefused {
			return "The login succeeded, but the server rejects its session. Check that host is the address of a single " +
				"Command Center, and that the account is allowed to use its API."
		}
		return "Check the authtoken: it is not valid, or has expired. Access tokens and idle login sessions are valid " +
			"for about 30 minutes. With username and password, the provider opens sessions itself."
	case commandcenter.Busy:
		return "Wait, then apply again. max_retries and max_retry_wait limit how long the provider waits, and -parallelism " +
			"limits how many requests it sends at a time."
	case commandcenter.Redirected:
		return redirectStep(e)
	case commandcenter.Lost, commandcenter.Interrupted, commandcenter.Failed:
		return "Apply again."
	case commandcenter.Refused:
	}
	return refusalStep(e)
}

// loginStep returns the advice for a login that Command Center refused, and "" for other errors.
func loginStep(err error) string {
	var login *commandcenter.LoginError
	switch {
	case !errors.As(err, &login):
		return ""
	case login.Locked:
		return "Wait until the account is unlocked, or have it unlocked. The provider does not try again in this run."
	default:
		return "Check username and password; the name of a domain user is DOMAIN\\user. An account with two-factor " +
			"authentication or single sign-on (SSO) cannot log in with a password alone: use authtoken, or an account without " +
			"them. The provider does not repeat a refused login, so that the account is not locked."
	}
}

// causeSteps is the advice for each cause that stops a call before it reaches the API.
var causeSteps = map[commandcenter.Cause]string{
	commandcenter.CauseUnknownAuthority: "Set ca_certificate (COMMVAULT_CA_CERTIFICATE) to the PEM certificate of the " +
		"authority that signed the server's certificate, then apply again.",
	commandcenter.CauseHostName: "Set host to a name that the server's certificate contains, or have a certificate issued for " +
		"the name in host.",
	commandcenter.CauseNoSubjectAltName: "Have the server's certificate reissued with the name in host as a subjectAltName; a " +
		"common name alone is not accepted.",
	commandcenter.CauseCertificate: "Check the dates of the server's certificate and the clock of this machine.",
	commandcenter.CauseNotTLS:      "Check the port in host: Command Center serves HTTPS, usually on port 443.",
	commandcenter.CauseTimeout:     "Apply again; if the server is slow, raise request_timeout.",
	commandcenter.CauseConnectionRefused: "Nothing listens on that port. Check the name and the port in host, and that " +
		"Command Center is running.",
	commandcenter.CauseUnknownHost: "Check the name in host, and that this machine can resolve it.",
	commandcenter.CauseUnreachable: "Check the network, the VPN and the firewall between this machine and host.",
	commandcenter.CauseProxyAuthentication: "Put a user name and password for the proxy into HTTPS_PROXY, or exclude host with " +
		"NO_PROXY.",
	commandcenter.CauseProxyRefused:     "Have the proxy allow host, or exclude host with NO_PROXY.",
	commandcenter.CauseProxyUnreachable: "Check the address of the proxy in HTTPS_PROXY, or exclude host with NO_PROXY.",
	commandcenter.CauseCredentialForm:   "Check the authtoken (COMMVAULT_AUTHTOKEN): it must be one line without control characters.",
	commandcenter.CauseSignInPage: "The answer is a login page, such as that of single sign-on (SSO). Set host to an address " +
		"where the API answers without it, and check the base path.",
	commandcenter.CauseWaitTooLong: "Apply again after that time, or raise max_retry_wait (COMMVAULT_MAX_RETRY_WAIT).",
}

// causeStep returns the advice for a call that did not reach the API, or "" if no cause is known.
func causeStep(e *commandcenter.Error) string {
	if e.Cause == commandcenter.CausePage && e.Status < http.StatusMultipleChoices {
		return "Command Center may be in maintenance, or the base path of host is wrong; it defaults to /commandcenter/api."
	}
	return causeSteps[e.Cause]
}

func redirectStep(e *commandcenter.Error) string {
	if e.Target == "" {
		return "Set host to the address where the API itself answers."
	}
	return fmt.Sprintf("If %s is your Command Center, set host to it. If it is a login page, such as that of single sign-on "+
		"(SSO), set host to an address where the API answers without it. Also check the base path.", e.Target)
}

// withoutRenewals is the advice when Terraform cannot renew.
const withoutRenewals = "Use renew = false and let the program that uses the token renew it, or have an administrator raise the company " +
	"setting AccessTokenExpiryInMinutes."

func refusalStep(e *commandcenter.Error) string {
	wrongPath := e.Operation == commandcenter.OpCreate || e.Operation == commandcenter.OpList || e.Operation == commandcenter.OpLogin
	notThere := e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed && !e.Documented
	switch {
	case e.Operation == commandcenter.OpRenew && e.Documented:
		return "Apply again."
	case e.Operation == commandcenter.OpRenew && notThere:
		return "This release may not support renewal. " + withoutRenewals
	case e.Status == http.StatusForbidden && e.Documented:
		return "Check the permissions of the provider's user. Access tokens cannot create, change or revoke access tokens: " +
			"use username and password, or the token of a login session."
	case e.Status == http.StatusForbidden:
		return "The answer is not from Command Center: something before it, such as a firewall, refused the request."
	case wrongPath && notThere:
		return "Check the base path of host; it defaults to /commandcenter/api. This release may not support these access " +
			"tokens."
	default:
		return "Fix the problem that the message describes, then apply again."
	}
}
