// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func idPath(t simulator.Token) string { return fmt.Sprintf("%s/%d", tokens, t.ID) }

func TestAuthtokenForms(t *testing.T) {
	b := newBench(t, simulator.Options{})
	access := b.create(`{"tokenName":"a"}`).AccessToken
	for _, good := range []string{b.session, "Bearer " + b.session, access, "Bearer " + access, "QSDK " + access} {
		b.as(good, "GET", "/Client", "").ok()
	}
	for _, bad := range []string{"", " ", "x", "bearer " + access, "Bearer Bearer " + access, access + "x", b.session[5:]} {
		b.as(bad, "GET", "/Client", "").refused(401, denied)
	}
	b.send("GET", "/Client", "").refused(401, denied)
	b.send("GET", "/Client", "", "Authorization", "Bearer "+access).ok()
	b.send("GET", "/Client", "", "Authorization", access).refused(401, denied)
	b.send("GET", "/Client", "", "Authorization", "Bearer "+b.session).refused(401, denied)
}

func TestAStrictServerTakesAccessTokensInOneFormOnly(t *testing.T) {
	for form, good := range map[simulator.TokenCredential]int{simulator.TokenAuthtoken: 0, simulator.TokenBearer: 1} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{TokenCredential: form}})
		access := b.create(`{"tokenName":"a"}`).AccessToken
		for i, headers := range [][]string{
			{"Authtoken", access}, {"Authorization", "Bearer " + access}, {"Authtoken", "Bearer " + access}, {"Authtoken", "QSDK " + access},
		} {
			if r := b.send("GET", "/Client", "", headers...); i == good {
				r.ok()
			} else {
				r.refused(401, denied)
			}
		}
	}
}

func TestTheJournalSaysWhyARequestWasDenied(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.ExpireSessions()
	b.admin("GET", "/Client", "").refused(401, denied)
	if got := b.Journal()[0].Problem; got != "The session has expired" {
		t.Errorf("the journal says %q", got)
	}
}

func TestTwoAuthtokensAreNone(t *testing.T) {
	b := newBench(t, simulator.Options{})
	r := httptest.NewRequestWithContext(t.Context(), "GET", simulator.DefaultBasePath+"/Client", nil)
	r.Header["Authtoken"] = []string{b.session, b.session}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != 401 {
		t.Errorf("status %d, want 401", w.Code)
	}
}

func TestAnExpiredAccessTokenIsNotAccepted(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"a"}`)
	b.pass(token.ExpiresAt.Sub(b.Now()) - 1)
	b.as(token.AccessToken, "GET", "/Client", "").ok()
	if !b.Works(token.AccessToken) {
		t.Error("Works denies a token that is accepted")
	}
	b.pass(1)
	b.as(token.AccessToken, "GET", "/Client", "").refused(401, denied)
	if b.Works(token.AccessToken) {
		t.Error("Works claims an expired token")
	}
	if _, live := b.Token(token.ID); !live {
		t.Error("the token was dropped when it expired")
	}
}

func TestAccessTokensDoNotManageAccessTokens(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"a"}`)
	other := b.create(`{"tokenName":"b"}`)
	access := token.AccessToken
	b.as(access, "POST", tokens, `{"tokenName":"c"}`).refused(403, "using another access token")
	b.as(access, "PUT", idPath(other), `{"tokenName":"c"}`).refused(403, "using another access token")
	b.as(access, "DELETE", idPath(other), "").refused(403, "using another access token")
	b.as(access, "GET", tokens, "").ok()
	if got := b.Tokens(); len(got) != 2 || got[1].Name != "b" {
		t.Errorf("tokens changed: %v", got)
	}
}

func TestAccessTokensManageAccessTokensInSomeReleases(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{TokensManageTokens: true}})
	access := b.create(`{"tokenName":"a"}`).AccessToken
	id := int64(b.as(access, "POST", tokens, `{"tokenName":"c"}`).ok().number("tokenInfo.accessTokenId"))
	made, _ := b.Token(id)
	b.as(access, "PUT", idPath(made), `{"tokenName":"d"}`).ok()
	b.as(access, "DELETE", idPath(made), "").ok()
	custom := b.create(`{"tokenName":"e","tokenType":"CUSTOM","apiEndpoints":["/Client"]}`)
	b.as(custom.AccessToken, "POST", tokens, `{"tokenName":"f"}`).refused(403, "may not call")
}

func TestScopes(t *testing.T) {
	cases := []struct {
		body      string
		may, deny []string
	}{
		{
			`"tokenType":"ALL"`,
			[]string{"/Client", "/anything/at/all", tokens},
			nil,
		},
		{
			`"tokenType":"CUSTOM","apiEndpoints":["/Client","/V4/Servers/","plan"]`,
			[]string{"/Client", "/client/5", "//CLIENT", "/v4/servers", "/V4/Servers/7/x", "/Plan/1"},
			[]string{"/Clients", "/Cli", "/V4", "/v4/serversx", "/x/Client", tokens},
		},
		{
			`"tokenType":"CUSTOM","apiEndpoints":["/V4/AccessToken"]`,
			[]string{tokens, tokens + "/?userId=11"},
			[]string{"/Client"},
		},
		{
			`"tokenType":"MS_SCIM"`,
			[]string{"/scim/v2/Users", "/SCIM"},
			[]string{"/Client", tokens},
		},
		{
			`"tokenType":"OneTouch"`,
			[]string{"/Client/1", "/MediaAgent", "/ClientGroup", "/V4/ServerGroup", "/FirewallSummary/x"},
			[]string{"/scim", "/V4/Servers", "/ClientGroups", tokens},
		},
		{
			`"tokenType":"Hyperscale"`,
			[]string{"/HyperScale/x"},
			[]string{"/Client", tokens},
		},
	}
	b := newBench(t, simulator.Options{})
	for i, c := range cases {
		access := b.create(fmt.Sprintf(`{"tokenName":"t%d",%s}`, i, c.body)).AccessToken
		b.as(access, "POST", "/WhoAmI", "").ok()
		for _, path := range c.may {
			if r := b.as(access, "GET", path, ""); r.status != 200 {
				t.Errorf("%s: %s is %d, want 200", c.body, path, r.status)
			}
		}
		for _, path := range c.deny {
			if r := b.as(access, "GET", path, ""); r.status != 403 {
				t.Errorf("%s: %s is %d, want 403", c.body, path, r.status)
			}
		}
	}
}

func TestUsersManageTheirOwnTokensOnly(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("bot", "pw")
	session := b.NewSession("bot")
	admins := b.create(`{"tokenName":"a"}`)
	b.as(session, "POST", tokens, fmt.Sprintf(`{"tokenName":"x","userId":%d}`, b.UserID())).refused(403, "other users")
	b.as(session, "GET", fmt.Sprintf("%s?userId=%d", tokens, b.UserID()), "").refused(403, "other users")
	b.as(session, "PUT", idPath(admins), `{"tokenName":"y"}`).refused(403, "other users")
	b.as(session, "DELETE", idPath(admins), "").refused(403, "other users")

	b.as(session, "POST", tokens, `{"tokenName":"x"}`).ok()
	owned := b.Tokens()[1]
	if owned.UserID != user {
		t.Fatalf("owner %d, want the caller %d", owned.UserID, user)
	}
	b.as(session, "PUT", idPath(owned), `{"tokenName":"y"}`).ok()
	b.as(session, "DELETE", idPath(owned), "").ok()
}

func TestAnAdministratorManagesEverybodysTokens(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("bot", "pw")
	token := b.create(fmt.Sprintf(`{"tokenName":"x","userId":%d}`, user))
	if token.UserID != user {
		t.Fatalf("owner %d, want %d", token.UserID, user)
	}
	b.as(token.AccessToken, "POST", "/WhoAmI", "").ok()
	b.admin("PUT", idPath(token), fmt.Sprintf(`{"tokenName":"y","userId":%d}`, user)).ok()
	b.admin("DELETE", idPath(token), "").ok()
}

func TestTheClockIsTheOnlySourceOfTime(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.pass(-100 * 365 * day) // timestamps of those years are not an int32: every possible end is in the future
	token := b.create(`{"tokenName":"a"}`)
	if want := b.Now().Add(30 * time.Minute).Truncate(time.Second); !token.ExpiresAt.Equal(want) {
		t.Errorf("expires at %s, want %s", token.ExpiresAt, want)
	}
	if at := b.Journal()[0].At; !at.Equal(b.Now()) {
		t.Errorf("journal says %s, want %s", at, b.Now())
	}
}
