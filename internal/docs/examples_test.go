// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const examples = root + "/examples"

// example is what a user would put into a directory.
type example struct {
	name  string
	files map[string]string
	// around is the directory with the example in it, and with the modules that it calls; "" for a file of its own.
	around string
}

// TestAccExamples lives through every example with a real CLI. One that wants values for its variables is the business of
// another test: tofu-controller gives them, see TestAccGitOps.
func TestAccExamples(t *testing.T) {
	all, err := readExamples(examples)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if strings.HasPrefix(e.name, "gitops/") {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			err := live(t, e)
			if lacking := (lacksError{}); errors.As(err, &lacking) {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	if len(all) < 10 {
		t.Errorf("only %d examples were found", len(all))
	}
}

// pageExamples are the directories in which tfplugindocs looks for what it puts on pages.
var pageExamples = []string{"resources", "data-sources", "ephemeral-resources", "list-resources", "actions"}

// readExamples walks a directory. Where tfplugindocs looks, each file is an example of its own, completed by the resource
// of its directory if it refers to that; elsewhere a directory is one. A module without a provider has to be called by one.
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

// readFiles reads what a CLI would, by the directories and the names of the files.
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

// TestAccBrokenExamples guards that each step of a life is looked at.
func TestAccBrokenExamples(t *testing.T) {
	const named = "resource \"commvault_access_token\" \"a\" {\n  name = \"a\"\n}\n"
	for name, test := range map[string]struct{ text, want string }{
		"one that is whole":        {named, ""},
		"an init that fails":       {named + "module \"a\" {\n  source = \"./gone\"\n}\n", "init: "},
		"an apply that fails":      {strings.Replace(named, `"a"`+"\n}", `" "`+"\n}", 1), "apply: "},
		"a plan that is not empty": {strings.Replace(named, `"a"`+"\n}", `timestamp()`+"\n}", 1), "plan: exit 2"},
		"a destroy that fails":     {strings.Replace(named, "\n}\n", "\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n", 1), "destroy: "},
		"a secret that is printed": {named + "output \"a\" {\n  value = nonsensitive(commvault_access_token.a.access_token)\n}\n", "printed [an access token]"},
		"a token that is left":     {"ephemeral \"commvault_access_token\" \"a\" {\n  revoke_on_close = false\n}\n", "left the token"},
		"an import":                {named + "import {\n  to = commvault_access_token.a\n  id = \"42\"\n}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := live(t, example{name: "resource.tf", files: map[string]string{"resource.tf": test.text}})
			if errors.As(err, &lacksError{}) {
				t.Skip(err)
			}
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestExamplesThatNobodyCalls guards that no file is passed over.
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
