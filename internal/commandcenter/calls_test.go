// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// last returns the latest request of an operation.
func (b *bench) last(op simulator.Operation) simulator.Request {
	b.t.Helper()
	for _, r := range slices.Backward(b.Journal()) {
		if r.Operation == op {
			return r
		}
	}
	b.t.Fatalf("there was no request to %s", op)
	return simulator.Request{}
}

// wantRequest compares the latest request with the expected method, path, query and body.
func (b *bench) wantRequest(op simulator.Operation, method, path, query, body string) {
	b.t.Helper()
	r := b.last(op)
	if r.Method != method || r.Path != path || r.RawQuery != query || string(r.Body) != body {
		b.t.Errorf("sent %s %s?%s with %s, want %s %s?%s with %s", r.Method, r.Path, r.RawQuery, r.Body, method, path, query, body)
	}
	accept, contentType := r.Header.Get("Accept"), r.Header.Get("Content-Type")
	if accept != "application/json" || (contentType == "application/json") != (body != "") {
		b.t.Errorf("%s has Accept %q and Content-Type %q", op, accept, contentType)
	}
	if r.Header.Get("User-Agent") != "tests/1" {
		b.t.Errorf("%s has the User-Agent %q", op, r.Header.Get("User-Agent"))
	}
}

const tokensPath = "/commandcenter/api/V4/AccessToken"

func TestEachCallIsSentAsDocumented(t *testing.T) {
	b := newBench(t, simulator.Options{})
	user := b.AddUser("service", "x-1234")
	c := b.client()

	token := b.issue(c, cc.Spec{
		Name: `a "name"`, Type: cc.TypeCustom, UserID: user, APIEndpoints: []string{"/b", "/a"},
		AllowedIPs: []string{"10.0.0.0/8", "1.2.3.4"}, RenewableUntil: time.Unix(1800000000, 0),
	})
	b.wantRequest(simulator.OpLogin, "POST", "/commandcenter/api/Login", "",
		`{"mode":4,"username":"admin","password":"U2ltLUFkbTFuLVBhc3N3MHJkLjc=","deviceId":"terraform-provider-commvault","clientType":30}`)
	b.wantRequest(simulator.OpList, "GET", tokensPath+"/", fmt.Sprintf("userId=%d", user), "")
	b.wantRequest(simulator.OpCreate, "POST", tokensPath, "",
		fmt.Sprintf(`{"tokenName":"a \"name\"","tokenType":"CUSTOM","userId":%d,"apiEndpoints":["/a","/b"],`+
			`"allowedIPs":["1.2.3.4","10.0.0.0/8"],"renewableUntilTimestamp":1800000000}`, user))

	name, until, none := "n", time.Unix(1801000000, 0), []string{}
	if _, err := c.Update(t.Context(), token.ID, cc.Change{Name: &name, AllowedIPs: &none, RenewableUntil: &until}); err != nil {
		t.Fatal(err)
	}
	b.wantRequest(simulator.OpUpdate, "PUT", fmt.Sprintf("%s/%d", tokensPath, token.ID), "",
		`{"tokenName":"n","allowedIPs":[],"renewableUntilTimestamp":1801000000}`)

	if err := c.Revoke(t.Context(), cc.Target{ID: token.ID, Owner: cc.Owner{ID: user}}); err != nil {
		t.Fatal(err)
	}
	b.wantRequest(simulator.OpRevoke, "DELETE", fmt.Sprintf("%s/%d", tokensPath, token.ID), "", "")
	b.wantAsked("login 1, list 1, create 1, update 1, revoke 1")
}

func TestZeroFieldsOfASpecAreNotSent(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	b.issue(c, cc.Spec{Name: "bare"})
	b.wantRequest(simulator.OpCreate, "POST", tokensPath, "", `{"tokenName":"bare"}`)
	b.wantRequest(simulator.OpList, "GET", tokensPath+"/", "", "")
	b.issue(c, cc.Spec{Name: "azure", Type: cc.TypeSCIM, TokenExpiry: time.Unix(1798000000, 0)})
	b.wantRequest(simulator.OpCreate, "POST", tokensPath, "",
		`{"tokenName":"azure","tokenType":"MS_SCIM","tokenExpiryTimestamp":1798000000}`)
}

func TestTheCredentialIsSentAsGiven(t *testing.T) {
	b := newBench(t, simulator.Options{})
	session := b.NewSession(b.Username())
	c := b.client(authtoken(session))
	b.issue(c, cc.Spec{Name: "one"})
	if got := b.last(simulator.OpCreate).Header.Values("Authtoken"); !slices.Equal(got, []string{session}) {
		t.Errorf("sent the Authtoken %q, want %q", got, session)
	}
	if got := b.last(simulator.OpCreate).Header.Values("Authorization"); got != nil {
		t.Errorf("sent Authorization %q", got)
	}
	b.wantAsked("list 1, create 1")
}

func TestLoginSendsNoCredentialBesidesItsBody(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.issue(b.client(), cc.Spec{Name: "one"})
	if got := b.last(simulator.OpLogin).Header.Values("Authtoken"); got != nil {
		t.Errorf("the login sent the Authtoken %q", got)
	}
}

func TestADomainUserLogsInAsGiven(t *testing.T) {
	b := newBench(t, simulator.Options{Username: `CORP\älice`, Password: `pass "wörd" <&>`})
	b.issue(b.client(), cc.Spec{Name: "one"})
	b.wantAsked("login 1, list 1, create 1")
}

func TestTheLifeOfATokenInEveryDialect(t *testing.T) {
	everyDialect(t, func(b *bench) {
		c := b.client()
		until := start.Add(100 * day)
		made := b.issue(c, cc.Spec{Name: "one", Type: cc.TypeCustom, APIEndpoints: []string{"/Client"}, RenewableUntil: until})
		want, _ := b.Token(made.ID)
		if made.AccessToken.Reveal() != want.AccessToken || made.RefreshToken.Reveal() != want.RefreshToken {
			b.t.Error("the secrets are not those that the server issued")
		}
		if b.dialect.Ends == simulator.RoundNone && !want.RenewableUntil.Equal(until) {
			b.t.Errorf("the end is %s", want.RenewableUntil)
		}
		expiry := want.ExpiresAt
		if b.dialect.EndUntold {
			expiry = time.Time{}
		}
		if made.UserID != b.UserID() || !made.RenewableUntil.Equal(want.RenewableUntil) || !made.ExpiresAt.Equal(expiry) ||
			!made.RefreshTokenExpiresAt.Equal(want.RefreshExpiresAt) || made.RenewableUntil.Location() != time.UTC {
			b.t.Errorf("the answer was read as %+v, the server has %+v", made, want)
		}

		name, endpoints := "two", []string{"/Client", "/MediaAgent"}
		answered, err := c.Update(b.t.Context(), made.ID, cc.Change{Name: &name, APIEndpoints: &endpoints})
		if err != nil {
			b.t.Fatal(err)
		}
		now, _ := b.Token(made.ID)
		if now.Name != "two" || !slices.Equal(now.APIEndpoints, endpoints) && !b.dialect.IgnoreTokenType {
			b.t.Errorf("after the update the server has %+v", now)
		}
		if answered.AccessToken != "" && answered.AccessToken.Reveal() != now.AccessToken {
			b.t.Error("the update told another secret than the server has")
		}

		listed, err := b.client().FreshTokens(b.t.Context(), 0)
		if err != nil {
			b.t.Fatal(err)
		}
		token, found := listed.Get(made.ID)
		if !found || token.Name != "two" || token.Type != "" && token.Type != cc.TypeCustom && !b.dialect.IgnoreTokenType {
			b.t.Errorf("listed is %+v, %t", token, found)
		}

		owner := cc.Owner{ID: b.UserID(), Caller: true}
		if err := c.Revoke(b.t.Context(), cc.Target{ID: made.ID, Owner: owner}); b.dialect.RevokePending {
			if !errors.Is(err, cc.ErrRevocationPending) {
				b.t.Error(err)
			}
			b.ApproveRevocations()
		} else if err != nil {
			b.t.Fatal(err)
		}
		if len(b.Tokens()) != 0 {
			b.t.Error("the token is still there")
		}
		if err := c.Revoke(b.t.Context(), cc.Target{ID: made.ID, Owner: owner}); err != nil {
			b.t.Errorf("revoking it again: %s", err)
		}
	})
}

func TestARefusalIsReportedInEveryDialect(t *testing.T) {
	everyDialect(t, func(b *bench) {
		c := b.client()
		token := b.issue(c, cc.Spec{Name: "one"})
		b.issue(c, cc.Spec{Name: "two"})
		name := "two"
		_, err := c.Update(b.t.Context(), token.ID, cc.Change{Name: &name})
		refusal := failureOf(b.t, err, cc.Refused)
		if refusal.Code != 101 || !refusal.Documented || refusal.Operation != cc.OpUpdate {
			b.t.Errorf("the refusal is %+v", refusal)
		}
		wantSays(b.t, err, "refused", "error code 101", "Token name already present")
	})
}

func TestAnUnusualBasePathIsKept(t *testing.T) {
	for _, path := range []string{"/webconsole/api", "/a b/c", "/a%2Fb"} {
		b := newBench(t, simulator.Options{BasePath: "/webconsole/api"})
		c := b.client(func(cfg *cc.Config) {
			base, err := cc.ParseHost(strings.TrimSuffix(b.URL(), "/webconsole/api") + strings.ReplaceAll(path, " ", "%20"))
			if err != nil {
				t.Fatal(err)
			}
			cfg.Base, cfg.MaxRetries = base, 0
		})
		_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
		if (err == nil) != (path == "/webconsole/api") {
			t.Errorf("%s: %v", path, err)
		}
		want := strings.ReplaceAll(path, " ", "%20") + "/Login"
		if got := b.Journal()[0].Path; got != want {
			t.Errorf("asked for %q, want %q", got, want)
		}
	}
}

func TestEveryAttemptIsLoggedWithoutSecrets(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.Unavailable))
	token := b.issue(c, cc.Spec{Name: "one", UserID: b.UserID()})
	want := []map[string]any{
		{"operation": "log in", "method": "POST", "path": "/commandcenter/api/Login", "attempt": 1, "status": 200},
		{"operation": "list", "method": "GET", "path": tokensPath + "/", "attempt": 1, "status": 503},
		{"operation": "list", "method": "GET", "path": tokensPath + "/", "attempt": 2, "status": 200},
		{"operation": "create", "method": "POST", "path": tokensPath, "attempt": 1, "status": 200},
	}
	lines := b.log.all()
	if len(lines) != len(want) {
		t.Fatalf("logged %v", lines)
	}
	for i, line := range lines {
		if _, timed := line["duration_ms"].(int64); !timed {
			t.Errorf("line %d has no duration: %v", i, line)
		}
		if _, failed := line["error"]; failed != (i == 1) {
			t.Errorf("line %d is wrong about an error: %v", i, line)
		}
		delete(line, "duration_ms")
		delete(line, "error")
		delete(line, "message")
		if !reflect.DeepEqual(line, want[i]) {
			t.Errorf("line %d is %v, want %v", i, line, want[i])
		}
	}
	b.wantNoSecret(token.AccessToken.String())
}

func TestNewRejectsInvalidConfigurations(t *testing.T) {
	if _, err := cc.New(cc.Config{}); err == nil {
		t.Error("a client without a base was made")
	}
	base, err := cc.ParseHost("cc.example.com")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cc.New(cc.Config{Base: base, CACertificates: []byte("no PEM")}); err == nil {
		t.Error("a client with a CA that is none was made")
	}
}

func TestDescribeNamesATokenByNameAndID(t *testing.T) {
	if got := cc.Describe("x", 7); got != `access token "x" (id 7)` {
		t.Error(got)
	}
	if got := cc.Describe("", 7); got != "access token with the id 7" {
		t.Error(got)
	}
}
