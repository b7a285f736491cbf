// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// report is the JSON file that users send in. It holds fixed texts, numbers, and names of members.
type report struct {
	Format    int      `json:"format"`
	Questions []answer `json:"questions"`
	// Dialect is a value for the simulator's flag -dialect.
	Dialect string `json:"dialect"`
	Reads   int    `json:"reads"`
	Writes  int    `json:"writes"`
	// Ended is the reason why the probe stopped early.
	Ended   string `json:"ended,omitempty"`
	Removed bool   `json:"removed"`
}

type answer struct {
	Name    string   `json:"name"`
	Asks    string   `json:"asks"`
	Known   bool     `json:"known"`
	Answer  string   `json:"answer"`
	Ready   string   `json:"ready,omitempty"`
	Dialect []string `json:"dialect,omitempty"`
}

// identifier matches the names of members that a report may contain.
var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z_]{0,49}$`)

// newReport answers the questions.
func (p *probe) newReport(ended error, left []string) report {
	r := report{Format: 1, Reads: p.client.reads, Writes: p.client.writes, Removed: len(left) == 0}
	if ended != nil {
		r.Ended = p.scrub(ended.Error())
	}
	var dialect []string
	for _, q := range questions {
		f := q.judge(&p.seen)
		for i, name := range f.dialect {
			f.dialect[i] = p.scrub(name)
		}
		dialect = append(dialect, f.dialect...)
		r.Questions = append(r.Questions, answer{q.name, q.asks, f.known, p.scrub(f.answer), f.ready, f.dialect})
	}
	r.Dialect = cmp.Or(strings.Join(dialect, ","), "default")
	return r
}

// scrub hides secrets, hosts and users that a response contained as the name of a member.
func (p *probe) scrub(text string) string {
	text = p.mask.Hide(text)
	base := p.client.target.base
	names := []string{base.Host, base.Hostname()}
	for _, user := range []string{p.client.target.username, asObject(p.seen.whoAmI.body["user"]).text("userName")} {
		_, withoutDomain, _ := strings.Cut(user, `\`)
		names = append(names, user, withoutDomain)
	}
	for _, name := range names {
		if len(name) > 2 {
			text = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(name)).ReplaceAllLiteralString(text, "(hidden)")
		}
	}
	return text
}

// line returns a line of the output: the name of the question, the question, and the answer.
func (a answer) line() string {
	if !a.Known {
		return fmt.Sprintf("%-16s  %s unknown: %s", a.Name, a.Asks, a.Answer)
	}
	text := fmt.Sprintf("%-16s  %s %s  [%s]", a.Name, a.Asks, a.Answer, a.Ready)
	if len(a.Dialect) > 0 {
		text += "  -dialect " + strings.Join(a.Dialect, ",")
	}
	return text
}

// write writes the file, which only its owner can read.
func (r report) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o600)
}
