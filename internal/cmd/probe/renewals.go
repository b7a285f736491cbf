// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"net/http"
	"strings"
)

// answered returns the renewals with a known outcome.
func (s *observations) answered() (taken, refused []renewal) {
	for _, r := range s.renewals {
		switch {
		case r.form == wrongForm:
		case r.ok():
			taken = append(taken, r)
		case r.refused() && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden):
			refused = append(refused, r)
		}
	}
	return taken, refused
}

// renewCredential: API.md#q32.
func renewCredential(s *observations) finding {
	taken, refused := s.answered()
	if len(taken)+len(refused) < len(forms)+1 {
		return unanswered("not every credential was tried: a renewal had no usable answer")
	}
	var accepted []string
	for _, r := range taken {
		accepted = append(accepted, r.form)
	}
	answer := strings.Join(accepted, ", ")
	switch {
	case len(refused) == 0:
		return known("all: " + answer)
	case len(taken) == 0:
		return known("none of the known ones").but(unready)
	case len(taken) > 1:
		return known(answer)
	}
	dialect := map[string]string{sessionForm: "renew-session"}
	for _, f := range forms {
		dialect[f.name] = f.dialect
	}
	form := dialect[taken[0].form]
	if refused[0].status == http.StatusForbidden {
		return known(answer, "renew-none-403", form) // of the two credentials, the last one counts
	}
	return known(answer, form)
}

// renewRefusal: API.md#q33.
func renewRefusal(s *observations) finding {
	for _, r := range s.renewals {
		if r.refused() && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden) {
			return known(r.how())
		}
	}
	return unanswered("no credential was refused")
}

// renewAccess: API.md#q31.
func renewAccess(s *observations) finding {
	taken, _ := s.answered()
	if len(taken) == 0 {
		return unanswered("no renewal succeeded")
	}
	return either(taken[0].keptAccess, known("no: it keeps working", "renew-keeps-access"), known("yes"))
}

// renewOldAccess: API.md#q34.
func renewOldAccess(s *observations) finding {
	switch r := s.oldAccess; {
	case r.ok():
		return known("yes", "old-access-lives")
	case r.refused() && r.status == http.StatusUnauthorized:
		return known("no")
	case r.refused():
		return known("no: " + r.how())
	}
	return unanswered("no renewal changed the access token, or there was no usable answer")
}

// renewOldPair: API.md#q35.
func renewOldPair(s *observations) finding {
	switch r := s.reused; {
	case r.ok():
		return known("success").but(news)
	case r.refused():
		f, _ := r.failure()
		text := ", with another text"
		if strings.HasPrefix(f.text, "Unexpected access token or refresh token") {
			text = ", with the known text"
		}
		return known(r.how() + text)
	}
	return unanswered("not asked")
}

// renewJSON: API.md#q36.
func renewJSON(s *observations) finding {
	for _, r := range s.renewals {
		if r.err == nil && r.status == http.StatusOK && r.body == nil {
			return known("no").but(partly)
		}
	}
	taken, _ := s.answered()
	return either(len(taken) > 0, known("yes"), unanswered("no renewal succeeded"))
}
