// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// TestNextStepFitsTheCause verifies that each cause has its own advice.
func TestNextStepFitsTheCause(t *testing.T) {
	said := map[string]string{}
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"unknown authority":      {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseUnknownAuthority}, "COMMVAULT_CA_CERTIFICATE"},
		"wrong name":             {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseHostName}, "Set host to a name"},
		"no name":                {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseNoSubjectAltName}, "subjectAltName"},
		"plain port":             {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseNotTLS}, "443"},
		"timeout":                {&commandcenter.Error{Kind: commandcenter.Lost, Cause: commandcenter.CauseTimeout}, "request_timeout"},
		"closed port":            {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseConnectionRefused}, "Nothing listens"},
		"unknown name":           {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseUnknownHost}, "resolve"},
		"proxy":                  {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseProxyAuthentication}, "HTTPS_PROXY"},
		"sign-in page":           {&commandcenter.Error{Kind: commandcenter.Lost, Status: 200, Cause: commandcenter.CauseSignInPage}, "SSO"},
		"maintenance page":       {&commandcenter.Error{Kind: commandcenter.Lost, Status: 200, Cause: commandcenter.CausePage}, "maintenance"},
		"firewall":               {&commandcenter.Error{Kind: commandcenter.Refused, Status: 403, Cause: commandcenter.CausePage}, "firewall"},
		"rights":                 {&commandcenter.Error{Kind: commandcenter.Refused, Status: 403, Documented: true}, "permissions"},
		"wrong path":             {&commandcenter.Error{Operation: commandcenter.OpLogin, Kind: commandcenter.Refused, Status: 404}, "base path"},
		"redirect":               {&commandcenter.Error{Kind: commandcenter.Redirected, Status: 302, Target: "https://idp.example"}, "https://idp.example"},
		"wait":                   {&commandcenter.Error{Kind: commandcenter.Busy, Status: 429, Cause: commandcenter.CauseWaitTooLong}, "max_retry_wait"},
		"credential":             {&commandcenter.Error{Kind: commandcenter.NeverSent, Cause: commandcenter.CauseCredentialForm}, "COMMVAULT_AUTHTOKEN"},
		"bad credentials":        {fmt.Errorf("x: %w", &commandcenter.Error{Kind: commandcenter.Unauthorized, Err: &commandcenter.LoginError{}}), "two-factor"},
		"locked":                 {&commandcenter.Error{Kind: commandcenter.Unauthorized, Err: &commandcenter.LoginError{Locked: true}}, "unlocked"},
		"an expired authtoken":   {&commandcenter.Error{Kind: commandcenter.Unauthorized, Status: 401}, "expired"},
		"authenticate a renewal": {&commandcenter.Error{Operation: commandcenter.OpRenew, Kind: commandcenter.Unauthorized}, "every known way"},
		"a refused renewal":      {&commandcenter.Error{Operation: commandcenter.OpRenew, Kind: commandcenter.Failed, Status: 500, Documented: true}, "Apply again."},
		"no call that renews":    {&commandcenter.Error{Operation: commandcenter.OpRenew, Kind: commandcenter.Refused, Status: 404}, "not support renewal"},
		"a refused session":      {&commandcenter.Error{Kind: commandcenter.Unauthorized, Status: 401, SessionRefused: true}, "The login succeeded"},
		"somebody else's 404":    {errors.Join(commandcenter.ErrTokenOfAnother, &commandcenter.Error{Kind: commandcenter.Refused}), "Log in as"},
		"a listed token's 404":   {errors.Join(commandcenter.ErrTokenMayBeListed, &commandcenter.Error{Kind: commandcenter.Refused}), "Apply again. If"},
		"an unproved 404":        {errors.Join(commandcenter.ErrTokenNotFound, &commandcenter.Error{Kind: commandcenter.Refused}), "check the base path"},
	} {
		step := nextStep(c.err)
		if !strings.Contains(step, c.says) {
			t.Errorf("%s: %q does not say %q", name, step, c.says)
		}
		if other := said[step]; other != "" {
			t.Errorf("%s has the advice of %s", name, other)
		}
		said[step] = name
	}
}
