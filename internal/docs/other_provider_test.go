// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Blocks that show this provider beside another one need that one's schema, which only its registry has. So its place is
// taken by a provider whose schema is made of what the blocks say to it: of our own arguments each is checked, of the other
// provider's none. Arguments that end in _wo are write-only, as everywhere.

// shape is what blocks say, and read, of one type of another provider.
type shape struct {
	Arguments []string          `json:"arguments,omitempty"`
	Blocks    map[string]*shape `json:"blocks,omitempty"`
	Reads     []string          `json:"reads,omitempty"`
}

// shapes of one other provider.
type shapes struct {
	Provider   shape             `json:"provider"`
	Resources  map[string]*shape `json:"resources,omitempty"`
	Data       map[string]*shape `json:"data,omitempty"`
	Ephemerals map[string]*shape `json:"ephemerals,omitempty"`
}

// metaArguments are Terraform's own.
var metaArguments = map[string][]string{
	"provider":  {"alias", "version"},
	"resource":  {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"},
	"data":      {"count", "for_each", "provider", "depends_on", "lifecycle"},
	"ephemeral": {"count", "for_each", "provider", "depends_on", "lifecycle"},
}

// otherProviders are the shapes of all providers but ours that the pieces of a configuration use, by their sources.
func otherProviders(pieces ...piece) map[string]*shapes {
	sources := sourcesOf(pieces)
	others := map[string]*shapes{}
	byAddress := map[string]*shape{}
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			source := sourceOf(b, sources)
			if source == "" || isOurs(source) {
				continue
			}
			if others[source] == nil {
				others[source] = &shapes{Resources: map[string]*shape{}, Data: map[string]*shape{}, Ephemerals: map[string]*shape{}}
			}
			at := &others[source].Provider
			if kind := others[source].of(b.Type); kind != nil {
				if kind[b.Labels[0]] == nil {
					kind[b.Labels[0]] = &shape{}
				}
				at = kind[b.Labels[0]]
				byAddress[strings.TrimPrefix(b.Type+".", "resource.")+strings.Join(b.Labels, ".")] = at
			}
			at.add(b.Body, metaArguments[b.Type])
		}
	}
	for _, p := range pieces {
		for _, r := range p.references() {
			if at := byAddress[r.address]; at != nil && r.attribute != "" && !slices.Contains(at.Arguments, r.attribute) {
				at.Reads = append(at.Reads, r.attribute)
			}
		}
	}
	return others
}

// checkSources finds what would otherwise pass for another provider's: our own source misspelled, or a type of ours that
// another provider would get.
func checkSources(t *testing.T, pieces ...piece) error {
	t.Helper()
	sources := sourcesOf(pieces)
	if len(sources) > 0 && !slices.ContainsFunc(slices.Collect(maps.Values(sources)), isOurs) {
		return fmt.Errorf("%s requires no %s", requiredProviders, ourSource)
	}
	schemas := ourSchemas(t)
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			source := sourceOf(b, sources)
			if source == "" || b.Type == "provider" || isOurs(source) {
				continue
			}
			offered := map[string]map[string]*tfprotov6.Schema{
				"resource": schemas.ResourceSchemas, "data": schemas.DataSourceSchemas, "ephemeral": schemas.EphemeralResourceSchemas,
			}[b.Type]
			if offered[b.Labels[0]] != nil {
				return fmt.Errorf("%s goes to the provider %s", strings.Join(b.Labels, "."), source)
			}
		}
	}
	return nil
}

// isOurs tells whether a source is this provider, in whatever registry or mirror.
func isOurs(source string) bool {
	return source == ourSource || strings.HasSuffix(source, "/"+ourSource)
}

// sourcesOf a configuration, by local names, in lower case as the CLIs have them.
func sourcesOf(pieces []piece) map[string]string {
	sources := map[string]string{}
	for _, p := range pieces {
		for name, source := range p.sources() {
			sources[name] = strings.ToLower(source)
		}
	}
	return sources
}

// sourceOf the provider that a top-level block belongs to, "" for none.
func sourceOf(b *hclsyntax.Block, sources map[string]string) string {
	local := localName(b)
	switch {
	case local == "" || local == "terraform": // built in
		return ""
	case sources[local] != "":
		return sources[local]
	case local == "commvault" && len(sources) == 0: // a file of a directory whose other files say more
		return ourSource
	}
	return "hashicorp/" + local
}

func (s *shapes) of(blockType string) map[string]*shape {
	return map[string]map[string]*shape{"resource": s.Resources, "data": s.Data, "ephemeral": s.Ephemerals}[blockType]
}

func (s *shape) add(body *hclsyntax.Body, except []string) {
	for name := range body.Attributes {
		if !slices.Contains(except, name) && !slices.Contains(s.Arguments, name) {
			s.Arguments = append(s.Arguments, name)
		}
	}
	for _, b := range body.Blocks {
		name, content := b.Type, b.Body
		if name == "dynamic" && len(b.Labels) == 1 && len(b.Body.Blocks) == 1 {
			name, content = b.Labels[0], b.Body.Blocks[0].Body
		}
		if slices.Contains(except, name) {
			continue
		}
		if s.Blocks == nil {
			s.Blocks = map[string]*shape{}
		}
		if s.Blocks[name] == nil {
			s.Blocks[name] = &shape{}
		}
		s.Blocks[name].add(content, nil)
	}
}

// sources are those that a piece requires, by local name.
func (p piece) sources() map[string]string {
	sources := map[string]string{}
	for _, b := range p.body.Blocks {
		for _, nested := range b.Body.Blocks {
			if b.Type != "terraform" || nested.Type != requiredProviders {
				continue
			}
			for name, attribute := range nested.Body.Attributes {
				value, _ := attribute.Expr.Value(nil) // the CLI will say what is wrong
				if value.Type().IsObjectType() && value.Type().HasAttribute("source") && value.GetAttr("source").IsWhollyKnown() {
					sources[name] = value.GetAttr("source").AsString()
				}
			}
		}
	}
	return sources
}

// localName of the provider that a top-level block belongs to, "" for none.
func localName(b *hclsyntax.Block) string {
	switch b.Type {
	case "provider":
		if len(b.Labels) == 1 {
			return b.Labels[0]
		}
	case "resource", "data", "ephemeral":
		if attribute := b.Body.Attributes["provider"]; attribute != nil {
			for _, traversal := range attribute.Expr.Variables() {
				return traversal.RootName()
			}
		}
		name, _, _ := strings.Cut(b.Labels[0], "_")
		return name
	}
	return ""
}

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

// other is a provider that takes what its shapes say. It plans and applies nothing.
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
			Name: name, Type: tftypes.DynamicPseudoType, Optional: true, WriteOnly: strings.HasSuffix(name, "_wo"),
		})
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(s.Reads))) {
		block.Attributes = append(block.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: tftypes.DynamicPseudoType, Computed: true})
	}
	for name, nested := range s.Blocks {
		block.BlockTypes = append(block.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Nesting: tfprotov6.SchemaNestedBlockNestingModeList, Block: nested.block(),
		})
	}
	return block
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
