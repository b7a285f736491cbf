// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

// need is a feature that a configuration requires, and the minor versions of Terraform 1 and OpenTofu 1 that introduced it.
type need struct {
	what                string
	terraform, openTofu int
}

const never = 1000

var (
	importBlocks    = need{"import blocks", 5, 6}
	importForEach   = need{"several imports by one block", 7, 7}
	importIdentity  = need{"import by identity", 12, 12}
	movedTypes      = need{"moving to another type", 8, 10}
	removedBlocks   = need{"removed blocks", 7, 7}
	checkBlocks     = need{"check blocks", 5, 6}
	ephemeralBlocks = need{"ephemeral resources", 10, 11}
	ephemeralValues = need{"ephemeral variables and outputs", 10, 11}
	writeOnly       = need{"write-only arguments", 11, 11}
	listBlocks      = need{"list blocks", 14, never}
	actionBlocks    = need{"actions", 14, never}
)

// leastVersion is the usual way to require one.
var leastVersion = regexp.MustCompile(`^>= 1\.(\d+)`)

// needs returns the needs of a piece, which depend only on its contents.
func (p piece) needs() []need {
	var needs []need
	for _, b := range p.body.Blocks {
		switch b.Type {
		case "import":
			needs = append(needs, importBlocks)
			if b.Body.Attributes["identity"] != nil {
				needs = append(needs, importIdentity)
			}
			if b.Body.Attributes["for_each"] != nil {
				needs = append(needs, importForEach)
			}
		case "moved":
			if movesBetweenTypes(b.Body) {
				needs = append(needs, movedTypes)
			}
		case "terraform":
			if match := leastVersion.FindStringSubmatch(literal(b.Body, "required_version")); match != nil {
				minor, _ := strconv.Atoi(match[1]) // it has digits only
				needs = append(needs, need{"version", minor, minor})
			}
		case "removed":
			needs = append(needs, removedBlocks)
		case "check":
			needs = append(needs, checkBlocks)
		case "ephemeral":
			needs = append(needs, ephemeralBlocks)
		case "variable", "output":
			if b.Body.Attributes["ephemeral"] != nil {
				needs = append(needs, ephemeralValues)
			}
		case "list":
			needs = append(needs, listBlocks)
		case "action":
			needs = append(needs, actionBlocks)
		case "resource":
			for name := range b.Body.Attributes {
				if isWriteOnly(name) {
					needs = append(needs, writeOnly)
				}
			}
			for _, nested := range b.Body.Blocks {
				for _, deeper := range nested.Body.Blocks {
					if deeper.Type == "action_trigger" {
						needs = append(needs, actionBlocks)
					}
				}
			}
		}
	}
	return needs
}

func movesBetweenTypes(moved *hclsyntax.Body) bool {
	var types []string
	for _, name := range []string{"from", "to"} {
		if attribute := moved.Attributes[name]; attribute != nil {
			for _, traversal := range attribute.Expr.Variables() {
				types = append(types, traversal.RootName())
			}
		}
	}
	return len(types) == 2 && types[0] != types[1]
}

// release is a CLI, and the minor version of 1 that it has.
type release struct {
	openTofu bool
	minor    int
}

var (
	askVersion  sync.Once
	saidVersion string
)

// releaseOf asks the CLI under test, once.
func releaseOf(t *testing.T, cli *acctest.CLI) release {
	t.Helper()
	askVersion.Do(func() { saidVersion = cli.Run("version").Stdout })
	var name string
	var minor int
	if _, err := fmt.Sscanf(saidVersion, "%s v1.%d.", &name, &minor); err != nil || name != "Terraform" && name != "OpenTofu" {
		t.Fatalf("which version is this? %q", saidVersion)
	}
	return release{name == "OpenTofu", minor}
}

// lacks names what the release has not of what is needed, "" for nothing.
func (r release) lacks(needs []need) string {
	for _, n := range needs {
		if since := r.since(n); since == never {
			return n.what + ", which OpenTofu has not"
		} else if r.minor < since {
			return fmt.Sprintf("%s, since 1.%d", n.what, since)
		}
	}
	return ""
}

func (r release) since(n need) int {
	if r.openTofu {
		return n.openTofu
	}
	return n.terraform
}

// TestNeeds guards that nothing is passed over that the CLI could do.
func TestNeeds(t *testing.T) {
	for text, want := range map[string]string{
		`resource "commvault_access_token" "a" { name = "a" }`:                   "",
		`ephemeral "commvault_access_token" "a" {}`:                              "[ephemeral resources]",
		`import { id = "1" }`:                                                    "[import blocks]",
		"import {\n  identity = { id = 1 }\n}":                                   "[import blocks import by identity]",
		"moved {\n  from = a.b\n  to = a.c\n}":                                   "",
		"moved {\n  from = a.b\n  to = c.b\n}":                                   "[moving to another type]",
		`resource "vault_secret" "a" { data_wo = 1 }`:                            "[write-only arguments]",
		`variable "a" { ephemeral = true }`:                                      "[ephemeral variables and outputs]",
		`variable "a" { sensitive = true }`:                                      "",
		`list "commvault_access_token" "a" {}`:                                   "[list blocks]",
		`action "commvault_revoke_access_token" "a" {}`:                          "[actions]",
		"resource \"a_b\" \"c\" {\n  lifecycle {\n    action_trigger {}\n  }\n}": "[actions]",
		"resource \"a_b\" \"c\" {\n  lifecycle {\n    precondition {}\n  }\n}":   "",
		"terraform {\n  required_version = \">= 1.14\"\n}\ncheck \"x\" {}":       "[version check blocks]",
		"import {\n  for_each = []\n}":                                           "[import blocks several imports by one block]",
		"removed {\n  from = a.b\n}":                                             "[removed blocks]",
	} {
		p, err := parse("a.tf", text)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, n := range p.needs() {
			names = append(names, n.what)
		}
		if got := fmt.Sprint(names); got != want && (want != "" || names != nil) {
			t.Errorf("%s needs %s, want %s", text, got, want)
		}
	}
	for _, test := range []struct {
		has  release
		need need
		want string
	}{
		{release{false, 11}, ephemeralBlocks, ""},
		{release{false, 9}, ephemeralBlocks, "ephemeral resources, since 1.10"},
		{release{true, 10}, ephemeralBlocks, "ephemeral resources, since 1.11"},
		{release{true, 12}, actionBlocks, "actions, which OpenTofu has not"},
		{release{false, 14}, actionBlocks, ""},
		{release{false, 11}, need{"version", 14, 14}, "version, since 1.14"},
	} {
		if got := test.has.lacks([]need{importBlocks, test.need}); got != test.want {
			t.Errorf("%+v lacks %q, want %q", test.has, got, test.want)
		}
	}
}
