// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// anyVariable is a variable of a calling module. It has no value, so terraform validate accepts it as any value.
const anyVariable = "variable \"any\" {}\n"

// call is the code by which a root module calls another configuration, though that is a root module otherwise. Its outputs
// are the root module's as well, which is stricter than with those of a child.
func call(name, source string, pieces []piece) string {
	var arguments, outputs strings.Builder
	for _, p := range pieces {
		for _, b := range p.body.Blocks {
			switch {
			case b.Type == "variable" && b.Body.Attributes["default"] == nil:
				fmt.Fprintf(&arguments, "  %s = var.any\n", b.Labels[0])
			case b.Type == "output":
				fmt.Fprintf(&outputs, "output \"%s_%s\" {\n  value = module.%s.%[2]s\n", name, b.Labels[0], name)
				for _, attribute := range []string{"sensitive", "ephemeral"} {
					if a := b.Body.Attributes[attribute]; a != nil {
						fmt.Fprintln(&outputs, " ", p.cut(a.SrcRange))
					}
				}
				outputs.WriteString("}\n")
			}
		}
	}
	return fmt.Sprintf("module %q {\n  source = %q\n%s}\n%s", name, source, &arguments, &outputs)
}

// onlyInRoot reports whether a configuration has what only a root module may have.
func onlyInRoot(needs []need) bool {
	return slices.Contains(needs, importBlocks) || slices.Contains(needs, listBlocks)
}

// calledModule is the place of an error: an address in the module, its own file, or that of the call.
var calledModule = regexp.MustCompile(`with module\.(\w+)\.|on (?:\.\./)?(\w+)(?:\.tf|/\S+) line \d+`)

// problemsByModule are the errors that a CLI prints, by the modules that a root module calls.
func problemsByModule(text string) map[string]error {
	problems := map[string]error{}
	for _, problem := range strings.Split(text, "Error: ")[1:] {
		if place := calledModule.FindStringSubmatch(problem); place != nil {
			module := place[1] + place[2] // one of them is empty
			problems[module] = errors.Join(problems[module], errors.New(problem))
		}
	}
	return problems
}
