// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/provider"
)

// ourSchemas are those of this provider.
func ourSchemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return schemas
}

// checkListsAndActions looks at what most CLIs can't validate: whether lists and actions are offered, and have the arguments
// that they are given, and all that they need.
func checkListsAndActions(t *testing.T, p piece) error {
	t.Helper()
	schemas := ourSchemas(t)
	for _, b := range p.body.Blocks {
		var schema *tfprotov6.Schema
		own := []string{"count", "for_each", "provider"}
		switch b.Type {
		case "list":
			schema = schemas.ListResourceSchemas[b.Labels[0]]
			own = append(own, "include_resource", "limit")
		case "action":
			if action := schemas.ActionSchemas[b.Labels[0]]; action != nil {
				schema = action.Schema
			}
		default:
			continue
		}
		if schema == nil {
			return fmt.Errorf("the provider offers no %s %q", b.Type, b.Labels[0])
		}
		if err := checkConfig(b, own, schema.Block); err != nil {
			return fmt.Errorf("%s %s: %w", b.Type, strings.Join(b.Labels, "."), err)
		}
	}
	return nil
}

func checkConfig(b *hclsyntax.Block, own []string, schema *tfprotov6.SchemaBlock) error {
	for name := range b.Body.Attributes {
		if !slices.Contains(own, name) {
			return fmt.Errorf("%s is no argument of the block, does it belong into config?", name)
		}
	}
	config := &hclsyntax.Body{}
	for _, nested := range b.Body.Blocks {
		if nested.Type != "config" {
			return fmt.Errorf("%s is no block of it", nested.Type)
		}
		config = nested.Body
	}
	for name := range config.Attributes {
		if !slices.ContainsFunc(schema.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name }) {
			return fmt.Errorf("config has no argument %s", name)
		}
	}
	for _, attribute := range schema.Attributes {
		if attribute.Required && config.Attributes[attribute.Name] == nil {
			return fmt.Errorf("config lacks %s", attribute.Name)
		}
	}
	return nil
}
