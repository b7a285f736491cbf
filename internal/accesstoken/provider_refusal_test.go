// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// provider is a provider block with a body of arguments.
func provider(arguments ...string) string {
	return "provider \"commvault\" {\n  " + strings.Join(arguments, "\n  ") + "\n}\n"
}

// TestAccRefusedProvider guards that what is wrong with the provider's arguments is shown on their line, and keeps every
// request from being sent. The rules themselves have tests beside the provider.
func TestAccRefusedProvider(t *testing.T) {
	t.Parallel()
	const login, token = "username = \"ci\"\n  password = \"hunter2hunter2\"", `authtoken = "QSDK hunter2hunter2"`
	const forms = "Accepted is a name, name:port, or a URL https://name[:port][/base/path]"
	for label, c := range map[string]struct {
		arguments []string // %s stands for the server's URL
		line      string   // "" is the block's own
		says      []string
	}{
		"host with a space":         {[]string{`host = "my host"`, login}, "host", []string{`"my host"`, "white space", forms}},
		"host of another scheme":    {[]string{`host = "ftp://cc.example"`, login}, "host", []string{`"ftp"`, "not supported", forms}},
		"plain http to elsewhere":   {[]string{`host = "http://cc.example"`, login}, "host", []string{`"http://cc.example"`, "plain http", forms}},
		"no host":                   {[]string{login}, "", []string{"neither host is set", "COMMVAULT_HOST", "https://name[:port][/base/path]"}},
		"two ways to authenticate":  {[]string{`host = "%s"`, login, token}, "authtoken", []string{"authtoken, username and password are set", "Accepted is one of two ways"}},
		"no way to authenticate":    {[]string{`host = "%s"`}, "", []string{"COMMVAULT_AUTHTOKEN", "COMMVAULT_USERNAME and COMMVAULT_PASSWORD"}},
		"half a way":                {[]string{`host = "%s"`, `username = "ci"`}, "", []string{"username is set, but neither password", "COMMVAULT_PASSWORD"}},
		"duration without a unit":   {[]string{`host = "%s"`, login, `request_timeout = "60"`}, "request_timeout", []string{`"60" was given`, "1m30s"}},
		"wait that is no duration":  {[]string{`host = "%s"`, login, `max_retry_wait = "soon"`}, "max_retry_wait", []string{`"soon" was given`, "1m30s"}},
		"retries below zero":        {[]string{`host = "%s"`, login, `max_retries = -1`}, "max_retries", []string{`"-1" was given`, "from 0 to 20"}},
		"CA that is no file":        {[]string{`host = "%s"`, login, `ca_certificate = "nowhere/ca.pem"`}, "ca_certificate", []string{`"nowhere/ca.pem"`, "accepted is PEM text", "path of a file"}},
		"CA that is no certificate": {[]string{`host = "%s"`, login, `ca_certificate = "-----BEGIN CERTIFICATE-----\nAAAA"`}, "ca_certificate", []string{"cannot be read", "accepted is PEM text"}},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			var shown string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				ErrorCheck: func(err error) error {
					shown = err.Error()
					return nil
				},
				Steps: []resource.TestStep{{
					Config: strings.ReplaceAll(provider(c.arguments...), "%s", w.URL()) + acctest.Token(`name = "ci"`),
				}},
			})
			line := `in provider "commvault": `
			phrases := append([]string{`with provider["`, line}, c.says...)
			if c.line != "" {
				phrases = append([]string{`with provider["`, line, c.line + " ="}, c.says...)
			}
			list := errorsIn(shown)
			if len(list) != 1 || !acctest.Says(phrases...).MatchString(list[0]) {
				t.Errorf("shown was %q, want one error that says %q", list, phrases)
			}
			if err := w.NothingSent(nil); err != nil {
				t.Error(err)
			}
		})
	}
}
