// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

const guide = "../../../templates/guides/simulator.md.tmpl"

// TestTheGuideHasEveryFlagAndDialect verifies that the tables of the guide agree with the program's own descriptions. A failure prints
// the expected table.
func TestTheGuideHasEveryFlagAndDialect(t *testing.T) {
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"flag": flagRows(), "account": accountRows(), "dialect": dialectRows(),
	} {
		if got := table(string(page), name); !slices.Equal(got, want) {
			t.Errorf("the table of each %s should be\n%s\nand is\n%s", name, strings.Join(want, "\n"), strings.Join(got, "\n"))
		}
	}
}

// TestTheGuideUsesFlagsThatThereAre covers the commands of the guide and its table of examples.
func TestTheGuideUsesFlagsThatThereAre(t *testing.T) {
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	given := regexp.MustCompile("(?:ARGS='|commvault-simulator |`)(-[a-z-]+ [^'`\n]*)['`\n]").FindAllStringSubmatch(
		flagTable.ReplaceAllString(string(page), ""), -1)
	for _, match := range given {
		if _, err := parse(strings.Fields(match[1]), io.Discard); err != nil {
			t.Errorf("%s: %s", match[1], err)
		}
	}
	if len(given) < 10 {
		t.Errorf("only %d commands were found", len(given))
	}
}

// flagTable matches the rows of the table of flags.
var flagTable = regexp.MustCompile("(?m)^\\| `-.*\n")

// table returns the rows of the table whose first column has the given heading.
func table(page, column string) []string {
	found := regexp.MustCompile(`(?m)^\| ` + column + ` \|.*\n\| ---.*\n((?:\|.*\n)+)`).FindStringSubmatch(page)
	if found == nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(found[1], "\n"), "\n")
}

// named matches the default in the description of a flag whose default is zero.
var named = regexp.MustCompile(` \((\w+)\)$`)

func flagRows() []string {
	var set settings
	var rows []string
	f := flag.NewFlagSet("simulator", flag.ContinueOnError)
	set.declare(f)
	f.VisitAll(func(one *flag.Flag) {
		value, usage := flag.UnquoteUsage(one)
		form, usual := "-"+one.Name, ""
		if value != "" {
			form += " " + value
		}
		if !slices.Contains([]string{"", "0", "0s", "false"}, one.DefValue) {
			usual = "`" + one.DefValue + "`"
		} else if match := named.FindStringSubmatch(usage); match != nil {
			usual, usage = "`"+match[1]+"`", strings.TrimSuffix(usage, match[0])
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", form, usual, usage))
	})
	return rows
}

func accountRows() []string {
	server := simulator.New(simulator.Options{Accounts: simulator.ExampleAccounts()})
	defer server.Close()
	var rows []string
	for _, a := range server.Accounts() {
		password := "none: a service account, which cannot log in"
		if a.Password != "" {
			password = "`" + a.Password + "`"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %d | %s | %s |", a.Name, a.ID, password, a.Rights))
	}
	return rows
}

func dialectRows() []string {
	var rows []string
	for _, w := range simulator.DialectWords() {
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", w.Word, strings.NewReplacer("<", `\<`).Replace(w.About)))
	}
	return rows
}
