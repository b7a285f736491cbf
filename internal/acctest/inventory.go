// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The calls of Terraform 1.14 to the list resource and the action, whatever CLI is installed.

const (
	listType   = "commvault_access_token"
	actionType = "commvault_revoke_access_token"
)

// Query is the configuration of a list block.
type Query struct {
	Arguments       Arguments
	IncludeResource bool
	// Limit is the maximum number of results.
	Limit int64
}

// Listed is a result of a query.
type Listed struct {
	Name     string
	Identity *tfprotov6.ResourceIdentityData
	Resource *tftypes.Value // nil if it was not requested
}

// List validates a query and iterates over its results until each returns false. It returns the diagnostics of the validation and of
// the stream.
func (p *Process) List(ctx context.Context, query Query, each func(Listed) bool) Diagnostics {
	p.t.Helper()
	block := p.schema.ListResourceSchemas[listType].Block
	config := p.dynamic(block, p.object(block, query.Arguments))
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider lists nothing")
	}
	validated := must(server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: listType, Config: config,
	}))(p.t)
	diagnostics := Diagnostics(validated.Diagnostics)
	if diagnostics.Failed() {
		return diagnostics
	}
	stream := must(server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: listType, Config: config, IncludeResource: query.IncludeResource, Limit: query.Limit,
	}))(p.t)
	for result := range stream.Results {
		diagnostics = append(diagnostics, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		listed := Listed{Name: result.DisplayName, Identity: result.Identity}
		if result.Resource != nil {
			value := p.decode(p.schema.ResourceSchemas[listType].Block, result.Resource)
			listed.Resource = &value
		}
		if !each(listed) {
			break
		}
	}
	return diagnostics
}

// Settable returns the arguments that Terraform generates from a resource: those that a configuration may set and that are not null.
func (p *Process) Settable(resource tftypes.Value) Arguments {
	p.t.Helper()
	values := members(p.t, resource)
	arguments := Arguments{}
	for _, attribute := range p.schema.ResourceSchemas[listType].Block.Attributes {
		if value := values[attribute.Name]; !value.IsNull() && (attribute.Optional || attribute.Required) {
			arguments[attribute.Name] = value
		}
	}
	return arguments
}

// Invoke validates, plans and invokes the action.
func (p *Process) Invoke(ctx context.Context, arguments Arguments) (progress []string, diagnostics Diagnostics) {
	p.t.Helper()
	block := p.schema.ActionSchemas[actionType].Schema.Block
	config := p.dynamic(block, p.object(block, arguments))
	server, ok := p.server.(tfprotov6.ActionServer)
	if !ok {
		p.t.Fatal("the provider has no actions")
	}
	validated := must(server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: config}))(p.t)
	if diagnostics = validated.Diagnostics; diagnostics.Failed() {
		return nil, diagnostics
	}
	planned := must(server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: actionType, Config: config}))(p.t)
	if diagnostics = append(diagnostics, planned.Diagnostics...); diagnostics.Failed() {
		return nil, diagnostics
	}
	stream := must(server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: config}))(p.t)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = append(diagnostics, event.Diagnostics...)
		}
	}
	return progress, diagnostics
}

// Import imports by an identity and reads the resource.
func (i *Instance) Import(ctx context.Context, p *Process, identity *tfprotov6.ResourceIdentityData) Diagnostics {
	i.T.Helper()
	return i.imports(ctx, p, &tfprotov6.ImportResourceStateRequest{TypeName: i.Type, Identity: identity})
}

// ImportByID imports by an id, as terraform import and an import block do, and reads the resource.
func (i *Instance) ImportByID(ctx context.Context, p *Process, id string) Diagnostics {
	i.T.Helper()
	return i.imports(ctx, p, &tfprotov6.ImportResourceStateRequest{TypeName: i.Type, ID: id})
}

func (i *Instance) imports(ctx context.Context, p *Process, req *tfprotov6.ImportResourceStateRequest) Diagnostics {
	i.T.Helper()
	imported := must(p.server.ImportResourceState(ctx, req))(i.T)
	diagnostics := Diagnostics(imported.Diagnostics)
	if diagnostics.Failed() {
		return diagnostics
	}
	one := imported.ImportedResources[0]
	state := p.decode(p.schema.ResourceSchemas[i.Type].Block, one.State)
	i.State, i.Private, i.Identity = &state, one.Private, one.Identity
	return append(diagnostics, i.Refresh(ctx, p)...)
}

// Identity returns the id and the owner in an identity. The owner is 0 if there is none.
func Identity(t testing.TB, identity *tfprotov6.ResourceIdentityData) (id string, userID int64) {
	t.Helper()
	value, err := identity.IdentityData.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id": tftypes.String, "user_id": tftypes.Number,
	}})
	if err != nil {
		t.Fatalf("the identity cannot be decoded: %s", err)
	}
	values := members(t, value)
	if err := values["id"].As(&id); err != nil {
		t.Fatalf("the identity has no id: %s", err)
	}
	if owner := (*big.Float)(nil); values["user_id"].As(&owner) == nil && owner != nil {
		userID, _ = owner.Int64()
	}
	return id, userID
}
