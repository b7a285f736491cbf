// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// full returns the list with the tokens of the run, or the first list if there is no later one.
func (s *observations) full() listed {
	if s.list.ok {
		return s.list
	}
	return s.first
}

// listCall: API.md#q9.
func listCall(s *observations) finding {
	l := s.list
	if !l.sent {
		l = s.first
	}
	switch {
	case s.first.ok || l.ok:
		return known("yes")
	case s.allMade.status == http.StatusNotFound:
		return unanswered("there are no calls for access tokens")
	case l.status == http.StatusNotFound:
		return known("no: 404", "no-list").but(unready)
	case l.status == http.StatusMethodNotAllowed, l.status == http.StatusNotImplemented:
		return known(fmt.Sprintf("no: %d", l.status), fmt.Sprintf("no-list-%d", l.status)).but(unready)
	}
	return unanswered(noAnswer)
}

// usualArray is the simulator's default.
const usualArray = "accessTokens"

// listArray: API.md#q3.
func listArray(s *observations) finding {
	switch l := s.full(); l.array {
	case "":
		return unanswered(noTokens)
	case usualArray:
		return known(usualArray)
	default:
		return known(names([]string{l.array}), "list-array="+names([]string{l.array}))
	}
}

// listBeside: API.md#q3.
func listBeside(s *observations) finding {
	l := s.full()
	if l.array == "" {
		return unanswered(noTokens)
	}
	return either(len(l.beside) == 0, known("no"), known("yes: "+names(l.beside), "extra-arrays"))
}

// listFields: API.md#q1.
func listFields(s *observations) finding {
	l := s.full()
	if l.array == "" {
		return unanswered(noTokens)
	}
	item := l.items[0]
	if mine := l.item(s.all); mine != nil {
		item = mine
	}
	var fields []string
	for _, name := range item.names() {
		fields = append(fields, names([]string{name})+" ("+kind(item[name])+")")
	}
	answer := strings.Join(fields, ", ")
	switch {
	case !item.has("tokenExpiryTimestamp") && !item.has("tokenType") && !item.has("userId"):
		return known(answer, "brief-list")
	case !item.has("tokenExpiryTimestamp") || !item.has("tokenType") || !item.has("userId"):
		return known(answer).but(news)
	}
	return known(answer)
}

// listTypes: API.md#q2.
func listTypes(s *observations) finding {
	for _, item := range s.full().items {
		switch kind(item["tokenType"]) {
		case "text":
			if _, _, isNumber := item.number("tokenType"); isNumber {
				return known("a number", "numeric-types")
			}
			return known("a name")
		case "number", "fraction":
			return known("a number", "numeric-types")
		case "absent":
		default:
			return known("neither: " + kind(item["tokenType"])).but(news)
		}
	}
	return unanswered(notListed)
}

// listEnds: API.md#q12.
func listEnds(s *observations) finding {
	item := s.list.item(s.all)
	for _, name := range []string{"tokenExpiryTimestamp", "renewableUntilTimestamp", "refreshTokenExpiryTimestamp"} {
		listed, isListed := item.at(name)
		answered, isAnswered := s.allMade.info().at(name)
		if !isListed || !isAnswered || answered%60 == 0 {
			continue // rounding would not change it
		}
		switch difference := listed - answered; {
		case difference == 0:
			return known("yes")
		case listed%60 == 0 && difference < 0 && difference > -60:
			return known("no: rounded to the minute before", "listed-ends-earlier")
		case listed%60 == 0 && difference > 0 && difference < 60:
			return known("no: rounded to the minute after", "listed-ends-later")
		default:
			return known(fmt.Sprintf("no: %d s later", difference)).but(news)
		}
	}
	return unanswered(notListed)
}

// listEmpty: API.md#q5. Only an account without tokens shows it.
func listEmpty(s *observations) finding {
	switch {
	case !s.first.ok || s.first.array != "":
		return unanswered("the account had tokens, or the list failed")
	case s.list.array == "":
		return unanswered("the name of the array is not known")
	}
	switch kind(s.first.body[s.list.array]) {
	case "array":
		return known("as an empty array")
	case "null":
		return known("as null", "empty-null")
	case "absent":
		return known("without the array", "empty-left-out")
	}
	return known("as " + kind(s.first.body[s.list.array])).but(news)
}

// listNone: API.md#q6.
func listNone(s *observations) finding {
	switch {
	case s.first.ok && s.first.array == "":
		return known("no")
	case s.first.status == http.StatusNotFound && s.list.ok:
		return known("yes").but(unready)
	}
	return unanswered("the account had tokens, or the list failed")
}

// listMarks: API.md#q7.
func listMarks(s *observations) finding {
	l := s.full()
	if l.array == "" {
		return unanswered(noTokens)
	}
	totals, more := l.marks(totalName), l.marks(moreName)
	switch {
	case len(totals) > 0 && len(more) > 0:
		return known("both: " + names(slices.Concat(totals, more))).but(news)
	case len(totals) > 0:
		return known("a total: "+names(totals), "list-total")
	case len(more) > 0:
		return known("whether there are more: "+names(more), "list-next")
	}
	return known("neither")
}

// cut reports whether the list lacks live tokens of the run.
func (s *observations) cut() (isCut, ok bool) {
	if s.list.array == "" {
		return false, false
	}
	live := 0
	for _, t := range []*token{s.all, s.custom, s.oneTouch} {
		if t == nil || t.id == 0 {
			continue
		}
		live++
		isCut = isCut || s.list.item(t) == nil
	}
	return isCut, live == 3
}

// listCut: API.md#q8.
func listCut(s *observations) finding {
	isCut, ok := s.cut()
	marked := len(s.list.marks(totalName))+len(s.list.marks(moreName)) > 0
	switch size := fmt.Sprintf("page-size=%d", len(s.list.items)); {
	case !ok:
		return unanswered("too few tokens of the run exist, or the list failed")
	case isCut && marked:
		return known("yes, and it announces that", size).but(partly)
	case isCut:
		return known("yes, without notice", size).but(unready)
	}
	return known(fmt.Sprintf("not with %d tokens", len(s.list.items)))
}

// listExpired: API.md#q4.
func listExpired(s *observations) finding {
	isCut, ok := s.cut()
	switch {
	case !s.scimExpired.ok || s.scimExpired.array == "" || isCut || !ok:
		return unanswered("no expired token, no Date to determine its expiry, or no complete list")
	case s.scimExpired.item(s.scim) != nil:
		return known("yes")
	}
	return known("no", "hide-expired")
}

// listOwner: API.md#q11.
func listOwner(s *observations) finding {
	for _, item := range s.full().items {
		if owner, ok := item.at("userId"); ok && s.userID != 0 && owner != s.userID {
			return known("those of other users, too").but(unready)
		}
	}
	same := func(a, b object) bool { return idOf(a) == idOf(b) }
	switch {
	case !s.own.ok || !s.full().ok:
		return unanswered("the caller's id is not known, or a list failed")
	case slices.EqualFunc(s.own.items, s.full().items, same):
		return known("the caller's own")
	}
	return known("not those that are listed with the caller's id").but(unready)
}

// listOthers: API.md#q13.
func listOthers(s *observations) finding {
	if !s.others.sent || s.others.err != nil {
		return unanswered("no other user is known")
	}
	return either(s.others.ok, known("yes"), known("no: "+s.others.how()))
}

// listForever: API.md#q25. Only an account with such a token shows it.
func listForever(s *observations) finding {
	for _, item := range s.full().items {
		until, _, ok := item.number("renewableUntilTimestamp")
		_, renews := item.at("refreshTokenExpiryTimestamp")
		switch far := time.Unix(until, 0).After(s.wanted.AddDate(20, 0, 0)); {
		case !ok || !renews:
		case until == 0, until == -1, until == math.MaxInt32:
			return known(fmt.Sprintf("%d", until)).but(news)
		case far && !s.wanted.IsZero():
			return known("an end more than 20 years away").but(news)
		}
	}
	return unanswered("no token of the account shows it")
}
