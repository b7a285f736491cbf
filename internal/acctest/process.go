// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// Process is one process of the provider, which is called over protocol 6 as Terraform does: an apply plans in one process and applies
// in another. It suits tests that need thousands of runs, or a fault at one particular call.
type Process struct {
	t      testing.TB
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

// Unknown is a value that is unknown until apply.
const Unknown = unknown("unknown")

type unknown string

// Arguments are the values of a configuration. Omitted arguments are null.
type Arguments map[string]any

// LoginArguments configure the provider to log in as the simulator's first account.
func (w *Env) LoginArguments() Arguments {
	arguments := Arguments{"host": w.URL(), "username": w.Username(), "password": w.Password()}
	if certificate := w.CACertificate(); certificate != "" {
		arguments["ca_certificate"] = certificate
	}
	return arguments
}

// Start starts a process with a configured provider.
func (w *Env) Start(ctx context.Context, t testing.TB, arguments Arguments) *Process {
	t.Helper()
	server, err := w.Providers()["commvault"]()
	if err != nil {
		t.Fatalf("the provider does not start: %s", err)
	}
	return StartServer(ctx, t, server, arguments)
}

// StartServer starts a process with an existing server of the provider, and configures it.
func StartServer(ctx context.Context, t testing.TB, server tfprotov6.ProviderServer, arguments Arguments) *Process {
	t.Helper()
	p := &Process{t: t, server: server, schema: schema()}
	p.succeeded("GetProviderSchema", p.schema.Diagnostics)
	configured := must(server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4",
		Config:           p.dynamic(p.schema.Provider.Block, p.object(p.schema.Provider.Block, arguments)),
	}))(t)
	p.succeeded("ConfigureProvider", configured.Diagnostics)
	return p
}

// Server returns the provider's server, for calls that Process has no method for.
func (p *Process) Server() tfprotov6.ProviderServer { return p.server }

// ReadData validates and reads a data source, and returns its attributes.
func (p *Process) ReadData(ctx context.Context, name string, arguments Arguments) (map[string]tftypes.Value, Diagnostics) {
	p.t.Helper()
	block := p.schema.DataSourceSchemas[name].Block
	config := p.dynamic(block, p.object(block, arguments))
	validated := must(p.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: config,
	}))(p.t)
	if diagnostics := Diagnostics(validated.Diagnostics); diagnostics.Failed() {
		return nil, diagnostics
	}
	read := must(p.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config}))(p.t)
	if diagnostics := Diagnostics(read.Diagnostics); diagnostics.Failed() {
		return nil, diagnostics
	}
	return members(p.t, p.decode(block, read.State)), read.Diagnostics
}

// schema returns the provider's schema. It is requested only once because tests start thousands of processes.
var schema = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	server := providerserver.NewProtocol6(provider.New("test")())()
	response, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return response
})

func must[R any](response R, err error) func(testing.TB) R {
	return func(t testing.TB) R {
		t.Helper()
		if err != nil {
			t.Fatalf("the provider does not answer: %s", err)
		}
		return response
	}
}

func (p *Process) succeeded(call string, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			p.t.Fatalf("%s: %s: %s", call, d.Summary, d.Detail)
		}
	}
}

// object returns the configuration with arguments.
func (p *Process) object(block *tfprotov6.SchemaBlock, arguments Arguments) tftypes.Value {
	p.t.Helper()
	values := map[string]tftypes.Value{}
	for _, attribute := range block.Attributes {
		values[attribute.Name] = p.value(attribute.ValueType(), arguments[attribute.Name])
	}
	for name := range arguments {
		if _, known := values[name]; !known {
			p.t.Fatalf("there is no argument %s", name)
		}
	}
	return tftypes.NewValue(block.ValueType(), values)
}

func (p *Process) value(typ tftypes.Type, given any) tftypes.Value {
	p.t.Helper()
	switch given := given.(type) {
	case tftypes.Value:
		return given
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []string:
		elements := make([]tftypes.Value, 0, len(given))
		for _, text := range given {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		return tftypes.NewValue(typ, elements)
	case map[string]string:
		elements := map[string]tftypes.Value{}
		for key, text := range given {
			elements[key] = tftypes.NewValue(tftypes.String, text)
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, given)
	}
}

func (p *Process) dynamic(block *tfprotov6.SchemaBlock, value tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(block.ValueType(), value)
	if err != nil {
		p.t.Fatalf("the value cannot be encoded: %s", err)
	}
	return &encoded
}

func (p *Process) decode(block *tfprotov6.SchemaBlock, encoded *tfprotov6.DynamicValue) tftypes.Value {
	p.t.Helper()
	if encoded == nil {
		return tftypes.NewValue(block.ValueType(), nil)
	}
	value, err := encoded.Unmarshal(block.ValueType())
	if err != nil {
		p.t.Fatalf("the provider's value cannot be decoded: %s", err)
	}
	return value
}

// Diagnostics are the diagnostics of the provider.
type Diagnostics []*tfprotov6.Diagnostic

// Failed reports whether there is an error.
func (d Diagnostics) Failed() bool { return d.text(tfprotov6.DiagnosticSeverityError) != "" }

// Errors returns the errors, with summary and detail.
func (d Diagnostics) Errors() string { return d.text(tfprotov6.DiagnosticSeverityError) }

// Warnings returns the warnings, with summary and detail.
func (d Diagnostics) Warnings() string { return d.text(tfprotov6.DiagnosticSeverityWarning) }

func (d Diagnostics) text(severity tfprotov6.DiagnosticSeverity) string {
	var texts []string
	for _, diagnostic := range d {
		if diagnostic.Severity == severity {
			texts = append(texts, fmt.Sprintf("%s: %s (%s)", diagnostic.Summary, diagnostic.Detail, diagnostic.Attribute))
		}
	}
	return strings.Join(texts, "\n")
}
