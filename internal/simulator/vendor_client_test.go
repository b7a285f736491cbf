// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// vendorClient sends the same requests as the vendor's Python SDK (cvpysdk 11.42). Its base path ends with a slash, so the paths of
// the token calls contain two, and every request has its four headers. API.md#the-vendors-own-client.
type vendorClient struct {
	*bench
	authtoken string
}

func (c *vendorClient) send(method, path, body string, headers ...string) reply {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, simulator.DefaultBasePath+"/"+path, strings.NewReader(body))
	r.Header.Set("Accept", "application/json")
	r.Header["Content-Type"] = []string{"application/json"}
	if c.authtoken != "" {
		r.Header.Set("Authtoken", c.authtoken)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return reply{c.t, w.Code, w.Result().Header, w.Body.String()}
}

// zero fails the test unless an errorCode is present and 0, because the SDK reads it without checking that it exists.
func (r reply) zero(path string) reply {
	r.t.Helper()
	if r.ok().number(path) != 0 {
		r.t.Errorf("%s is not 0 in %s", path, r.body)
	}
	return r
}

func TestTheVendorsClientManagesTokens(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := &vendorClient{bench: b}
	c.send("GET", "", "").ok() // checks that the service is available
	c.authtoken = c.send("POST", "Login", loginBody(b.Username(), b.Password())).ok().text("token")
	if got := c.send("POST", "WhoAmI", "", "Content-Type", "application/xml").ok().text("user.userName"); got != "admin" {
		t.Errorf("who am I: %q", got)
	}
	users, _ := c.send("GET", "User", "").ok().at("users")
	if list, _ := users.([]any); len(list) != 1 {
		t.Errorf("users %v", users)
	}
	c.send("GET", fmt.Sprintf("User/%d?Level=50", b.UserID()), "").ok()

	created := c.send("POST", "/V4/AccessToken", fmt.Sprintf(
		`{"tokenName": "sdk", "tokenType": 3, "renewableUntilTimestamp": %d, "tokenExpiryTimestamp": %d, "apiEndpoints": ["/client"]}`,
		unix(9*day), unix(day))).zero("error.errorCode")
	id := int64(created.number("tokenInfo.accessTokenId"))
	access, refresh := created.text("tokenInfo.accessToken"), created.text("tokenInfo.refreshToken")
	c.send("POST", "/V4/AccessToken", `{"tokenName": "scim", "tokenType": 1}`).zero("error.errorCode")

	listed := c.send("GET", fmt.Sprintf("/V4/AccessToken/?userId=%d", b.UserID()), "").ok()
	if got := items(t, listed, "accessTokens"); len(got) != 2 || integer(got[0]["accessTokenId"]) != id {
		t.Errorf("list %s", listed.body)
	}
	edited := c.send("PUT", fmt.Sprintf("/V4/AccessToken/%d", id), `{"tokenName": "sdk2", "tokenType": 2}`).zero("error.errorCode")
	if edited.text("tokenInfo.tokenName") != "sdk2" {
		t.Errorf("edited %s", edited.body)
	}
	renewed := c.send("POST", "/V4/AccessToken/Renew", pairBody(simulator.Pair{AccessToken: access, RefreshToken: refresh})).ok()
	if !b.Works(renewed.text("accessToken")) {
		t.Error("the renewed access token does not work")
	}
	c.send("DELETE", fmt.Sprintf("/V4/AccessToken/%d", id), "").zero("errorCode")
	c.send("POST", "Logout", "", "Content-Type", "application/xml").ok()
	if left := b.Tokens(); len(left) != 1 || left[0].Name != "scim" || len(b.Purged()) != 0 {
		t.Errorf("left are %+v", left)
	}
}

func TestTheVendorsClientRenewsItsSession(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := &vendorClient{bench: b}
	c.authtoken = c.send("POST", "Login", loginBody(b.Username(), b.Password())).ok().text("token")
	b.ExpireSessions()
	list := fmt.Sprintf("/V4/AccessToken/?userId=%d", b.UserID())
	c.send("GET", list, "").refused(http.StatusUnauthorized, denied)
	c.authtoken = c.send("POST", "RenewLoginToken", fmt.Sprintf(`{"sessionId": %q, "deviceId": "device-1"}`, c.authtoken)).ok().text("token")
	c.send("GET", list, "").ok()
}

// TestTheVendorsClientTakesAnAccessToken covers both ways in which the vendor's client sends an access token: with "QSDK " in
// front, or unchanged after "Bearer ".
func TestTheVendorsClientTakesAnAccessToken(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{TokensManageTokens: true}})
	own := b.create(`{"tokenName":"own"}`).AccessToken
	for i, authtoken := range []string{"QSDK " + own, "Bearer " + own} {
		c := &vendorClient{bench: b, authtoken: authtoken}
		c.send("POST", "WhoAmI", "", "Content-Type", "application/xml").ok()
		created := c.send("POST", "/V4/AccessToken", fmt.Sprintf(`{"tokenName": "made-%d"}`, i)).zero("error.errorCode")
		c.send("POST", "/V4/AccessToken/Renew", pairBody(simulator.Pair{
			AccessToken: created.text("tokenInfo.accessToken"), RefreshToken: created.text("tokenInfo.refreshToken"),
		})).ok()
	}
}
