// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package provider implements the provider: its configuration, and the list of its resources and data sources.
package provider

import (
	"context"
	"crypto/rand"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/accesstoken"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// Address is the provider's address in registries. The code contains it only here.
const Address = "registry.terraform.io/commvault-tokens/commvault"

// typeName is the provider's local name, and the first part of every resource type.
const typeName = "commvault"

var (
	_ provider.Provider                       = (*commvault)(nil)
	_ provider.ProviderWithActions            = (*commvault)(nil)
	_ provider.ProviderWithEphemeralResources = (*commvault)(nil)
	_ provider.ProviderWithListResources      = (*commvault)(nil)
	_ provider.ProviderWithValidateConfig     = (*commvault)(nil)
)

// commvault is the provider. It stores no configuration and passes it on instead.
type commvault struct {
	version string
	clock   clock.Clock
	random  io.Reader
	getenv  func(string) string
}

// Option replaces a part of the environment that the provider runs in.
type Option func(*commvault)

// WithClock makes the provider and its resources use c instead of the system's clock.
func WithClock(c clock.Clock) Option { return func(p *commvault) { p.clock = c } }

// WithRandom makes the provider generate the random part of names from r instead of the system's source. r must be safe for concurrent
// use.
func WithRandom(r io.Reader) Option { return func(p *commvault) { p.random = r } }

// WithGetenv makes the provider look up environment variables with getenv instead of os.Getenv.
func WithGetenv(getenv func(string) string) Option { return func(p *commvault) { p.getenv = getenv } }

// New returns a function that creates providers of this version, as providerserver requires.
func New(version string, opts ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &commvault{version: version, clock: clock.System(), random: rand.Reader, getenv: os.Getenv}
		for _, opt := range opts {
			opt(p)
		}
		return p
	}
}

// Metadata sets the name and the version of the provider.
func (p *commvault) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Resources returns the managed resources.
func (p *commvault) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{accesstoken.NewResource, accesstoken.NewRotatingResource}
}

// EphemeralResources returns the ephemeral resources.
func (p *commvault) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{accesstoken.NewEphemeral}
}

// DataSources returns the data sources.
func (p *commvault) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{accesstoken.NewTokenData, accesstoken.NewTokensData, accesstoken.NewUserData}
}

// ListResources returns the list resources for terraform query.
func (p *commvault) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{accesstoken.NewList}
}

// Actions returns the actions for terraform apply -invoke and lifecycle triggers.
func (p *commvault) Actions(context.Context) []func() action.Action {
	return []func() action.Action{accesstoken.NewRevokeAction}
}

// PlanUnchanged implements plugin.Shortcuts. It plans unchanged resources without the framework, and returns nil for all other plans.
func (p *commvault) PlanUnchanged(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) *tfprotov6.PlanResourceChangeResponse {
	return accesstoken.PlanUnchanged(ctx, p.clock.Now, req)
}

// UpgradeCurrent implements plugin.Shortcuts. It returns states of today's schema as they are, and nil for all others.
func (*commvault) UpgradeCurrent(req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse {
	return accesstoken.UpgradeCurrent(req)
}
