// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
	// Answers of its data sources, by attributes.
	Answers map[string]string `json:"answers,omitempty"`
	// Store is the address that receives write-only values, see deliver; "" for none.
	Store string `json:"store,omitempty"`
	// Version of the provider; "" for the usual one of a mirror.
	Version string `json:"-"`
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
	for _, source := range sources {
		if !isOurs(source) {
			others[source] = newShapes()
		}
	}
	byAddress := map[string]*shape{}
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			source := sourceOf(b, sources)
			if source == "" || isOurs(source) {
				continue
			}
			if others[source] == nil {
				others[source] = newShapes()
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
			if offered[b.Labels[0]] != nil && b.Type+"."+b.Labels[0] != inBoth {
				return fmt.Errorf("%s goes to the provider %s", strings.Join(b.Labels, "."), source)
			}
		}
	}
	return nil
}

// inBoth is the one type that Commvault's own provider has, too, and that a page may show as the other one's.
const inBoth = "data.commvault_user"

// isOurs reports whether a source is this provider, in any registry or mirror.
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

func newShapes() *shapes {
	return &shapes{Resources: map[string]*shape{}, Data: map[string]*shape{}, Ephemerals: map[string]*shape{}}
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

// mergeShapes adds what other configurations say of the same providers.
func mergeShapes(into, from map[string]*shapes) {
	for source, more := range from {
		if into[source] == nil {
			into[source] = newShapes()
		}
		into[source].merge(more)
	}
}

// merge adds what other blocks say of the provider.
func (s *shapes) merge(more *shapes) {
	s.Provider.merge(&more.Provider)
	for into, from := range map[*map[string]*shape]map[string]*shape{
		&s.Resources: more.Resources, &s.Data: more.Data, &s.Ephemerals: more.Ephemerals,
	} {
		mergeAll(into, from)
	}
}

func (s *shape) merge(more *shape) {
	s.Arguments = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.Arguments, more.Arguments))))
	s.Reads = slices.Concat(s.Reads, more.Reads)
	mergeAll(&s.Blocks, more.Blocks)
}

func mergeAll(into *map[string]*shape, from map[string]*shape) {
	for name, more := range from {
		if *into == nil {
			*into = map[string]*shape{}
		}
		if (*into)[name] == nil {
			(*into)[name] = &shape{}
		}
		(*into)[name].merge(more)
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
