// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const apiPage = "API.md"

var citation = regexp.MustCompile(`\bAPI\.md\b(?:#([\w-]+))?`)

// checkCitations returns how many sections of the API's page are cited, and a problem for each that the page does not have.
// A comment in Go must cite a section.
func checkCitations(root string) (cited int, problems []error, err error) {
	source, err := os.ReadFile(filepath.Join(root, apiPage))
	if err != nil {
		return 0, nil, err
	}
	anchors := readPage(apiPage, source).anchors
	err = eachFile(root, func(name string, source []byte) {
		isGo := filepath.Ext(name) == ".go"
		for i, text := range strings.Split(string(source), "\n") {
			if isGo {
				_, text, _ = strings.Cut(text, "//")
			}
			report := func(problem string) { problems = append(problems, fmt.Errorf("%s:%d: %s", name, i+1, problem)) }
			for _, match := range citation.FindAllStringSubmatch(text, -1) {
				switch section := match[1]; {
				case section == "" && isGo:
					report("which section?")
				case section != "" && !anchors[section]:
					report("there is no section #" + section)
				case section != "":
					cited++
				}
			}
		}
	}, ".go", ".md", ".tmpl")
	return cited, problems, err
}

// TestCitations checks each citation of the facts about the API in comments, pages and templates.
func TestCitations(t *testing.T) {
	cited, problems, err := checkCitations(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
	t.Logf("%d sections are cited", cited)
	if cited < 90 {
		t.Errorf("only %d citations were found", cited)
	}
}

// TestBrokenCitations guards the check itself.
func TestBrokenCitations(t *testing.T) {
	for text, want := range map[string]string{
		"a.go: § f, API.md#log-in (sdk), API.md#q1.": "2 []",
		"a.go: const page = `API.md#gone`":           "0 []",
		"a.md: [API.md](API.md#q1), API.md":          "1 []",
		"a.go: f() § API.md#gone":                    "0 [a.go:1: there is no section #gone]",
		"a.go: § API.md, Log in":                     "0 [a.go:1: which section?]",
		"a.md.tmpl: x\nAPI.md#gone":                  "0 [a.md.tmpl:2: there is no section #gone]",
	} {
		dir := t.TempDir()
		write(t, dir, apiPage, "## Log in\n\n| a |\n| --- |\n| <a id=\"q1\"></a>Q1 |\n")
		name, text, _ := strings.Cut(text, ": ")
		write(t, dir, name, strings.Replace(text, "§", "//", 1)) // written out, it would be a comment of this file
		cited, problems, err := checkCitations(dir)
		if got := fmt.Sprint(cited, " ", problems); err != nil || got != want {
			t.Errorf("%s: %s (%v), want %s", text, got, err, want)
		}
	}
}
