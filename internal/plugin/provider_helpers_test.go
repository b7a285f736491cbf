// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// small is a provider with a resource, a list resource and an action, all named small_thing. They only call do.
type small struct {
	provider.Provider
	// do is called by Read with nil, by the list for its results, and by the action for its progress. Each call of more sends one item.
	// In a list, more reports whether another item is wanted.
	do func(ctx context.Context, more func() bool)
}

func (p *small) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "small"
}

func (p *small) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *small) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (p *small) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &thing{do: p.do} }}
}

func (p *small) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *small) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return &things{do: p.do} }}
}

func (p *small) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return &act{do: p.do} }}
}

type thing struct {
	resource.Resource
	do func(context.Context, func() bool)
}

func (*thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "small_thing"
}

func (*thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}}
}

func (*thing) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{"id": identityschema.StringAttribute{RequiredForImport: true}},
	}
}

func (r *thing) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	tflog.Trace(ctx, "reading")
	r.do(ctx, nil)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), "1")...)
}

type things struct {
	list.ListResource
	do func(context.Context, func() bool)
}

func (*things) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "small_thing"
}

func (*things) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listschema.Schema{}
}

func (l *things) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		l.do(ctx, func() bool { return push(req.NewListResult(ctx)) })
	}
}

type act struct {
	action.Action
	do func(context.Context, func() bool)
}

func (*act) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "small_thing"
}

func (*act) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{}
}

func (a *act) Invoke(ctx context.Context, _ action.InvokeRequest, resp *action.InvokeResponse) {
	a.do(ctx, func() bool {
		resp.SendProgress(action.InvokeProgressEvent{Message: "under way"})
		return true
	})
}

// everything contains all calls that Terraform may send.
type everything interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// all returns the server with the calls that Terraform finds by a type assertion.
func all(t testing.TB, server tfprotov6.ProviderServer) everything {
	t.Helper()
	calls, ok := server.(everything)
	if !ok {
		t.Fatalf("%T lacks calls", server)
	}
	return calls
}

// kinds are the calls that run do: either immediately or while their items are read. take receives each item and reports whether to
// continue.
var kinds = map[string]func(ctx context.Context, server everything, take func() bool) error{
	"read": func(ctx context.Context, server everything, _ func() bool) error {
		object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
		state, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
			"id": tftypes.NewValue(tftypes.String, "1"),
		}))
		if err != nil {
			return err
		}
		_, err = server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "small_thing", CurrentState: &state})
		return err
	},
	"list": func(ctx context.Context, server everything, take func() bool) error {
		stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: "small_thing", Config: nothing()})
		if err != nil {
			return err
		}
		for range stream.Results {
			if !take() {
				break
			}
		}
		return nil
	},
	"action": func(ctx context.Context, server everything, take func() bool) error {
		stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: "small_thing", Config: nothing()})
		if err != nil {
			return err
		}
		for range stream.Events {
			if !take() {
				break
			}
		}
		return nil
	},
}

// onwards accepts all items.
func onwards() bool { return true }

// nothing returns a configuration without arguments.
func nothing() *tfprotov6.DynamicValue {
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{}))
	if err != nil {
		panic(err) // the input is constant
	}
	return &value
}
