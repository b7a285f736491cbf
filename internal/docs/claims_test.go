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

var (
	absolute = regexp.MustCompile(`(?i)\b(?:always|never)\b`)
	// claim is a line in the comment of a test: // Claim: "what a page says".
	claim = regexp.MustCompile(`(?m)^// Claim: "(.+)"$`)
	// margin is what begins a line of a comment in an example.
	margin = regexp.MustCompile(`(?m)^\s*(?:#|//|\|) ?`)
)

// checkClaims returns a problem for each "always" and "never" that users read and that no test claims to prove, and for each claim
// of a test that no page makes. A claim is a phrase with that word in it.
func checkClaims(pages map[string]string, claims []string) (problems []error) {
	used := map[string]bool{}
	for name, text := range pages {
		folded := strings.Join(strings.Fields(margin.ReplaceAllString(text, " ")), " ")
		proved := make([]bool, len(folded))
		for _, phrase := range claims {
			for at := 0; ; at++ {
				next := strings.Index(folded[at:], phrase)
				if next < 0 {
					break
				}
				used[phrase] = true
				at += next
				for i := range phrase {
					proved[at+i] = true
				}
			}
		}
		for _, found := range absolute.FindAllStringIndex(folded, -1) {
			if !proved[found[0]] {
				around := folded[max(0, found[0]-60):min(len(folded), found[1]+60)]
				problems = append(problems, fmt.Errorf("%s: no test claims to prove %q", name, around))
			}
		}
	}
	for _, phrase := range claims {
		if !used[phrase] || !absolute.MatchString(phrase) {
			problems = append(problems, fmt.Errorf("no page claims %q", phrase))
		}
	}
	return problems
}

// TestClaims verifies that a test names each "always" and "never" of the pages and the examples.
func TestClaims(t *testing.T) {
	pages, claims := map[string]string{}, []string{}
	err := eachFile(root, func(name string, source []byte) {
		switch {
		case strings.HasSuffix(name, "_test.go") && name != "internal/docs/claims_test.go":
			for _, match := range claim.FindAllStringSubmatch(string(source), -1) {
				claims = append(claims, match[1])
			}
		case strings.HasSuffix(name, ".go"):
		case strings.HasPrefix(name, "docs/"), strings.HasPrefix(name, "examples/"), name == "README.md", name == "SECURITY.md":
			pages[name] = string(source)
		}
	}, ".go", ".md", ".tf", ".yaml", ".yml", ".sh", ".hcl", ".service", ".timer")
	if err != nil {
		t.Fatal(err)
	}
	jenkinsfiles, err := filepath.Glob(examples + "/pipelines/*/Jenkinsfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range jenkinsfiles {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages[file] = string(source)
	}
	for _, problem := range checkClaims(pages, claims) {
		t.Error(problem)
	}
	if len(claims) < 10 {
		t.Errorf("only %d claims were found", len(claims))
	}
}

// TestBrokenClaims guards the check itself.
func TestBrokenClaims(t *testing.T) {
	for text, want := range map[string]string{
		"It is never\nsent.":                      "[]",
		"# It is\n# never sent. It never sleeps.": `[p: no test claims to prove "It is never sent. It never sleeps."]`,
		"Nothing.":                  `[no page claims "is never sent"]`,
		"It is never sent, Always.": `[p: no test claims to prove "It is never sent, Always."]`,
	} {
		if got := fmt.Sprint(checkClaims(map[string]string{"p": text}, []string{"is never sent"})); got != want {
			t.Errorf("%q: the problems are %s, want %s", text, got, want)
		}
	}
}
