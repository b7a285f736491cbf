// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The server does not embed the framework's server. It implements every call, so that a call that a new version of the protocol adds
// cannot be forwarded with a context that is never released.

// Calls of the provider.

func (s *server) GetMetadata(
	ctx context.Context, req *tfprotov6.GetMetadataRequest,
) (*tfprotov6.GetMetadataResponse, error) {
	return call(ctx, s, req, s.calls.GetMetadata)
}

func (s *server) GetProviderSchema(
	ctx context.Context, req *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return call(ctx, s, req, s.calls.GetProviderSchema)
}

func (s *server) GetResourceIdentitySchemas(
	ctx context.Context, req *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return call(ctx, s, req, s.calls.GetResourceIdentitySchemas)
}

func (s *server) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateProviderConfig)
}

func (s *server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return call(ctx, s, req, s.calls.ConfigureProvider)
}

// StopProvider makes the framework cancel the contexts of all calls in progress.
func (s *server) StopProvider(
	ctx context.Context, req *tfprotov6.StopProviderRequest,
) (*tfprotov6.StopProviderResponse, error) {
	s.stops.Add(1)
	return call(ctx, s, req, s.calls.StopProvider)
}

// Calls of managed resources.

func (s *server) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if s.shortcuts != nil {
		if resp := s.shortcuts.UpgradeCurrent(req); resp != nil {
			return resp, nil
		}
	}
	return call(ctx, s, req, s.calls.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s, req, s.calls.UpgradeResourceIdentity)
}

func (s *server) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return call(ctx, s, req, s.calls.ReadResource)
}

func (s *server) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	if s.shortcuts != nil {
		if resp := s.shortcuts.PlanUnchanged(ctx, req); resp != nil {
			return resp, nil
		}
	}
	return call(ctx, s, req, s.calls.PlanResourceChange)
}

func (s *server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return call(ctx, s, req, s.calls.ApplyResourceChange)
}

func (s *server) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, s, req, s.calls.ImportResourceState)
}

func (s *server) MoveResourceState(
	ctx context.Context, req *tfprotov6.MoveResourceStateRequest,
) (*tfprotov6.MoveResourceStateResponse, error) {
	return call(ctx, s, req, s.calls.MoveResourceState)
}

func (s *server) GenerateResourceConfig(
	ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest,
) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return call(ctx, s, req, s.calls.GenerateResourceConfig)
}

// Calls of data sources.

func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return call(ctx, s, req, s.calls.ReadDataSource)
}

// Calls of functions.

func (s *server) GetFunctions(
	ctx context.Context, req *tfprotov6.GetFunctionsRequest,
) (*tfprotov6.GetFunctionsResponse, error) {
	return call(ctx, s, req, s.calls.GetFunctions)
}

func (s *server) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return call(ctx, s, req, s.calls.CallFunction)
}

// Calls of ephemeral resources.

func (s *server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateEphemeralResourceConfig)
}

func (s *server) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.calls.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(
	ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest,
) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.calls.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.calls.CloseEphemeralResource)
}

// Calls of list resources.

func (s *server) ValidateListResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest,
) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateListResourceConfig)
}

func (s *server) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	return stream(ctx, s, req, s.calls.ListResource, func(resp *tfprotov6.ListResourceServerStream) *iter.Seq[tfprotov6.ListResourceResult] {
		return &resp.Results
	})
}

// Calls of actions.

func (s *server) ValidateActionConfig(
	ctx context.Context, req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateActionConfig)
}

func (s *server) PlanAction(
	ctx context.Context, req *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	return call(ctx, s, req, s.calls.PlanAction)
}

func (s *server) InvokeAction(
	ctx context.Context, req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	return stream(ctx, s, req, s.calls.InvokeAction, func(resp *tfprotov6.InvokeActionServerStream) *iter.Seq[tfprotov6.InvokeActionEvent] {
		return &resp.Events
	})
}

// Calls of state stores.

func (s *server) ValidateStateStoreConfig(
	ctx context.Context, req *tfprotov6.ValidateStateStoreConfigRequest,
) (*tfprotov6.ValidateStateStoreConfigResponse, error) {
	return call(ctx, s, req, s.calls.ValidateStateStoreConfig)
}

func (s *server) ConfigureStateStore(
	ctx context.Context, req *tfprotov6.ConfigureStateStoreRequest,
) (*tfprotov6.ConfigureStateStoreResponse, error) {
	return call(ctx, s, req, s.calls.ConfigureStateStore)
}

func (s *server) ReadStateBytes(
	ctx context.Context, req *tfprotov6.ReadStateBytesRequest,
) (*tfprotov6.ReadStateBytesStream, error) {
	return stream(ctx, s, req, s.calls.ReadStateBytes, func(resp *tfprotov6.ReadStateBytesStream) *iter.Seq[tfprotov6.ReadStateByteChunk] {
		return &resp.Chunks
	})
}

func (s *server) WriteStateBytes(
	ctx context.Context, req *tfprotov6.WriteStateBytesStream,
) (*tfprotov6.WriteStateBytesResponse, error) {
	return call(ctx, s, req, s.calls.WriteStateBytes)
}

func (s *server) GetStates(
	ctx context.Context, req *tfprotov6.GetStatesRequest,
) (*tfprotov6.GetStatesResponse, error) {
	return call(ctx, s, req, s.calls.GetStates)
}

func (s *server) LockState(
	ctx context.Context, req *tfprotov6.LockStateRequest,
) (*tfprotov6.LockStateResponse, error) {
	return call(ctx, s, req, s.calls.LockState)
}

func (s *server) UnlockState(
	ctx context.Context, req *tfprotov6.UnlockStateRequest,
) (*tfprotov6.UnlockStateResponse, error) {
	return call(ctx, s, req, s.calls.UnlockState)
}

func (s *server) DeleteState(
	ctx context.Context, req *tfprotov6.DeleteStateRequest,
) (*tfprotov6.DeleteStateResponse, error) {
	return call(ctx, s, req, s.calls.DeleteState)
}
