// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// isWriteOnly reports whether an argument is write-only, by its name. Its version has the suffix _version.
func isWriteOnly(argument string) bool { return strings.HasSuffix(argument, "_wo") }

func (o *other) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned, err := o.withoutWriteOnly(req.TypeName, req.ProposedNewState)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned}, err
}

// ApplyResourceChange keeps the prior state if the store refuses a value.
func (o *other) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if err := o.deliver(ctx, req); err != nil {
		return notStored(req.PriorState, err), nil
	}
	planned, err := o.withoutWriteOnly(req.TypeName, req.PlannedState)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: planned}, err
}

// notStored is the answer to an apply whose value the store refused.
func notStored(prior *tfprotov6.DynamicValue, err error) *tfprotov6.ApplyResourceChangeResponse {
	return &tfprotov6.ApplyResourceChangeResponse{NewState: prior, Diagnostics: []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "Not stored", Detail: err.Error(),
	}}}
}

// deliver sends the write-only values of a resource to the store, each as the body of a POST: when the resource is created, and
// when the version of the value changes. Providers of secret stores do the same. They cannot be built here: the module proxy
// has none of their releases with write-only arguments, and each needs its server.
func (o *other) deliver(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) error {
	if o.shapes.Store == "" {
		return nil
	}
	var prior, planned, config map[string]tftypes.Value
	for into, from := range map[*map[string]tftypes.Value]*tfprotov6.DynamicValue{
		&prior: req.PriorState, &planned: req.PlannedState, &config: req.Config,
	} {
		values, err := o.values(req.TypeName, from)
		if err != nil {
			return err
		}
		*into = values
	}
	if planned == nil {
		return nil // the resource is destroyed
	}
	for name, value := range config {
		version := name + "_version"
		if !isWriteOnly(name) || value.IsNull() || prior != nil && prior[version].Equal(planned[version]) {
			continue
		}
		var text string
		if err := value.As(&text); err != nil {
			return err
		}
		if err := post(ctx, o.shapes.Store, text); err != nil {
			return err
		}
	}
	return nil
}

func post(ctx context.Context, to, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the store answered %s", resp.Status)
	}
	return nil
}

// values are the attributes of a resource, nil if there is none.
func (o *other) values(typeName string, encoded *tfprotov6.DynamicValue) (map[string]tftypes.Value, error) {
	object, err := encoded.Unmarshal(o.shapes.Resources[typeName].block().ValueType())
	if err != nil || object.IsNull() {
		return nil, err
	}
	values := map[string]tftypes.Value{}
	return values, object.As(&values)
}

// withoutWriteOnly is a state in which write-only arguments are null: the CLI refuses any other.
func (o *other) withoutWriteOnly(typeName string, encoded *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	values, err := o.values(typeName, encoded)
	if err != nil || values == nil {
		return encoded, err
	}
	for name := range values {
		if isWriteOnly(name) {
			values[name] = tftypes.NewValue(tftypes.DynamicPseudoType, nil)
		}
	}
	objects := o.shapes.Resources[typeName].block().ValueType()
	stripped, err := tfprotov6.NewDynamicValue(objects, tftypes.NewValue(objects, values))
	return &stripped, err
}
