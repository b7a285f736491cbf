// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
)

const examples = root + "/examples"

// example is what a user would put into a directory.
type example struct {
	name  string
	files map[string]string
	// around is the directory with the example in it, and with the modules that it calls; "" for a file of its own.
	around string
}

func (e example) needs() []need {
	var needs []need
	pieces, _ := parseAll(e.files) // what does not parse fails elsewhere
	for _, p := range pieces {
		needs = append(needs, p.needs()...)
	}
	return needs
}

// slug is the name of a module for the example.
func (e example) slug() string { return noName.ReplaceAllString(e.name, "_") }

var noName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// livedElsewhere matches examples that other tests apply: TestAccGettingStarted, TestAccGitOps, TestAccSecretStore, TestAccAdopting,
// TestAccRenewer, and those of pipelines.
var livedElsewhere = regexp.MustCompile(`^(?:quickstart$|gitops/|pipelines/|secret-store$|adopting/|renewer$)`)

// TestAccExamples applies every example with a real CLI. Examples that read tokens run on a server on which no other test issues
// tokens.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	all, err := readExamples(examples)
	if err != nil {
		t.Fatal(err)
	}
	cli := releaseOf(t, acctest.NewCLI(t, ""))
	groups := map[string][]example{}
	for _, e := range all {
		needs := e.needs()
		switch lacking := cli.lacks(needs); {
		case livedElsewhere.MatchString(e.name):
		case lacking != "":
			t.Run(e.name, func(t *testing.T) { t.Skip(lacksError{lacking}) })
		case onlyInRoot(needs):
			groups[e.name] = []example{e}
		case strings.HasPrefix(e.name, "data-sources/"):
			groups["data sources"] = append(groups["data sources"], e)
		default:
			groups["the others"] = append(groups["the others"], e)
		}
	}
	for name, together := range groups {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, e := range together {
				t.Log(e.name)
			}
			problem := live(t, together...)
			if problem == nil {
				return
			}
			t.Error(problem)
			if len(together) == 1 {
				return
			}
			for _, e := range together { // which is it?
				t.Run(e.name, func(t *testing.T) {
					if err := live(t, e); err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
	if len(all) < 10 {
		t.Errorf("only %d examples were found", len(all))
	}
}

// pageExamples are the directories whose files tfplugindocs puts on pages.
var pageExamples = []string{"resources", "data-sources", "ephemeral-resources", "list-resources", "actions"}

// readExamples walks a directory. In the directories of tfplugindocs, each file is a separate example, completed by the resource of
// its directory if it refers to it. Elsewhere, a directory is an example. An example has to call each module that has no provider.
func readExamples(dir string) ([]example, error) {
	byDirectory, err := readFiles(dir)
	if err != nil {
		return nil, err
	}
	var all []example
	modules, called := map[string]bool{}, map[string]bool{}
	for _, at := range slices.Sorted(maps.Keys(byDirectory)) {
		files := byDirectory[at]
		pieces, err := parseAll(files)
		if err != nil {
			return nil, err
		}
		if kind, _, _ := strings.Cut(at, "/"); slices.Contains(pageExamples, kind) {
			for name, text := range files {
				own := map[string]string{name: text}
				if _, missing := pieces[name].completed(nil); len(missing) > 0 {
					own["resource.tf"] = files["resource.tf"]
				}
				all = append(all, example{name: at + "/" + name, files: own})
			}
			continue
		}
		isRoot := false
		for _, p := range pieces {
			isRoot = isRoot || p.declared()["provider.commvault"] != ""
			for _, b := range p.body.Blocks {
				if b.Type == "module" {
					called[path.Join(at, literal(b.Body, "source"))] = true
				}
			}
		}
		if isRoot {
			all = append(all, example{name: at, files: files, around: dir})
		} else {
			modules[at] = true
		}
	}
	for module := range modules {
		if !called[module] {
			return nil, fmt.Errorf("%s configures no provider, and no example calls it", module)
		}
	}
	return all, nil
}

// readFiles returns the files that a CLI would read, by directory and file name.
func readFiles(dir string) (map[string]map[string]string, error) {
	byDirectory := map[string]map[string]string{}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".tf" && !strings.HasSuffix(file, ".tfquery.hcl") {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		at := filepath.ToSlash(filepath.Dir(name))
		if byDirectory[at] == nil {
			byDirectory[at] = map[string]string{}
		}
		byDirectory[at][filepath.Base(name)] = string(text)
		return err
	})
	return byDirectory, err
}

func parseAll(files map[string]string) (map[string]piece, error) {
	pieces := map[string]piece{}
	for name, text := range files {
		p, err := parse(name, text)
		if err != nil {
			return nil, err
		}
		pieces[name] = p
	}
	return pieces, nil
}

// TestAccBrokenExamples verifies that each step is checked.
func TestAccBrokenExamples(t *testing.T) {
	t.Parallel()
	const named = "resource \"commvault_access_token\" \"a\" {\n  name = \"a\"\n}\n"
	cli := releaseOf(t, acctest.NewCLI(t, ""))
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"an init that fails":  {named + "module \"a\" {\n  source = \"./gone\"\n}\n", []string{"init: "}},
		"an apply that fails": {strings.Replace(named, `"a"`+"\n}", `" "`+"\n}", 1), []string{"apply: "}},
		"what fails after that": {
			"resource \"commvault_access_token\" \"a\" {\n  name = timestamp()\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n" +
				"output \"a\" {\n  value = nonsensitive(commvault_access_token.a.access_token)\n}\n" +
				"ephemeral \"commvault_access_token\" \"a\" {\n  name_prefix     = \"left-\"\n  revoke_on_close = false\n}\n",
			[]string{"plan: exit 2", "destroy: ", "printed [an access token]", "the destroy left the tokens", `"left-`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := example{name: "broken.tf", files: map[string]string{"broken.tf": test.text}}
			if lacking := cli.lacks(broken.needs()); lacking != "" {
				t.Skip(lacksError{lacking})
			}
			err := live(t, example{name: "fine.tf", files: map[string]string{"fine.tf": named}}, broken)
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %v, want %q", err, want)
				}
			}
		})
	}
}

// TestExamplesThatNobodyCalls verifies that no file is left out.
func TestExamplesThatNobodyCalls(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "modules/a/main.tf", `resource "commvault_access_token" "a" { name = "a" }`)
	if _, err := readExamples(dir); err == nil || !strings.Contains(err.Error(), "modules/a") {
		t.Errorf("the error is %v, want one about modules/a", err)
	}
	write(t, dir, "modules/a/example/main.tf", "provider \"commvault\" {}\nmodule \"a\" {\n  source = \"../\"\n}\n")
	write(t, dir, "resources/commvault_b/resource.tf", `resource "commvault_b" "c" {}`)
	write(t, dir, "resources/commvault_b/import.tf", "import {\n  to = commvault_b.c\n  id = 1\n}\n")
	all, err := readExamples(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, fmt.Sprintf("%s (%d)", e.name, len(e.files)))
	}
	slices.Sort(names)
	want := []string{"modules/a/example (1)", "resources/commvault_b/import.tf (2)", "resources/commvault_b/resource.tf (1)"}
	if !slices.Equal(names, want) {
		t.Errorf("the examples are %v, want %v", names, want)
	}
}
