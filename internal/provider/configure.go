// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/accesstoken"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// appendUserAgent is the variable that HashiCorp's own providers also read.
const appendUserAgent = "TF_APPEND_USER_AGENT"

// ValidateConfig refuses errors that the configuration alone reveals. It applies the rules of Configure.
func (p *commvault) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(check(ctx, m)...)
}

// Configure creates the client that all resources share. It sends nothing. If an argument is unknown, there is no client, and the
// backend names the argument: only operations that need the server fail.
func (p *commvault) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s, diags := resolve(ctx, m, p.getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if s.client.InsecureSkipVerify {
		resp.Diagnostics.AddAttributeWarning(argInsecureSkipVerify.path(), "The server's certificate is not verified",
			fmt.Sprintf("insecure_skip_verify (%s) is true. An attacker on the network path can impersonate the server, and "+
				"read the credentials and every token that is issued. To trust a private authority, set ca_certificate (%s) "+
				"instead.",
				argInsecureSkipVerify.variable, argCACertificate.variable))
	}
	backend := &accesstoken.Backend{Unknown: s.unknown, Clock: p.clock, Random: p.random}
	if len(s.unknown) == 0 {
		s.client.UserAgent = userAgent(req.TerraformVersion, p.version, p.getenv(appendUserAgent))
		s.client.Clock = p.clock
		s.client.Log = logAttempt
		client, err := commandcenter.New(s.client)
		if err != nil {
			resp.Diagnostics.AddError("The client for Command Center cannot be set up",
				fmt.Sprintf("%s. The configuration was accepted before, so this is a bug of the provider: please report it.", err))
			return
		}
		backend.Client = client
	}
	resp.ResourceData = backend
	resp.DataSourceData = backend
	resp.EphemeralResourceData = backend
	resp.ListResourceData = backend
	resp.ActionData = backend
}

// logAttempt logs an attempt of the client. The fields contain no secrets.
func logAttempt(ctx context.Context, message string, fields map[string]any) {
	tflog.Debug(ctx, message, fields)
}

// userAgent returns the User-Agent in Terraform's form: the version of Terraform or OpenTofu, the version of the provider, and the
// user's addition.
func userAgent(terraform, version, appended string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-commvault/%s", terraform, version)
	if appended = strings.TrimSpace(withoutControls(appended)); appended != "" {
		agent += " " + appended
	}
	return withoutControls(agent)
}

// withoutControls removes the characters that would end the header or make it invalid.
func withoutControls(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}
