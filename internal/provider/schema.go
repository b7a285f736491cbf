// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// Schema returns the schema of the provider's arguments. All are optional because each has an environment variable. The rules for
// values are in resolve.go instead of validators, because they also apply to environment variables.
func (p *commvault) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Issues, changes and revokes access tokens of Commvault Command Center.\n\n" +
			"Every argument can come from an environment variable instead; what the configuration sets wins over the " +
			"environment, argument by argument. There are two ways to authenticate: `authtoken`, or `username` with " +
			"`password`. When the configuration sets either way, the environment's variables of the other way are " +
			"ignored. Nothing is sent to the server before a resource needs it.",
		Attributes: map[string]schema.Attribute{
			argHost.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Where Command Center is: `name`, `name:port`, or a URL " +
					"`https://name[:port][/base/path]`. Without a scheme it is https; the base path defaults to `" +
					commandcenter.DefaultBasePath + "` (older systems have `/webconsole/api`). Plain `http://` is " +
					"refused except to a loopback address, and redirects are never followed. Required, here or in " +
					"the environment. " + orVariable(argHost),
			},
			argAuthtoken.name: schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The token to authenticate with, sent exactly as given in the header `Authtoken`: a " +
					"login's session token (`QSDK …`) or an access token. Recent releases let no access token create, " +
					"change or revoke access tokens; a session token can. Conflicts with `username` and `password`. " +
					orVariable(argAuthtoken),
			},
			argUsername.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The user to log in as; a user of a domain is written `DOMAIN\\user`. The login happens at " +
					"the first request, once per process, and once more when the session has expired. Needs `password`; " +
					"conflicts with `authtoken`. " + orVariable(argUsername),
			},
			argPassword.name: schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The password of `username`. Needs `username`; conflicts with `authtoken`. " +
					orVariable(argPassword),
			},
			argCACertificate.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Certificates of the authorities that signed the server's certificate: PEM text, or the path " +
					"of a PEM file, relative to the working directory. They are trusted besides the system's roots, " +
					"which alone are the default. " + orVariable(argCACertificate),
			},
			argInsecureSkipVerify.name: schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to accept any certificate of the server, so that whoever is on the way can read the " +
					"credentials and the tokens. For tests only, and answered with a warning: `ca_certificate` is the safe " +
					"way to a private authority. Default `false`. " + orVariable(argInsecureSkipVerify),
			},
			argRequestTimeout.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The longest that one attempt of a request may take, its answer included: a duration with its " +
					"units such as `90s` or `1m30s`, from `1ms` to `1h`. Default `60s`. " +
					orVariable(argRequestTimeout),
			},
			argMaxRetries.name: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many times a request that can be repeated safely is sent again after its "+
					"first attempt failed: a whole number from 0 to %d. Default `%d`. %s",
					mostRetries, commandcenter.DefaultMaxRetries, orVariable(argMaxRetries)),
			},
			argMaxRetryWait.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The longest single wait before a repetition that a busy server may ask for: a duration with " +
					"its units such as `30s` or `2m`, from `0s` to `24h`. A longer one fails at once, and the error says how " +
					"long it was. Default `2m`. " + orVariable(argMaxRetryWait),
			},
		},
	}
}

// orVariable ends the description of an argument.
func orVariable(a argument) string {
	return "Environment variable: `" + a.variable + "`."
}
