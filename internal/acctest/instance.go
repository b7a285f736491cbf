// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Instance is a resource instance with the data that Terraform keeps between its runs. Its methods do what Terraform's core does for an
// instance without dependencies, and make the checks that core makes.
type Instance struct {
	T testing.TB
	// Env is where the provider runs, with the arguments Provider.
	Env      *Env
	Provider Arguments
	// Type is the type of the resource, such as commvault_access_token.
	Type string

	// State is nil if there is none.
	State    *tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
	Tainted  bool
}

// Plain returns an instance of commvault_access_token, for a provider that logs in.
func (w *Env) Plain(t testing.TB) *Instance {
	return &Instance{T: t, Env: w, Provider: w.LoginArguments(), Type: "commvault_access_token"}
}

// Rotating returns an instance of commvault_rotating_access_token, for a provider that logs in.
func (w *Env) Rotating(t testing.TB) *Instance {
	return &Instance{T: t, Env: w, Provider: w.LoginArguments(), Type: "commvault_rotating_access_token"}
}

// Action is the action of a plan.
type Action string

// The actions.
const (
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
	Noop    Action = "no-op"
)

// Plan is a plan, which may be saved and applied later.
type Plan struct {
	Action  Action
	Config  tftypes.Value
	Planned tftypes.Value
	private []byte
	// Unknown contains the names of the attributes that the plan shows as known after apply.
	Unknown []string
}

// Text returns a string attribute of the state, or "" if it is null.
func (i *Instance) Text(attribute string) string {
	i.T.Helper()
	var text string
	value := i.Attribute(attribute)
	if value.IsNull() {
		return ""
	}
	if err := value.As(&text); err != nil {
		i.T.Fatalf("%s is no string: %s", attribute, err)
	}
	return text
}

// Attribute returns an attribute of the state.
func (i *Instance) Attribute(name string) tftypes.Value {
	i.T.Helper()
	if i.State == nil {
		i.T.Fatalf("there is no state to take %s from", name)
	}
	return members(i.T, *i.State)[name]
}

func members(t testing.TB, object tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	values := map[string]tftypes.Value{}
	if object.IsNull() {
		return values
	}
	if err := object.As(&values); err != nil {
		t.Fatalf("not an object: %s", err)
	}
	return maps.Clone(values) // As returns the value's own map
}

// Refresh refreshes the state.
func (i *Instance) Refresh(ctx context.Context, p *Process) Diagnostics {
	i.T.Helper()
	if i.State == nil {
		return nil
	}
	block := p.schema.ResourceSchemas[i.Type].Block
	read := must(p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: i.Type, CurrentState: p.dynamic(block, *i.State), Private: i.Private, CurrentIdentity: i.Identity,
	}))(i.T)
	diagnostics := Diagnostics(read.Diagnostics)
	if diagnostics.Failed() {
		return diagnostics
	}
	state := p.decode(block, read.NewState)
	i.State, i.Private, i.Identity = &state, read.Private, read.NewIdentity
	if state.IsNull() {
		i.State, i.Private, i.Identity, i.Tainted = nil, nil, nil, false
	}
	return diagnostics
}

// Plan plans arguments. If they are nil, it plans to destroy.
func (i *Instance) Plan(ctx context.Context, p *Process, arguments Arguments) (*Plan, Diagnostics) {
	i.T.Helper()
	block := p.schema.ResourceSchemas[i.Type].Block
	if arguments == nil {
		if i.State == nil {
			return &Plan{Action: Noop}, nil
		}
		destroyed := tftypes.NewValue(block.ValueType(), nil)
		_, _, diagnostics := i.plan(ctx, p, i.State, destroyed)
		return &Plan{Action: Delete, Planned: destroyed}, diagnostics
	}
	config := p.object(block, arguments)
	validated := must(p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: i.Type, Config: p.dynamic(block, config),
	}))(i.T)
	diagnostics := Diagnostics(validated.Diagnostics)
	if diagnostics.Failed() {
		return nil, diagnostics
	}
	prior := i.State
	result := &Plan{Action: Update, Config: config}
	if prior == nil {
		result.Action = Create
	} else if i.Tainted {
		result.Action, prior = Replace, nil
	}
	planned, replace, more := i.plan(ctx, p, prior, config)
	diagnostics = append(diagnostics, more...)
	if diagnostics.Failed() {
		return nil, diagnostics
	}
	if result.Action == Update && i.replaces(replace, *prior, p.decode(block, planned.PlannedState)) {
		result.Action, prior = Replace, nil
		if planned, _, more = i.plan(ctx, p, nil, config); more.Failed() {
			return nil, append(diagnostics, more...)
		}
	}
	result.Planned = p.decode(block, planned.PlannedState)
	result.private = planned.PlannedPrivate
	if prior != nil && result.Planned.Equal(*prior) {
		result.Action = Noop
	}
	for name, value := range members(i.T, result.Planned) {
		if !value.IsFullyKnown() {
			result.Unknown = append(result.Unknown, name)
		}
	}
	return result, diagnostics
}

// plan requests a plan from prior, which is nil for a create.
func (i *Instance) plan(ctx context.Context, p *Process, prior *tftypes.Value, config tftypes.Value) (
	*tfprotov6.PlanResourceChangeResponse, []*tftypes.AttributePath, Diagnostics,
) {
	i.T.Helper()
	planned := must(p.server.PlanResourceChange(ctx, i.planRequest(p, prior, config)))(i.T)
	if said := Diagnostics(planned.Diagnostics); !said.Failed() && !config.IsNull() {
		block := p.schema.ResourceSchemas[i.Type].Block
		i.isValid(block, prior, config, p.decode(block, planned.PlannedState))
	}
	return planned, planned.RequiresReplace, planned.Diagnostics
}

// PlanRequest returns core's request for a plan of arguments from the state.
func (i *Instance) PlanRequest(p *Process, arguments Arguments) *tfprotov6.PlanResourceChangeRequest {
	i.T.Helper()
	return i.planRequest(p, i.State, p.object(p.schema.ResourceSchemas[i.Type].Block, arguments))
}

func (i *Instance) planRequest(p *Process, prior *tftypes.Value, config tftypes.Value) *tfprotov6.PlanResourceChangeRequest {
	i.T.Helper()
	block := p.schema.ResourceSchemas[i.Type].Block
	null := tftypes.NewValue(block.ValueType(), nil)
	before, private := null, []byte(nil)
	if prior != nil {
		before, private = *prior, i.Private
	}
	return &tfprotov6.PlanResourceChangeRequest{
		TypeName:         i.Type,
		PriorState:       p.dynamic(block, before),
		ProposedNewState: p.dynamic(block, proposed(i.T, block, before, config)),
		Config:           p.dynamic(block, config),
		PriorPrivate:     private,
		PriorIdentity:    i.Identity,
	}
}

// proposed returns core's proposal: the configured values, and the state's values for computed attributes that are not configured.
func proposed(t testing.TB, block *tfprotov6.SchemaBlock, prior, config tftypes.Value) tftypes.Value {
	t.Helper()
	if config.IsNull() {
		return config
	}
	values, before := members(t, config), members(t, prior)
	for _, attribute := range block.Attributes {
		if attribute.Computed && values[attribute.Name].IsNull() && !prior.IsNull() {
			values[attribute.Name] = before[attribute.Name]
		}
	}
	return tftypes.NewValue(block.ValueType(), values)
}

// ApplyPlan applies a plan. The process and the time may differ from those of the plan.
func (i *Instance) ApplyPlan(ctx context.Context, p *Process, plan *Plan) Diagnostics {
	i.T.Helper()
	return i.applyPlan(ctx, p, plan, plan.Config, false)
}

// ApplyResolved is like ApplyPlan, with the final values of the arguments that were unknown in the plan. If createFirst is set, a
// replacement is created before the old token is destroyed.
func (i *Instance) ApplyResolved(ctx context.Context, p *Process, plan *Plan, arguments Arguments, createFirst bool) Diagnostics {
	i.T.Helper()
	return i.applyPlan(ctx, p, plan, p.object(p.schema.ResourceSchemas[i.Type].Block, arguments), createFirst)
}

func (i *Instance) applyPlan(ctx context.Context, p *Process, plan *Plan, config tftypes.Value, createFirst bool) Diagnostics {
	i.T.Helper()
	block := p.schema.ResourceSchemas[i.Type].Block
	var diagnostics Diagnostics
	if plan.Action == Noop {
		return nil
	}
	var deposed *Instance
	if plan.Action == Replace && createFirst {
		old := *i
		deposed = &old
		i.State, i.Private, i.Identity, i.Tainted = nil, nil, nil, false
	} else if plan.Action == Delete || plan.Action == Replace {
		if diagnostics = i.destroy(ctx, p); diagnostics.Failed() || plan.Action == Delete {
			return diagnostics
		}
	}
	validated := must(p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: i.Type, Config: p.dynamic(block, config),
	}))(i.T)
	if diagnostics = append(diagnostics, validated.Diagnostics...); diagnostics.Failed() {
		return diagnostics
	}
	again, replace, more := i.plan(ctx, p, i.State, config)
	if diagnostics = append(diagnostics, more...); diagnostics.Failed() {
		return diagnostics
	}
	planned := p.decode(block, again.PlannedState)
	if i.State != nil && i.replaces(replace, *i.State, planned) {
		return append(diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: PlannedActionChanged,
			Detail: fmt.Sprintf("%s, of %s: it has become a replacement", plan.Action, i.Type),
		})
	}
	i.isRefinement(plan.Planned, planned, "inconsistent final plan")
	if i.State == nil || !planned.Equal(*i.State) {
		diagnostics = append(diagnostics, i.apply(ctx, p, &Plan{
			Action: plan.Action, Config: config, Planned: planned, private: again.PlannedPrivate,
		})...)
	}
	if deposed != nil && !diagnostics.Failed() {
		diagnostics = append(diagnostics, deposed.destroy(ctx, p)...)
	}
	return diagnostics
}

// PlannedActionChanged is the summary of core's error when the second plan replaces a resource that the first plan updated in place.
const PlannedActionChanged = "Provider produced inconsistent final plan"

func (i *Instance) destroy(ctx context.Context, p *Process) Diagnostics {
	i.T.Helper()
	null := tftypes.NewValue(p.schema.ResourceSchemas[i.Type].Block.ValueType(), nil)
	return i.apply(ctx, p, &Plan{Action: Delete, Planned: null, Config: null, private: i.Private})
}

func (i *Instance) apply(ctx context.Context, p *Process, plan *Plan) Diagnostics {
	i.T.Helper()
	block := p.schema.ResourceSchemas[i.Type].Block
	before := tftypes.NewValue(block.ValueType(), nil)
	if i.State != nil {
		before = *i.State
	}
	applied := must(p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        i.Type,
		PriorState:      p.dynamic(block, before),
		PlannedState:    p.dynamic(block, plan.Planned),
		Config:          p.dynamic(block, plan.Config),
		PlannedPrivate:  plan.private,
		PlannedIdentity: i.Identity,
	}))(i.T)
	diagnostics := Diagnostics(applied.Diagnostics)
	created := i.State == nil
	state := p.decode(block, applied.NewState)
	i.State, i.Private, i.Identity = &state, applied.Private, applied.NewIdentity
	if state.IsNull() {
		i.State, i.Private, i.Identity, i.Tainted = nil, nil, nil, false
	} else {
		i.Tainted = created && diagnostics.Failed() || !created && i.Tainted
	}
	if !diagnostics.Failed() {
		i.isRefinement(plan.Planned, state, "inconsistent result after apply")
		if !state.IsFullyKnown() {
			i.T.Errorf("the state holds unknown values after the apply: %s", state)
		}
	}
	return diagnostics
}

// Run is the result of a full run of Terraform.
type Run struct {
	Action Action
	Plan   *Plan
	Diagnostics
}

// Apply does what terraform apply does: it refreshes and plans in one process, and applies in another. If arguments is nil, it
// destroys.
func (i *Instance) Apply(ctx context.Context, arguments Arguments) Run {
	i.T.Helper()
	planning := i.Env.Start(ctx, i.T, i.Provider)
	run := Run{Diagnostics: i.Refresh(ctx, planning)}
	if run.Failed() {
		return run
	}
	var more Diagnostics
	run.Plan, more = i.Plan(ctx, planning, arguments)
	run.Diagnostics = append(run.Diagnostics, more...)
	if run.Failed() {
		return run
	}
	if run.Action = run.Plan.Action; run.Action == Noop {
		return run
	}
	run.Diagnostics = append(run.Diagnostics, i.ApplyPlan(ctx, i.Env.Start(ctx, i.T, i.Provider), run.Plan)...)
	return run
}

// MustApply applies arguments, and expects an action without errors.
func (i *Instance) MustApply(ctx context.Context, want Action, arguments Arguments) Run {
	i.T.Helper()
	run := i.Apply(ctx, arguments)
	if run.Failed() {
		i.T.Fatalf("the apply failed: %s", run.Errors())
	}
	if run.Action != want {
		i.T.Fatalf("the plan was to %s, want %s", run.Action, want)
	}
	return run
}

// ID returns the id of the token in the state.
func (i *Instance) ID() int64 {
	i.T.Helper()
	attribute := "id"
	if i.Type == "commvault_rotating_access_token" {
		attribute = "access_token_id"
	}
	var id int64
	if _, err := fmt.Sscan(i.Text(attribute), &id); err != nil {
		i.T.Fatalf("the id in the state is %q", i.Text(attribute))
	}
	return id
}
