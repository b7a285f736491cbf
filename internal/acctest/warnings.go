// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Warnings collects the warnings of a provider. The testing framework runs the CLI and drops its output except for errors.
type Warnings struct {
	mu       sync.Mutex
	warnings []Warning
}

// Warning is a warning of a provider.
type Warning struct {
	Call      string // of the protocol, such as "apply"
	Attribute string // "" if it has no attribute
	Summary   string
	Detail    string
}

// ProvidersWithWarnings is like Providers. It also returns the warnings of these providers, which it adds later. Lists and actions are not served.
func (w *Env) ProvidersWithWarnings() (map[string]func() (tfprotov6.ProviderServer, error), *Warnings) {
	warnings := &Warnings{}
	factories := w.Providers()
	for name, factory := range factories {
		factories[name] = func() (tfprotov6.ProviderServer, error) {
			server, err := factory()
			return warningServer{server, warnings}, err
		}
	}
	return factories, warnings
}

// Warnings returns the warnings since the last Forget, in order.
func (h *Warnings) Warnings() []Warning {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Warning{}, h.warnings...)
}

// Forget drops the collected warnings, so that a step sees only its own.
func (h *Warnings) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.warnings = nil
}

// Exactly checks that these warnings occurred since the last Forget, and no others. A wanted Detail may be a part of the actual one.
func (h *Warnings) Exactly(want ...Warning) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := h.Warnings()
		if len(got) != len(want) {
			return fmt.Errorf("%d warnings were given, want %d: %+v", len(got), len(want), got)
		}
		for i := range want {
			g := got[i]
			if g.Call != want[i].Call || g.Attribute != want[i].Attribute || g.Summary != want[i].Summary ||
				!Says(want[i].Detail).MatchString(g.Detail) {
				return fmt.Errorf("the warning %d is\n%+v, want\n%+v", i, g, want[i])
			}
		}
		return nil
	}
}

// warningServer is a provider server whose warnings are collected.
type warningServer struct {
	tfprotov6.ProviderServer
	warnings *Warnings
}

func (h *Warnings) note(call string, diagnostics []*tfprotov6.Diagnostic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range diagnostics {
		if d.Severity != tfprotov6.DiagnosticSeverityWarning {
			continue
		}
		warning := Warning{Call: call, Summary: d.Summary, Detail: d.Detail}
		if d.Attribute != nil {
			if steps := d.Attribute.Steps(); len(steps) > 0 {
				warning.Attribute = fmt.Sprint(steps[0])
			}
		}
		h.warnings = append(h.warnings, warning)
	}
}

func (o warningServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := o.ProviderServer.ConfigureProvider(ctx, req)
	if resp != nil {
		o.warnings.note("configure", resp.Diagnostics)
	}
	return resp, err
}

func (o warningServer) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := o.ProviderServer.ReadResource(ctx, req)
	if resp != nil {
		o.warnings.note("read", resp.Diagnostics)
	}
	return resp, err
}

func (o warningServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := o.ProviderServer.PlanResourceChange(ctx, req)
	if resp != nil {
		o.warnings.note("plan", resp.Diagnostics)
	}
	return resp, err
}

func (o warningServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := o.ProviderServer.ApplyResourceChange(ctx, req)
	if resp != nil {
		o.warnings.note("apply", resp.Diagnostics)
	}
	return resp, err
}
