// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package plugin is the process around the provider: what Terraform starts, and talks protocol 6 with. It knows nothing
// of what the provider offers.
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

// calls are all that Terraform may ask a server for. Lists, actions and state stores are not yet part of
// tfprotov6.ProviderServer, but looked for in the server: a wrapper without them would hide them.
type calls interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server hands everything on to the framework's server, with contexts that can be forgotten. The framework keeps the
// context of every call until the process ends, for a Stop that may come, and with it the loggers and what gRPC knows of
// the call: several KB (BenchmarkCall measures it), and several calls for each resource instance.
type server struct {
	calls calls
	// planner is nil if the provider is none.
	planner Planner
	// stops counts how often Terraform asked to stop what is under way.
	stops atomic.Int64
}

// Planner is a provider that knows without the framework how some plans turn out.
type Planner interface {
	// PlanUnchanged answers exactly as the framework would, or with nil: then the framework is asked.
	PlanUnchanged(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse
}

// NewServer gives the function that makes the server of p, in place of providerserver.NewProtocol6WithError.
func NewServer(p provider.Provider) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) {
		planner, _ := p.(Planner)
		return wrap(providerserver.NewProtocol6(p)(), planner)
	}
}

// wrap fails if the framework's server lacks calls that it has today.
func wrap(framework tfprotov6.ProviderServer, planner Planner) (tfprotov6.ProviderServer, error) {
	all, ok := framework.(calls)
	if !ok {
		return nil, fmt.Errorf("%T does not answer all calls of the protocol", framework)
	}
	return &server{calls: all, planner: planner}, nil
}

// begin gives a call its context, and the function that ends it when the call is over. After a Stop, the framework has
// let go of the contexts that it cancelled; they are left whole, so that what still winds up can log.
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

// call hands on a call that is over when it returns.
func call[Request, Response any](
	ctx context.Context, s *server, req Request, on func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, end := s.begin(ctx)
	defer end()
	return on(ctx, req)
}

// stream hands on a call that is over when all its items were read: only reading them makes them. Who stops reading
// leaves the rest of an action running, and therefore its context alone.
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
