// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func schemaOf(t *testing.T) schema.Schema {
	t.Helper()
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	return resp.Schema
}

func TestTheProviderIsNamed(t *testing.T) {
	var resp provider.MetadataResponse
	New("1.2.3")().Metadata(t.Context(), provider.MetadataRequest{}, &resp)
	if resp.TypeName != "commvault" || resp.Version != "1.2.3" {
		t.Errorf("got %+v", resp)
	}
	if Address != "registry.terraform.io/commvault-tokens/commvault" {
		t.Errorf("the address is %s", Address)
	}
}

func TestTheSchemaIsValid(t *testing.T) {
	if diags := schemaOf(t).ValidateImplementation(t.Context()); len(diags) > 0 {
		t.Error(diags)
	}
}

func TestTheSchemaHasTheConfigurationTable(t *testing.T) {
	s := schemaOf(t)
	if s.MarkdownDescription == "" {
		t.Error("the provider is not described")
	}
	if len(s.Attributes) != len(arguments) {
		t.Errorf("%d attributes, %d arguments", len(s.Attributes), len(arguments))
	}
	types := map[string]tftypes.Type{"insecure_skip_verify": tftypes.Bool, "max_retries": tftypes.Number}
	texts := map[string]string{
		"insecure_skip_verify": "Defaults to `false`", "request_timeout": "Defaults to `60s`", "max_retries": "Defaults to `4`",
		"max_retry_wait": "Defaults to `2m`", "host": "base path to `/commandcenter/api`",
	}
	for _, a := range arguments {
		attribute, ok := s.Attributes[a.name]
		if !ok {
			t.Errorf("no attribute %s", a.name)
			continue
		}
		want := types[a.name]
		if want == nil {
			want = tftypes.String
		}
		if got := attribute.GetType().TerraformType(t.Context()); !got.Equal(want) {
			t.Errorf("%s is a %s", a.name, got)
		}
		if !attribute.IsOptional() || attribute.IsRequired() {
			t.Errorf("%s is not optional", a.name)
		}
		if got := attribute.IsSensitive(); got != slices.Contains([]string{"authtoken", "password"}, a.name) {
			t.Errorf("%s is sensitive: %t", a.name, got)
		}
		if a.variable != "COMMVAULT_"+strings.ToUpper(a.name) {
			t.Errorf("%s has the variable %s", a.name, a.variable)
		}
		for _, part := range []string{"`" + a.variable + "`.", texts[a.name]} {
			if !strings.Contains(attribute.GetMarkdownDescription(), part) {
				t.Errorf("the description of %s lacks %q", a.name, part)
			}
		}
	}
}

func TestTheProtocolCarriesEachErrorOnceAndOnItsPath(t *testing.T) {
	s, err := providerserver.NewProtocol6WithError(New("test", WithGetenv(environment{}.get))())()
	if err != nil {
		t.Fatal(err)
	}
	c := config(t, block{"host": "my host", "authtoken": "", "max_retries": 1.5})
	value, err := tfprotov6.NewDynamicValue(c.Raw.Type(), c.Raw)
	if err != nil {
		t.Fatal(err)
	}
	validated, err := s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: &value})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &value, TerraformVersion: terraformVersion})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"host", "authtoken", "max_retries"}
	for call, diags := range map[string][]*tfprotov6.Diagnostic{"validate": validated.Diagnostics, "configure": configured.Diagnostics} {
		var got []string
		for _, d := range diags {
			if d.Severity != tfprotov6.DiagnosticSeverityError || d.Attribute == nil {
				t.Errorf("%s: %s: %s", call, d.Summary, d.Detail)
				continue
			}
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `")`))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: errors on %v, want %v", call, got, want)
		}
	}
}

func TestTheEnvironmentDoesNotMakeValidateFail(t *testing.T) {
	p, ok := New("test", WithGetenv(func(name string) string {
		t.Errorf("validate reads %s", name)
		return "\x00"
	}))().(provider.ProviderWithValidateConfig)
	if !ok {
		t.Fatal("the provider does not validate")
	}
	var resp provider.ValidateConfigResponse
	p.ValidateConfig(t.Context(), provider.ValidateConfigRequest{Config: config(t, block{})}, &resp)
	if len(resp.Diagnostics) > 0 {
		t.Error(resp.Diagnostics)
	}
}

func TestEveryArgumentKnowsItsPath(t *testing.T) {
	for _, a := range arguments {
		if !a.path().Equal(path.Root(a.name)) {
			t.Errorf("%s: %s", a.name, a.path())
		}
	}
}
