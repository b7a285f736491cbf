// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// longestSentence is how many words a reader whose first language is another one can follow.
const longestSentence = 35

// unidiomatic are phrases of the first edition that readers had to read twice.
var unidiomatic = regexp.MustCompile(`(?i)\b(?:is|are) no difference\b|\bsays? where what is\b|\bout come\b|\bof another is another\b|` +
	`\bof this type is another\b|\btells whether\b|\bnot set, the\b|\bbuilt, once\b|\bwhoever (?:uses|reads|asks|sets)\b|\bthere is none of\b|\bthe house\b`)

var sentenceEnd = regexp.MustCompile(`[.!?:](?:\s|$)`)

// checkVoice returns a problem for each sentence of a page that is too long, and for each unidiomatic phrase. Code and tables do not count.
// Vale does the same, but its current releases need a C compiler. misspell finds misspelled words: make lint.
func checkVoice(page string, source []byte) (problems []error) {
	source = frontMatter.ReplaceAll(source, nil)
	eachNode(parsed(source), func(node ast.Node) ast.WalkStatus {
		if node.Kind() != ast.KindParagraph && node.Kind() != ast.KindTextBlock {
			return ast.WalkContinue
		}
		words := prose(node, source)
		for _, phrase := range unidiomatic.FindAllString(words, -1) {
			problems = append(problems, fmt.Errorf("%s: %q", page, phrase))
		}
		for _, sentence := range sentenceEnd.Split(words, -1) {
			if n := len(strings.Fields(sentence)); n > longestSentence {
				problems = append(problems, fmt.Errorf("%s: a sentence of %d words: %s", page, n, sentence))
			}
		}
		return ast.WalkSkipChildren
	})
	return problems
}

// prose returns the text of a paragraph. Code within it counts as one word.
func prose(paragraph ast.Node, source []byte) string {
	var words strings.Builder
	eachNode(paragraph, func(node ast.Node) ast.WalkStatus {
		switch n := node.(type) {
		case *ast.CodeSpan:
			words.WriteString("code")
			return ast.WalkSkipChildren
		case *ast.Text:
			words.Write(n.Segment.Value(source))
			if n.SoftLineBreak() {
				words.WriteString(" ")
			}
		}
		return ast.WalkContinue
	})
	return strings.Join(strings.Fields(words.String()), " ")
}

// TestVoice checks what can be checked of the language of README, the guides and the examples.
func TestVoice(t *testing.T) {
	pages := 0
	err := eachFile(root, func(name string, source []byte) {
		directory, _, _ := strings.Cut(name, "/")
		if !slices.Contains([]string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "examples"}, directory) {
			return
		}
		pages++
		for _, problem := range checkVoice(name, source) {
			t.Error(problem)
		}
	}, ".md")
	if err != nil {
		t.Fatal(err)
	}
	if pages < 30 {
		t.Errorf("only %d pages were found", pages)
	}
}

// TestBrokenVoice verifies the check itself.
func TestBrokenVoice(t *testing.T) {
	long := strings.Repeat("word ", longestSentence+1) + "."
	for page, want := range map[string]int{
		"It works. " + long[5:]:                  0,
		"It works. " + long:                      1,
		"| a |\n| --- |\n| " + long + " |":       0,
		"```\n" + long + "\n```":                 0,
		"- An item\n  of a list: " + long:        1,
		"Two spellings are no difference.":       1,
		"Renewal is `no difference` to the plan": 0,
	} {
		if problems := checkVoice("p", []byte(page)); len(problems) != want {
			t.Errorf("%q: the problems are %v, want %d", page, problems, want)
		}
	}
}
