// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// block is a provider block. An omitted argument is null.
type block map[string]any

// environment stands in for os.Getenv.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

var unknown = tftypes.UnknownValue

// config returns the configuration that Terraform would pass for a block.
func config(t *testing.T, b block) tfsdk.Config {
	t.Helper()
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	object, ok := resp.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is no object")
	}
	attributes := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, b[name])
	}
	for name := range b {
		if _, ok := attributes[name]; !ok {
			t.Fatalf("the schema has no argument %s", name)
		}
	}
	return tfsdk.Config{Schema: resp.Schema, Raw: tftypes.NewValue(object, attributes)}
}

func modelOf(t *testing.T, b block) model {
	t.Helper()
	var m model
	if diags := config(t, b).Get(t.Context(), &m); diags.HasError() {
		t.Fatal(diags)
	}
	return m
}

// resolved returns the settings for b and e. It fails the test on any diagnostic.
func resolved(t *testing.T, b block, e environment) settings {
	t.Helper()
	s, diags := resolve(t.Context(), modelOf(t, b), e.get)
	if len(diags) > 0 {
		t.Fatalf("%v", diags)
	}
	return s
}

// onlyError requires exactly one diagnostic, which must be an error on the argument's path and contain all parts. It returns the text.
func onlyError(t *testing.T, diags diag.Diagnostics, argument string, parts ...string) string {
	t.Helper()
	if len(diags) != 1 || diags[0].Severity() != diag.SeverityError {
		t.Fatalf("want one error, got %v", diags)
	}
	withPath, ok := diags[0].(diag.DiagnosticWithPath)
	if !ok || !withPath.Path().Equal(path.Root(argument)) {
		t.Errorf("the error is not on %s: %v", argument, diags[0])
	}
	text := diags[0].Summary() + "\n" + diags[0].Detail()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the error lacks %q: %s", part, text)
		}
	}
	return text
}
