// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

var (
	// makeCommand is a call of make, with its targets.
	makeCommand = regexp.MustCompile(`(?:^|\n|\$ |&& )make((?: [a-z][a-z/-]*\b)+)`)
	makeTarget  = regexp.MustCompile(`(?m)^([a-z][a-z -/]*):`)
	wordPattern = regexp.MustCompile(`\w+`)
	// fileName is a path, or a pattern of paths, of the repository.
	fileName = regexp.MustCompile(`^\.?[\w*.-]+(?:/[\w*.-]+)*\.(?:go|md|yml)$|^\.?(?:internal|examples|templates|tools|scripts|ci|github)/[\w*./-]+$`)
	// testName is the whole name of a test, and not the beginning of many: TestAcc….
	testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+(?:$|[^\w…])`)
)

// bareName of what testName found, without the character after it.
func bareName(found string) string { return wordPattern.FindString(found) }

// codeOf returns the code of a page, inline and in blocks.
func codeOf(source []byte) []string {
	var code []string
	eachNode(parsed(source), func(node ast.Node) ast.WalkStatus {
		switch n := node.(type) {
		case *ast.CodeSpan:
			code = append(code, plainText(n, source))
		case *ast.FencedCodeBlock:
			code = append(code, string(n.Lines().Value(source)))
		}
		return ast.WalkContinue
	})
	return code
}

// targets of a makefile.
func targets(makefile []byte) []string {
	var all []string
	for _, rule := range makeTarget.FindAllSubmatch(makefile, -1) {
		all = append(all, strings.Fields(string(rule[1]))...)
	}
	return all
}

// checkCode returns a problem for each make target, file and test that a page names and that does not exist.
func checkCode(root, page string, source []byte) ([]error, error) {
	makefile, err := os.ReadFile(filepath.Join(root, "GNUmakefile"))
	if err != nil {
		return nil, err
	}
	known := targets(makefile)
	files, tests := map[string]bool{}, map[string]bool{}
	err = filepath.WalkDir(root, func(name string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", "bin", "dist"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		files[entry.Name()] = true
		if strings.HasSuffix(name, "_test.go") {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, test := range testName.FindAll(text, -1) {
				tests[bareName(string(test))] = true
			}
		}
		return nil
	})
	var problems []error
	for _, code := range codeOf(source) {
		for _, command := range makeCommand.FindAllStringSubmatch(code, -1) {
			for _, target := range strings.Fields(command[1]) {
				if !slices.Contains(known, target) {
					problems = append(problems, fmt.Errorf("%s: make has no target %s", page, target))
				}
			}
		}
		for _, test := range testName.FindAllString(code, -1) {
			if !tests[bareName(test)] {
				problems = append(problems, fmt.Errorf("%s: there is no %s", page, bareName(test)))
			}
		}
		if fileName.MatchString(code) {
			found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(code)))
			if err != nil || len(found) == 0 && !files[code] {
				problems = append(problems, fmt.Errorf("%s: there is no file %s", page, code))
			}
		}
	}
	return problems, err
}

// TestHouse follows what the pages for the next engineer say of the repository.
func TestHouse(t *testing.T) {
	for _, page := range []string{"README.md", "API.md", "CONTRIBUTING.md", "DESIGN.md", "SECURITY.md", ".github/pull_request_template.md"} {
		source, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		problems, err := checkCode(root, page, source)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Error(problem)
		}
	}
}

// TestBrokenHouse guards the check itself.
func TestBrokenHouse(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "GNUmakefile", "VERSION ?= 1\n.PHONY: build\nbuild: ## Build\n\tgo build\nbin/a bin/b: bin/%: tools/%/go.mod\n")
	write(t, dir, "internal/a/code.go", "package a")
	write(t, dir, "internal/a/code_test.go", "package a\nfunc TestCode(t *testing.T) {}")
	for page, want := range map[string]string{
		"`make build`, `make bin/b`, and make sure":                  "[]",
		"`internal/a/code.go`, `internal/*/*.go`, `code.go`":         "[]",
		"`TestCode`, `TestAcc…`, `internal/a`, `dist/`, `a.example`": "[]",
		"```console\n$ cd a && make build X=y\n```":                  "[]",
		"`make buidl`":                "[p: make has no target buidl]",
		"```\n$ make build gone\n```": "[p: make has no target gone]",
		"`make bin/c`":                "[p: make has no target bin/c]",
		"`internal/b/code.go`":        "[p: there is no file internal/b/code.go]",
		"`internal/b`":                "[p: there is no file internal/b]",
		"`gone.go`":                   "[p: there is no file gone.go]",
		"`TestGone`":                  "[p: there is no TestGone]",
		"```\nmake build TESTARGS='-run TestAccGone'\n```": "[p: there is no TestAccGone]",
	} {
		problems, err := checkCode(dir, "p", []byte(page))
		if got := fmt.Sprint(problems); err != nil || got != want {
			t.Errorf("%s: the problems are %s (%v), want %s", page, got, err, want)
		}
	}
}
