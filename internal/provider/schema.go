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
			"Every argument can also be set by an environment variable. For each argument, the configuration takes precedence " +
			"over the environment. There are two ways to authenticate: `authtoken`, or `username` with `password`. If the " +
			"configuration sets one of them, the environment variables of the other are ignored. Nothing is sent to the " +
			"server before a resource needs it.",
		Attributes: map[string]schema.Attribute{
			argHost.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of Command Center: `name`, `name:port`, or a URL " +
					"`https://name[:port][/base/path]`. The scheme defaults to https, and the base path to `" +
					commandcenter.DefaultBasePath +
					"` (older systems have `/webconsole/api`). Plain `http://` is supported only for a " +
					"loopback address, and redirects are never followed. Required, here or in the environment. " + orVariable(argHost),
			},
			argAuthtoken.name: schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The token to authenticate with: the session token of a login (`QSDK …`) or an access " +
					"token. It is sent exactly as given in the header `Authtoken`. In recent releases, access tokens cannot " +
					"create, change or revoke access tokens; a session token can. Conflicts with `username` and `password`. " +
					orVariable(argAuthtoken),
			},
			argUsername.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The user to log in as. The name of a domain user is `DOMAIN\\user`. The provider logs " +
					"in once per process, before the first request, and again when the session has expired. Requires " +
					"`password`; conflicts with `authtoken`. " + orVariable(argUsername),
			},
			argPassword.name: schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The password of `username`. Requires `username`; conflicts with `authtoken`. " +
					orVariable(argPassword),
			},
			argCACertificate.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Certificates of the authorities that signed the server's certificate: PEM text, or the " +
					"path of a PEM file, relative to the working directory. They are trusted in addition to the system's " +
					"roots. If omitted, only the system's roots are trusted. " + orVariable(argCACertificate),
			},
			argInsecureSkipVerify.name: schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to accept any certificate of the server. An attacker on the network path can " +
					"then read the credentials and the tokens. For tests only; it causes a warning. For a private authority, " +
					"use `ca_certificate` instead. Defaults to `false`. " + orVariable(argInsecureSkipVerify),
			},
			argRequestTimeout.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The timeout for one attempt of a request, including its answer: a duration with units, " +
					"such as `90s` or `1m30s`, from `1ms` to `1h`. Defaults to `60s`. " + orVariable(argRequestTimeout),
			},
			argMaxRetries.name: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many times a failed request is retried if it is safe to repeat: a whole "+
					"number from 0 to %d. Defaults to `%d`. %s",
					mostRetries, commandcenter.DefaultMaxRetries, orVariable(argMaxRetries)),
			},
			argMaxRetryWait.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The longest wait before a single retry that the provider accepts from a busy server: a " +
					"duration with units, such as `30s` or `2m`, from `0s` to `24h`. If the server asks for more, the request fails at " +
					"once, and the error gives that time. Defaults to `2m`. " + orVariable(argMaxRetryWait),
			},
		},
	}
}

// orVariable ends the description of an argument.
func orVariable(a argument) string {
	return "Environment variable: `" + a.variable + "`."
}
