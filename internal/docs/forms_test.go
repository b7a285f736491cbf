// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

const forms = root + "/.github/ISSUE_TEMPLATE"

// form is a GitHub issue form. GitHub does not show a form with an unknown key or a duplicate id.
type form struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Labels      []string `yaml:"labels"`
	Body        []field  `yaml:"body"`
}

type field struct {
	Type       string `yaml:"type"`
	ID         string `yaml:"id"`
	Attributes struct {
		Label       string `yaml:"label"`
		Description string `yaml:"description"`
		Placeholder string `yaml:"placeholder"`
		Value       string `yaml:"value"`
		Render      string `yaml:"render"`
		Options     []any  `yaml:"options"`
	} `yaml:"attributes"`
	Validations struct {
		Required bool `yaml:"required"`
	} `yaml:"validations"`
}

// chooser is the configuration of the page on which users choose a form.
type chooser struct {
	Blank *bool `yaml:"blank_issues_enabled"`
	Links []struct {
		Name  string `yaml:"name"`
		URL   string `yaml:"url"`
		About string `yaml:"about"`
	} `yaml:"contact_links"`
}

var (
	formID  = regexp.MustCompile(`^[a-z][a-z_-]*$`)
	address = regexp.MustCompile(`https?://[^\s)"]+`)
)

// check returns what is wrong with a form. Each form has to say that issues are public, and where to report vulnerabilities.
func (f form) check() error {
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	if f.Name == "" || f.Description == "" {
		report("it has no name or no description")
	}
	seen := map[string]bool{}
	states, asks := false, false
	for _, field := range f.Body {
		a := field.Attributes
		if field.Type == "markdown" {
			states = states || strings.Contains(a.Value, "Issues are public.") && strings.Contains(a.Value, "/SECURITY.md")
			continue
		}
		asks = true
		if !slices.Contains([]string{"textarea", "input", "dropdown", "checkboxes"}, field.Type) {
			report("there is no field of the type %q", field.Type)
		}
		if !formID.MatchString(field.ID) || a.Label == "" || seen[field.ID] || seen[a.Label] {
			report("the field %q (%q) has no id or label of its own", field.ID, a.Label)
		}
		seen[field.ID], seen[a.Label] = true, true
		if hasOptions := field.Type == "dropdown" || field.Type == "checkboxes"; hasOptions != (len(a.Options) > 0) {
			report("the options of %q are %v", field.ID, a.Options)
		}
		for i, option := range a.Options {
			if text, ok := option.(string); field.Type == "dropdown" && (!ok || slices.Contains(a.Options[:i], any(text))) {
				report("the option %v of %q is no text, or is there twice", option, field.ID)
			}
		}
		if a.Render != "" && field.Type != "textarea" {
			report("%q is no textarea to render", field.ID)
		}
	}
	if !states || !asks {
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

// TestIssueForms checks the forms as GitHub does.
func TestIssueForms(t *testing.T) {
	files, err := filepath.Glob(forms + "/*.yml")
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
	if _, err := os.Stat(filepath.Join(root, ".github/pull_request_template.md")); errors.Is(err, fs.ErrNotExist) {
		t.Error("there is no template for pull requests")
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
		states + asks + "- type: password\n  id: b\n  attributes: {label: b}\n":                           "no field of the type",
		states + asks + "- type: input\n  id: b\n  attributes: {label: b, render: text}\n":                "no textarea",
		states + asks + "- type: dropdown\n  id: b\n  attributes: {label: b}\n":                           "the options of",
		states + asks + "- type: dropdown\n  id: b\n  attributes: {label: b, options: [yes, no, true]}\n": "is no text",
		states + asks + "- type: dropdown\n  id: b\n  attributes: {label: b, options: [c, c]}\n":          "is there twice",
		states + asks + "- type: input\n  id: b\n  labels: c\n  attributes: {label: b}\n":                 "labels not found",
	} {
		var f form
		err := errors.Join(decode([]byte(text), &f), f.check())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\nthe error is %v, want %q", text, err, want)
		}
	}
}
