// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestReleasesThatIgnoreAField(t *testing.T) {
	custom := `{"tokenName":"x","tokenType":"CUSTOM","apiEndpoints":["/a"],"allowedIPs":["::1"],"userId":%d}`
	for name, c := range map[string]struct {
		dialect simulator.Dialect
		want    func(wanted *simulator.Token, admin int64)
	}{
		"none":       {simulator.Dialect{}, func(*simulator.Token, int64) {}},
		"userId":     {simulator.Dialect{IgnoreUserID: true}, func(t *simulator.Token, admin int64) { t.UserID = admin }},
		"tokenType":  {simulator.Dialect{IgnoreTokenType: true}, func(t *simulator.Token, _ int64) { t.Type, t.APIEndpoints = "ALL", nil }},
		"allowedIPs": {simulator.Dialect{IgnoreAllowedIPs: true}, func(t *simulator.Token, _ int64) { t.AllowedIPs = nil }},
	} {
		b := newBench(t, simulator.Options{Dialect: c.dialect})
		bot := b.AddUser("bot", "")
		want := simulator.Token{Type: "CUSTOM", APIEndpoints: []string{"/a"}, AllowedIPs: []string{"::1"}, UserID: bot}
		c.want(&want, b.UserID())
		got := b.create(fmt.Sprintf(custom, bot))
		if got.Type != want.Type || got.UserID != want.UserID || !slices.Equal(got.APIEndpoints, want.APIEndpoints) ||
			!slices.Equal(got.AllowedIPs, want.AllowedIPs) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		b.admin("PUT", idPath(got), `{"tokenName":"y","tokenType":"ALL","allowedIPs":["::2"]}`).ok()
	}
}

func TestNamesMayBeComparedLoosely(t *testing.T) {
	for name, c := range map[string]struct {
		dialect     simulator.Dialect
		taken, free []string
	}{
		"exact": {simulator.Dialect{}, []string{"ci"}, []string{"CI", " ci", "ci\t"}},
		"case":  {simulator.Dialect{NamesFoldCase: true}, []string{"ci", "CI", "cI"}, []string{" ci"}},
		"trim":  {simulator.Dialect{NamesTrim: true}, []string{"ci", " ci", "ci  "}, []string{"CI"}},
		"both":  {simulator.Dialect{NamesFoldCase: true, NamesTrim: true}, []string{"ci", " Ci "}, []string{"c i"}},
	} {
		b := newBench(t, simulator.Options{Dialect: c.dialect})
		first := b.create(`{"tokenName":"ci"}`)
		for _, taken := range c.taken {
			b.admin("POST", tokens, fmt.Sprintf(`{"tokenName":%q}`, taken)).refusedIn("error.", 200, "already present")
			b.admin("PUT", idPath(first), fmt.Sprintf(`{"tokenName":%q}`, taken)).ok() // its own name
		}
		b.admin("PUT", idPath(first), `{"tokenName":"ci"}`).ok()
		for _, free := range c.free {
			if made := b.create(fmt.Sprintf(`{"tokenName":%q}`, free)); made.Name != free {
				t.Errorf("%s: %q was stored as %q", name, free, made.Name)
			}
		}
	}
}

func TestAnEndThatTheTypeLacks(t *testing.T) {
	bodies := []string{
		fmt.Sprintf(`{"tokenName":"a","tokenExpiryTimestamp":%d}`, unix(day)),
		fmt.Sprintf(`{"tokenName":"b","tokenType":1,"renewableUntilTimestamp":%d}`, unix(day)),
	}
	lenient, strict := newBench(t, simulator.Options{}), newBench(t, simulator.Options{Dialect: simulator.Dialect{StrictEnds: true}})
	for _, body := range bodies {
		made := lenient.create(body)
		if made.ExpiresAt.Equal(at(day)) || made.RenewableUntil.Equal(at(day)) {
			t.Errorf("%s made %+v, want the end ignored", body, made)
		}
		lenient.admin("PUT", idPath(made), body).ok()
		strict.admin("POST", tokens, body).refused(400, "of type")
	}
	// If the server ignored the tokenType, the end is not the client's mistake.
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{StrictEnds: true, IgnoreTokenType: true}})
	if made := b.create(fmt.Sprintf(`{"tokenName":"a","tokenType":1,"tokenExpiryTimestamp":%d}`, unix(day))); made.Type != "ALL" {
		t.Errorf("made %+v", made)
	}
}

func TestTheTypeChangesInPlaceAmongThoseThatRenew(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	b.admin("PUT", idPath(token), `{"tokenType":"CUSTOM"}`).refused(400, "apiEndpoints are missing")
	for _, step := range []struct {
		body, want string
		endpoints  int
	}{
		{`{"tokenType":"CUSTOM","apiEndpoints":["/a"]}`, "CUSTOM", 1},
		{`{"tokenType":"Hyperscale"}`, "Hyperscale", 0},
		{`{"tokenType":3,"apiEndpoints":["/b","/c"]}`, "CUSTOM", 2},
		{`{"tokenType":"DEFAULT"}`, "ALL", 0},
	} {
		b.admin("PUT", idPath(token), step.body).ok()
		if got, _ := b.Token(token.ID); got.Type != step.want || len(got.APIEndpoints) != step.endpoints || pairOf(got) != pairOf(token) {
			t.Errorf("%s made %+v", step.body, got)
		}
	}
	for _, fixed := range []string{"MS_SCIM", "OneTouch"} {
		b.admin("PUT", idPath(token), fmt.Sprintf(`{"tokenType":%q}`, fixed)).refusedIn("error.", 200, "cannot be changed")
		made := b.create(fmt.Sprintf(`{"tokenName":%q,"tokenType":%q}`, fixed, fixed))
		b.admin("PUT", idPath(made), `{"tokenType":"ALL"}`).refusedIn("error.", 200, "cannot be changed")
	}
}

func TestARevocationMayHaveToBeApproved(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RevokePending: true}})
	token, other := b.create(`{"tokenName":"x"}`), b.create(`{"tokenName":"y"}`)
	for range 2 { // a repetition has no effect
		r := b.admin("DELETE", idPath(token), "")
		if r.status != 202 || r.number("errorCode") != 0 || r.text("errorMessage") != "pending administrator authorization" {
			t.Errorf("answer %d %s", r.status, r.body)
		}
	}
	if listed := items(t, b.admin("GET", tokens, ""), "accessTokens"); len(listed) != 2 || !b.Works(token.AccessToken) {
		t.Errorf("the token is gone before the approval: %v", listed)
	}
	b.DenyRevocations()
	b.ApproveRevocations()
	if len(b.Tokens()) != 2 {
		t.Error("a denied revocation took effect")
	}
	b.admin("DELETE", idPath(token), "")
	b.pass(300 * day) // without an approval
	b.ApproveRevocations()
	if left := b.Tokens(); len(left) != 1 || left[0].ID != other.ID {
		t.Errorf("left are %v", left)
	}
	b.admin("DELETE", idPath(token), "").refused(404, "no access token")
}

func TestARevocationMayTakeEffectLater(t *testing.T) {
	b := newBench(t, simulator.Options{
		Dialect: simulator.Dialect{RevokePending: true}, Lifetimes: simulator.Lifetimes{Approval: time.Hour},
	})
	token := b.create(`{"tokenName":"x"}`)
	b.admin("DELETE", idPath(token), "")
	b.pass(30 * time.Minute)
	b.admin("DELETE", idPath(token), "") // the first one counts
	b.pass(30*time.Minute - 1)
	if _, live := b.Token(token.ID); !live {
		t.Error("it took effect too early")
	}
	b.pass(1)
	if _, live := b.Token(token.ID); live || b.Works(token.AccessToken) {
		t.Error("it did not take effect")
	}
}
