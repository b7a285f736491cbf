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

func TestCreateAnswersAsTheReferencesExample(t *testing.T) {
	b := newBench(t, simulator.Options{})
	r := b.admin("POST", tokens, `{"tokenName":"ci"}`).ok()
	token := b.Tokens()[0]
	want := map[string]any{
		"error": map[string]any{"errorMessage": "", "errorCode": 0.0},
		"tokenInfo": map[string]any{
			"error":                       map[string]any{"errorMessage": "", "errorCode": 0.0},
			"accessTokenId":               float64(token.ID),
			"tokenName":                   "ci",
			"userId":                      float64(b.UserID()),
			"tokenExpiryTimestamp":        float64(unix(30 * time.Minute)),
			"accessToken":                 token.AccessToken,
			"refreshToken":                token.RefreshToken,
			"refreshTokenExpiryTimestamp": float64(unix(30*time.Minute + 14*day)),
			"renewableUntilTimestamp":     float64(unix(90 * day)),
		},
	}
	for name, value := range want {
		if got, _ := r.at(name); !reflect.DeepEqual(got, value) {
			t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestSecretsAreDistinct(t *testing.T) {
	b := newBench(t, simulator.Options{})
	one, two := b.create(`{"tokenName":"a"}`), b.create(`{"tokenName":"b"}`)
	secrets := []string{one.AccessToken, one.RefreshToken, two.AccessToken, two.RefreshToken, b.session}
	slices.Sort(secrets)
	if len(slices.Compact(secrets)) != 5 {
		t.Error("some secrets are the same")
	}
	for secret, prefix := range map[string]string{
		one.AccessToken: simulator.AccessPrefix, one.RefreshToken: simulator.RefreshPrefix, b.session: simulator.SessionPrefix,
	} {
		if !strings.HasPrefix(secret, prefix) || len(secret) < 60 {
			t.Errorf("the secret %q does not begin with %q, or is short", secret, prefix)
		}
	}
}

func TestTypesAndTheirEnds(t *testing.T) {
	in := func(d time.Duration) time.Time { return begin.Add(d).Truncate(time.Second) }
	renewed := func(until time.Duration) simulator.Token {
		return simulator.Token{
			ExpiresAt: in(30 * time.Minute), RefreshExpiresAt: in(30*time.Minute + 14*day), RenewableUntil: in(until),
		}
	}
	fixed := func(until time.Duration) simulator.Token { return simulator.Token{ExpiresAt: in(until)} }
	cases := []struct {
		body, tokenType string
		ends            simulator.Token
	}{
		{``, "ALL", renewed(90 * day)},
		{`"tokenType":"DEFAULT"`, "ALL", renewed(90 * day)},
		{`"tokenType":0`, "ALL", renewed(90 * day)},
		{`"tokenType":"ALL"`, "ALL", renewed(90 * day)},
		{`"tokenType":2`, "ALL", renewed(90 * day)},
		{`"tokenType":"CUSTOM","apiEndpoints":["/Client"]`, "CUSTOM", renewed(90 * day)},
		{`"tokenType":3,"apiEndpoints":["/Client"]`, "CUSTOM", renewed(90 * day)},
		{`"tokenType":"Hyperscale"`, "Hyperscale", renewed(90 * day)},
		{`"tokenType":5`, "Hyperscale", renewed(90 * day)},
		{`"tokenType":"MS_SCIM"`, "MS_SCIM", fixed(30 * day)},
		{`"tokenType":1`, "MS_SCIM", fixed(30 * day)},
		{`"tokenType":"OneTouch"`, "OneTouch", fixed(7 * day)},
		{`"tokenType":4`, "OneTouch", fixed(7 * day)},
		{fmt.Sprintf(`"renewableUntilTimestamp":%d`, unix(5*day)), "ALL", renewed(5 * day)},
		{fmt.Sprintf(`"renewableUntilTimestamp":%d`, unix(365*day)), "ALL", renewed(365 * day)},
		{fmt.Sprintf(`"renewableUntilTimestamp":%d`, unix(366*day)), "ALL", renewed(365 * day)},
		{`"renewableUntilTimestamp":2147483647`, "ALL", renewed(365 * day)},
		{`"renewableUntilTimestamp":0,"tokenExpiryTimestamp":0`, "ALL", renewed(90 * day)},
		{fmt.Sprintf(`"tokenType":"MS_SCIM","tokenExpiryTimestamp":%d`, unix(5*day)), "MS_SCIM", fixed(5 * day)},
		{fmt.Sprintf(`"tokenType":"MS_SCIM","tokenExpiryTimestamp":%d`, unix(366*day)), "MS_SCIM", fixed(365 * day)},
		{fmt.Sprintf(`"tokenType":"OneTouch","tokenExpiryTimestamp":%d`, unix(14*day)), "OneTouch", fixed(14 * day)},
		{fmt.Sprintf(`"tokenType":"OneTouch","tokenExpiryTimestamp":%d`, unix(15*day)), "OneTouch", fixed(14 * day)},
	}
	for _, c := range cases {
		b := newBench(t, simulator.Options{})
		body := strings.TrimSuffix(`{"tokenName":"x",`+c.body, ",") + "}"
		r := b.admin("POST", tokens, body).ok()
		got := b.Tokens()[0]
		if got.Type != c.tokenType || !got.CreatedAt.Equal(in(0)) || !got.ExpiresAt.Equal(c.ends.ExpiresAt) ||
			!got.RefreshExpiresAt.Equal(c.ends.RefreshExpiresAt) || !got.RenewableUntil.Equal(c.ends.RenewableUntil) {
			t.Errorf("%s made %+v, want type %s and the ends of %+v", body, got, c.tokenType, c.ends)
		}
		if renews := !c.ends.RenewableUntil.IsZero(); renews != (got.RefreshToken != "") {
			t.Errorf("%s has the refresh token %q", body, got.RefreshToken)
		}
		for name, has := range map[string]bool{
			"refreshToken": got.RefreshToken != "", "refreshTokenExpiryTimestamp": !got.RefreshExpiresAt.IsZero(),
			"renewableUntilTimestamp": !got.RenewableUntil.IsZero(), "accessToken": true,
		} {
			if _, there := r.at("tokenInfo." + name); there != has {
				t.Errorf("%s: answer %s; is %s there: want %v", body, r.body, name, has)
			}
		}
	}
}

func TestLifetimesAreOptions(t *testing.T) {
	l := simulator.Lifetimes{
		Access: 2 * time.Hour, RefreshWindow: 3 * day, Renewable: 4 * day, RenewableMax: 5 * day,
		SCIM: 6 * day, SCIMMax: 7 * day, OneTouch: 8 * day, OneTouchMax: 9 * day,
	}
	b := newBench(t, simulator.Options{Lifetimes: l})
	all := b.create(`{"tokenName":"a"}`)
	scim := b.create(`{"tokenName":"b","tokenType":"MS_SCIM"}`)
	touch := b.create(`{"tokenName":"c","tokenType":"OneTouch"}`)
	longAll := b.create(`{"tokenName":"d","renewableUntilTimestamp":2147483647}`)
	longSCIM := b.create(`{"tokenName":"e","tokenType":"MS_SCIM","tokenExpiryTimestamp":2147483647}`)
	longTouch := b.create(`{"tokenName":"f","tokenType":"OneTouch","tokenExpiryTimestamp":2147483647}`)
	for name, c := range map[string]struct {
		got  time.Time
		want time.Duration
	}{
		"access": {all.ExpiresAt, l.Access}, "window": {all.RefreshExpiresAt, l.Access + l.RefreshWindow},
		"renewable": {all.RenewableUntil, l.Renewable}, "renewable max": {longAll.RenewableUntil, l.RenewableMax},
		"scim": {scim.ExpiresAt, l.SCIM}, "scim max": {longSCIM.ExpiresAt, l.SCIMMax},
		"one touch": {touch.ExpiresAt, l.OneTouch}, "one touch max": {longTouch.ExpiresAt, l.OneTouchMax},
	} {
		if c.got.Unix() != unix(c.want) {
			t.Errorf("%s: %s, want %s after %s", name, c.got, c.want, begin)
		}
	}
}

func TestMalformedCreates(t *testing.T) {
	past, now, future := unix(-day), unix(0), unix(day)
	cases := map[string]string{ // body: text of the message
		``:                                                "Content-Type",
		`null`:                                            "not a JSON object",
		`[]`:                                              "not a JSON object",
		`"x"`:                                             "not a JSON object",
		`{"tokenName":"x"`:                                "not valid JSON",
		`{"tokenName":"x",}`:                              "not valid JSON",
		`{"tokenName":}`:                                  "not valid JSON",
		`{"tokenName":"x"} {}`:                            "follows",
		`{"tokenName":"x"}x`:                              "follows",
		`{"tokenName":"x","tokenName":"y"}`:               "twice",
		`{"tokenname":"x"}`:                               `"tokenname" is unknown`,
		`{"tokenName":"x","expires":1}`:                   `"expires" is unknown`,
		`{}`:                                              "tokenName is missing",
		`{"tokenName":""}`:                                "blank",
		`{"tokenName":" \t"}`:                             "blank",
		`{"tokenName":7}`:                                 "must be a string",
		`{"tokenName":null}`:                              "must be a string",
		`{"tokenName":"x","tokenType":"all"}`:             `"tokenType"`,
		`{"tokenName":"x","tokenType":""}`:                `"tokenType"`,
		`{"tokenName":"x","tokenType":"2"}`:               `"tokenType"`,
		`{"tokenName":"x","tokenType":6}`:                 "unknown value 6",
		`{"tokenName":"x","tokenType":-1}`:                "unknown value -1",
		`{"tokenName":"x","tokenType":1.0}`:               `"tokenType"`,
		`{"tokenName":"x","tokenType":null}`:              `"tokenType"`,
		`{"tokenName":"x","userId":"11"}`:                 `"userId" must be an integer`,
		`{"tokenName":"x","userId":null}`:                 `"userId" must be an integer`,
		`{"tokenName":"x","userId":4711}`:                 "no user with the id 4711",
		`{"tokenName":"x","apiEndpoints":[]}`:             "for tokens of type CUSTOM",
		`{"tokenName":"x","allowedIPs":"::1"}`:            "array of strings",
		`{"tokenName":"x","allowedIPs":null}`:             "array of strings",
		`{"tokenName":"x","allowedIPs":[1]}`:              "array of strings",
		`{"tokenName":"x","allowedIPs":["1.2.3.4",null]}`: "without null",
		`{"tokenName":"x","tokenType":"CUSTOM"}`:          "apiEndpoints are missing",
		`{"tokenName":"x","tokenType":"CUSTOM","apiEndpoints":[]}`:                                     "apiEndpoints are missing",
		`{"tokenName":"x","tokenType":"CUSTOM","apiEndpoints":["/a"," "]}`:                             "blank element",
		`{"tokenName":"x","tokenType":"ALL","apiEndpoints":["/a"]}`:                                    "for tokens of type CUSTOM",
		`{"tokenName":"x","tokenType":"MS_SCIM","apiEndpoints":["/a"]}`:                                "not MS_SCIM",
		`{"tokenName":"x","renewableUntilTimestamp":"1"}`:                                              "must be an integer",
		`{"tokenName":"x","renewableUntilTimestamp":1.5}`:                                              "must be an integer",
		`{"tokenName":"x","renewableUntilTimestamp":2e9}`:                                              "must be an integer",
		`{"tokenName":"x","renewableUntilTimestamp":2147483648}`:                                       "int32",
		`{"tokenName":"x","renewableUntilTimestamp":-5}`:                                               "int32",
		fmt.Sprintf(`{"tokenName":"x","renewableUntilTimestamp":%d}`, past):                            "in the past",
		fmt.Sprintf(`{"tokenName":"x","renewableUntilTimestamp":%d}`, now):                             "in the past",
		fmt.Sprintf(`{"tokenName":"x","tokenExpiryTimestamp":%d}`, future):                             "MS_SCIM and OneTouch, not ALL",
		fmt.Sprintf(`{"tokenName":"x","tokenType":5,"tokenExpiryTimestamp":%d}`, future):               "not Hyperscale",
		fmt.Sprintf(`{"tokenName":"x","tokenType":"MS_SCIM","tokenExpiryTimestamp":%d}`, past):         "in the past",
		fmt.Sprintf(`{"tokenName":"x","tokenType":"MS_SCIM","renewableUntilTimestamp":%d}`, future):    "type MS_SCIM",
		fmt.Sprintf(`{"tokenName":"x","tokenType":"OneTouch","renewableUntilTimestamp":%d}`, future):   "type OneTouch",
		`{"tokenName":"x","tokenType":"MS_SCIM","tokenExpiryTimestamp":99999999999999999999999999999}`: "must be an integer",
	}
	for _, dialect := range simulator.Dialects() { // malformed requests have only one form of answer
		dialect.Dialect.StrictEnds = true
		b := newBench(t, simulator.Options{Dialect: dialect.Dialect})
		for body, text := range cases {
			r := b.admin("POST", tokens, body)
			if r.status != 400 || !strings.Contains(r.text("errorMessage"), text) || r.number("errorCode") == 0 {
				t.Errorf("%s: %s: %d %s, want 400 with %q", dialect.Name, body, r.status, r.body, text)
			}
		}
		if len(b.Tokens()) != 0 {
			t.Errorf("%s: a malformed request made a token", dialect.Name)
		}
	}
}

func TestContentTypeOfACreate(t *testing.T) {
	b := newBench(t, simulator.Options{})
	send := func(contentType string) reply {
		return b.send("POST", tokens, `{"tokenName":"x"}`, "Authtoken", b.session, "Content-Type", contentType)
	}
	for _, bad := range []string{"application/xml", "text/plain", "", "application/jsonx", "application/json;;"} {
		send(bad).refused(400, "application/json")
	}
	send("Application/JSON; charset=utf-8").ok()
}

func TestAllowedIPs(t *testing.T) {
	b := newBench(t, simulator.Options{})
	good := []string{
		"10.0.0.1", "::1", "2001:db8::/32", "10.0.0.0/8", "10.0.0.1/8", "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.1", "::1-::2",
	}
	body := `{"tokenName":"x","allowedIPs":["` + strings.Join(good, `","`) + `"]}`
	if got := b.create(body).AllowedIPs; !slices.Equal(got, good) {
		t.Errorf("allowedIPs %q, want %q", got, good)
	}
	for _, bad := range []string{
		"", "x", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "10.0.0.1-", "-10.0.0.1",
		"10.0.0.1 - 10.0.0.2", "10.0.0.1,10.0.0.2", "fe80::1%eth0", "fe80::1%a-fe80::2", "10.0.0.0/8-10.0.0.9",
	} {
		b.admin("POST", tokens, `{"tokenName":"y","allowedIPs":["10.0.0.1","`+bad+`"]}`).refused(400, fmt.Sprintf("%q", bad))
	}
}

func TestNamesAreUniqueAmongAUsersTokens(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("bot", "pw")
	first := b.create(`{"tokenName":"x"}`)
	again := func() {
		b.admin("POST", tokens, `{"tokenName":"x"}`).refusedIn("error.", 200, "Token name already present")
	}
	again()
	b.create(`{"tokenName":"X"}`)
	b.create(fmt.Sprintf(`{"tokenName":"x","userId":%d}`, user))
	b.pass(100 * day) // expired and no longer renewable: the name remains taken
	again()
	b.admin("DELETE", idPath(first), "").ok()
	b.create(`{"tokenName":"x"}`)
}

func TestIDsAreNeverUsedAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	first := b.create(`{"tokenName":"x"}`)
	b.RemoveToken(first.ID)
	if second := b.create(`{"tokenName":"x"}`); second.ID <= first.ID {
		t.Errorf("id %d after %d", second.ID, first.ID)
	}
}

func TestRefusalsOfEachDialect(t *testing.T) {
	cases := []struct {
		form   simulator.Refusals
		prefix string
		status int
	}{
		{simulator.RefuseInError, "error.", 200},
		{simulator.RefuseInTokenInfo, "tokenInfo.error.", 200},
		{simulator.RefuseFlat200, "", 200},
		{simulator.RefuseFlat400, "", 400},
	}
	for _, c := range cases {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{Refusals: c.form}})
		token := b.create(`{"tokenName":"x"}`)
		b.create(`{"tokenName":"y"}`)
		b.admin("POST", tokens, `{"tokenName":"x"}`).refusedIn(c.prefix, c.status, "already present")
		b.admin("PUT", idPath(token), `{"tokenName":"y"}`).refusedIn(c.prefix, c.status, "already present")
		b.renew(simulator.Pair{AccessToken: "a", RefreshToken: "r"}).refused(c.status, unexpected) // flat in each dialect
		if c.form == simulator.RefuseInTokenInfo {
			if got := b.admin("POST", tokens, `{"tokenName":"x"}`).number("error.errorCode"); got != 0 {
				t.Errorf("the top-level errorCode is %v, want 0", got)
			}
		}
	}
}
