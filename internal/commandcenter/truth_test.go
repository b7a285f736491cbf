// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// truth is a truth table that covers every combination of some facts. A row has a value for each fact and then the result. Several
// values are separated by "|", and "*" matches any value.
type truth struct {
	facts []fact
	rows  []string
}

// fact is a name and its possible values.
type fact struct {
	name   string
	values []string
}

var yesOrNo = []string{"yes", "no"}

// check calls f with every combination and compares its result with the one row that matches. Exactly one row must match each
// combination, and every row must be used.
func (table truth) check(t *testing.T, f func(is map[string]string) string) {
	t.Helper()
	used := make([]int, len(table.rows))
	combination := map[string]string{}
	var visit func(at int)
	visit = func(at int) {
		if at < len(table.facts) {
			for _, value := range table.facts[at].values {
				combination[table.facts[at].name] = value
				visit(at + 1)
			}
			return
		}
		matches := 0
		for i, row := range table.rows {
			if want, matched := table.match(t, row, combination); matched {
				matches++
				used[i]++
				if got := f(combination); got != want {
					t.Errorf("%v: got %s, want %s", combination, got, want)
				}
			}
		}
		if matches != 1 {
			t.Errorf("%v: %d rows match", combination, matches)
		}
	}
	visit(0)
	for i, n := range used {
		if n == 0 {
			t.Errorf("the row %q matches nothing", table.rows[i])
		}
	}
}

func (table truth) match(t *testing.T, row string, combination map[string]string) (want string, matched bool) {
	t.Helper()
	cells := strings.Fields(row)
	if len(cells) != len(table.facts)+1 {
		t.Fatalf("the row %q has %d cells, want %d", row, len(cells), len(table.facts)+1)
	}
	for i, cell := range cells[:len(table.facts)] {
		is := combination[table.facts[i].name]
		if cell != "*" && !strings.Contains("|"+cell+"|", "|"+is+"|") {
			return "", false
		}
	}
	return cells[len(cells)-1], true
}

// kinds returns the kinds that errors.go declares, by name, so that a new Kind is part of every table.
func kinds(t *testing.T) (names []string, byName map[string]Kind) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	byName = map[string]Kind{}
	for _, declaration := range file.Decls {
		constants, isConstants := declaration.(*ast.GenDecl)
		if !isConstants || constants.Tok != token.CONST {
			continue
		}
		first, isValue := constants.Specs[0].(*ast.ValueSpec)
		if !isValue {
			continue
		}
		if named, isNamed := first.Type.(*ast.Ident); !isNamed || named.Name != "Kind" {
			continue
		}
		for i, spec := range constants.Specs {
			if value, isValue := spec.(*ast.ValueSpec); isValue {
				names = append(names, value.Names[0].Name)
				byName[value.Names[0].Name] = Kind(i + 1)
			}
		}
	}
	if len(names) == 0 || byName["NeverSent"] != NeverSent || byName["Interrupted"] != Interrupted {
		t.Fatalf("the kinds were read as %v", byName)
	}
	return names, byName
}
