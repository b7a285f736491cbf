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

func TestRenewRotatesThePairAndMovesTheExpiry(t *testing.T) {
	b := newBench(t, simulator.Options{})
	before := b.create(`{"tokenName":"x"}`)
	b.pass(3 * day) // the access token has long expired, as is usual for a renewal
	r := b.renew(pairOf(before)).ok()
	after, _ := b.Token(before.ID)
	if after.AccessToken == before.AccessToken || after.RefreshToken == before.RefreshToken || after.Renewals != 1 {
		t.Errorf("the pair did not rotate: %+v", after)
	}
	if !slices.Equal(after.OldPairs, []simulator.Pair{pairOf(before)}) {
		t.Errorf("old pairs %v, want the one before", after.OldPairs)
	}
	if !after.ExpiresAt.Equal(at(3*day+30*time.Minute)) || !after.RefreshExpiresAt.Equal(at(17*day+30*time.Minute)) ||
		!after.RenewableUntil.Equal(before.RenewableUntil) {
		t.Errorf("ends are %+v", after)
	}
	for name, want := range map[string]any{
		"accessTokenId": float64(before.ID), "tokenName": "x", "accessToken": after.AccessToken,
		"refreshToken": after.RefreshToken, "tokenExpiryTimestamp": float64(after.ExpiresAt.Unix()),
		"refreshTokenExpiryTimestamp": float64(after.RefreshExpiresAt.Unix()),
		"renewableUntilTimestamp":     float64(after.RenewableUntil.Unix()),
	} {
		if got, _ := r.at(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if b.Works(before.AccessToken) || !b.Works(after.AccessToken) {
		t.Error("the old access token works, or the new one does not")
	}
	b.renew(pairOf(after)).ok() // a second time
	if entry := b.Journal()[2]; entry.Operation != simulator.OpRenew || entry.TokenID != before.ID {
		t.Errorf("the journal has %+v, want a renewal of the token %d", entry, before.ID)
	}
}

func TestAnOlderPairPurgesTheChain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	bystander := b.create(`{"tokenName":"y"}`)
	first := b.create(`{"tokenName":"x"}`)
	second, err := b.RenewToken(first.ID)
	if err != nil {
		t.Fatal(err)
	}
	third, _ := b.RenewToken(first.ID)
	b.renew(pairOf(first)).refused(200, unexpected)
	if !slices.Equal(b.Purged(), []int64{first.ID}) {
		t.Errorf("purged %v, want %d", b.Purged(), first.ID)
	}
	if _, live := b.Token(first.ID); live || b.Works(third.AccessToken) {
		t.Error("the chain lives on")
	}
	for _, pair := range []simulator.Pair{pairOf(first), pairOf(second), pairOf(third)} {
		b.renew(pair).refused(200, unexpected)
	}
	b.renew(pairOf(bystander)).ok()
}

func TestAnOldRefreshTokenPurgesWithAnyAccessToken(t *testing.T) {
	b := newBench(t, simulator.Options{})
	first := b.create(`{"tokenName":"x"}`)
	second, _ := b.RenewToken(first.ID)
	b.renew(simulator.Pair{AccessToken: second.AccessToken, RefreshToken: first.RefreshToken}).refused(200, unexpected)
	if len(b.Purged()) != 1 {
		t.Error("the chain was not purged")
	}
}

func TestUnknownPairs(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	other := b.create(`{"tokenName":"y"}`)
	scim := b.create(`{"tokenName":"z","tokenType":"MS_SCIM"}`)
	for _, pair := range []simulator.Pair{
		{AccessToken: "a", RefreshToken: "b"},
		{AccessToken: token.AccessToken, RefreshToken: "b"},
		{AccessToken: "a", RefreshToken: token.RefreshToken},
		{AccessToken: token.AccessToken, RefreshToken: other.RefreshToken},
		{AccessToken: scim.AccessToken, RefreshToken: "b"},
	} {
		b.renew(pair).refused(200, unexpected)
	}
	b.renew(simulator.Pair{AccessToken: scim.AccessToken}).refused(400, "refreshToken must not be empty")
	b.renew(pairOf(token)).ok()
	if len(b.Purged()) != 0 || len(b.Tokens()) != 3 {
		t.Error("an unknown pair purged a token")
	}
}

func TestRenewalsEnd(t *testing.T) {
	cases := map[string]struct {
		body string
		ends time.Duration
	}{
		"window":    {`{"tokenName":"x"}`, 14*day + 30*time.Minute},
		"renewable": {fmt.Sprintf(`{"tokenName":"x","renewableUntilTimestamp":%d}`, unix(2*day)), 2 * day},
	}
	for name, c := range cases {
		b := newBench(t, simulator.Options{})
		token := b.create(c.body)
		b.pass(at(c.ends).Sub(b.Now()))
		b.renew(pairOf(token)).refused(500, tooLate)
		if current, live := b.Token(token.ID); !live || pairOf(current) != pairOf(token) || len(b.Purged()) != 0 {
			t.Errorf("%s: the refusal changed the token", name)
		}
		b.pass(-1) // a moment earlier it would still have worked
		b.renew(pairOf(token)).ok()
	}
}

// renewalHeaders returns the headers of each strict form.
func renewalHeaders(form simulator.RenewCredential, access, session string) []string {
	return map[simulator.RenewCredential][]string{
		simulator.RenewBearer:          {"Authorization", "Bearer " + access},
		simulator.RenewAuthtoken:       {"Authtoken", access},
		simulator.RenewBoth:            {"Authorization", "Bearer " + access, "Authtoken", access},
		simulator.RenewAuthtokenBearer: {"Authtoken", "Bearer " + access},
		simulator.RenewAuthtokenQSDK:   {"Authtoken", "QSDK " + access},
		simulator.RenewSession:         {"Authtoken", session},
	}[form]
}

const strictForms = simulator.RenewNone // the last of them; RenewAny is the first

func TestAStrictRenewalTakesOneFormOnly(t *testing.T) {
	for form := simulator.RenewBearer; form <= strictForms; form++ {
		for wrong403, status := range map[bool]int{false: 401, true: 403} {
			b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewCredential: form, RenewWrong403: wrong403}})
			token := b.create(`{"tokenName":"x"}`)
			refuseAll := func(token simulator.Token) {
				for other := simulator.RenewBearer; other <= strictForms; other++ {
					if other != form {
						headers := renewalHeaders(other, token.AccessToken, b.session)
						b.send("POST", renewal, pairBody(pairOf(token)), headers...).refused(status, denied)
					}
				}
				b.send("POST", renewal, pairBody(pairOf(token)), "Authtoken", "x").refused(status, denied)
				b.send("POST", renewal, pairBody(pairOf(token)), "Authorization", token.AccessToken).refused(status, denied)
			}
			refuseAll(token)
			if now, _ := b.Token(token.ID); pairOf(now) != pairOf(token) {
				t.Errorf("form %d: a refused credential used the pair", form)
			}
			b.send("POST", renewal, pairBody(pairOf(token)), renewalHeaders(form, token.AccessToken, b.session)...).ok()
			refuseAll(token) // an old pair has no effect either as long as its credential is refused
			if len(b.Purged()) != 0 {
				t.Errorf("form %d: purged in spite of a refused credential", form)
			}
		}
	}
}

func TestTheDefaultTakesARenewalInAnyForm(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"x"}`)
	other := b.create(`{"tokenName":"y"}`)
	for form := simulator.RenewAny; form <= strictForms; form++ {
		b.send("POST", renewal, pairBody(pairOf(token)), renewalHeaders(form, token.AccessToken, b.session)...).ok()
		token, _ = b.Token(token.ID)
	}
	b.as("QSDK "+other.AccessToken, "POST", renewal, pairBody(pairOf(token))).ok() // the configured credential of the vendor's SDK
	token, _ = b.Token(token.ID)
	b.pass(day) // the access token has expired, but still authenticates its own renewal
	b.send("POST", renewal, pairBody(pairOf(token)), "Authtoken", "QSDK "+token.AccessToken).ok()
	token, _ = b.Token(token.ID)
	for _, wrong := range []string{"x", "Bearer x", "QSDK x"} {
		b.as(wrong, "POST", renewal, pairBody(pairOf(token))).refused(401, denied)
	}
}

func TestAnOldAccessTokenMayLiveOn(t *testing.T) {
	for _, lives := range []bool{false, true} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{OldAccessLives: lives}})
		first := b.create(`{"tokenName":"x"}`)
		b.pass(10 * time.Minute)
		b.renew(pairOf(first)).ok()
		if b.Works(first.AccessToken) != lives {
			t.Errorf("lives on: %v, want %v", !lives, lives)
		}
		b.pass(20 * time.Minute)
		if b.Works(first.AccessToken) {
			t.Error("the old access token outlives its own expiry")
		}
		second, _ := b.Token(first.ID)
		b.renew(pairOf(second)).ok()
		b.admin("DELETE", idPath(first), "").ok()
		if b.Works(second.AccessToken) {
			t.Error("the old access token outlives the revocation")
		}
	}
}

func TestRenewKeepsAccess(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{RenewKeepsAccess: true}})
	token := b.create(`{"tokenName":"x"}`)
	b.pass(day)
	if b.Works(token.AccessToken) {
		t.Fatal("the access token has not expired")
	}
	r := b.renew(pairOf(token)).ok()
	if r.text("accessToken") != token.AccessToken || r.text("refreshToken") == token.RefreshToken {
		t.Errorf("answer %s, want the same access token and a new refresh token", r.body)
	}
	if !b.Works(token.AccessToken) {
		t.Error("the access token was not reactivated")
	}
	b.renew(pairOf(token)).refused(200, unexpected)
}

func TestMalformedRenewals(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for body, text := range map[string]string{
		`{}`: "accessToken", `{"accessToken":"a"}`: "refreshToken", `{"accessToken":1,"refreshToken":"b"}`: "string",
		`{"accessToken":"a","refreshToken":"b","id":1}`: `"id"`, `[]`: "not a JSON object",
	} {
		b.send("POST", renewal, body, "Authorization", "Bearer a").refused(400, text)
	}
	b.send("POST", renewal, pairBody(simulator.Pair{AccessToken: "a", RefreshToken: "b"}),
		"Authorization", "Bearer a", "Content-Type", "text/json").refused(400, "application/json")
}
