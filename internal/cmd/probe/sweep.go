// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// stampLayout formats the creation time in token names, in UTC.
const stampLayout = "20060102T150405Z"

// stamped matches names of tokens of the probe and the live tests. The probe changes the letter case of one name.
var stamped = regexp.MustCompile(`(?i)^\s*(?:probe|live)-(\d{8}T\d{6}Z)-`)

// madeAt returns the creation time in a name. ok is false for other names.
func madeAt(name string) (at time.Time, ok bool) {
	match := stamped.FindStringSubmatch(name)
	if match == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(stampLayout, strings.ToUpper(match[1]))
	return at, err == nil
}

// sweepAndSay revokes tokens that earlier runs left behind. Their names show what they are, and how old they are.
func (p *probe) sweepAndSay(ctx context.Context, set settings, with process) int {
	say := func(format string, arguments ...any) { _, _ = fmt.Fprintf(with.stdout, format+"\n", arguments...) }
	if !p.authenticate(ctx) {
		say("The login failed: %s.", p.seen.login.how())
		return exitFailed
	}
	defer p.endSession(ctx)
	tokens := p.list(ctx, 0)
	if !tokens.ok {
		say("The tokens of the account cannot be listed: %s.", tokens.how())
		return exitFailed
	}
	var old []*token
	for _, item := range tokens.items {
		name := item.text("tokenName")
		if at, ours := madeAt(name); ours && p.client.now().Sub(at) >= set.sweep && idOf(item) != 0 {
			say("%s", strings.TrimSpace(name))
			old = append(old, &token{name: name, id: idOf(item), fate: made})
		}
	}
	if len(old) == 0 {
		say("There is nothing to sweep.")
		return exitOK
	}
	if !set.yes && !agrees(with) {
		say("Nothing was revoked.")
		return exitFailed
	}
	code := exitOK
	for _, t := range old {
		if r := p.remove(ctx, t); t.fate != gone {
			say("%s was not revoked: %s.", strings.TrimSpace(t.name), r.how())
			code = exitFailed
		}
	}
	return code
}
