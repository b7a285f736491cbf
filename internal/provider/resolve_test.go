// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// enough returns the smallest environment that is sufficient for a client.
func enough() environment {
	return environment{"COMMVAULT_HOST": "enough.example", "COMMVAULT_AUTHTOKEN": "QSDK enough"}
}

// row is one row of the configuration table.
type row struct {
	argument argument
	given    any    // in the configuration
	want     any    // the expected value for given
	variable string // in the environment
	byEnv    any    // the expected value for variable
	fallback any    // the default
	read     func(commandcenter.Config) any
}

func table(t *testing.T) []row {
	first, second := newCertificate(t), newCertificate(t)
	host := func(c commandcenter.Config) any { return c.Base.String() }
	return []row{
		{
			argHost, "one.example", "https://one.example/commandcenter/api",
			"https://two.example:8443/webconsole/api/", "https://two.example:8443/webconsole/api", nil, host,
		},
		{
			argAuthtoken, "QSDK one", "QSDK one", "Bearer two", "Bearer two", nil,
			func(c commandcenter.Config) any { return c.Authtoken.Reveal() },
		},
		{
			argUsername, `CORP\ci`, `CORP\ci`, "two", "two", nil,
			func(c commandcenter.Config) any { return c.Username },
		},
		{
			argPassword, " pa ss ", " pa ss ", "two", "two", nil,
			func(c commandcenter.Config) any { return c.Password.Reveal() },
		},
		{
			argCACertificate, first, first, writeFile(t, second), second, "",
			func(c commandcenter.Config) any { return string(c.CACertificates) },
		},
		{
			argInsecureSkipVerify, false, false, "true", true, false,
			func(c commandcenter.Config) any { return c.InsecureSkipVerify },
		},
		{
			argRequestTimeout, "90s", 90 * time.Second, "1ms", time.Millisecond, 60 * time.Second,
			func(c commandcenter.Config) any { return c.RequestTimeout },
		},
		{
			argMaxRetries, 0, 0, "20", 20, 4,
			func(c commandcenter.Config) any { return c.MaxRetries },
		},
		{
			argMaxRetryWait, "0s", time.Duration(0), "1h30m", 90 * time.Minute, 2 * time.Minute,
			func(c commandcenter.Config) any { return c.MaxRetryWait },
		},
	}
}

// company returns the other arguments that a row needs, so that it tests its own argument alone.
func company(a argument) environment {
	e := enough()
	delete(e, a.variable)
	if a == argUsername || a == argPassword {
		e = environment{"COMMVAULT_HOST": "enough.example", "COMMVAULT_USERNAME": "ci", "COMMVAULT_PASSWORD": "enough"}
		delete(e, a.variable)
	}
	return e
}

func with(e environment, name, text string) environment {
	e = maps.Clone(e)
	e[name] = text
	return e
}

func TestEveryArgumentIsTakenFromTheConfigurationThenFromItsVariable(t *testing.T) {
	rows := table(t)
	if len(rows) != len(arguments) || len(rows) != reflect.TypeFor[model]().NumField() {
		t.Fatalf("%d rows, %d arguments", len(rows), len(arguments))
	}
	for _, row := range rows {
		t.Run(row.argument.name, func(t *testing.T) {
			e, a := company(row.argument), row.argument
			expect := func(what string, b block, e environment, want any) {
				t.Helper()
				if got := row.read(resolved(t, b, e).client); got != want {
					t.Errorf("%s: got %v, want %v", what, got, want)
				}
			}
			expect("configured", block{a.name: row.given}, e, row.want)
			expect("from the environment", block{}, with(e, a.variable, row.variable), row.byEnv)
			expect("both", block{a.name: row.given}, with(e, a.variable, row.variable), row.want)
			expect("over a bad variable", block{a.name: row.given}, with(e, a.variable, "\x00"), row.want)
			if row.fallback != nil {
				expect("neither", block{}, e, row.fallback)
				expect("an empty variable", block{}, with(e, a.variable, ""), row.fallback)
			}
		})
	}
}

// credential is the credential that a client would authenticate with.
type credential struct{ authtoken, username, password string }

func TestTheConfigurationsWayToAuthenticateWins(t *testing.T) {
	token := environment{"COMMVAULT_AUTHTOKEN": "env-token"}
	login := environment{"COMMVAULT_USERNAME": "env-user", "COMMVAULT_PASSWORD": "env-password"}
	all := environment{"COMMVAULT_AUTHTOKEN": "env-token", "COMMVAULT_USERNAME": "env-user", "COMMVAULT_PASSWORD": "env-password"}
	for name, c := range map[string]struct {
		block block
		env   environment
		want  credential
	}{
		"a token over the environment's login":       {block{"authtoken": "t"}, login, credential{authtoken: "t"}},
		"a token over the environment's both":        {block{"authtoken": "t"}, all, credential{authtoken: "t"}},
		"a token over half a login":                  {block{"authtoken": "t"}, environment{"COMMVAULT_USERNAME": "x"}, credential{authtoken: "t"}},
		"a login over the environment's token":       {block{"username": "u", "password": "p"}, token, credential{"", "u", "p"}},
		"a login over the environment's both":        {block{"username": "u", "password": "p"}, all, credential{"", "u", "p"}},
		"a username, its password by variable":       {block{"username": "u"}, all, credential{"", "u", "env-password"}},
		"a password, its username by variable":       {block{"password": "p"}, all, credential{"", "env-user", "p"}},
		"the environment's token":                    {block{}, token, credential{authtoken: "env-token"}},
		"the environment's login":                    {block{}, login, credential{"", "env-user", "env-password"}},
		"the environment's token, empty login":       {block{}, environment{"COMMVAULT_AUTHTOKEN": "t", "COMMVAULT_USERNAME": ""}, credential{authtoken: "t"}},
		"the environment's login, empty token":       {block{}, with(login, "COMMVAULT_AUTHTOKEN", ""), credential{"", "env-user", "env-password"}},
		"a bad variable of the way that is not used": {block{"authtoken": "t"}, environment{"COMMVAULT_PASSWORD": "\n"}, credential{authtoken: "t"}},
	} {
		t.Run(name, func(t *testing.T) {
			client := resolved(t, c.block, with(c.env, "COMMVAULT_HOST", "cc.example")).client
			got := credential{client.Authtoken.Reveal(), client.Username, client.Password.Reveal()}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestUnknownArgumentsAreNoErrorAndAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		block block
		env   environment
		want  []string
	}{
		"nothing":                           {block{}, enough(), nil},
		"a token":                           {block{"authtoken": unknown}, environment{"COMMVAULT_HOST": "cc.example"}, []string{"authtoken"}},
		"a token, though a variable has it": {block{"authtoken": unknown}, enough(), []string{"authtoken"}},
		"a host":                            {block{"host": unknown}, environment{"COMMVAULT_AUTHTOKEN": "t"}, []string{"host"}},
		"a username": {
			block{"username": unknown}, environment{"COMMVAULT_HOST": "cc.example", "COMMVAULT_PASSWORD": "p"}, []string{"username"},
		},
		"a password over the environment's token": {
			block{"password": unknown, "username": "ci"}, enough(), []string{"password"},
		},
		"what has a default": {
			block{
				"ca_certificate": unknown, "insecure_skip_verify": unknown, "request_timeout": unknown, "max_retries": unknown,
				"max_retry_wait": unknown,
			},
			enough(),
			[]string{"ca_certificate", "insecure_skip_verify", "request_timeout", "max_retries", "max_retry_wait"},
		},
		"all": {
			block{"max_retries": unknown, "host": unknown, "password": unknown, "username": unknown}, environment{},
			[]string{"host", "username", "password", "max_retries"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, diags := resolve(t.Context(), modelOf(t, c.block), c.env.get)
			if len(diags) > 0 || !slices.Equal(s.unknown, c.want) {
				t.Errorf("got %v %v, want %v", s.unknown, diags, c.want)
			}
			if diags := check(t.Context(), modelOf(t, c.block)); len(diags) > 0 {
				t.Errorf("validate: %v", diags)
			}
		})
	}
}

func TestResolveGivesNothingToUseWithAnError(t *testing.T) {
	s, diags := resolve(t.Context(), modelOf(t, block{"max_retries": 21}), enough().get)
	if !diags.HasError() || !reflect.DeepEqual(s, settings{}) {
		t.Errorf("got %+v with %v", s, diags)
	}
}
