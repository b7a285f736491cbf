// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package plugin runs the provider as a plugin process that speaks protocol 6 with Terraform. It does not depend on the provider's
// resources.
package plugin

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// calls contains all calls that Terraform may send. Lists, actions and state stores are not yet part of tfprotov6.ProviderServer.
// Terraform finds them by a type assertion, so a wrapper without them would hide them.
type calls interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server forwards all calls to the framework's server, with contexts that can be released. The framework retains the context of every
// call until the process ends, in case of a Stop. Each context retains the loggers and gRPC's data about the call: several KB
// (BenchmarkCall measures it), with several calls for each resource instance.
type server struct {
	calls calls
	// shortcuts is nil if the provider does not implement Shortcuts.
	shortcuts Shortcuts
	// stops counts the Stop requests of Terraform.
	stops atomic.Int64
}

// Shortcuts is a provider that can answer some calls without the framework. Each method returns the same response as the framework, or
// nil to leave the call to the framework.
type Shortcuts interface {
	PlanUnchanged(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse
	UpgradeCurrent(req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse
}

// NewServer returns a function that creates the server of p. It replaces providerserver.NewProtocol6WithError.
func NewServer(p provider.Provider) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) {
		shortcuts, _ := p.(Shortcuts)
		return wrap(providerserver.NewProtocol6(p)(), shortcuts)
	}
}

// wrap returns an error if the framework's server lacks one of the calls.
func wrap(framework tfprotov6.ProviderServer, shortcuts Shortcuts) (tfprotov6.ProviderServer, error) {
	all, ok := framework.(calls)
	if !ok {
		return nil, fmt.Errorf("%T does not implement all calls of the protocol", framework)
	}
	return &server{calls: all, shortcuts: shortcuts}, nil
}

// begin returns the context of a call, and the function that releases it when the call is over. After a Stop, the framework has already
// released the contexts that it cancelled. They stay usable, so that calls can log while they finish.
func (s *server) begin(ctx context.Context) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	forgettable := newCallContext(ctx)
	before := s.stops.Load()
	return forgettable, func() {
		cancel()
		if s.stops.Load() == before {
			forgettable.forget()
		}
	}
}

// call forwards a call that is over when it returns.
func call[Request, Response any](
	ctx context.Context, s *server, req Request, on func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, end := s.begin(ctx)
	defer end()
	return on(ctx, req)
}

// stream forwards a call that is over when all its items have been read, because reading produces them. If the reader stops early, the
// rest of an action continues to run. In that case its context is not released.
func stream[Request, Response, Item any](
	ctx context.Context, s *server, req Request, on func(context.Context, Request) (*Response, error),
	items func(*Response) *iter.Seq[Item],
) (*Response, error) {
	ctx, end := s.begin(ctx)
	resp, err := on(ctx, req)
	if err != nil {
		end()
		return resp, err
	}
	field := items(resp)
	made := *field
	*field = func(yield func(Item) bool) {
		for item := range made {
			if !yield(item) {
				return
			}
		}
		end()
	}
	return resp, nil
}
