// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The form of `terraform providers schema -json`, version 1.0.
type (
	document struct {
		FormatVersion string                     `json:"format_version"`
		Schemas       map[string]providerSchemas `json:"provider_schemas"`
	}
	providerSchemas struct {
		Provider   *schema                   `json:"provider,omitempty"`
		Resources  map[string]schema         `json:"resource_schemas,omitempty"`
		Data       map[string]schema         `json:"data_source_schemas,omitempty"`
		Ephemerals map[string]schema         `json:"ephemeral_resource_schemas,omitempty"`
		Lists      map[string]schema         `json:"list_resource_schemas,omitempty"`
		Actions    map[string]actionSchema   `json:"action_schemas,omitempty"`
		Identities map[string]identitySchema `json:"resource_identity_schemas,omitempty"`
	}
	schema struct {
		Version int64  `json:"version"`
		Block   *block `json:"block,omitempty"`
	}
	actionSchema struct {
		Block *block `json:"block,omitempty"`
	}
	identitySchema struct {
		Version    int64                        `json:"version"`
		Attributes map[string]identityAttribute `json:"attributes"`
	}
	identityAttribute struct {
		Type              tftypes.Type `json:"type"`
		Description       string       `json:"description,omitempty"`
		RequiredForImport bool         `json:"required_for_import,omitempty"`
		OptionalForImport bool         `json:"optional_for_import,omitempty"`
	}
	block struct {
		Attributes      map[string]attribute   `json:"attributes,omitempty"`
		Blocks          map[string]nestedBlock `json:"block_types,omitempty"`
		Description     string                 `json:"description,omitempty"`
		DescriptionKind string                 `json:"description_kind,omitempty"`
		Deprecated      bool                   `json:"deprecated,omitempty"`
	}
	nestedBlock struct {
		Nesting  string `json:"nesting_mode"`
		Block    *block `json:"block"`
		MinItems int64  `json:"min_items,omitempty"`
		MaxItems int64  `json:"max_items,omitempty"`
	}
	attribute struct {
		Type            tftypes.Type `json:"type,omitempty"`
		Nested          *nestedType  `json:"nested_type,omitempty"`
		Description     string       `json:"description,omitempty"`
		DescriptionKind string       `json:"description_kind,omitempty"`
		Deprecated      bool         `json:"deprecated,omitempty"`
		Required        bool         `json:"required,omitempty"`
		Optional        bool         `json:"optional,omitempty"`
		Computed        bool         `json:"computed,omitempty"`
		Sensitive       bool         `json:"sensitive,omitempty"`
		WriteOnly       bool         `json:"write_only,omitempty"`
	}
	nestedType struct {
		Attributes map[string]attribute `json:"attributes"`
		Nesting    string               `json:"nesting_mode"`
	}
)

// export returns all schemas of the provider. It returns the provider's diagnostics as an error.
func export(ctx context.Context, server tfprotov6.ProviderServer) (providerSchemas, error) {
	answer, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return providerSchemas{}, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return providerSchemas{}, err
	}
	if err := problems(answer.Diagnostics, identities.Diagnostics); err != nil {
		return providerSchemas{}, err
	}
	if len(answer.Functions)+len(answer.StateStoreSchemas) > 0 {
		return providerSchemas{}, errors.New("functions and state stores must be exported, too")
	}
	all := providerSchemas{
		Resources:  each(answer.ResourceSchemas, schemaOf),
		Data:       each(answer.DataSourceSchemas, schemaOf),
		Ephemerals: each(answer.EphemeralResourceSchemas, schemaOf),
		Lists:      each(answer.ListResourceSchemas, schemaOf),
		Actions: each(answer.ActionSchemas, func(s *tfprotov6.ActionSchema) actionSchema {
			return actionSchema{Block: blockOf(s.Schema.Block)}
		}),
		Identities: each(identities.IdentitySchemas, identityOf),
	}
	if answer.Provider != nil {
		all.Provider = new(schemaOf(answer.Provider))
	}
	return all, nil
}

func problems(lists ...[]*tfprotov6.Diagnostic) error {
	var all []error
	for _, list := range lists {
		for _, d := range list {
			all = append(all, fmt.Errorf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}

func schemaOf(s *tfprotov6.Schema) schema {
	return schema{Version: s.Version, Block: blockOf(s.Block)}
}

func identityOf(s *tfprotov6.ResourceIdentitySchema) identitySchema {
	attributes := map[string]identityAttribute{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = identityAttribute{a.Type, a.Description, a.RequiredForImport, a.OptionalForImport}
	}
	return identitySchema{Version: s.Version, Attributes: attributes}
}

func blockOf(b *tfprotov6.SchemaBlock) *block {
	if b == nil {
		return nil
	}
	blocks := map[string]nestedBlock{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = nestedBlock{
			Nesting:  strings.ToLower(nested.Nesting.String()),
			Block:    blockOf(nested.Block),
			MinItems: nested.MinItems,
			MaxItems: nested.MaxItems,
		}
	}
	return &block{
		Attributes:      attributesOf(b.Attributes),
		Blocks:          blocks,
		Description:     b.Description,
		DescriptionKind: strings.ToLower(b.DescriptionKind.String()),
		Deprecated:      b.Deprecated,
	}
}

func attributesOf(list []*tfprotov6.SchemaAttribute) map[string]attribute {
	attributes := map[string]attribute{}
	for _, a := range list {
		out := attribute{
			Type:        a.Type,
			Description: a.Description,
			Deprecated:  a.Deprecated,
			Required:    a.Required,
			Optional:    a.Optional,
			Computed:    a.Computed,
			Sensitive:   a.Sensitive,
			WriteOnly:   a.WriteOnly,
		}
		if a.Description != "" {
			out.DescriptionKind = strings.ToLower(a.DescriptionKind.String())
		}
		if a.NestedType != nil {
			out.Nested = &nestedType{
				Attributes: attributesOf(a.NestedType.Attributes),
				Nesting:    strings.ToLower(a.NestedType.Nesting.String()),
			}
		}
		attributes[a.Name] = out
	}
	return attributes
}

func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := make(map[string]To, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}
