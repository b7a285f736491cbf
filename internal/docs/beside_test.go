// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// vendorSource is Commvault's own provider, as the CLIs write it.
const vendorSource = "commvault/commvault"

// plan is a resource of Commvault's provider that the test adds to the page's configuration. It uses the local name.
const vendorPlan = `
resource "commvault_plan" "daily" {
  name = "daily-${commvault_access_token.reports.name}"
}
`

// TestAccBesideCommvaultProvider follows the page on Commvault's own provider. A stand-in at the same address has the types that the
// page describes.
func TestAccBesideCommvaultProvider(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	b.write("main.tf", b.configurations[0])
	b.write("plan.tf", vendorPlan)
	if err := b.steps([]string{"init", "apply", "plan"}); err != nil {
		t.Fatal(err)
	}
	if tokens := b.testEnv.Tokens(); len(tokens) != 1 || tokens[0].Name != "reports" || tokens[0].UserID != b.testEnv.UserID() {
		t.Errorf("the server has %d tokens, want the one of the page", len(tokens))
	}
	state, err := os.ReadFile(filepath.Join(b.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{vendorSource, ourSource} {
		if !regexp.MustCompile(`"provider": "provider\[\\"[a-z.]+/` + want + `\\"\]"`).Match(state) {
			t.Errorf("nothing in the state belongs to %s", want)
		}
	}
	if err := b.steps([]string{"destroy"}); err != nil {
		t.Error(err)
	}
	if left := len(b.testEnv.Tokens()); left > 0 {
		t.Errorf("the destroy left %d tokens", left)
	}
}

// TestAccBesideForgotten verifies that the meta-argument is required, and that the page quotes the CLI's message about a missing one.
func TestAccBesideForgotten(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	forgotten := regexp.MustCompile(`(?m)^  provider = commvault-tokens\n\n`).ReplaceAllString(b.configurations[0], "")
	if forgotten == b.configurations[0] {
		t.Fatal("the page has no provider line")
	}
	b.write("main.tf", forgotten)
	err := b.steps([]string{"init", "plan"})
	said := regexp.MustCompile("`(The provider [^`]+)`").FindSubmatch(b.page)
	if said == nil {
		t.Fatal("the page does not quote the CLI")
	}
	// The CLI and the page break lines where they like, and each CLI names its registry.
	want := strings.Join(strings.Fields(string(said[1])), " ")
	if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "registry.opentofu.org/", ""), want) {
		t.Errorf("the CLI says %v, want %q", err, want)
	}
	if sent := len(b.testEnv.Journal()); sent > 0 {
		t.Errorf("the server got %d requests", sent)
	}
}

// TestAccBesideModule verifies that a module of this repository works beside the other provider, and that the page's warning is right.
func TestAccBesideModule(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ says, with, want string }{
		"as the page says":          {"", "", ""},
		"with the other's own name": {"commvault-backup", "commvault", "Provider type mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBeside(t)
			if err := os.CopyFS(filepath.Join(b.dir, "module"), os.DirFS(examples+"/modules/rotating-token")); err != nil {
				t.Fatal(err)
			}
			with := ourModule.ReplaceAllLiteralString(b.configurations[len(b.configurations)-1], `"./module"`)
			b.write("main.tf", strings.ReplaceAll(with, test.says, test.with))
			err := b.steps([]string{"init", "apply"})
			switch issued := b.testEnv.Count(simulator.OpCreate); {
			case test.want == "" && (err != nil || issued != 1):
				t.Errorf("%d tokens were issued, want 1: %v", issued, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("the error is %v, want %q", err, test.want)
			}
			if !strings.Contains(string(b.page), test.want) {
				t.Errorf("the page does not say %q", test.want)
			}
		})
	}
}

// beside is a workspace in which both providers are available.
type beside struct {
	*workspace
	page           []byte
	configurations []string // that the page shows
}

func newBeside(t *testing.T) beside {
	t.Helper()
	const name = "docs/guides/beside-commvault-provider.md"
	source, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	b := beside{page: source}
	blocks := readPage(name, source).blocks
	for _, shown := range blocks {
		if shown.isHCL() {
			b.configurations = append(b.configurations, shown.text)
		}
	}
	if len(b.configurations) == 0 {
		t.Fatal("the page has no configuration")
	}
	pieces, err := parseAll(map[string]string{"main.tf": b.configurations[0], "plan.tf": vendorPlan})
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSources(t, slices.Collect(maps.Values(pieces))...); err != nil {
		t.Fatal(err)
	}
	others := otherProviders(slices.Collect(maps.Values(pieces))...)
	vendor := others[vendorSource]
	if vendor == nil || len(others) != 1 || vendor.Data["commvault_user"] == nil || vendor.Resources["commvault_plan"] == nil {
		t.Fatalf("the page is about %v, want %s alone", slices.Collect(maps.Keys(others)), vendorSource)
	}
	testEnv := acctest.NewOnSystemClock(t, simulator.Options{})
	vendor.Answers = map[string]string{"id": fmt.Sprint(testEnv.UserID())}
	b.workspace = newWorkspace(t, testEnv, t.TempDir(), others)
	return b
}

func (b beside) write(name, text string) { write(b.t, b.dir, name, text) }
