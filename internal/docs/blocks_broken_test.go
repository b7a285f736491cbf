// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

const token = "```terraform\nresource \"commvault_access_token\" \"ci\" {\n  name = \"ci\"\n}\n```\n\n"

// TestAccBrokenBlocks verifies the check itself: what it finds in the last block of a page, and what it accepts.
func TestAccBrokenBlocks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ page, want string }{
		"a block that is whole": {token, ""},
		"one that another completes": {
			token + "```hcl\noutput \"token\" {\n  value     = commvault_access_token.ci.access_token\n  sensitive = true\n}\n```", "",
		},
		"one that a later one completes": {
			"```hcl\noutput \"id\" {\n  value = local.id\n}\n```\n\n```hcl\nlocals {\n  id = var.id\n}\n\nvariable \"id\" {}\n```", "",
		},
		"another provider": {
			"```hcl\nterraform {\n  required_providers {\n    commvault = {\n      source = \"" + ourSource + "\"\n    }\n" +
				"    backup = {\n      source = \"Commvault/commvault\"\n    }\n  }\n}\n\n" +
				"provider \"commvault\" {\n  host = \"a.example.com\"\n}\n\nprovider \"backup\" {\n  web_service_url = \"https://a.example.com\"\n}\n\n" +
				"resource \"commvault_plan\" \"a\" {\n  provider = backup\n  name     = commvault_access_token.ci.name\n\n  rules {\n    days = 7\n  }\n}\n\n" +
				"resource \"commvault_access_token\" \"ci\" {\n  name = \"x\"\n}\n\noutput \"id\" {\n  value = commvault_plan.a.id\n}\n```", "",
		},
		"a module": {
			"```hcl\nmodule \"a\" {\n  source = \"" + ours + "//examples/modules/rotating-token?ref=v1\"\n\n  name = \"a\"\n  type = \"ALL\"\n}\n```", "",
		},
		"the CLI's own configuration": {"```hcl\nprovider_installation {\n  dev_overrides {\n    \"a/b\" = \"/c\"\n  }\n  direct {}\n}\n```", ""},
		"another provider that nothing uses": {
			"```hcl\nterraform {\n  required_providers {\n    commvault = {\n      source = \"Commvault/commvault\"\n    }\n    tokens = {\n" +
				"      source = \"" + ourSource + "\"\n    }\n  }\n}\n\nresource \"commvault_access_token\" \"a\" {\n  provider = tokens\n  name     = \"a\"\n}\n```", "",
		},

		"another source": {
			"```hcl\nterraform {\n  required_providers {\n    commvault = {\n      source = \"commvault-token/commvault\"\n    }\n  }\n}\n```", "requires no",
		},
		"ours to another provider": {
			"```hcl\nterraform {\n  required_providers {\n    commvault = {\n      source = \"Commvault/commvault\"\n    }\n    tokens = {\n      source = \"" +
				ourSource + "\"\n    }\n  }\n}\n\nresource \"commvault_access_token\" \"a\" {\n  name = \"a\"\n}\n```", "commvault_access_token.a goes to the provider commvault/commvault",
		},
		"a mirror's source": {
			"```hcl\nterraform {\n  required_providers {\n    commvault = {\n      source = \"registry.example.com/" + ourSource +
				"\"\n    }\n  }\n}\n\nresource \"commvault_access_token\" \"a\" {\n  name = \" \"\n}\n```", "was given",
		},
		"no HCL":                     {"```hcl\nresource {\n```", "Unclosed configuration block"},
		"an argument that is none":   {strings.Replace(token, "name =", "nam =", 1), `An argument named "nam" is not expected`},
		"a format that is not fmt's": {strings.Replace(token, "name = ", "name= ", 1), "exit 3"},
		"a name that nobody has":     {token + "```hcl\noutput \"a\" {\n  value = commvault_access_token.c.id\n}\n```", "refers to commvault_access_token.c, which"},
		"an attribute that is none":  {token + "```hcl\noutput \"a\" {\n  value = commvault_access_token.ci.ids\n}\n```", "Unsupported attribute"},
		"a module that is gone":      {"```hcl\nmodule \"a\" {\n  source = \"" + ours + "//examples/modules/gone?ref=v1\"\n}\n```", "there is no module"},
		"a module called wrongly":    {"```hcl\nmodule \"a\" {\n  source = \"" + ours + "//examples/modules/rotating-token\"\n}\n```", `"name" is required`},
		"another provider's wrong use of ours": {
			"```hcl\nresource \"vault_secret\" \"a\" {\n  data = commvault_access_token.ci.secret\n}\n```\n\n" + token, "Unsupported attribute",
		},
		"an output that is there twice": {"```hcl\noutput \"a\" {\n  value = 1\n}\n\noutput \"a\" {\n  value = 1\n}\n```", "Duplicate output definition"},
		"an output that is ephemeral": {
			"```hcl\nephemeral \"commvault_access_token\" \"a\" {}\n\noutput \"a\" {\n  value     = ephemeral.commvault_access_token.a.id\n  ephemeral = true\n}\n```",
			"Ephemeral output not allowed|outputs defined as ephemeral", // Terraform, OpenTofu
		},
		"the CLI's, wrongly": {"```hcl\nprovider_installation {\n  direkt {}\n}\n```", "direkt"},

		"a list of what is none": {"```hcl\nlist \"commvault_acces_token\" \"a\" {\n  provider = commvault\n}\n```", "the provider offers no list"},
		"an action that is none": {"```hcl\naction \"commvault_revoke\" \"a\" {}\n```", "the provider offers no action"},
	}
	trials := map[string]*trial{}
	for name, test := range tests {
		page := readPage("docs/guides/a.md", []byte(test.page))
		last := page.blocks[len(page.blocks)-1]
		if strings.HasSuffix(test.page, token) {
			last = page.blocks[0]
		}
		trials[name] = &trial{page: page, block: last}
	}
	validate(t, root, slices.Collect(maps.Values(trials)))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := trials[name].problem
			says := func(want string) bool { return err != nil && strings.Contains(err.Error(), want) }
			if errors.As(err, &lacksError{}) {
				t.Skip(err)
			}
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && !slices.ContainsFunc(strings.Split(test.want, "|"), says):
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}
