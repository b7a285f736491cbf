// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

func TestMain(m *testing.M) {
	code := m.Run()
	acctest.Cleanup()
	os.Exit(code)
}

// TestAccExportIsWhatTheCLISays compares the export with a real CLI, for the kinds of schema that this CLI supports.
func TestAccExportIsWhatTheCLISays(t *testing.T) {
	cli := acctest.NewCLI(t, "")
	var said struct {
		Schemas map[string]map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(cli.Must("providers", "schema", "-json").Stdout), &said); err != nil {
		t.Fatal(err)
	}
	if len(said.Schemas) != 1 {
		t.Fatalf("the CLI knows %d providers, want 1", len(said.Schemas))
	}
	schemas, err := export(t.Context(), providerserver.NewProtocol6(provider.New("test")())())
	if err != nil {
		t.Fatal(err)
	}
	ours := decoded(t, schemas)
	for _, theirs := range said.Schemas {
		if theirs["provider"] == nil || theirs["resource_schemas"] == nil {
			t.Fatal("the CLI shows no schema of the provider, or no resources")
		}
		for kind, want := range theirs {
			if !reflect.DeepEqual(ours[kind], want) {
				t.Errorf("%s differ:\n%v\nthe CLI says:\n%v", kind, ours[kind], want)
			}
		}
	}
}

func TestExportOfEveryKind(t *testing.T) {
	one := &tfprotov6.Schema{Version: 2, Block: &tfprotov6.SchemaBlock{
		Description:     "What it is.",
		DescriptionKind: tfprotov6.StringKindMarkdown,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "plain", Type: tftypes.List{ElementType: tftypes.String}, Required: true, WriteOnly: true},
			{Name: "nested", Computed: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeList,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "id", Type: tftypes.Number, Computed: true}},
			}},
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{
			{TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeSingle, Block: &tfprotov6.SchemaBlock{}},
		},
	}}
	server := fakeServer{schemas: tfprotov6.GetProviderSchemaResponse{
		DataSourceSchemas:        map[string]*tfprotov6.Schema{"x": one},
		EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x": one},
		ListResourceSchemas:      map[string]*tfprotov6.Schema{"x": one},
		ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x": {Schema: one}},
	}}
	schemas, err := export(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	const block = `{
		"description": "What it is.", "description_kind": "markdown",
		"attributes": {
			"plain": {"type": ["list", "string"], "required": true, "write_only": true},
			"nested": {"computed": true, "nested_type": {"nesting_mode": "list", "attributes": {
				"id": {"type": "number", "computed": true}}}}
		},
		"block_types": {"timeouts": {"nesting_mode": "single", "block": {"description_kind": "plain"}}}
	}`
	var want any
	err = json.Unmarshal([]byte(`{
		"data_source_schemas": {"x": {"version": 2, "block": `+block+`}},
		"ephemeral_resource_schemas": {"x": {"version": 2, "block": `+block+`}},
		"list_resource_schemas": {"x": {"version": 2, "block": `+block+`}},
		"action_schemas": {"x": {"block": `+block+`}}
	}`), &want)
	if err != nil {
		t.Fatal(err)
	}
	if got := decoded(t, schemas); !reflect.DeepEqual(any(got), want) {
		t.Errorf("exported %v\nwant %v", got, want)
	}
}

func TestExportLeavesNothingOut(t *testing.T) {
	for name, answer := range map[string]tfprotov6.GetProviderSchemaResponse{
		"function":    {Functions: map[string]*tfprotov6.Function{"x": {}}},
		"state store": {StateStoreSchemas: map[string]*tfprotov6.Schema{"x": {}}},
	} {
		if _, err := export(t.Context(), fakeServer{schemas: answer}); err == nil {
			t.Errorf("a %s is left out silently", name)
		}
	}
}

func TestExportSaysWhatTheProviderRefuses(t *testing.T) {
	refusal := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Bad schema", Detail: "No type."}}
	_, err := export(t.Context(), fakeServer{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: refusal}})
	if err == nil || !strings.Contains(err.Error(), "Bad schema: No type.") {
		t.Errorf("the error is %v", err)
	}
}

func decoded(t *testing.T, schemas providerSchemas) map[string]any {
	t.Helper()
	data, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// fakeServer answers the two requests of export.
type fakeServer struct {
	tfprotov6.ProviderServer
	schemas tfprotov6.GetProviderSchemaResponse
}

func (f fakeServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &f.schemas, nil
}

func (f fakeServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}
