// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// secret is part of every value that must not be shown, so that a leak can be found.
const secret = "hunter2hunter2"

// refused is a value that is refused, whether it comes from the configuration or from the environment.
type refused struct {
	argument argument
	given    any
	text     string // the value in the environment, "" if it cannot come from there
	parts    []string
}

var badValues = []refused{
	{argHost, "my host", "my host", []string{`"my host"`, "white space", "https://name[:port]"}},
	{argHost, "  ", "  ", []string{"is blank"}},
	{argHost, "cc.example\n", "cc.example\n", []string{`"cc.example\n"`, "control character"}},
	{argHost, "ftp://cc.example", "ftp://cc.example", []string{`"ftp"`, "not supported"}},
	{argHost, "http://cc.example", "http://cc.example", []string{"plain http", "loopback"}},
	{argHost, "cc.example:70000", "cc.example:70000", []string{`"70000"`, "65535"}},
	{argHost, "https://u:" + secret + "@cc.example", "https://u:" + secret + "@cc.example", []string{"user name"}},
	{argHost, "", "", []string{"is blank", "omit the argument", "COMMVAULT_HOST"}},
	{argAuthtoken, secret + "\n", secret + "\n", []string{"control character"}},
	{argAuthtoken, " ", " ", []string{"it is blank"}},
	{argAuthtoken, "", "", []string{"it is empty", "omit the argument", "COMMVAULT_AUTHTOKEN"}},
	{argUsername, "ci\t", "ci\t", []string{`"ci\t"`, "control character"}},
	{argUsername, "", "", []string{"it is empty", "omit the argument", "COMMVAULT_USERNAME"}},
	{argPassword, secret + "\n", secret + "\n", []string{"control character"}},
	{argPassword, "", "", []string{"it is empty", "omit the argument", "COMMVAULT_PASSWORD"}},
	{argCACertificate, "-----BEGIN " + secret, "-----BEGIN " + secret, []string{"holds no certificate", "the value must be PEM"}},
	{argCACertificate, "", "", []string{"is blank", "the value must be PEM", "omit the argument"}},
	{argInsecureSkipVerify, nil, "yes", []string{`"yes"`, "true or false"}},
	{argRequestTimeout, "60", "60", []string{`"60"`, "from 1ms to 1h", "1m30s"}},
	{argRequestTimeout, "0s", "0s", []string{`"0s"`, "less than 1ms"}},
	{argRequestTimeout, "-1s", "-1s", []string{`"-1s"`, "less than 1ms"}},
	{argRequestTimeout, "", "", []string{`""`, "from 1ms to 1h"}},
	{argRequestTimeout, "60m1s", "60m1s", []string{`"60m1s"`, "more than 1h"}},
	{argMaxRetryWait, "25h", "25h", []string{`"25h"`, "more than 24h"}},
	{argMaxRetries, -1, "-1", []string{`"-1"`, "a whole number from 0 to 20"}},
	{argMaxRetries, 21, "21", []string{`"21"`, "a whole number from 0 to 20"}},
	{argMaxRetries, 1.5, "1.5", []string{`"1.5"`, "a whole number from 0 to 20"}},
	{argMaxRetries, big.NewFloat(1e30), "1e+30", []string{`"1e+30"`, "a whole number from 0 to 20"}},
	{argMaxRetries, nil, "many", []string{`"many"`, "a whole number from 0 to 20"}},
	{argMaxRetryWait, "soon", "soon", []string{`"soon"`, "from 0s to 24h"}},
	{argMaxRetryWait, "-1s", "-1s", []string{`"-1s"`, "less than 0s"}},
}

func TestABadValueInTheConfigurationIsRefusedByValidateAndByConfigureAlike(t *testing.T) {
	for _, c := range badValues {
		if c.given == nil {
			continue // Terraform's type system already refuses it
		}
		t.Run(c.argument.name, func(t *testing.T) {
			m := modelOf(t, block{c.argument.name: c.given})
			validated := check(t.Context(), m)
			text := onlyError(t, validated, c.argument.name, append(c.parts, c.argument.name+": ")...)
			if strings.Contains(text, secret) {
				t.Errorf("the secret is shown: %s", text)
			}
			_, resolved := resolve(t.Context(), m, company(c.argument).get)
			if !validated.Equal(resolved) {
				t.Errorf("configure says %v, validate %v", resolved, validated)
			}
		})
	}
}

func TestABadVariableIsRefusedByConfigureOnTheArgumentsPath(t *testing.T) {
	for _, c := range badValues {
		if c.text == "" {
			continue // an empty variable counts as unset
		}
		t.Run(c.argument.variable, func(t *testing.T) {
			_, diags := resolve(t.Context(), model{}, with(company(c.argument), c.argument.variable, c.text).get)
			text := onlyError(t, diags, c.argument.name, append(c.parts, "environment variable "+c.argument.variable)...)
			if strings.Contains(text, secret) {
				t.Errorf("the secret is shown: %s", text)
			}
		})
	}
}

func TestEveryBadArgumentIsToldAtOnce(t *testing.T) {
	diags := check(t.Context(), modelOf(t, block{"host": "my host", "request_timeout": "1", "max_retries": -1, "max_retry_wait": "1"}))
	if diags.ErrorsCount() != 4 {
		t.Errorf("%v", diags)
	}
}

func TestTwoWaysToAuthenticateAtOneLevelAreRefused(t *testing.T) {
	host := environment{"COMMVAULT_HOST": "cc.example"}
	for name, c := range map[string]struct {
		block block
		env   environment
		parts []string
	}{
		"configured": {
			block{"authtoken": secret, "username": "ci", "password": secret}, host,
			[]string{"authtoken, username and password are set in the provider's configuration"},
		},
		"configured, with half a login": {
			block{"authtoken": secret, "username": "ci"}, with(host, "COMMVAULT_PASSWORD", secret),
			[]string{"authtoken and username are set in the provider's configuration"},
		},
		"in the environment": {
			block{}, environment{
				"COMMVAULT_HOST": "cc.example", "COMMVAULT_AUTHTOKEN": secret, "COMMVAULT_USERNAME": "ci", "COMMVAULT_PASSWORD": secret,
			},
			[]string{"COMMVAULT_AUTHTOKEN, COMMVAULT_USERNAME and COMMVAULT_PASSWORD are set in the environment"},
		},
		"in the environment, with half a login": {
			block{}, environment{"COMMVAULT_HOST": "cc.example", "COMMVAULT_AUTHTOKEN": secret, "COMMVAULT_PASSWORD": secret},
			[]string{"COMMVAULT_AUTHTOKEN and COMMVAULT_PASSWORD are set in the environment"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := resolve(t.Context(), modelOf(t, c.block), c.env.get)
			text := onlyError(t, diags, "authtoken", append(c.parts, "There are two ways to authenticate: authtoken, or username and password")...)
			if strings.Contains(text, secret) {
				t.Errorf("a secret is shown: %s", text)
			}
			if got, want := check(t.Context(), modelOf(t, c.block)).HasError(), len(c.block) > 0; got != want {
				t.Errorf("validate refuses: %t, want %t", got, want)
			}
		})
	}
}

func TestWhatIsMissingIsRefusedByConfigureAlone(t *testing.T) {
	host := environment{"COMMVAULT_HOST": "cc.example"}
	for name, c := range map[string]struct {
		block    block
		env      environment
		argument string
		parts    []string
	}{
		"no host": {
			block{"authtoken": "t"}, environment{"COMMVAULT_HOST": ""}, "host",
			[]string{"The host is missing", "host is not set", "COMMVAULT_HOST", "https://name[:port]"},
		},
		"no host beside an unknown token": {
			block{"authtoken": unknown}, environment{}, "host", []string{"The host is missing"},
		},
		"credentials are missing": {
			block{}, host, "authtoken",
			[]string{"authtoken (COMMVAULT_AUTHTOKEN)", "username and password (COMMVAULT_USERNAME and COMMVAULT_PASSWORD)"},
		},
		"no password": {
			block{"username": "ci"}, host, "password",
			[]string{"The password is missing", "username is set", "COMMVAULT_PASSWORD", "remove username"},
		},
		"no username": {
			block{"password": secret}, host, "username",
			[]string{"The username is missing", "password is set", "COMMVAULT_USERNAME", "remove password"},
		},
		"no password beside an ignored token": {
			block{"username": unknown}, with(host, "COMMVAULT_AUTHTOKEN", secret), "password", []string{"The password is missing"},
		},
		"no password in the environment": {
			block{}, with(host, "COMMVAULT_USERNAME", "ci"), "password",
			[]string{"COMMVAULT_USERNAME is set", "COMMVAULT_PASSWORD", "remove COMMVAULT_USERNAME"},
		},
		"no username in the environment": {
			block{}, with(host, "COMMVAULT_PASSWORD", secret), "username",
			[]string{"COMMVAULT_PASSWORD is set", "COMMVAULT_USERNAME", "remove COMMVAULT_PASSWORD"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := resolve(t.Context(), modelOf(t, c.block), c.env.get)
			if text := onlyError(t, diags, c.argument, c.parts...); strings.Contains(text, secret) {
				t.Errorf("a secret is shown: %s", text)
			}
			if diags := check(t.Context(), modelOf(t, c.block)); len(diags) > 0 {
				t.Errorf("validate: %v", diags)
			}
		})
	}
}

func TestAnEmptyProviderBlockSaysOfEachThingOnceThatItIsMissing(t *testing.T) {
	_, diags := resolve(t.Context(), model{}, environment{}.get)
	if len(diags) != 2 {
		t.Fatalf("want one error about the host and one about the credential, got %v", diags)
	}
	for i, want := range []string{"host", "authtoken"} {
		withPath, ok := diags[i].(diag.DiagnosticWithPath)
		if !ok || !withPath.Path().Equal(path.Root(want)) {
			t.Errorf("error %d is not on %s: %v", i, want, diags[i])
		}
	}
}

func TestAWayThatIsNotKnownYetMayTurnOutToBeNull(t *testing.T) {
	host := environment{"COMMVAULT_HOST": "cc.example"}
	for name, b := range map[string]block{
		"token": {"authtoken": unknown, "username": "ci", "password": secret},
		"login": {"authtoken": secret, "username": unknown, "password": unknown},
		"both":  {"authtoken": unknown, "password": unknown, "username": unknown},
	} {
		if _, diags := resolve(t.Context(), modelOf(t, b), host.get); diags.HasError() {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
