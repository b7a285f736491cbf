// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// form is a GitHub issue form. GitHub does not show a form with an unknown key or a duplicate id.
type form struct {
	Name, Description string
	Labels            []string
	Body              []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Placeholder, Value, Render string
			Options                                        []any
		}
		Validations struct{ Required bool }
	}
}

// chooser is the configuration of the page on which users choose a form.
type chooser struct {
	Blank *bool                               `yaml:"blank_issues_enabled"`
	Links []struct{ Name, URL, About string } `yaml:"contact_links"`
}

var address = regexp.MustCompile(`https?://[^\s)"]+`)

// check returns what is wrong with a form. Each form has to say that issues are public, and where to report vulnerabilities.
func (f form) check() error {
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	if f.Name == "" || f.Description == "" {
		report("it has no name or no description")
	}
	seen := map[string]bool{}
	states := false
	for _, field := range f.Body {
		a := field.Attributes
		if field.Type == "markdown" {
			states = states || strings.Contains(a.Value, "Issues are public.") && strings.Contains(a.Value, "/SECURITY.md")
			continue
		}
		if !slices.Contains([]string{"textarea", "input", "dropdown", "checkboxes"}, field.Type) {
			report("there is no field of the type %q", field.Type)
		}
		if field.ID == "" || a.Label == "" || seen[field.ID] {
			report("the field %q (%q) has no id or label of its own", field.ID, a.Label)
		}
		seen[field.ID] = true
		if hasOptions := field.Type == "dropdown" || field.Type == "checkboxes"; hasOptions != (len(a.Options) > 0) {
			report("the options of %q are %v", field.ID, a.Options)
		}
	}
	if !states || len(seen) == 0 {
		report("it does not say that issues are public, or where vulnerabilities go, or asks for nothing")
	}
	return errors.Join(problems...)
}

// decode reads YAML. An unknown key is an error.
func decode(text []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}

// TestIssueForms checks the forms as GitHub does. actionlint does not read them.
func TestIssueForms(t *testing.T) {
	files, err := filepath.Glob(root + "/.github/ISSUE_TEMPLATE/*.yml")
	if err != nil || len(files) < 3 {
		t.Fatalf("the forms are %v: %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file) == "config.yml" {
			var c chooser
			if err := decode(text, &c); err != nil || c.Blank == nil || *c.Blank || len(c.Links) == 0 {
				t.Errorf("%s: %v: blank issues, which say nothing of secrets, or no links", file, err)
			}
		} else {
			var f form
			if err := errors.Join(decode(text, &f), f.check()); err != nil {
				t.Errorf("%s: %s", file, err)
			}
		}
		for _, found := range address.FindAllString(string(text), -1) {
			if to, err := url.Parse(found); err != nil || followOutside(root, to) != nil {
				t.Errorf("%s: the link %s leads nowhere: %v", file, found, followOutside(root, to))
			}
		}
	}
}

// TestBrokenIssueForms guards the check itself.
func TestBrokenIssueForms(t *testing.T) {
	const states = "name: a\ndescription: b\nbody:\n- type: markdown\n  attributes: {value: 'Issues are public. See /SECURITY.md'}\n"
	const asks = "- type: input\n  id: a\n  attributes: {label: a}\n"
	for text, want := range map[string]string{
		states + asks: "",
		states + asks + "- type: dropdown\n  id: b\n  attributes: {label: b, options: [c, d]}\n": "",
		strings.Replace(states, "Issues are", "They are", 1) + asks:                              "issues are public",
		strings.Replace(states, "/SECURITY", "/README", 1) + asks:                                "where vulnerabilities go",
		states: "asks for nothing",
		strings.Replace(states, "name: a\n", "", 1) + asks: "no name",
		states + asks + asks: "of its own",
		states + asks + "- type: password\n  id: b\n  attributes: {label: b}\n":           "no field of the type",
		states + asks + "- type: dropdown\n  id: b\n  attributes: {label: b}\n":           "the options of",
		states + asks + "- type: input\n  id: b\n  labels: c\n  attributes: {label: b}\n": "labels not found",
	} {
		var f form
		err := errors.Join(decode([]byte(text), &f), f.check())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\nthe error is %v, want %q", text, err, want)
		}
	}
}
