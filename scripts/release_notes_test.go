// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package scripts

import (
	"os/exec"
	"strings"
	"testing"
)

// TestReleaseNotes extracts versions from a changelog. internal/release verifies that they are published.
func TestReleaseNotes(t *testing.T) {
	const changelog = `# Changelog

## [Unreleased]

- Not yet.

## [1.10.0] - 2027-03-02

### Added

- A thing, see [the results](bench/RESULTS.md#fast), [below](#below) and [elsewhere](https://example.com/a).
  Its second line.

### Fixed

- Another.

## [1.1.0] - 2027-02-01

### Added

- The first.

## [1.1.0-rc.1] - 2027-01-31

### Added

- The first, to be tried.

## [1.0.0] - 2027-01-02

## [0.1.0]

- Without a date.

[Unreleased]: https://example.com/commits/main
`
	for name, test := range map[string]struct{ tag, want, problem string }{
		"the newest": {"v1.10.0", `### Added

- A thing, see [the results](https://github.com/commvault-tokens/terraform-provider-commvault/blob/v1.10.0/bench/RESULTS.md#fast), ` +
			`[below](#below) and [elsewhere](https://example.com/a).
  Its second line.

### Fixed

- Another.
`, ""},
		"one before a pre-release": {"v1.1.0", "### Added\n\n- The first.\n", ""},
		"a pre-release":            {"v1.1.0-rc.1", "### Added\n\n- The first, to be tried.\n", ""},
		"one that is missing":      {"v1.2.0", "", `lists no change under "## [1.2.0] - DATE"`},
		"a missing pre-release":    {"v1.10.0-rc.1", "", `lists no change under "## [1.10.0-rc.1] - DATE"`},
		"a part of a version":      {"v1.1", "", `lists no change under "## [1.1] - DATE"`},
		"another for a dot":        {"v1.1x0", "", `lists no change under "## [1.1x0] - DATE"`},
		"an empty one":             {"v1.0.0", "", `lists no change under "## [1.0.0] - DATE"`},
		"one without a date":       {"v0.1.0", "", `lists no change under "## [0.1.0] - DATE"`},
		"what is unreleased":       {"Unreleased", "", `"Unreleased" is no tag`},
		"no tag":                   {"", "", `"" is no tag`},
		"a version":                {"1.1.0", "", `"1.1.0" is no tag`},
		"what a shell would run":   {"v1.1.0$(id)", "", `"v1.1.0$(id)" is no tag`},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "./release-notes", test.tag)
			command.Stdin = strings.NewReader(changelog)
			var stderr strings.Builder
			command.Stderr = &stderr
			stdout, err := command.Output()
			if string(stdout) != test.want {
				t.Errorf("the notes are\n%s\nwant\n%s", stdout, test.want)
			}
			if (err != nil) != (test.problem != "") || !strings.Contains(stderr.String(), test.problem) {
				t.Errorf("it ends with %v and says %q, want %q", err, &stderr, test.problem)
			}
		})
	}
}

// TestMakeReleaseRefusesWhatTheChangelogLacks verifies that nothing is built or uploaded for a tag that the changelog lacks.
func TestMakeReleaseRefusesWhatTheChangelogLacks(t *testing.T) {
	command := exec.CommandContext(t.Context(), "make", "-C", "..", "-o", "bin/cyclonedx-gomod", "-o", "bin/goreleaser",
		"release", "GORELEASER=echo released", "GORELEASER_CURRENT_TAG=v0.0.0-never")
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), `lists no change under "## [0.0.0-never] - DATE"`) ||
		strings.Contains(string(output), "released --release-notes") {
		t.Errorf("make release ends with %v and says\n%s", err, output)
	}
}
