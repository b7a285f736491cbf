// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// fitted is an example, and the Env with the objects that it expects.
type fitted struct {
	files map[string]string
	// before is a configuration to be applied first.
	before string
	// elses are the ids of tokens that belong to somebody else.
	elses []int64
	// says are what the CLI has to say at some time.
	says []*regexp.Regexp
}

var (
	aTime    = regexp.MustCompile(`"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)
	anOwner  = regexp.MustCompile(`(\buser_id\s*=\s*)\d+`)
	anID     = regexp.MustCompile(`(\bid\s*=\s*)"\d+"`)
	imported = regexp.MustCompile(`\b1 imported\b`)
	someIDs  = regexp.MustCompile(`(\bids\s*=\s*\[)\s*"\d+[^\]]*\]`)
	required = fmt.Sprintf("terraform {\n  required_providers {\n    commvault = { source = %q }\n  }\n}\n", ourSource)
)

// fit adapts an example and the Env to each other: times are in the future, owners exist, and so do the tokens that are imported,
// looked up or revoked.
func fit(t *testing.T, testEnv *acctest.Env, files map[string]string) fitted {
	t.Helper()
	f := fitted{files: maps.Clone(files)}
	soon := fmt.Sprintf("%q", time.Now().AddDate(0, 0, 100).UTC().Format(time.RFC3339))
	for name, text := range f.files {
		text = aTime.ReplaceAllLiteralString(text, soon)
		f.files[name] = anOwner.ReplaceAllString(text, fmt.Sprintf("${1}%d", testEnv.UserID()))
	}
	pieces, err := parseAll(f.files)
	if err != nil {
		t.Fatal(err)
	}
	added := map[string]int64{}
	add := func(name string) int64 {
		if added[name] == 0 {
			token, err := testEnv.AddToken(simulator.Token{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			added[name] = token.ID
		}
		return added[name]
	}
	providers := false
	for name, p := range pieces {
		providers = providers || p.declared()[requiredProviders] != ""
		for _, b := range p.body.Blocks {
			switch b.Type {
			case "import":
				id := add(nameOf(pieces, steps(b.Body.Attributes["to"].Expr.Variables()[0])))
				f.files[name] = anID.ReplaceAllString(f.files[name], fmt.Sprintf(`${1}"%d"`, id))
				f.says = append(f.says, imported)
			case "moved":
				from := steps(b.Body.Attributes["from"].Expr.Variables()[0])
				f.before = required + fmt.Sprintf("resource %q %q {\n  name = \"before\"\n}\n", from[0], from[1])
				f.says = append(f.says, regexp.MustCompile(`\(moved from (?:module\.\w+\.)?`+strings.Join(from, `\.`)+`\)`))
			case "data":
				if b.Labels[0] == "commvault_user" {
					testEnv.AddUser(literal(b.Body, "name"), "Their-Passw0rd")
					continue
				}
				id := add(cmp.Or(literal(b.Body, "name"), b.Labels[1]))
				f.elses = append(f.elses, id)
				f.files[name] = anID.ReplaceAllString(f.files[name], fmt.Sprintf(`${1}"%d"`, id))
			case "list":
				f.elses = append(f.elses, add(b.Labels[1]))
			case "action":
				id := add(b.Labels[1])
				f.elses = append(f.elses, id)
				f.files[name] = someIDs.ReplaceAllString(f.files[name], fmt.Sprintf(`${1}"%d"]`, id))
			}
		}
	}
	if !providers {
		f.files["required.tf"] = required
	}
	return f
}

// nameOf returns the name of the token that the resource of an address declares.
func nameOf(pieces map[string]piece, address []string) string {
	for _, p := range pieces {
		i := slices.IndexFunc(p.body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "resource" && slices.Equal(b.Labels, address) })
		if i >= 0 {
			return cmp.Or(literal(p.body.Blocks[i].Body, "name"), literal(p.body.Blocks[i].Body, "name_prefix"))
		}
	}
	return ""
}
