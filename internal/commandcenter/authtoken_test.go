// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"net/http"
	"slices"
	"testing"
)

// answersOf simulates a server that accepts one form of an authtoken, or none if accepts is "". It returns the received values.
func answersOf(t *testing.T, f *authtoken, accepts string, calls int) []string {
	t.Helper()
	var sent []string
	h := sessionHandler{credential: f, next: stage(func(a *attempt) *Error {
		header := http.Header{}
		a.ticket.authorize(header)
		form := "Authtoken: " + header.Get("Authtoken")
		if header.Get("Authorization") != "" {
			form = "Authorization: " + header.Get("Authorization")
		}
		sent = append(sent, form)
		if form != accepts {
			return a.failure(Unauthorized, nil)
		}
		return nil
	})}
	for range calls {
		_ = h.handle(t.Context(), &attempt{})
	}
	return sent
}

func TestAnAuthtokenIsTriedOnceAsABearerToken(t *testing.T) {
	for name, c := range map[string]struct {
		value         Secret
		accepts       string
		want, wantTwo []string
	}{
		"as given":          {"abc", "Authtoken: abc", []string{"Authtoken: abc"}, []string{"Authtoken: abc"}},
		"as a Bearer token": {"abc", "Authorization: Bearer abc", []string{"Authtoken: abc", "Authorization: Bearer abc"}, []string{"Authorization: Bearer abc"}},
		"with its prefix":   {"Bearer abc", "Authorization: Bearer abc", []string{"Authtoken: Bearer abc", "Authorization: Bearer abc"}, []string{"Authorization: Bearer abc"}},
		"neither":           {"abc", "", []string{"Authtoken: abc", "Authorization: Bearer abc"}, []string{"Authtoken: abc"}},
		"of a session":      {"QSDK abc", "", []string{"Authtoken: QSDK abc"}, []string{"Authtoken: QSDK abc"}},
		"of SAML":           {"SAML abc", "", []string{"Authtoken: SAML abc"}, []string{"Authtoken: SAML abc"}},
	} {
		f := &authtoken{value: c.value}
		if got := answersOf(t, f, c.accepts, 1); !slices.Equal(got, c.want) {
			t.Errorf("%s: the first call sent %q, want %q", name, got, c.want)
		}
		if got := answersOf(t, f, c.accepts, 1); !slices.Equal(got, c.wantTwo) {
			t.Errorf("%s: the second call sent %q, want %q", name, got, c.wantTwo)
		}
	}
}

func TestAnAuthtokenThatWorkedIsNotTriedInAnotherForm(t *testing.T) {
	f := &authtoken{value: "abc"}
	answersOf(t, f, "Authtoken: abc", 1)
	if got := answersOf(t, f, "", 2); !slices.Equal(got, []string{"Authtoken: abc", "Authtoken: abc"}) {
		t.Errorf("after its end it was sent as %q", got)
	}
}

func TestConcurrentCallsShareTheFormOfAnAuthtoken(t *testing.T) {
	f := &authtoken{value: "abc"}
	plain, _ := f.get(t.Context())
	for range 2 {
		if !f.rejected(plain) {
			t.Error("a call that was under way does not try the other form")
		}
	}
	bearer, _ := f.get(t.Context())
	f.accepted(bearer)
	if !f.rejected(plain) {
		t.Error("a call that was under way does not take the form that works")
	}
	if f.rejected(bearer) {
		t.Error("the form that worked is given up")
	}
}
