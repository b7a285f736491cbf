// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokenCalls: API.md#q10.
func tokenCalls(s *observations) finding {
	switch r := s.allMade; {
	case r.ok() || r.refused():
		return known("yes")
	case r.status == http.StatusNotFound && s.first.status == http.StatusNotFound:
		return known("no: create and list are answered with 404", "no-v4").but(unready)
	case s.first.ok:
		return known("yes")
	}
	return unanswered(noAnswer)
}

// loginForm: API.md#q46.
func loginForm(s *observations) finding {
	if !s.otherLogin.sent || s.otherLogin.err != nil || s.otherLogin.status >= 500 {
		return unanswered(noAnswer)
	}
	return either(s.otherLogin.body.text("token") != "",
		known("no"), known("yes: another form is refused with "+s.otherLogin.how(), "strict-login"))
}

// clockNoise covers the latency, and the whole seconds of the Date header.
const clockNoise = 10 * time.Second

// serverClock: API.md#q38.
func serverClock(s *observations) finding {
	switch {
	case !s.dated && !s.undated:
		return unanswered(noAnswer)
	case !s.dated:
		return unanswered("no answer has a Date")
	case s.offset.Abs() < clockNoise:
		return known("less than 10 s")
	}
	offset := s.offset.Round(time.Minute)
	if offset == 0 {
		offset = s.offset.Round(time.Second)
	}
	return known(offset.String()+" ahead", "clock="+offset.String())
}

// dates: API.md#q38.
func dates(s *observations) finding {
	switch {
	case !s.dated && !s.undated:
		return unanswered(noAnswer)
	case !s.dated:
		return known("no", "no-date")
	case s.undated:
		return known("some have none")
	}
	return known("yes")
}

// numbers: API.md#q37.
func numbers(s *observations) finding {
	for _, in := range append([]object{s.allMade.info()}, s.first.items...) {
		if _, form, ok := in.number("accessTokenId"); ok {
			return known(form, map[string][]string{asFloat: {"float-numbers"}, asText: {"text-numbers"}}[form]...)
		}
	}
	return unanswered(noAnswer)
}

func httpVersions(s *observations) finding {
	if s.http2.proto == "" {
		return unanswered(noAnswer)
	}
	return known(s.http2.proto + " when HTTP/2 is offered; the provider offers HTTP/1.1 only")
}

// rateLimit: API.md#q45.
func rateLimit(s *observations) finding {
	if !s.first.sent {
		return unanswered(noAnswer)
	}
	var seen []string
	for name, value := range s.limits {
		seen = append(seen, name+": "+digitsOnly(value))
	}
	slices.Sort(seen)
	return known(cmp.Or(strings.Join(seen, "; "), "none was seen"))
}

// digitsOnly returns a number, and hides any other value.
func digitsOnly(value string) string {
	if strings.Trim(value, "0123456789.") == "" {
		return value
	}
	return "(other)"
}

// usersList: API.md#q39.
func usersList(s *observations) finding {
	users, isArray := asItems(s.users.body["users"])
	if !s.users.ok() || !isArray {
		return either(s.users.refused(), known("the account is not allowed to ask: "+s.users.how()), unanswered(noAnswer))
	}
	l := listed{reply: s.users}
	caller := either(s.userID != 0, known("the caller is in it"), known("the caller is not in it")).answer
	marks := slices.Concat(l.marks(totalName), l.marks(moreName))
	if len(marks) > 0 {
		return known(fmt.Sprintf("%s; it has %s", caller, names(marks)))
	}
	if slices.Contains(pageSizes, len(users)) {
		return known(fmt.Sprintf("%s; exactly %d are listed, which may be one page", caller, len(users))).but(partly)
	}
	return known(caller + "; nothing indicates that there are more")
}
