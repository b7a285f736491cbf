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

// echo answers every call about resources with the values of the request. Its schema is that of the embedded provider, so that the two
// cannot drift apart.
type echo struct {
	tfprotov6.ProviderServer
	schemas   *tfprotov6.GetProviderSchemaResponse
	resources map[string]replacers
}

// replacers edit the encoded object of a new resource without decoding it.
type replacers struct {
	plan  *strings.Replacer // makes null computed values unknown
	apply *strings.Replacer // gives unknown values a fixed value
}

// Encoded values in MessagePack, as in protocol 6.
const (
	null    = "\xc0"
	unknown = "\xd4\x00\x00"
)

// The fixed values are as long as those of the simulator, so that Terraform writes equally large states.
const (
	fixedText   = "2026-11-23T14:26:42Z"
	fixedNumber = 11
)

var fixedSecret = strings.Repeat("0123456789", 7)

func newEcho(ctx context.Context, provider tfprotov6.ProviderServer) (*echo, error) {
	schemas, err := provider.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	e := &echo{ProviderServer: provider, schemas: schemas, resources: map[string]replacers{}}
	for name, schema := range schemas.ResourceSchemas {
		if e.resources[name], err = newReplacers(schema.Block.Attributes); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return e, nil
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

// UpgradeResourceIdentity returns no identity, because an echo has none.
func (*echo) UpgradeResourceIdentity(
	context.Context, *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return &tfprotov6.UpgradeResourceIdentityResponse{}, nil
}

func (*echo) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

// PlanResourceChange returns Terraform's proposal. For an existing resource, the proposal already contains the computed values.
func (e *echo) PlanResourceChange(
	_ context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned := req.ProposedNewState
	if isNull(req.PriorState) {
		planned = replaced(e.resources[req.TypeName].plan, planned)
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned, PlannedPrivate: req.PriorPrivate}, nil
}

func (e *echo) ApplyResourceChange(
	_ context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	applied := req.PlannedState
	if isNull(req.PriorState) {
		applied = replaced(e.resources[req.TypeName].apply, applied)
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: applied, Private: req.PlannedPrivate}, nil
}
