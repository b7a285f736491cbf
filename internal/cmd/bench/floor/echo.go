// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// echo answers every call about resources with the values of the request. Its schemas are those of the embedded provider, so that the
// two cannot drift apart.
type echo struct {
	tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
	resources  map[string]replacers
	identity   *tfprotov6.ResourceIdentityData // of every token
}

// replacers edit the encoded object of a new resource without decoding it.
type replacers struct {
	plan  *strings.Replacer // makes null computed values unknown
	apply *strings.Replacer // gives unknown values a fixed value
}

const tokenType = "commvault_access_token"

// Encoded values in MessagePack, as in protocol 6.
const (
	null    = "\xc0"
	unknown = "\xd4\x00\x00"
)

// The fixed values are as long as those of the simulator, so that Terraform writes equally large states.
const (
	fixedText   = "2026-11-23T14:26:42Z"
	fixedNumber = 11
	fixedID     = "1001"
	fixedType   = "ALL"
)

var fixedSecret = strings.Repeat("0123456789", 7)

func newEcho(ctx context.Context, provider tfprotov6.ProviderServer) (*echo, error) {
	schemas, err := provider.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := provider.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	e := &echo{ProviderServer: provider, schemas: schemas, identities: identities, resources: map[string]replacers{}}
	if e.identity, err = newIdentity(identities.IdentitySchemas[tokenType]); err != nil {
		return nil, err
	}
	for name, schema := range schemas.ResourceSchemas {
		if e.resources[name], err = newReplacers(schema.Block.Attributes); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return e, nil
}

// newIdentity returns an identity of the same size as a token's: an id, and no user.
func newIdentity(schema *tfprotov6.ResourceIdentitySchema) (*tfprotov6.ResourceIdentityData, error) {
	types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
	for _, attribute := range schema.IdentityAttributes {
		types[attribute.Name] = attribute.Type
		values[attribute.Name] = tftypes.NewValue(attribute.Type, nil)
	}
	values["id"] = tftypes.NewValue(tftypes.String, fixedID)
	typ := tftypes.Object{AttributeTypes: types}
	data, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	return &tfprotov6.ResourceIdentityData{IdentityData: &data}, err
}

func newReplacers(attributes []*tfprotov6.SchemaAttribute) (replacers, error) {
	var plan, apply []string
	for _, attribute := range attributes {
		if !attribute.Computed {
			continue
		}
		key, err := encoded(tftypes.String, attribute.Name)
		if err != nil {
			return replacers{}, err
		}
		value, err := fixed(attribute)
		if err != nil {
			return replacers{}, err
		}
		plan = append(plan, key+null, key+unknown)
		apply = append(apply, key+unknown, key+value)
	}
	return replacers{plan: strings.NewReplacer(plan...), apply: strings.NewReplacer(apply...)}, nil
}

// fixed returns the value of an attribute after an apply. It is null if the attribute is neither text nor number.
func fixed(attribute *tfprotov6.SchemaAttribute) (string, error) {
	switch typ := attribute.ValueType(); {
	case typ.Is(tftypes.String) && attribute.Sensitive:
		return encoded(typ, fixedSecret)
	case attribute.Name == "id":
		return encoded(typ, fixedID)
	case attribute.Name == "type":
		return encoded(typ, fixedType)
	case typ.Is(tftypes.String):
		return encoded(typ, fixedText)
	case typ.Is(tftypes.Number):
		return encoded(typ, fixedNumber)
	default:
		return null, nil
	}
}

func encoded(typ tftypes.Type, value any) (string, error) {
	dynamic, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, value))
	return string(dynamic.MsgPack), err
}

func replaced(with *strings.Replacer, value *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	return &tfprotov6.DynamicValue{MsgPack: []byte(with.Replace(string(value.MsgPack)))}
}

func isNull(value *tfprotov6.DynamicValue) bool { return string(value.MsgPack) == null }

func (e *echo) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return e.schemas, nil
}

func (e *echo) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return e.identities, nil
}

func (*echo) ValidateProviderConfig(
	_ context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (*echo) ConfigureProvider(
	context.Context, *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (*echo) ValidateResourceConfig(
	context.Context, *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

// UpgradeResourceState returns the state in the form of the request.
func (*echo) UpgradeResourceState(
	_ context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
}

// UpgradeResourceIdentity returns the identity in the form of the request.
func (*echo) UpgradeResourceIdentity(
	_ context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return &tfprotov6.UpgradeResourceIdentityResponse{UpgradedIdentity: &tfprotov6.ResourceIdentityData{
		IdentityData: &tfprotov6.DynamicValue{JSON: req.RawIdentity.JSON},
	}}, nil
}

func (*echo) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
}

// PlanResourceChange returns Terraform's proposal. For an existing resource, the proposal already contains the computed values.
func (e *echo) PlanResourceChange(
	_ context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned := req.ProposedNewState
	if isNull(req.PriorState) {
		planned = replaced(e.resources[req.TypeName].plan, planned)
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: planned, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}, nil
}

func (e *echo) ApplyResourceChange(
	_ context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	applied, identity := req.PlannedState, req.PlannedIdentity
	if isNull(req.PriorState) {
		applied, identity = replaced(e.resources[req.TypeName].apply, applied), e.identity
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: applied, Private: req.PlannedPrivate, NewIdentity: identity}, nil
}
