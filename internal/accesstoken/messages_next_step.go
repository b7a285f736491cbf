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
		return "If the token was revoked elsewhere, run terraform state rm <address>. Otherwise check the base path of host, " +
			"/commandcenter/api unless it is given."
	case errors.Is(err, commandcenter.ErrTokenMayBeListed):
		return "Apply again; if the token was revoked elsewhere, run terraform state rm <address>."
	case errors.Is(err, commandcenter.ErrTokenOfAnother):
		return "Log in as the user who made the token, then apply again; if it was revoked elsewhere, run terraform state rm <address>."
	case !errors.As(err, &e):
		return "Apply again."
	}
	e = e.Origin() // the error of the login, if the login failed
	if step := loginStep(err); step != "" {
		return step
	}
	if e.Operation == commandcenter.OpRenew && commandcenter.KeepsPair(e) && (e.Kind == commandcenter.Unauthorized || e.Kind == commandcenter.Refused) {
		return "The provider tried every known form of a renewal's credential, and does not try another renewal in this run. " +
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
			return "The login was accepted, but its session was not: check that host is the address of one Command Center, and whether " +
				"the account may use its API."
		}
		return "Check the authtoken: it is invalid, or has expired. An access token lives for minutes, a login session for " +
			"hours; with username and password the provider opens a session by itself."
	case commandcenter.Busy:
		return "Wait, then apply again; max_retries and max_retry_wait say how long the provider waits by itself, and " +
			"-parallelism how many requests it sends at a time."
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
		return "Wait until the account is unlocked, or have it unlocked. Nothing is tried again before."
	default:
		return "Check username and password; a user of a domain is DOMAIN\\user. An account with two-factor authentication or " +
			"single sign-on (SSO) cannot log in with a password alone: use authtoken, or an account without them. A refused " +
			"login is not tried again, so that the account is not locked."
	}
}

// causeSteps is the advice for each cause that stops a call before it reaches the API.
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

// causeStep returns the advice for a call that did not reach the API, or "" if no cause is known.
func causeStep(e *commandcenter.Error) string {
	if e.Cause == commandcenter.CausePage && e.Status < http.StatusMultipleChoices {
		return "Command Center may be under maintenance, or the base path of host is wrong (/commandcenter/api unless it is given)."
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
		return "This release may be one without renewals. " + withoutRenewals
	case e.Status == http.StatusForbidden && e.Documented:
		return "Check the rights of the provider's user. Access tokens cannot create, change or revoke access tokens: use " +
			"username and password, or the token of a login session."
	case e.Status == http.StatusForbidden:
		return "The answer is not Command Center's: something before it, such as a firewall, refused the request."
	case wrongPath && notThere:
		return "Check the base path of host, /commandcenter/api unless it is given; this release may also be one without " +
			"these access tokens."
	default:
		return "Fix what the message says, then apply again."
	}
}
