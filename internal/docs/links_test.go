// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// ours is where this repository is on GitHub. A link to one of its files has to lead to one that is here.
const ours = "github.com/commvault-tokens/terraform-provider-commvault"

// TestLinks follows every link of every page, as far as that needs no network.
func TestLinks(t *testing.T) {
	pages, err := readPages(root)
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range pages {
		links += len(page.links)
	}
	for _, problem := range checkLinks(root, pages) {
		t.Error(problem)
	}
	t.Logf("%d pages have %d links", len(pages), links)
	if links < 40 {
		t.Errorf("only %d links were found", links)
	}
}

// checkLinks gives a problem for each link that leads nowhere.
func checkLinks(root string, pages []page) []error {
	byPath := map[string]page{}
	for _, page := range pages {
		byPath[page.path] = page
	}
	var problems []error
	for _, page := range pages {
		for _, link := range page.links {
			if err := follow(root, byPath, page, link.target); err != nil {
				problems = append(problems, fmt.Errorf("%s:%d: %s: %w", page.path, link.line, link.target, err))
			}
		}
	}
	return problems
}

func follow(root string, pages map[string]page, from page, target string) error {
	address, err := url.Parse(target)
	switch {
	case err != nil:
		return err
	case address.Scheme == "mailto":
		return nil
	case address.IsAbs() || address.Host != "":
		return followOutside(root, address)
	case strings.HasPrefix(address.Path, "/"):
		return fmt.Errorf("an absolute path means something else on each site")
	}
	to := from
	if address.Path != "" {
		name := path.Join(path.Dir(from.path), address.Path)
		if strings.HasPrefix(from.path, "docs/") {
			// The registries show docs/ and nothing else. GitHub finds its pages only with .md. Terraform's registry takes that
			// off; OpenTofu's does so where no directory is named (docsProcessor.ts of opentofu/registry-ui).
			if !strings.HasPrefix(name, "docs/") {
				return fmt.Errorf("the registries show no page outside docs/")
			}
			if path.Ext(name) != ".md" {
				return fmt.Errorf("GitHub knows the page only with .md")
			}
		}
		if err := exists(root, name); err != nil {
			return err
		}
		to = pages[name]
	}
	if address.Fragment != "" && !to.anchors[address.Fragment] {
		return fmt.Errorf("the page has no heading or anchor #%s", address.Fragment)
	}
	return nil
}

// followOutside looks at the form of an address that it can't reach.
func followOutside(root string, address *url.URL) error {
	if address.Scheme != "https" {
		return fmt.Errorf("it is not https")
	}
	if !strings.Contains(address.Hostname(), ".") || address.User != nil {
		return fmt.Errorf("it names no public host")
	}
	rest, isOurs := strings.CutPrefix(address.Host+address.Path, ours+"/")
	if parts := strings.SplitN(rest, "/", 3); isOurs && len(parts) == 3 && (parts[0] == "blob" || parts[0] == "tree") {
		return exists(root, parts[2])
	}
	return nil
}

func exists(root, name string) error {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil || strings.HasPrefix(name, "..") {
		return fmt.Errorf("there is no %s", name)
	}
	return nil
}

// TestLinksThatLeadNowhere guards the check itself.
func TestLinksThatLeadNowhere(t *testing.T) {
	const target = "# First\n\n## A `code` & more\n\n## Twice\n\n## Twice\n\n<a id=\"by-hand\"></a>\n"
	for text, want := range map[string]string{
		"[a](docs/index.md)":                            "",
		"[a](docs/index.md#first)":                      "",
		"[a](docs/index.md#a-code--more)":               "",
		"[a](docs/index.md#twice-1)":                    "",
		"[a](docs/index.md#by-hand)":                    "",
		"[a](#here)\n\n# Here":                          "",
		"`[a](gone.md)`\n\n```\n[a](gone.md)\n```":      "",
		"[a](https://example.com/x#y)":                  "",
		"[a](https://" + ours + "/tree/main/docs)":      "",
		"| a |\n| --- |\n| [b](gone.md) |":              "README.md:3: gone.md: there is no gone.md",
		"x\n[a](gone.md)":                               "README.md:2: gone.md: there is no gone.md",
		"[a][b]\n\n[b]: gone.md":                        "gone.md: there is no gone.md",
		"![a](gone.png)":                                "there is no gone.png",
		"<a href=\"gone.md\">a</a>":                     "there is no gone.md",
		"[a](../outside.md)":                            "there is no ../outside.md",
		"[a](docs/index.md#second)":                     "no heading or anchor #second",
		"[a](/docs/index.md)":                           "an absolute path",
		"http://example.com":                            "it is not https",
		"<https://localhost/x>":                         "it names no public host",
		"[a](https://" + ours + "/blob/main/gone)":      "there is no gone",
		"docs: [a](guides/first.md)":                    "",
		"docs: [a](guides/first.md#first)":              "",
		"docs: [a](guides/first)":                       "only with .md",
		"docs: [a](../README.md)":                       "outside docs/",
		"docs: ---\na: b\n---\n\n[a](guides/second.md)": "docs/index2.md:5: ",
	} {
		root := t.TempDir()
		write(t, root, "docs/index.md", target)
		write(t, root, "docs/guides/first.md", "# First\n\n[back](../index.md#first)")
		if ofDocs, ok := strings.CutPrefix(text, "docs: "); ok {
			write(t, root, "docs/index2.md", ofDocs)
		} else {
			write(t, root, "README.md", text)
		}
		pages, err := readPages(root)
		if err != nil {
			t.Fatal(err)
		}
		problems := checkLinks(root, pages)
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%q: %v", text, problems)
		case want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Error(), want)):
			t.Errorf("%q: the problems are %v, want one with %q", text, problems, want)
		}
	}
}

// write a file below a directory.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
