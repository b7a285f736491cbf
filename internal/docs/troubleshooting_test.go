// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// explanations returns the messages of a page, which are in bold, and its quotes, which are code.
func explanations(source []byte) (messages, quotes []string) {
	eachNode(parsed(source), func(node ast.Node) ast.WalkStatus {
		switch n := node.(type) {
		case *ast.CodeSpan:
			quotes = append(quotes, strings.ReplaceAll(plainText(n, source), "\n", " "))
		case *ast.Emphasis:
			if n.Level == 2 {
				messages = append(messages, plainText(n, source))
			}
		}
		return ast.WalkContinue
	})
	return messages, quotes
}

// checkExplanations returns a problem for each message that the page does not explain or that does not exist, and for each quote that
// is in no message.
func checkExplanations(c code, source []byte) ([]error, error) {
	summaries, err := c.summaries()
	if err != nil {
		return nil, err
	}
	var problems []error
	messages, quotes := explanations(source)
	var taken []string
	for _, message := range messages {
		summary := best(summaries, message)
		if summary == "" {
			problems = append(problems, fmt.Errorf("no message is called %q", message))
		}
		taken = append(taken, summary)
	}
	for _, summary := range summaries {
		if !slices.Contains(taken, summary) {
			problems = append(problems, fmt.Errorf("it does not explain the message %q", strings.ReplaceAll(summary, anything, "…")))
		}
	}
	for _, quote := range quotes {
		if isQuote(quote) && !c.says(quote) {
			problems = append(problems, fmt.Errorf("no message says %q", quote))
		}
	}
	return problems, nil
}

// best returns the summary of a message. A literal summary takes precedence over one with placeholders.
func best(summaries []string, message string) string {
	if slices.Contains(summaries, message) {
		return message
	}
	for _, summary := range summaries {
		if matches(summary, message) {
			return summary
		}
	}
	return ""
}

// initSays is the error of init about another build of a version that is in the lock file.
const initSays = "doesn't match any of the checksums previously recorded in the dependency lock file"

// isQuote reports whether a text is a quote of a message, and not a command, an argument or a message of the CLI.
func isQuote(text string) bool {
	const fewest = 3
	for _, prefix := range []string{"terraform ", "is tainted, so must", initSays, "The provider commvault/commvault"} {
		if strings.HasPrefix(text, prefix) {
			return false
		}
	}
	return len(strings.Fields(text)) >= fewest && !strings.Contains(text, " = ")
}

// TestTroubleshooting verifies that the page explains every message of the provider, and no other one.
func TestTroubleshooting(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCode(root, ours)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := checkExplanations(c, page)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
	summaries, _ := c.summaries()
	t.Logf("the provider has %d messages", len(summaries))
	if len(summaries) < 60 {
		t.Errorf("only %d messages were found", len(summaries))
	}
}

// TestBrokenTroubleshooting guards the check itself.
func TestBrokenTroubleshooting(t *testing.T) {
	const program = "package main\nfunc f() { d.AddError(\"Token lost\", \"It is lost \" + why); d.AddError(\"The \" + name + \" is missing\", \"x\") }"
	for page, want := range map[string]string{
		"**Token lost** means that it is gone. **The host is missing** means what it says.":                      "",
		"| a | b |\n| --- | --- |\n| **Token lost** | look for it |\n| **The a is missing** | set it, at last |": "",
		"**Token lost** means that it is gone.":                                                                  "does not explain the message \"The … is missing\"",
		"**Token lost** says so, **The host is missing** too, **Gone** as well.":                                 `no message is called "Gone"`,
		"**Token lost** says so. **The host is missing** too.\n\n`it is lost because` of `that thing`":           `no message says "it is lost because"`,
		"**Token lost** says so. **The host is missing** too. `it is lost`":                                      "",
	} {
		dir := t.TempDir()
		write(t, dir, "main.go", program)
		c, err := readCode(dir, "example.com/m")
		if err != nil {
			t.Fatal(err)
		}
		problems, err := checkExplanations(c, []byte(page))
		switch {
		case err != nil:
			t.Fatal(err)
		case want == "" && len(problems) > 0, want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Error(), want)):
			t.Errorf("%s: the problems are %v, want %q", page, problems, want)
		}
	}
}
