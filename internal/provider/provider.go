// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the provider itself: its configuration, and the list of what it offers.
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

// Address is where registries have this provider. It is written nowhere else in the code.
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

// commvault is the provider before it is configured: it keeps nothing of a configuration, but hands it on.
type commvault struct {
	version string
	clock   clock.Clock
	random  io.Reader
	getenv  func(string) string
}

// Option changes what the provider takes from the machine that it runs on.
type Option func(*commvault)

// WithClock makes the provider, and all that it offers, tell the time by c instead of the system's clock.
func WithClock(c clock.Clock) Option { return func(p *commvault) { p.clock = c } }

// WithRandom makes r, instead of the system's source, give the random part of names. It must be safe for concurrent use.
func WithRandom(r io.Reader) Option { return func(p *commvault) { p.random = r } }

// WithGetenv makes the provider look up environment variables with getenv instead of os.Getenv.
func WithGetenv(getenv func(string) string) Option { return func(p *commvault) { p.getenv = getenv } }

// New gives the function that makes providers of this version, as providerserver wants it.
func New(version string, opts ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &commvault{version: version, clock: clock.System(), random: rand.Reader, getenv: os.Getenv}
		for _, opt := range opts {
			opt(p)
		}
		return p
	}
}

// Metadata names the provider.
func (p *commvault) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Resources lists the managed resources.
func (p *commvault) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{accesstoken.NewResource, accesstoken.NewRotatingResource}
}

// EphemeralResources lists what lives for one run.
func (p *commvault) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{accesstoken.NewEphemeral}
}

// DataSources lists the data sources.
func (p *commvault) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{accesstoken.NewTokenData, accesstoken.NewTokensData, accesstoken.NewUserData}
}

// ListResources lists what terraform query finds.
func (p *commvault) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{accesstoken.NewList}
}

// Actions lists what terraform apply -invoke and lifecycle triggers can do.
func (p *commvault) Actions(context.Context) []func() action.Action {
	return []func() action.Action{accesstoken.NewRevokeAction}
}

// PlanUnchanged plans what nothing changes without the framework; nil leaves the plan to it. It makes the provider a
// plugin.Planner.
func (p *commvault) PlanUnchanged(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) *tfprotov6.PlanResourceChangeResponse {
	return accesstoken.PlanUnchanged(ctx, p.clock.Now, req)
}
