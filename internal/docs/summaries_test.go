// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// summaryAt is the position of the summary among the arguments of each function that makes a diagnostic.
var summaryAt = map[string]int{
	"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1,
	"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
}

// anything is the placeholder in a summary for text that is known only at run time.
const anything = "\x00"

// code contains the packages of this module that a program consists of.
type code struct {
	packages map[string][]*ast.File // by directory
	files    *gotoken.FileSet
}

// readCode parses the program in a directory of root, and the packages of module that it imports.
func readCode(root, module string) (code, error) {
	s := code{map[string][]*ast.File{}, gotoken.NewFileSet()}
	return s, s.read(root, module, ".")
}

func (s code) read(root, module, dir string) error {
	if s.packages[dir] != nil {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(dir), "*.go"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(s.files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s.packages[dir] = append(s.packages[dir], file)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if inner, ours := strings.CutPrefix(imported, module+"/"); ours {
				if err := s.read(root, module, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// summaries returns the summaries of all diagnostics in the sources. A summary that cannot be determined is an error, because users
// could not look it up.
func (s code) summaries() ([]string, error) {
	var all []string
	for _, files := range s.packages {
		r := resolver{s.files, files}
		for _, file := range files {
			for _, declaration := range file.Decls {
				var failed error
				ast.Inspect(declaration, func(n ast.Node) bool {
					if summary := summaryOf(n); summary != nil && failed == nil {
						var found []string
						found, failed = r.resolve(declaration, summary, 0)
						all = append(all, found...)
					}
					return true
				})
				if failed != nil {
					return nil, failed
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// summaryOf returns the summary of a diagnostic that n makes, or nil. A diagnostic that is copied from another one has its summary.
func summaryOf(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		if at, makes := summaryAt[nameOfFunction(n.Fun)]; makes && len(n.Args) > at {
			return n.Args[at]
		}
	case *ast.KeyValueExpr:
		call, ok := n.Value.(*ast.CallExpr)
		if copied := ok && nameOfFunction(call.Fun) == "Summary"; nameOfFunction(n.Key) == "Summary" && !copied {
			return n.Value
		}
	}
	return nil
}

func nameOfFunction(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// resolver determines the possible texts of an expression in one package.
type resolver struct {
	set   *gotoken.FileSet
	files []*ast.File
}

func (r resolver) resolve(within ast.Decl, e ast.Expr, depth int) ([]string, error) {
	const deepest = 5
	unclear := func() ([]string, error) {
		return nil, fmt.Errorf("%s: what summary is this? Write it as a literal", r.set.Position(e.Pos()))
	}
	if depth > deepest {
		return unclear()
	}
	var found []string
	var failed error
	collect := func(where ast.Decl, value ast.Expr) {
		texts, err := r.resolve(where, value, depth+1)
		found = append(found, texts...)
		if err != nil {
			failed = err
		}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return []string{text}, err
	case *ast.BinaryExpr:
		return []string{pattern(e)}, nil
	case *ast.Ident: // a parameter: what do the callers say?
		function, ok := within.(*ast.FuncDecl)
		if !ok {
			return unclear()
		}
		at := parameter(function, e.Name)
		if at < 0 {
			return unclear()
		}
		r.inspect(func(where ast.Decl, n ast.Node) {
			if call, ok := n.(*ast.CallExpr); ok && nameOfFunction(call.Fun) == function.Name.Name && len(call.Args) > at {
				collect(where, call.Args[at])
			}
		})
	case *ast.SelectorExpr: // a field: what was it set to?
		r.inspect(func(where ast.Decl, n ast.Node) {
			if pair, ok := n.(*ast.KeyValueExpr); ok && nameOfFunction(pair.Key) == e.Sel.Name {
				collect(where, pair.Value)
			}
		})
	}
	if failed == nil && len(found) == 0 {
		return unclear()
	}
	return found, failed
}

func (r resolver) inspect(visit func(where ast.Decl, n ast.Node)) {
	for _, file := range r.files {
		for _, declaration := range file.Decls {
			ast.Inspect(declaration, func(n ast.Node) bool {
				visit(declaration, n)
				return true
			})
		}
	}
}

// parameter returns the position of a name among the parameters of a function, or -1.
func parameter(f *ast.FuncDecl, name string) int {
	at := 0
	for _, field := range f.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}

// pattern returns the text of a concatenation, with anything for its unknown parts.
func pattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return pattern(e.X) + pattern(e.Y)
	}
	return anything
}

// matches reports whether a text is a possible form of a summary.
func matches(summary, text string) bool {
	expression := strings.ReplaceAll(regexp.QuoteMeta(summary), anything, ".+")
	return regexp.MustCompile("^" + expression + "$").MatchString(text)
}

// says reports whether a text of the sources contains the quoted one. Letter case is ignored.
func (s code) says(quoted string) bool {
	found := false
	for _, files := range s.packages {
		resolver{s.files, files}.inspect(func(_ ast.Decl, n ast.Node) {
			if e, ok := n.(ast.Expr); ok && !found {
				found = strings.Contains(strings.ToLower(pattern(e)), strings.ToLower(quoted))
			}
		})
	}
	return found
}

// TestSummaries verifies that every form of a summary in the code is found.
func TestSummaries(t *testing.T) {
	for code, want := range map[string]string{
		`func f() { d.AddError("A", "x") }`: "[A]",
		`func f() { d.AddAttributeWarning(p, "A", "x"); _ = diag.NewWarningDiagnostic("B", "x") }`:       "[A B]",
		`func f() { diag.NewAttributeErrorDiagnostic(p, "A" + " and " + "B", "x") }`:                     "[A and B]",
		`func f() { d.AddError("The " + name + " is gone", "x") }`:                                       "[The \x00 is gone]",
		`func f(s string) { d.AddError(s, "x") }; func g() { f("A"); f("B") }`:                           "[A B]",
		`func f(s string) { d.AddError(s, "x") }; func g(s string) { f(s) }; func h() { g("A") }`:        "[A]",
		`func (c check) f() { d.AddError(c.summary, "x") }; var c = check{summary: "A"}`:                 "[A]",
		`func f() { d.AddError(summary(), "x") }`:                                                        "what summary is this?",
		`func f(s string) { d.AddError(s, "x") }`:                                                        "what summary is this?",
		`func f() { s := "A"; d.AddError(s, "x") }`:                                                      "what summary is this?",
		`var d = tfprotov6.Diagnostic{Summary: "A"}; var e = tfprotov6.Diagnostic{Summary: d.Summary()}`: "[A]",
		`import "example.com/m/inner"`:                                                                   "[Inner]",
		`import "example.com/m/gone"`:                                                                    "[]",
	} {
		dir := t.TempDir()
		write(t, dir, "main.go", "package main\n"+code)
		write(t, dir, "main_test.go", "package main\nfunc t() { d.AddError(\"Test\", \"x\") }")
		write(t, dir, "inner/inner.go", "package inner\nfunc f() { d.AddError(\"Inner\", \"x\") }")
		s, err := readCode(dir, "example.com/m")
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.summaries()
		if got := fmt.Sprint(found); err != nil && !strings.Contains(err.Error(), want) || err == nil && got != want {
			t.Errorf("%s: %q and %v, want %q", code, got, err, want)
		}
	}
}
