// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// expiryTold: API.md#q18.
func expiryTold(s *observations) finding {
	if !s.allMade.ok() {
		return unanswered(noAnswer)
	}
	_, ok := s.allMade.info().at("tokenExpiryTimestamp")
	return either(ok, known("yes"), known("no", "end-untold"))
}

// lifetimes: API.md#life-of-a-token (docs).
func lifetimes(s *observations) finding {
	var lives []string
	life := func(what string, in object, name string, from time.Time) {
		if end, ok := in.at(name); ok && !from.IsZero() {
			lives = append(lives, what+" "+time.Unix(end, 0).Sub(from).Round(time.Minute).String())
		}
	}
	item := s.list.item(s.all)
	for _, in := range []object{s.allMade.info(), item} {
		if expiry, ok := in.at("tokenExpiryTimestamp"); ok && s.dated {
			life("access token", in, "tokenExpiryTimestamp", s.allMadeAt)
			life("refresh window", in, "refreshTokenExpiryTimestamp", time.Unix(expiry, 0))
			break
		}
	}
	if s.dated {
		life("OneTouch by default", s.oneTouchMade.info(), "tokenExpiryTimestamp", s.oneTouchMadeAt)
	}
	if len(lives) == 0 {
		return unanswered("no answer has an expiry and a Date")
	}
	return known(strings.Join(lives, ", "))
}

// ends: API.md#q24.
func ends(s *observations) finding {
	stored, ok := s.allMade.info().at("renewableUntilTimestamp")
	if !ok {
		return unanswered(noAnswer)
	}
	const minute, day = 60, 24 * 3600
	switch difference := stored - s.wanted.Unix(); {
	case difference == 0:
		return known("yes")
	case stored%day == 0 && difference > -day && difference < day:
		return either(difference < 0, known("no: the midnight before", "ends-day-earlier"), known("no: the midnight after", "ends-day-later"))
	case stored%minute == 0 && difference > -minute && difference < minute:
		return either(difference < 0, known("no: the minute before", "ends-minute-earlier"), known("no: the minute after", "ends-minute-later"))
	default:
		return known(fmt.Sprintf("no: %s later", time.Duration(difference)*time.Second)).but(news)
	}
}

// endsMost: API.md#q23.
func endsMost(s *observations) finding {
	stored, ok := s.beyond.info().at("tokenExpiryTimestamp")
	switch {
	case s.oneTouch != nil && s.oneTouch.refresh != "":
		return unanswered("the type was ignored")
	case s.beyond.refused():
		return known("it is refused: " + s.beyond.how())
	case !s.beyond.ok() || !ok:
		return unanswered(noAnswer)
	}
	return either(stored < s.beyondWanted.Add(-24*time.Hour).Unix(), known("it is shortened"), known("it is stored"))
}

// endsWrong: API.md#q22.
func endsWrong(s *observations) finding {
	switch {
	case s.scim == nil || s.scim.fate == uncertain || s.scim.fate == refused || s.scim.refresh != "":
		return unanswered("no MS_SCIM token was created")
	case s.bothEnds.refused():
		return known("it is refused: "+s.bothEnds.how(), "strict-ends")
	case s.bothEnds.ok():
		return known("it is ignored")
	}
	return unanswered(noAnswer)
}

// ignoredType: API.md#q20. A OneTouch token has no refresh token.
func ignoredType(s *observations) finding {
	if !s.oneTouchMade.ok() || s.oneTouch.access == "" {
		return unanswered(noAnswer)
	}
	return either(s.oneTouch.refresh == "",
		known("yes"), known("no: it is ignored", "ignore-token-type").but(partly))
}

// ignoredIPs: API.md#q20.
func ignoredIPs(s *observations) finding {
	item := s.list.item(s.custom)
	if !item.has("allowedIPs") {
		return unanswered(notListed)
	}
	return either(strings.Contains(string(item["allowedIPs"]), documentationAddress),
		known("yes"), known("no: they are ignored", "ignore-allowed-ips").but(partly))
}

// emptyIPs: API.md#q19.
func emptyIPs(s *observations) finding {
	before, after := s.list.item(s.custom), s.emptiedList.item(s.custom)
	switch {
	case s.emptied.refused():
		return known("it is refused: " + s.emptied.how()).but(unready)
	case !s.emptied.ok() || !after.has("allowedIPs") || !strings.Contains(string(before["allowedIPs"]), documentationAddress):
		return unanswered(notListed)
	}
	return either(strings.Contains(string(after["allowedIPs"]), documentationAddress),
		known("no: they remain").but(unready), known("yes"))
}

// typeChange: API.md#update (docs).
func typeChange(s *observations) finding {
	before, after := s.list.item(s.custom)["tokenType"], s.retypedList.item(s.custom)["tokenType"]
	switch {
	case s.retyped.refused():
		return known("no: from CUSTOM to ALL is refused with " + s.retyped.how()).but(unready)
	case !s.retyped.ok() || before == nil || after == nil:
		return unanswered(notListed)
	}
	return either(string(before) != string(after), known("yes, from CUSTOM to ALL"), known("no: it is unchanged, without an "+
		"error").but(unready))
}

// updateSecrets: API.md#q16.
func updateSecrets(s *observations) finding {
	if !s.updated.ok() {
		return unanswered(noAnswer)
	}
	access, refresh := s.updated.info().text("accessToken"), s.updated.info().text("refreshToken")
	switch {
	case access == "" && refresh == "" && !s.updated.info().has("tokenName"):
		return unanswered("an update returns nothing of the token")
	case access == "" && refresh == "":
		return known("no")
	case access == s.beforeUpdate.access.Reveal() && refresh == s.beforeUpdate.refresh.Reveal():
		return known("the same", "update-repeats-same")
	}
	return known("new ones", "update-repeats-new")
}

// updateFields: API.md#q17.
func updateFields(s *observations) finding {
	info := s.updated.info()
	switch {
	case !s.updated.ok():
		return unanswered(noAnswer)
	case info.has("tokenName"):
		return known("yes")
	}
	return known("no", "update-id-only")
}

// namesCase: API.md#q26.
func namesCase(s *observations) finding { return sameName(s.upper, "names-fold-case") }

// namesBlanks: API.md#q26.
func namesBlanks(s *observations) finding { return sameName(s.blanks, "names-trim") }

// sameName interprets the reply to an update that sets almost the name of another token.
func sameName(r reply, dialect string) finding {
	return either(r.refused(), known("no", dialect), either(r.ok(), known("yes"), unanswered(noAnswer)))
}

// takenText is part of the known message. API.md#create (field).
const takenText = "already present"

// nameTaken: API.md#q27.
func nameTaken(s *observations) finding {
	f, refused := s.taken.failure()
	switch {
	case s.taken.ok():
		return known("none: a name may be used twice").but(unready)
	case !refused:
		return unanswered(noAnswer)
	}
	text := either(strings.Contains(f.text, takenText), known("the known text"), known("another text").but(unready))
	return known(fmt.Sprintf("%d, with %s", f.code, text.answer)).but(text.ready)
}

// refusals: API.md#q28.
func refusals(s *observations) finding {
	f, refused := s.taken.failure()
	if !refused {
		return unanswered(noAnswer)
	}
	answer := fmt.Sprintf("HTTP %d, %s", s.taken.status, f.place)
	switch success := s.taken.status >= 200 && s.taken.status < 300; {
	case f.place == atTop && !success:
		return known(answer, "refuse-flat-400")
	case f.place == atTop:
		return known(answer, "refuse-flat-200")
	case f.place == inTokenInfo:
		return known(answer, "refuse-in-token-info")
	}
	return known(answer)
}

func errorsFirst(s *observations) finding {
	taken, refused := s.taken.failure()
	first, both := s.takenAndBad.failure()
	if !refused || !both {
		return unanswered(noAnswer)
	}
	return either(first.code == taken.code, known("the taken name"), known("the value that is not valid"))
}

// missingID: API.md#q29.
func missingID(s *observations) finding {
	r := s.removedAgain
	switch {
	case !r.refused() && !r.ok():
		return unanswered("no token of the run was revoked at once")
	case r.ok():
		return known("success").but(news)
	case r.status == http.StatusNotFound:
		return known(r.how())
	case r.status == http.StatusOK:
		return known(r.how(), "missing-id-200")
	}
	return known(r.how()).but(news)
}

// revocation: API.md#q30.
func revocation(s *observations) finding {
	if !s.removed.ok() {
		return unanswered(noAnswer)
	}
	return either(s.removed.status == http.StatusAccepted, known("yes: HTTP 202", "revoke-pending"), known("no"))
}

// names joins names of members for a report, and hides those that are not identifiers.
func names(all []string) string {
	shown := slices.Clone(all)
	for i, name := range shown {
		if !identifier.MatchString(name) {
			shown[i] = "(a name in another form)"
		}
	}
	return strings.Join(shown, ", ")
}
