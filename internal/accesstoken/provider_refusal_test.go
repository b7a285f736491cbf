// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// provider returns a provider block with the given arguments.
func provider(arguments ...string) string {
	return "provider \"commvault\" {\n  " + strings.Join(arguments, "\n  ") + "\n}\n"
}

// wrongProvider is a provider block with an error.
type wrongProvider struct {
	arguments []string // %s stands for the server's URL
	line      string   // "" is the line of the block
	says      []string
}

// refuseProviders uses each of the blocks for a token, and checks that each block has one error on its line.
func refuseProviders(t *testing.T, w *acctest.Env, cases map[string]wrongProvider) {
	t.Helper()
	labels := slices.Sorted(maps.Keys(cases))
	var blocks []string
	for i, label := range labels {
		alias := fmt.Sprintf("p%d", i)
		arguments := append([]string{fmt.Sprintf("alias = %q", alias)}, cases[label].arguments...)
		blocks = append(blocks, strings.ReplaceAll(provider(arguments...), "%s", w.URL()),
			acctest.NamedToken(alias, `name = "ci"`, "provider = commvault."+alias))
	}
	var shown []string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		ErrorCheck: func(err error) error {
			shown = errorsIn(err.Error())
			return nil
		},
		Steps: []resource.TestStep{{Config: strings.Join(blocks, "")}},
	})
	if len(shown) != len(labels) {
		t.Errorf("%d errors are shown for %d wrong providers", len(shown), len(labels))
	}
	for i, label := range labels {
		phrases := []string{`with provider["`, fmt.Sprintf(`"].p%d,`, i), `in provider "commvault": `}
		if line := cases[label].line; line != "" {
			phrases = append(phrases, line+" =")
		}
		says := acctest.Says(append(phrases, cases[label].says...)...)
		if !slices.ContainsFunc(shown, says.MatchString) {
			t.Errorf("%s: no error says %s: %q", label, says, shown)
		}
	}
}

// TestAccRefusedProvider verifies that errors in the provider's arguments appear on their line and prevent every request. The package
// provider tests the rules.
func TestAccRefusedProvider(t *testing.T) {
	t.Parallel()
	const login, token = "username = \"ci\"\n  password = \"hunter2hunter2\"", `authtoken = "QSDK hunter2hunter2"`
	const forms = "The value must be a name, name:port, or a URL https://name[:port][/base/path]"
	w := acctest.New(t, simulator.Options{})
	cases := map[string]wrongProvider{
		"host with a space":         {[]string{`host = "my host"`, login}, "host", []string{`"my host"`, "white space", forms}},
		"host of another scheme":    {[]string{`host = "ftp://cc.example"`, login}, "host", []string{`"ftp"`, "not supported", forms}},
		"plain http to elsewhere":   {[]string{`host = "http://cc.example"`, login}, "host", []string{`"http://cc.example"`, "plain http", forms}},
		"no host":                   {[]string{login}, "", []string{"host is not set", "COMMVAULT_HOST", "https://name[:port][/base/path]"}},
		"two ways to authenticate":  {[]string{`host = "%s"`, login, token}, "authtoken", []string{"authtoken, username and password are set", "There are two ways"}},
		"credentials are missing":   {[]string{`host = "%s"`}, "", []string{"COMMVAULT_AUTHTOKEN", "COMMVAULT_USERNAME and COMMVAULT_PASSWORD"}},
		"half a way":                {[]string{`host = "%s"`, `username = "ci"`}, "", []string{"username is set, but password is not set", "COMMVAULT_PASSWORD"}},
		"duration without a unit":   {[]string{`host = "%s"`, login, `request_timeout = "60"`}, "request_timeout", []string{`"60" was given`, "1m30s"}},
		"wait that is no duration":  {[]string{`host = "%s"`, login, `max_retry_wait = "soon"`}, "max_retry_wait", []string{`"soon" was given`, "1m30s"}},
		"retries below zero":        {[]string{`host = "%s"`, login, `max_retries = -1`}, "max_retries", []string{`"-1" was given`, "from 0 to 20"}},
		"CA that is no file":        {[]string{`host = "%s"`, login, `ca_certificate = "nowhere/ca.pem"`}, "ca_certificate", []string{`"nowhere/ca.pem"`, "the value must be PEM text", "path of a PEM file"}},
		"CA that is no certificate": {[]string{`host = "%s"`, login, `ca_certificate = "-----BEGIN CERTIFICATE-----\nAAAA"`}, "ca_certificate", []string{"cannot be read", "the value must be PEM text"}},
	}
	// Values from the environment or from a file are checked by the plan and not by validate, whose errors would end the run.
	planned := map[string]wrongProvider{}
	for _, label := range []string{"no host", "credentials are missing", "half a way", "CA that is no file"} {
		planned[label] = cases[label]
		delete(cases, label)
	}
	refuseProviders(t, w, cases)
	refuseProviders(t, w, planned)
	if err := w.NothingSent(nil); err != nil {
		t.Error(err)
	}
}
