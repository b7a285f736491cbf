// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// piece is some HCL: a block of a page, or a file.
type piece struct {
	text string
	body *hclsyntax.Body
}

func parse(name, text string) (piece, error) {
	file, diagnostics := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return piece{}, diagnostics
	}
	return piece{text, file.Body.(*hclsyntax.Body)}, nil //nolint:forcetypeassert // what this parser always gives
}

// declared are the addresses that the piece declares, such as commvault_access_token.ci, var.name or provider.commvault,
// each with the text that declares it.
func (p piece) declared() map[string]string {
	declared := map[string]string{}
	for _, b := range p.body.Blocks {
		block := p.cut(hcl.RangeBetween(b.TypeRange, b.CloseBraceRange))
		switch {
		case b.Type == "locals":
			for name, attribute := range b.Body.Attributes {
				declared["local."+name] = "locals {\n  " + p.cut(attribute.SrcRange) + "\n}"
			}
		case b.Type == "resource" && len(b.Labels) == 2:
			declared[strings.Join(b.Labels, ".")] = block
		case b.Type == "variable" && len(b.Labels) == 1:
			declared["var."+b.Labels[0]] = block
		case b.Type == "provider" && len(b.Labels) == 1:
			declared[strings.TrimSuffix("provider."+b.Labels[0]+"."+literal(b.Body, "alias"), ".")] = block
		case b.Type == "terraform":
			for _, nested := range b.Body.Blocks {
				if nested.Type == requiredProviders {
					declared[requiredProviders] = "terraform {\n  " +
						p.cut(hcl.RangeBetween(nested.TypeRange, nested.CloseBraceRange)) + "\n}"
				}
			}
		case len(b.Labels) > 0: // data, ephemeral, module, action, list
			declared[b.Type+"."+strings.Join(b.Labels, ".")] = block
		}
	}
	return declared
}

const requiredProviders = "required_providers"

func (p piece) cut(r hcl.Range) string { return p.text[r.Start.Byte:r.End.Byte] }

// literal is the value of an attribute that is a plain string, else "".
func literal(body *hclsyntax.Body, name string) string {
	attribute, ok := body.Attributes[name]
	if !ok {
		return ""
	}
	value, diagnostics := attribute.Expr.Value(nil)
	if diagnostics.HasErrors() || !value.IsKnown() || value.IsNull() || value.Type().FriendlyName() != "string" {
		return ""
	}
	return value.AsString()
}

// reference is an address that is used, and the attribute of it, if any.
type reference struct{ address, attribute string }

// references of the piece to what it or another piece declares.
func (p piece) references() []reference { return referencesIn("", p.body) }

func referencesIn(parent string, body *hclsyntax.Body) []reference {
	var found []reference
	for name, attribute := range body.Attributes {
		for _, traversal := range attribute.Expr.Variables() {
			switch {
			case name == "provider" || name == "providers":
				if parts := steps(traversal); len(parts) == 2 {
					found = append(found, reference{address: "provider." + strings.Join(parts, ".")})
				}
			case name == "from" && (parent == "moved" || parent == "removed"): // what is no longer there
			case parent == "lifecycle" && name == "ignore_changes": // attributes of the resource itself
			default:
				if r, ok := referenceOf(traversal); ok {
					found = append(found, r)
				}
			}
		}
	}
	for _, b := range body.Blocks {
		found = append(found, referencesIn(b.Type, b.Body)...)
	}
	return found
}

func referenceOf(traversal hcl.Traversal) (reference, bool) {
	parts := steps(traversal)
	length := 2
	switch parts[0] {
	case "each", "count", "self", "path", "terraform":
		return reference{}, false
	case "data", "ephemeral", "action", "list":
		length = 3
	}
	if len(parts) < length { // a keyword, such as a variable's type
		return reference{}, false
	}
	r := reference{address: strings.Join(parts[:length], ".")}
	if len(parts) > length {
		r.attribute = parts[length]
	}
	return r, true
}

// steps are the names of a traversal; indices are passed over.
func steps(traversal hcl.Traversal) []string {
	names := []string{traversal.RootName()}
	for _, step := range traversal[1:] {
		if attribute, ok := step.(hcl.TraverseAttr); ok {
			names = append(names, attribute.Name)
		}
	}
	return names
}

// completed is the piece with what it lacks of what others declare: a page is read as a whole, and shows each thing once.
// The nearest come first in others. Back come the declarations to add, and the addresses that nobody declares.
func (p piece) completed(others []piece) (added []string, missing []string) {
	have := p.declared()
	if _, ok := have[requiredProviders]; !ok {
		for _, other := range others {
			if declaration, ok := other.declared()[requiredProviders]; ok {
				added = append(added, declaration)
				have[requiredProviders] = declaration
				break
			}
		}
	}
	wanted := p.references()
	for len(wanted) > 0 {
		address := wanted[0].address
		wanted = wanted[1:]
		if _, ok := have[address]; ok || slices.Contains(missing, address) {
			continue
		}
		i := slices.IndexFunc(others, func(other piece) bool { return other.declared()[address] != "" })
		if i < 0 {
			missing = append(missing, address)
			continue
		}
		have[address] = others[i].declared()[address]
		added = append(added, have[address])
		if declaration, err := parse(address, have[address]); err == nil {
			wanted = append(wanted, declaration.references()...)
		}
	}
	return added, missing
}
