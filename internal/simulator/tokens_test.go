// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestEachFieldOfAnUpdateIsOptional(t *testing.T) {
	b := newBench(t, simulator.Options{})
	before := b.create(fmt.Sprintf(
		`{"tokenName":"x","tokenType":"CUSTOM","apiEndpoints":["/a"],"allowedIPs":["::1"],"renewableUntilTimestamp":%d}`,
		unix(9*day)))
	want := before
	steps := []struct {
		body   string
		expect func()
	}{
		{`{}`, func() {}},
		{`{"tokenName":"y"}`, func() { want.Name = "y" }},
		{`{"tokenName":"y"}`, func() {}},
		{`{"apiEndpoints":["/b","/c"]}`, func() { want.APIEndpoints = []string{"/b", "/c"} }},
		{`{"allowedIPs":["10.0.0.0/8"]}`, func() { want.AllowedIPs = []string{"10.0.0.0/8"} }},
		{`{"allowedIPs":[]}`, func() { want.AllowedIPs = []string{} }},
		{`{"tokenType":"CUSTOM"}`, func() {}},
		{`{"tokenType":3}`, func() {}},
		{`{"renewableUntilTimestamp":0}`, func() {}},
		{fmt.Sprintf(`{"renewableUntilTimestamp":%d}`, unix(20*day)), func() { want.RenewableUntil = at(20 * day) }},
		{`{"renewableUntilTimestamp":2147483647}`, func() { want.RenewableUntil = at(365 * day) }},
		{fmt.Sprintf(`{"userId":%d}`, b.UserID()), func() {}},
		{`{"tokenName":"z","apiEndpoints":["/d"]}`, func() { want.Name, want.APIEndpoints = "z", []string{"/d"} }},
	}
	for _, step := range steps {
		step.expect()
		r := b.admin("PUT", idPath(before), step.body).ok()
		got, _ := b.Token(before.ID)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s made\n%+v, want\n%+v", step.body, got, want)
		}
		if r.text("tokenInfo.tokenName") != want.Name || r.number("tokenInfo.accessTokenId") != float64(want.ID) ||
			r.number("tokenInfo.renewableUntilTimestamp") != float64(want.RenewableUntil.Unix()) ||
			r.number("tokenInfo.userId") != float64(want.UserID) {
			t.Errorf("%s answers %s", step.body, r.body)
		}
	}
}

func at(d time.Duration) time.Time { return begin.Add(d).Truncate(time.Second) }

func TestTokenExpiryIsUpdated(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for tokenType, limit := range map[string]time.Duration{"MS_SCIM": 365 * day, "OneTouch": 14 * day} {
		token := b.create(fmt.Sprintf(`{"tokenName":%q,"tokenType":%q}`, tokenType, tokenType))
		for asked, want := range map[int64]time.Duration{unix(3 * day): 3 * day, 2147483647: limit} {
			b.admin("PUT", idPath(token), fmt.Sprintf(`{"tokenExpiryTimestamp":%d}`, asked)).ok()
			if got, _ := b.Token(token.ID); !got.ExpiresAt.Equal(at(want)) {
				t.Errorf("%s: expires %s, want %s", tokenType, got.ExpiresAt, at(want))
			}
			b.admin("PUT", idPath(token), `{"allowedIPs":["::1"]}`).ok() // does not contain the end
			if got, _ := b.Token(token.ID); !got.ExpiresAt.Equal(at(want)) {
				t.Errorf("%s: an update of something else moved the end to %s", tokenType, got.ExpiresAt)
			}
		}
	}
}

func TestTheMaximumCountsFromTheCreation(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	b.pass(100 * day)
	b.admin("PUT", idPath(token), `{"renewableUntilTimestamp":2147483647}`).ok()
	if got, _ := b.Token(token.ID); !got.RenewableUntil.Equal(at(365 * day)) {
		t.Errorf("renewable until %s, want %s", got.RenewableUntil, at(365*day))
	}
}

func TestRefusedUpdatesChangeNothing(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{StrictEnds: true}})
	other := b.AddUser("bot", "pw")
	b.create(`{"tokenName":"taken"}`)
	all := b.create(`{"tokenName":"all"}`)
	scim := b.create(`{"tokenName":"scim","tokenType":"MS_SCIM"}`)
	custom := b.create(`{"tokenName":"custom","tokenType":"CUSTOM","apiEndpoints":["/a"]}`)
	before := b.Tokens()

	b.admin("PUT", idPath(all), `{"tokenName":"taken"}`).refusedIn("error.", 200, "already present")
	b.admin("PUT", idPath(all), `{"tokenType":"MS_SCIM"}`).refusedIn("error.", 200, "type")
	b.admin("PUT", idPath(all), fmt.Sprintf(`{"userId":%d}`, other)).refusedIn("error.", 200, "owner")
	cases := []struct {
		token      simulator.Token
		body, text string
	}{
		{all, `{"tokenName":" "}`, "blank"},
		{all, `{"tokenName":"n","x":1}`, `"x" is unknown`},
		{all, `{"apiEndpoints":["/a"]}`, "CUSTOM"},
		{all, `{"tokenName":"n","allowedIPs":["x"]}`, `"x"`},
		{all, fmt.Sprintf(`{"tokenExpiryTimestamp":%d}`, unix(day)), "not ALL"},
		{all, fmt.Sprintf(`{"tokenName":"n","renewableUntilTimestamp":%d}`, unix(-day)), "past"},
		{scim, fmt.Sprintf(`{"renewableUntilTimestamp":%d}`, unix(day)), "MS_SCIM"},
		{scim, fmt.Sprintf(`{"tokenExpiryTimestamp":%d}`, unix(0)), "past"},
		{custom, `{"apiEndpoints":[]}`, "missing"},
		{custom, `{"apiEndpoints":[""]}`, "blank"},
	}
	for _, c := range cases {
		b.admin("PUT", idPath(c.token), c.body).refused(400, c.text)
	}
	b.admin("PUT", tokens+"/x", `{"tokenName":"n"}`).refused(400, `"x" is not the id`)
	if got := b.Tokens(); !reflect.DeepEqual(got, before) {
		t.Errorf("tokens changed to %+v", got)
	}
}

func TestSecretsInTheAnswerOfAnUpdate(t *testing.T) {
	for _, form := range []simulator.UpdateSecrets{
		simulator.UpdateRepeatsNone, simulator.UpdateRepeatsSame, simulator.UpdateRepeatsNew,
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{UpdateSecrets: form}})
		before := b.create(`{"tokenName":"x"}`)
		r := b.admin("PUT", idPath(before), `{"tokenName":"y"}`).ok()
		after, _ := b.Token(before.ID)
		changed := pairOf(after) != pairOf(before)
		if changed != (form == simulator.UpdateRepeatsNew) {
			t.Errorf("form %d: the pair changed: %v", form, changed)
		}
		access, repeats := r.at("tokenInfo.accessToken")
		refresh, _ := r.at("tokenInfo.refreshToken")
		if repeats != (form != simulator.UpdateRepeatsNone) {
			t.Errorf("form %d: answer %s", form, r.body)
		}
		if repeats && (access != after.AccessToken || refresh != after.RefreshToken) {
			t.Errorf("form %d: the answer has other secrets than the server", form)
		}
		if !b.Works(after.AccessToken) || !after.ExpiresAt.Equal(before.ExpiresAt) {
			t.Errorf("form %d: the token does not work, or its end moved", form)
		}
		if changed {
			if b.Works(before.AccessToken) {
				t.Error("the access token before a new one still works")
			}
			b.renew(pairOf(before)).refused(200, unexpected)
		}
	}
}

func TestRevoke(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	b.admin("DELETE", idPath(token), `{}`).refused(400, "no body")
	r := b.admin("DELETE", idPath(token), "").ok()
	if code, there := r.at("errorCode"); !there || code != 0.0 {
		t.Errorf("answer %s, want an errorCode of 0", r.body)
	}
	if len(b.Tokens()) != 0 || b.Works(token.AccessToken) {
		t.Error("the token lives on")
	}
	b.renew(pairOf(token)).refused(200, unexpected)
	if len(b.Purged()) != 0 {
		t.Error("a revoked token was purged")
	}
	b.admin("DELETE", tokens+"/x", "").refused(400, `"x" is not the id`)
}

func TestAnUnknownID(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for _, id := range []string{"999", "-5", "0"} {
		b.admin("DELETE", tokens+"/"+id, "").refused(404, id)
		b.admin("PUT", tokens+"/"+id, `{"tokenName":"x"}`).refused(404, id)
	}
	b = newBench(t, simulator.Options{Dialect: simulator.Dialect{MissingID200: true}})
	b.admin("DELETE", tokens+"/999", "").refused(200, "999")
	b.admin("PUT", tokens+"/999", `{"tokenName":"x"}`).refusedIn("error.", 200, "999")
}

// items returns the items of a list from the array of that name.
func items(t *testing.T, r reply, array string) []map[string]any {
	t.Helper()
	value, _ := r.ok().at(array)
	elements, ok := value.([]any)
	if !ok {
		t.Fatalf("no array %q in %s", array, r.body)
	}
	result := []map[string]any{}
	for _, element := range elements {
		item, isObject := element.(map[string]any)
		if !isObject {
			t.Fatalf("an item of %s is no object", r.body)
		}
		result = append(result, item)
	}
	return result
}

func TestList(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("bot", "pw")
	if got := items(t, b.admin("GET", tokens+"/", ""), "accessTokens"); len(got) != 0 {
		t.Errorf("list %v, want an empty one", got)
	}
	first := b.create(`{"tokenName":"x","tokenType":"CUSTOM","apiEndpoints":["/a"],"allowedIPs":["::1"]}`)
	b.create(`{"tokenName":"y","tokenType":"OneTouch"}`)
	theirs := b.create(fmt.Sprintf(`{"tokenName":"z","userId":%d}`, user))

	r := b.admin("GET", tokens+"/", "")
	got := items(t, r, "accessTokens")
	want := map[string]any{
		"accessTokenId": float64(first.ID), "tokenName": "x", "userId": float64(b.UserID()), "tokenType": "CUSTOM",
		"tokenExpiryTimestamp":        float64(first.ExpiresAt.Unix()),
		"refreshTokenExpiryTimestamp": float64(first.RefreshExpiresAt.Unix()),
		"renewableUntilTimestamp":     float64(first.RenewableUntil.Unix()),
		"apiEndpoints":                []any{"/a"}, "allowedIPs": []any{"::1"},
	}
	if len(got) != 2 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("list %v, want first %v and one more", got, want)
	}
	if got[1]["renewableUntilTimestamp"] != 0.0 || got[1]["refreshTokenExpiryTimestamp"] != 0.0 {
		t.Errorf("item %v, want timestamps of 0 where there is none", got[1])
	}
	if strings.Contains(r.body, simulator.AccessPrefix) || strings.Contains(r.body, simulator.RefreshPrefix) {
		t.Error("a list shows secrets")
	}
	own := items(t, b.admin("GET", fmt.Sprintf("%s?userId=%d", tokens, user), ""), "accessTokens")
	if len(own) != 1 || own[0]["accessTokenId"] != float64(theirs.ID) {
		t.Errorf("the other user's list is %v", own)
	}
}

func TestBadLists(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for query, text := range map[string]string{
		"userId=x": "number", "userId=": "number", "userId=11&userId=11": "one number", "userid=11": "userId only",
		"userId=11&x=1": "userId only", "userId=4711": "no user", "userId=1;2": "query",
	} {
		b.admin("GET", tokens+"/?"+query, "").refused(400, text)
	}
	b.admin("GET", tokens, "{}").refused(400, "no body")
}

func TestListDialects(t *testing.T) {
	list := func(d simulator.Dialect, array string) (reply, []map[string]any) {
		b := newBench(t, simulator.Options{Dialect: d})
		b.create(`{"tokenName":"x"}`)
		b.create(`{"tokenName":"y","tokenType":"MS_SCIM"}`)
		b.pass(30 * time.Minute) // the first token expires
		r := b.admin("GET", tokens, "")
		return r, items(t, r, array)
	}
	_, full := list(simulator.Dialect{}, "accessTokens")
	if len(full) != 2 || len(full[0]) != 9 {
		t.Errorf("default: %v, want the expired one too, with 9 fields", full)
	}
	_, brief := list(simulator.Dialect{BriefList: true}, "accessTokens")
	if len(brief) != 2 || len(brief[0]) != 2 || brief[0]["tokenName"] != "x" || brief[0]["accessTokenId"] == nil {
		t.Errorf("brief: %v", brief)
	}
	_, numeric := list(simulator.Dialect{NumericTypes: true}, "accessTokens")
	if numeric[0]["tokenType"] != 2.0 || numeric[1]["tokenType"] != 1.0 {
		t.Errorf("numeric: %v", numeric)
	}
	_, hidden := list(simulator.Dialect{HideExpired: true}, "accessTokens")
	if len(hidden) != 1 || hidden[0]["tokenName"] != "y" {
		t.Errorf("hidden: %v", hidden)
	}
	r, renamed := list(simulator.Dialect{ListArray: "things", ExtraArrays: true}, "things")
	if len(renamed) != 2 || strings.Contains(r.body, "accessTokens") || len(items(t, r, "associations")) != 0 {
		t.Errorf("renamed: %s", r.body)
	}
	if code, there := r.at("error.errorCode"); !there || code != 0.0 {
		t.Errorf("extra: %s, want an error object that says all is well", r.body)
	}
}

func TestReleasesThatLackCalls(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoList: true}})
	token := b.create(`{"tokenName":"x"}`)
	b.admin("GET", tokens, "").html(404, "404 Not Found")
	b.admin("PUT", idPath(token), `{"tokenName":"y"}`).ok()
	b.renew(pairOf(token)).ok()
	b.send("GET", tokens, "").refused(401, denied)

	b = newBench(t, simulator.Options{Dialect: simulator.Dialect{NoV4: true}})
	b.admin("POST", tokens, `{"tokenName":"x"}`).html(404, "404 Not Found")
	b.admin("GET", tokens, "").html(404, "404 Not Found")
	b.admin("PUT", tokens+"/1", `{"tokenName":"x"}`).html(404, "404 Not Found")
	b.admin("DELETE", tokens+"/1", "").html(404, "404 Not Found")
	b.renew(simulator.Pair{AccessToken: "a", RefreshToken: "b"}).html(404, "404 Not Found")
	b.admin("POST", "/WhoAmI", "").ok()
	if slices.ContainsFunc(simulator.Dialects(), func(d simulator.NamedDialect) bool { return d.Dialect.NoList || d.Dialect.NoV4 }) {
		t.Error("a dialect that lacks calls is among those that tests run in")
	}
}
