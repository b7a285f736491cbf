// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	providercode "github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const tokenType = "commvault_access_token"

// calls prepares and sends each call about one token to the protocol server, as Terraform does in a run.
type calls struct {
	b      *testing.B
	server tfprotov6.ProviderServer
	// byFramework is the same provider without PlanUnchanged.
	byFramework tfprotov6.ProviderServer
	object      tftypes.Type
	instance    *acctest.Instance
	names       atomic.Int64
}

// newCalls returns calls with a token in the state and a process that has read the list.
func newCalls(b *testing.B) *calls {
	b.Helper()
	w := acctest.NewOverHTTP(b, simulator.Options{})
	instance := w.Plain(b)
	instance.MustApply(b.Context(), acctest.Create, acctest.Arguments{"name": "bench"})
	process := w.Start(b.Context(), b, instance.Provider)
	if diagnostics := instance.Refresh(b.Context(), process); diagnostics.Failed() {
		b.Fatal(diagnostics.Errors())
	}
	byFramework := providerserver.NewProtocol6(providercode.New("test", providercode.WithClock(w.Clock))())()
	acctest.StartServer(b.Context(), b, byFramework, instance.Provider)
	return &calls{b: b, byFramework: byFramework, server: process.Server(), object: instance.State.Type(), instance: instance}
}

func (c *calls) dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	c.b.Helper()
	encoded, err := tfprotov6.NewDynamicValue(c.object, value)
	if err != nil {
		c.b.Fatal(err)
	}
	return &encoded
}

func (c *calls) nothing() *tfprotov6.DynamicValue { return c.dynamic(tftypes.NewValue(c.object, nil)) }

func (c *calls) state() *tfprotov6.DynamicValue { return c.dynamic(*c.instance.State) }

// with returns the state with changed attributes.
func (c *calls) with(change map[string]tftypes.Value) *tfprotov6.DynamicValue {
	c.b.Helper()
	var values map[string]tftypes.Value
	if err := c.instance.State.As(&values); err != nil {
		c.b.Fatal(err)
	}
	values = maps.Clone(values)
	maps.Copy(values, change)
	return c.dynamic(tftypes.NewValue(c.object, values))
}

// config returns a configuration that sets only the name.
func (c *calls) config(name string) *tfprotov6.DynamicValue {
	c.b.Helper()
	var values map[string]tftypes.Value
	if err := c.instance.State.As(&values); err != nil {
		c.b.Fatal(err)
	}
	config := map[string]tftypes.Value{}
	for attribute, value := range values {
		config[attribute] = tftypes.NewValue(value.Type(), nil)
	}
	config["name"] = tftypes.NewValue(tftypes.String, name)
	return c.dynamic(tftypes.NewValue(c.object, config))
}

// succeeded stops the benchmark after an error.
func (c *calls) succeeded(diagnostics []*tfprotov6.Diagnostic, err error) {
	c.b.Helper()
	if err != nil {
		c.b.Fatal(err)
	}
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			c.b.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

// call is the measured part of a benchmark. Its preparation happens before.
type call func(ctx context.Context)

func (c *calls) validate() call {
	req := &tfprotov6.ValidateResourceConfigRequest{TypeName: tokenType, Config: c.config("bench")}
	return func(ctx context.Context) {
		resp, err := c.server.ValidateResourceConfig(ctx, req)
		c.succeeded(resp.Diagnostics, err)
	}
}

func (c *calls) upgrade() call {
	c.b.Helper()
	raw, err := json.Marshal(c.plainly(*c.instance.State))
	if err != nil {
		c.b.Fatal(err)
	}
	req := &tfprotov6.UpgradeResourceStateRequest{TypeName: tokenType, RawState: &tfprotov6.RawState{JSON: raw}}
	return func(ctx context.Context) {
		resp, err := c.server.UpgradeResourceState(ctx, req)
		c.succeeded(resp.Diagnostics, err)
	}
}

// plainly returns a value as it is encoded in a state file.
func (c *calls) plainly(value tftypes.Value) any {
	c.b.Helper()
	var text string
	var number big.Float
	var list []tftypes.Value
	var members map[string]tftypes.Value
	switch {
	case value.IsNull():
		return nil
	case value.As(&text) == nil:
		return text
	case value.As(&number) == nil:
		return json.Number(number.Text('f', -1))
	case value.As(&list) == nil:
		all := make([]any, len(list))
		for i := range list {
			all[i] = c.plainly(list[i])
		}
		return all
	case value.As(&members) == nil:
		all := map[string]any{}
		for name, member := range members {
			all[name] = c.plainly(member)
		}
		return all
	}
	c.b.Fatalf("no such value is in a state: %s", value)
	return nil
}

func (c *calls) importByID() call {
	req := &tfprotov6.ImportResourceStateRequest{TypeName: tokenType, ID: c.instance.Text("id")}
	return func(ctx context.Context) {
		resp, err := c.server.ImportResourceState(ctx, req)
		c.succeeded(resp.Diagnostics, err)
	}
}

func (c *calls) read() call {
	req := &tfprotov6.ReadResourceRequest{
		TypeName: tokenType, CurrentState: c.state(), Private: c.instance.Private, CurrentIdentity: c.instance.Identity,
	}
	return func(ctx context.Context) {
		resp, err := c.server.ReadResource(ctx, req)
		c.succeeded(resp.Diagnostics, err)
	}
}

// plan plans the change from prior to proposed, with the name in the configuration.
func (c *calls) plan(prior, proposed *tfprotov6.DynamicValue, name string) call {
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: tokenType, PriorState: prior, ProposedNewState: proposed, Config: c.config(name),
		PriorPrivate: c.instance.Private, PriorIdentity: c.instance.Identity,
	}
	return func(ctx context.Context) {
		resp, err := c.server.PlanResourceChange(ctx, req)
		c.succeeded(resp.Diagnostics, err)
	}
}

// without sends a call to the framework's own server.
func (c *calls) without(made call) call {
	return func(ctx context.Context) {
		served := c.server
		c.server = c.byFramework
		made(ctx)
		c.server = served
	}
}

// createAndDelete creates and deletes one token in each call, so that the number of tokens on the server stays the same.
func (c *calls) createAndDelete() call {
	return func(ctx context.Context) {
		config := c.config(fmt.Sprintf("bench-%d", c.names.Add(1)))
		planned, err := c.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: tokenType, PriorState: c.nothing(), ProposedNewState: config, Config: config,
		})
		c.succeeded(planned.Diagnostics, err)
		created, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
			TypeName: tokenType, PriorState: c.nothing(), PlannedState: planned.PlannedState, Config: config,
		})
		c.succeeded(created.Diagnostics, err)
		deleted, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
			TypeName: tokenType, PriorState: created.NewState, PlannedState: c.nothing(), Config: c.nothing(),
			PlannedPrivate: created.Private, PlannedIdentity: created.NewIdentity,
		})
		c.succeeded(deleted.Diagnostics, err)
	}
}

// update renames the token in each call.
func (c *calls) update() call {
	return func(ctx context.Context) {
		name := fmt.Sprintf("bench-%d", c.names.Add(1))
		resp, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
			TypeName: tokenType, PriorState: c.state(), Config: c.config(name), PlannedPrivate: c.instance.Private,
			PlannedState:    c.with(map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, name)}),
			PlannedIdentity: c.instance.Identity,
		})
		c.succeeded(resp.Diagnostics, err)
	}
}

// BenchmarkCall measures each call about one token through the protocol server. The times of create, update and delete include a
// request to a simulator in this process. Upgrading an identity is not measured: there is only one version, and Terraform does not
// upgrade the current one.
func BenchmarkCall(b *testing.B) {
	c := newCalls(b)
	renamed := map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, "renamed")}
	for _, test := range []struct {
		name string
		call call
	}{
		{"ValidateResourceConfig", c.validate()},
		{"UpgradeResourceState", c.upgrade()},
		{"ImportResourceState", c.importByID()},
		{"ReadResource", c.read()},
		{"PlanResourceChange create", c.plan(c.nothing(), c.config("bench"), "bench")},
		{"PlanResourceChange nothing/by=framework", c.without(c.plan(c.state(), c.state(), "bench"))},
		{"PlanResourceChange nothing/by=provider", c.plan(c.state(), c.state(), "bench")},
		{"PlanResourceChange update", c.plan(c.state(), c.with(renamed), "renamed")},
		{"PlanResourceChange destroy", c.plan(c.state(), c.nothing(), "bench")},
		{"ApplyResourceChange create and delete", c.createAndDelete()},
		{"ApplyResourceChange update", c.update()},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				test.call(b.Context())
			}
		})
	}
}
