// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

var (
	// fact is an item of a list or a row of a table.
	fact        = regexp.MustCompile(`(?m)^- .*(?:\n  .*)*$|^\| .* \|$`)
	tableHeader = regexp.MustCompile(`^\| (?:.* source|---.*) \|$`)
	sourceTags  = regexp.MustCompile(`[(|] ?(?:(?:reference|sdk|vendor|docs|probe|field|inference)(?:, )?)+(?:\)| \|)$|\(unknown: \[Q\d+\]\(#q\d+\)\)$`)
	question    = regexp.MustCompile(`(?m)^\| (<a id=[^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$`)
	// dialect is the name of one, or a flag; in italics, one that the simulator does not have yet.
	dialect = regexp.MustCompile("`-?[a-z0-9-]+`|\\*[a-z0-9-]+\\*")
)

// checkFacts returns a problem for each fact without a source, each question that is out of order or has no dialect, and
// each dialect without a question.
func checkFacts(page string, dialects []string) (problems []error) {
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	facts, questions, _ := strings.Cut(page, "\n## Open questions\n")
	_, facts, _ = strings.Cut(facts, "\n## Base paths\n")
	for _, found := range fact.FindAllString(facts, -1) {
		if !tableHeader.MatchString(found) && !sourceTags.MatchString(found) {
			report("no source: %s", found)
		}
	}
	var asked []string
	for i, row := range question.FindAllStringSubmatch(questions, -1) {
		if want := fmt.Sprintf(`<a id="q%d"></a>Q%[1]d`, i+1); row[1] != want {
			report("%s should be %s", row[1], want)
		}
		names := dialect.FindAllString(row[4], -1)
		if len(names) == 0 && !strings.HasPrefix(row[4], "none") {
			report("Q%d has no dialect, and does not say so", i+1)
		}
		for _, name := range names {
			bare := strings.Trim(name, "`*")
			if slices.Contains(dialects, bare) != strings.HasPrefix(name, "`") && !strings.HasPrefix(bare, "-") {
				report("Q%d: is %s a dialect or not yet?", i+1, name)
			}
			asked = append(asked, bare)
		}
	}
	for _, name := range dialects {
		if !slices.Contains(asked, name) && !slices.Contains([]string{"default", "contrary", "extreme"}, name) {
			report("no question has the dialect %s", name)
		}
	}
	return problems
}

// TestFacts compares the page of facts with the simulator's dialects.
func TestFacts(t *testing.T) {
	page, err := os.ReadFile(root + "/" + apiPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range checkFacts(string(page), simulator.DialectNames()) {
		t.Error(problem)
	}
}

// TestBrokenFacts guards the check itself.
func TestBrokenFacts(t *testing.T) {
	const good = "\n## Base paths\n\n- A is\n  so. (reference, docs)\n- Why: (unknown: [Q1](#q1))\n\n| a | source |\n| --- | --- |\n| b | sdk |\n" +
		"\n## Open questions\n\n| <a id=\"q1\"></a>Q1 | Why? | So | `odd`, *new* | `why` |\n| <a id=\"q2\"></a>Q2 | When? | Now | none; `-flag` | none |\n"
	for _, test := range []struct{ old, new, want string }{
		{"", "", "[]"},
		{" (reference, docs)", "", "[no source: - A is\n  so.]"},
		{"docs)", "rumour)", "[no source: - A is\n  so. (reference, rumour)]"},
		{"| sdk |", "| |", "[no source: | b | |]"},
		{`<a id="q2"></a>Q2`, `<a id="q3"></a>Q3`, `[<a id="q3"></a>Q3 should be <a id="q2"></a>Q2]`},
		{"none; `-flag`", "so", "[Q2 has no dialect, and does not say so]"},
		{"`odd`", "`odd`, `even`", "[Q1: is `even` a dialect or not yet?]"},
		{"`odd`", "*odd*", "[Q1: is *odd* a dialect or not yet?]"},
		{"`odd`, ", "", "[no question has the dialect odd]"},
	} {
		problems := checkFacts(strings.Replace(good, test.old, test.new, 1), []string{"default", "odd"})
		if got := fmt.Sprint(problems); got != test.want {
			t.Errorf("%q for %q: %s, want %s", test.new, test.old, got, test.want)
		}
	}
}
