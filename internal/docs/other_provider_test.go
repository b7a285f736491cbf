// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schemaFile is beside the program that serves another provider.
const schemaFile = "shapes.json"

// install puts a provider of these shapes into a directory: this test's own program under another name, see TestMain.
func (s *shapes) install(t *testing.T, dir, program string) {
	t.Helper()
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, schemaFile, string(encoded))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(dir, program)); err != nil {
		t.Fatal(err)
	}
}

// serveOther is what this program does when a CLI starts it by the name of a provider.
func serveOther(program string) error {
	encoded, err := os.ReadFile(filepath.Join(filepath.Dir(program), schemaFile))
	if err != nil {
		return err
	}
	var s shapes
	if err := json.Unmarshal(encoded, &s); err != nil {
		return err
	}
	return tf6server.Serve("example.com/other/other", func() tfprotov6.ProviderServer {
		return &other{providerserver.NewProtocol6(nothing{})(), &s}
	})
}

// other is a provider that accepts what its shapes say. Its resources are what the configuration says; its data sources
// return the answers, and its write-only values go to the store.
type other struct {
	tfprotov6.ProviderServer
	shapes *shapes
}

func (o *other) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	schemas := func(all map[string]*shape) map[string]*tfprotov6.Schema {
		schemas := map[string]*tfprotov6.Schema{}
		for name, s := range all {
			schemas[name] = &tfprotov6.Schema{Block: s.block()}
		}
		return schemas
	}
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:                 &tfprotov6.Schema{Block: o.shapes.Provider.block()},
		ResourceSchemas:          schemas(o.shapes.Resources),
		DataSourceSchemas:        schemas(o.shapes.Data),
		EphemeralResourceSchemas: schemas(o.shapes.Ephemerals),
	}, nil
}

func (s *shape) block() *tfprotov6.SchemaBlock {
	block := &tfprotov6.SchemaBlock{}
	for _, name := range s.Arguments {
		block.Attributes = append(block.Attributes, &tfprotov6.SchemaAttribute{
			Name: name, Type: tftypes.DynamicPseudoType, Optional: true, WriteOnly: isWriteOnly(name),
		})
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(s.Reads))) {
		if slices.Contains(s.Arguments, name) {
			continue // that another block sets
		}
		block.Attributes = append(block.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: tftypes.DynamicPseudoType, Computed: true})
	}
	for name, nested := range s.Blocks {
		block.BlockTypes = append(block.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Nesting: tfprotov6.SchemaNestedBlockNestingModeList, Block: nested.block(),
		})
	}
	return block
}

func (*other) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState}, nil
}

func (o *other) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	objects := o.shapes.Resources[req.TypeName].block().ValueType()
	state, err := req.RawState.Unmarshal(objects)
	if err != nil {
		return nil, err
	}
	encoded, err := tfprotov6.NewDynamicValue(objects, state)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &encoded}, err
}

func (o *other) ReadDataSource(_ context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	objects := o.shapes.Data[req.TypeName].block().ValueType()
	config, err := req.Config.Unmarshal(objects)
	if err != nil {
		return nil, err
	}
	values := map[string]tftypes.Value{}
	if err := config.As(&values); err != nil {
		return nil, err
	}
	for name, answer := range o.shapes.Answers {
		if _, has := values[name]; has {
			values[name] = tftypes.NewValue(tftypes.String, answer)
		}
	}
	state, err := tfprotov6.NewDynamicValue(objects, tftypes.NewValue(objects, values))
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}

func (*other) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (*other) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (*other) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (*other) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (*other) ValidateEphemeralResourceConfig(context.Context, *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{}, nil
}

// nothing is the provider behind other, for the calls that it does not answer itself.
type nothing struct{}

func (nothing) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "nothing"
}
func (nothing) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (nothing) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (nothing) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (nothing) Resources(context.Context) []func() resource.Resource                              { return nil }
