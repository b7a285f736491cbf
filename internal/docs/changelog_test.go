// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	changesOf = regexp.MustCompile(`^## \[(Unreleased|\d+\.\d+\.\d+(?:-[\w.]+)?)\](?: - (\d{4}-\d{2}-\d{2}))?$`)
	kinds     = []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
)

// checkChangelog compares a changelog with the form of https://keepachangelog.com: the newest version first, each with its
// date and a link, and its changes by their kinds.
func checkChangelog(text string) error {
	var problems []error
	report := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	var versions, dates []string
	var section string
	entries := 1
	for _, line := range strings.Split(text, "\n") {
		match := changesOf.FindStringSubmatch(line)
		switch {
		case match != nil:
			if (match[1] == "Unreleased") != (match[2] == "") {
				report("%s: a version has a date, and what is unreleased none", line)
			}
			versions, dates = append(versions, match[1]), append(dates, match[2])
			section = ""
		case strings.HasPrefix(line, "## "):
			report("%q is no version", line)
		case strings.HasPrefix(line, "### "):
			if section = line[4:]; !slices.Contains(kinds, section) || entries == 0 {
				report("%q is no kind of change, or the one before is empty", section)
			}
			entries = 0
		case strings.HasPrefix(line, "- "):
			if entries++; section == "" {
				report("the change %q is of no kind", line)
			}
		}
	}
	if len(versions) == 0 || versions[0] != "Unreleased" || slices.Contains(versions[1:], "Unreleased") {
		report("the versions are %v, want Unreleased as the first", versions)
	}
	if entries == 0 {
		report("the last kind of change is empty")
	}
	for i, version := range versions {
		if !strings.Contains(text, "\n["+version+"]: https://"+ours+"/") {
			report("%s has no link", version)
		}
		if i > 1 && dates[i] > dates[i-1] {
			report("%s is newer than the one above", version)
		}
	}
	return errors.Join(problems...)
}

// TestChangelog checks the form of CHANGELOG.md.
func TestChangelog(t *testing.T) {
	text, err := os.ReadFile(root + "/CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkChangelog(string(text)); err != nil {
		t.Error(err)
	}
}

// TestBrokenChangelog guards the check itself.
func TestBrokenChangelog(t *testing.T) {
	const links = "\n[Unreleased]: https://" + ours + "/commits/main\n[0.1.0]: https://" + ours + "/releases/tag/v0.1.0\n[0.2.0]: https://" + ours + "/x\n"
	for text, want := range map[string]string{
		"## [Unreleased]\n## [0.1.0] - 2027-01-02\n### Added\n- a\n":                          "",
		"## [Unreleased]\n### Added\n- a\n## [0.2.0] - 2027-01-03\n## [0.1.0] - 2027-01-02\n": "",
		"## [Unreleased]\n## [0.1.0] - 2027-01-02\n## [0.2.0] - 2027-01-03\n":                 "0.2.0 is newer",
		"## [0.1.0] - 2027-01-02\n":                    "want Unreleased",
		"## [Unreleased]\n## 0.1.0\n":                  "is no version",
		"## [Unreleased]\n## [0.1.0]\n":                "has a date",
		"## [Unreleased]\n## [0.3.0] - 2027-01-02\n":   "0.3.0 has no link",
		"## [Unreleased]\n### New\n- a\n":              "is no kind",
		"## [Unreleased]\n### Added\n### Fixed\n- a\n": "is empty",
		"## [Unreleased]\n### Added\n":                 "is empty",
		"## [Unreleased]\n- a\n":                       "is of no kind",
	} {
		err := checkChangelog(text + links)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\nthe error is %v, want %q", text, err, want)
		}
	}
}
