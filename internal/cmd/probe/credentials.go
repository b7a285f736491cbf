// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"net/http"
	"slices"
	"strings"
)

// tokenHeaders: API.md#q14.
func tokenHeaders(s *observations) finding {
	var taken []string
	for _, i := range outsideRenew {
		r := s.forms[forms[i].name]
		if !r.sent || r.err != nil {
			return unanswered(noAnswer)
		}
		if r.ok() {
			taken = append(taken, forms[i].name)
		}
	}
	answer := strings.Join(taken, ", ")
	switch {
	case len(taken) == len(outsideRenew):
		return known("all: " + answer)
	case slices.Equal(taken, []string{"Authtoken"}):
		return known(answer, "token-authtoken")
	case slices.Equal(taken, []string{"Authorization: Bearer"}):
		return known(answer, "token-bearer")
	case slices.Contains(taken, "Authtoken"), slices.Contains(taken, "Authorization: Bearer"):
		return known(answer)
	case len(taken) == 0:
		return known("in none").but(unready)
	}
	return known(answer).but(unready) // the provider uses neither form
}

// tokensManage: API.md#q15.
func tokensManage(s *observations) finding {
	switch {
	case s.byToken.ok():
		return known("yes", "tokens-manage-tokens")
	case s.byToken.refused():
		return known("no: " + s.byToken.how())
	}
	return unanswered("no access token was accepted, or there was no usable answer")
}

// customCalls: API.md#q44.
func customCalls(s *observations) finding {
	switch {
	case s.custom == nil || s.customCalls.status == http.StatusUnauthorized || !s.customCalls.ok() && !s.customCalls.refused():
		return unanswered(noAnswer)
	case s.oneTouch != nil && s.oneTouch.refresh != "":
		return unanswered("the type was ignored")
	}
	return either(s.customCalls.ok(), known("yes"), known("no: "+s.customCalls.how()))
}
