// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestNumbersAreWrittenAsTheDialectDoes(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{Numbers: simulator.NumbersFloat, NumericTypes: true}})
	token := b.make(`{"tokenName":"7 \"8\" \\9-1"}`)
	want := fmt.Sprintf(`{"accessTokens":[{"accessTokenId":%d.0,"tokenName":"7 \"8\" \\9-1","userId":11.0,"tokenType":2.0,`+
		`"tokenExpiryTimestamp":%d.0,"refreshTokenExpiryTimestamp":%d.0,"renewableUntilTimestamp":%d.0,"apiEndpoints":[],"allowedIPs":[]}]}`,
		token.ID, token.ExpiresAt.Unix(), token.RefreshExpiresAt.Unix(), token.RenewableUntil.Unix())
	if got := b.admin("GET", tokens, "").body; got != want {
		t.Errorf("floats: %s, want %s", got, want)
	}

	b = newBench(t, simulator.Options{Dialect: simulator.Dialect{Numbers: simulator.NumbersText}})
	token = b.make(`{"tokenName":"x"}`)
	id := fmt.Sprint(token.ID)
	if r := b.admin("GET", tokens, ""); items(t, r, "accessTokens")[0]["accessTokenId"] != id {
		t.Errorf("text: %s, want the id %q", r.body, id)
	}
	if got := b.admin("DELETE", tokens+"/-5", "").body; got != `{"errorMessage":"There is no access token with the id -5","errorCode":"7"}` {
		t.Errorf("an error: %s", got)
	}
	if got := b.admin("DELETE", idPath(token), "").body; got != `{"errorMessage":"","errorCode":"0"}` {
		t.Errorf("a revocation: %s", got)
	}
}

func TestEndsAreRounded(t *testing.T) {
	midnight := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC) // the requested end is at 14:26:42 of that day
	for rounding, want := range map[simulator.Rounding]time.Time{
		simulator.RoundNone: at(5 * day), simulator.RoundMinuteEarlier: at(5*day - 42*time.Second),
		simulator.RoundMinuteLater: at(5*day + 18*time.Second), simulator.RoundDayEarlier: midnight, simulator.RoundDayLater: midnight.Add(day),
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{Ends: rounding}})
		all := b.create(fmt.Sprintf(`{"tokenName":"a","renewableUntilTimestamp":%d}`, unix(5*day)))
		scim := b.create(fmt.Sprintf(`{"tokenName":"b","tokenType":1,"tokenExpiryTimestamp":%d}`, unix(5*day)))
		if !all.RenewableUntil.Equal(want) || !scim.ExpiresAt.Equal(want) || !all.ExpiresAt.Equal(at(30*time.Minute)) {
			t.Errorf("rounding %d: %s and %s, want %s", rounding, all.RenewableUntil, scim.ExpiresAt, want)
		}
		b.admin("PUT", idPath(all), fmt.Sprintf(`{"renewableUntilTimestamp":%d}`, midnight.Unix())).ok()
		if got, _ := b.Token(all.ID); !got.RenewableUntil.Equal(midnight) {
			t.Errorf("rounding %d: a whole end became %s", rounding, got.RenewableUntil)
		}
	}
}

func TestAnswersMayOmitTheExpiry(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{EndUntold: true}})
	created := b.admin("POST", tokens, `{"tokenName":"x"}`).ok()
	token := b.Tokens()[0]
	for name, r := range map[string]reply{
		"create": created, "update": b.admin("PUT", idPath(token), `{}`).ok(), "renew": b.renew(pairOf(token)).ok(),
	} {
		for _, path := range []string{"tokenInfo.tokenExpiryTimestamp", "tokenExpiryTimestamp"} {
			if _, present := r.at(path); present {
				t.Errorf("%s tells it: %s", name, r.body)
			}
		}
	}
	if item := items(t, b.admin("GET", tokens, ""), "accessTokens")[0]; item["tokenExpiryTimestamp"] == nil {
		t.Error("the list does not tell it")
	}
}

func TestAnUpdateMayAnswerWithTheIDAlone(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{UpdateIDOnly: true}})
	token := b.create(`{"tokenName":"x"}`)
	want := fmt.Sprintf(`{"error":{"errorMessage":"","errorCode":0},"tokenInfo":{"accessTokenId":%d}}`, token.ID)
	if got := b.admin("PUT", idPath(token), `{"tokenName":"y"}`).ok().body; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestTheServersClock(t *testing.T) {
	for _, offset := range []time.Duration{0, 5 * time.Hour, -5 * time.Hour} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{ClockOffset: offset}})
		token := b.create(`{"tokenName":"x"}`)
		if !b.Server.Now().Equal(begin.Add(offset)) || !token.ExpiresAt.Equal(at(offset+30*time.Minute)) {
			t.Errorf("the server's clock says %s, the token expires %s", b.Server.Now(), token.ExpiresAt)
		}
		r := b.admin("GET", tokens, "").ok()
		if got, want := r.header.Get("Date"), at(offset).Format(http.TimeFormat); got != want {
			t.Errorf("Date is %q, want %q", got, want)
		}
		if got := b.Journal()[0].At; !got.Equal(begin) {
			t.Errorf("the journal has %s, want the client's %s", got, begin)
		}
	}
}

func TestAServerWithoutADate(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoDate: true}})
	over := httptest.NewServer(b)
	defer over.Close()
	response, err := over.Client().Get(over.URL + simulator.DefaultBasePath)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got, there := response.Header["Date"]; there {
		t.Errorf("Date is %q", got)
	}
}
