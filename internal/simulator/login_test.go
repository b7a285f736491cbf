// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/base64"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestLogin(t *testing.T) {
	b := newBench(t, simulator.Options{Password: "pass wörd"})
	b.AddUser(`CORP\alice`, "secret-2")
	for _, c := range [][2]string{{"admin", "pass wörd"}, {`CORP\alice`, "secret-2"}} {
		r := b.send("POST", "/Login", loginBody(c[0], c[1])).ok()
		if got := r.text("userName"); got != c[0] {
			t.Errorf("userName %q, want %q", got, c[0])
		}
		session := r.text("token")
		if !strings.HasPrefix(session, "QSDK ") {
			t.Errorf("the session token %q does not begin with QSDK", session)
		}
		if got := b.as(session, "POST", "/WhoAmI", "").ok().text("user.userName"); got != c[0] {
			t.Errorf("WhoAmI says %q, want %q", got, c[0])
		}
	}
}

func TestEachLoginReturnsANewSession(t *testing.T) {
	b := newBench(t, simulator.Options{})
	first := b.send("POST", "/Login", loginBody(b.Username(), b.Password())).ok().text("token")
	second := b.send("POST", "/Login", loginBody(b.Username(), b.Password())).ok().text("token")
	b.as(first, "POST", "/Logout", "").ok()
	b.as(first, "POST", "/WhoAmI", "").refused(401, denied)
	b.as(second, "POST", "/WhoAmI", "").ok()
}

func TestMalformedLogins(t *testing.T) {
	good := loginBody("admin", simulator.DefaultPassword)
	cases := map[string][2]string{ // by name: a part of the valid body and its replacement
		"mode":                {`"mode":4`, `"mode":5`},
		"mode as text":        {`"mode":4`, `"mode":"4"`},
		"clientType":          {`"clientType":30`, `"clientType":3`},
		"unknown field":       {`"mode":4`, `"mode":4,"domain":"x"`},
		"other case":          {`"username"`, `"userName"`},
		"no device":           {`"deviceId":"device-1",`, ``},
		"blank device":        {`device-1`, ` `},
		"blank username":      {`"admin"`, `" "`},
		"password in clear":   {`"password":"`, `"password":"§`},
		"username of no text": {`"admin"`, `7`},
	}
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{StrictLogin: true}})
	for name, c := range cases {
		body := strings.Replace(good, c[0], c[1], 1)
		if body == good {
			t.Fatalf("%s changes nothing", name)
		}
		r := b.send("POST", "/Login", body)
		if r.status != 400 || r.number("errorCode") == 0 {
			t.Errorf("%s: %d %s, want 400 with an error", name, r.status, r.body)
		}
	}
	b.send("POST", "/Login", good, "Content-Type", "application/xml").refused(400, "application/json")
	b.send("POST", "/Login", "").refused(400, "Content-Type")
}

func TestTheDefaultTakesAnyLogin(t *testing.T) {
	b := newBench(t, simulator.Options{})
	password := base64.StdEncoding.EncodeToString([]byte(b.Password()))
	for _, body := range []string{
		`{"mode":5,"username":"admin","password":"` + password + `"}`,
		`{"username":"admin","password":"` + password + `","clientType":1,"domain":""}`,
	} {
		b.send("POST", "/Login", body).ok().text("token")
	}
	for body, text := range map[string]string{
		`{"password":"` + password + `"}`: `"username" is missing`, `{"username":"admin"}`: `"password" is missing`,
		`{"username":" ","password":""}`: "blank", `{"username":"admin","password":"§"}`: "base64",
		`{"username":"admin","password":"","deviceId":7}`: "string",
	} {
		b.send("POST", "/Login", body).refused(400, text)
	}
}

func TestAnXMLLogin(t *testing.T) {
	b := newBench(t, simulator.Options{})
	send := func(name, password string) reply {
		return b.send("POST", "/login", `<DM2ContentIndexing_CheckCredentialReq username="`+name+`" password="`+
			base64.StdEncoding.EncodeToString([]byte(password))+`" timeOut="10000"></DM2ContentIndexing_CheckCredentialReq>`,
			"Content-Type", "application/xml", "Accept", "application/xml", "AuthToken", "")
	}
	var answer struct {
		XMLName  xml.Name `xml:"DM2ContentIndexing_CheckCredentialResp"`
		UserName string   `xml:"userName,attr"`
		Token    string   `xml:"token,attr"`
		Errors   []struct {
			Message string `xml:"errLogMessage,attr"`
		} `xml:"errList"`
	}
	r := send(b.Username(), b.Password())
	if err := xml.Unmarshal([]byte(r.body), &answer); err != nil || r.status != 200 || answer.UserName != "admin" {
		t.Fatalf("answer %d %s: %v", r.status, r.body, err)
	}
	b.as(answer.Token, "POST", "/WhoAmI", "").ok()
	answer.Token = ""
	r = send(b.Username(), "x")
	if err := xml.Unmarshal([]byte(r.body), &answer); err != nil || answer.Token != "" || len(answer.Errors) != 1 {
		t.Errorf("answer %s: %v", r.body, err)
	}
	b.send("POST", "/login", "{}", "Content-Type", "application/xml").refused(400, "XML")
}

// badLogin fails the test unless the reply is that of a failed login: 200 with an errList.
func badLogin(t *testing.T, r reply, locked bool, remaining float64) {
	t.Helper()
	if r.status != 200 {
		t.Fatalf("status %d with %s, want 200", r.status, r.body)
	}
	list, _ := r.at("errList")
	failures, _ := list.([]any)
	if len(failures) != 1 {
		t.Fatalf("errList of %s, want one failure", r.body)
	}
	failure, _ := failures[0].(map[string]any)
	message, _ := failure["errLogMessage"].(string)
	if message == "" || strings.Contains(message, "locked") != locked {
		t.Errorf("the message is %q, want one that says locked: %v", message, locked)
	}
	if _, there := r.at("token"); there {
		t.Errorf("a token in %s", r.body)
	}
	if got, _ := r.at("isAccountLocked"); got != locked {
		t.Errorf("isAccountLocked is %v, want %v", got, locked)
	}
	if got := r.number("remainingLockTime"); got != remaining {
		t.Errorf("remainingLockTime is %v, want %v", got, remaining)
	}
}

func TestBadCredentialsAreAnAnswer(t *testing.T) {
	b := newBench(t, simulator.Options{})
	badLogin(t, b.send("POST", "/Login", loginBody("nobody", "x")), false, 0)
	badLogin(t, b.send("POST", "/Login", loginBody("admin", "x")), false, 0)
	badLogin(t, b.send("POST", "/Login", loginBody("ADMIN2", b.Password())), false, 0)
}

func TestTheFifthBadAttemptLocksTheAccount(t *testing.T) {
	b := newBench(t, simulator.Options{})
	good, bad := loginBody("admin", b.Password()), loginBody("admin", "x")
	for range 4 {
		badLogin(t, b.send("POST", "/Login", bad), false, 0)
	}
	b.send("POST", "/Login", good).ok().text("token") // a success resets the count
	for range 4 {
		badLogin(t, b.send("POST", "/Login", bad), false, 0)
	}
	badLogin(t, b.send("POST", "/Login", bad), true, 15*60)
	b.pass(90 * time.Second)
	badLogin(t, b.send("POST", "/Login", good), true, 13*60+30)
	b.as(b.session, "POST", "/WhoAmI", "").ok() // sessions remain valid
	b.pass(13*time.Minute + 30*time.Second)
	for range 4 { // the lock also resets the count
		badLogin(t, b.send("POST", "/Login", bad), false, 0)
	}
	b.send("POST", "/Login", good).ok().text("token")
}

func TestLockAccount(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.AddUser("other", "pw")
	b.LockAccount("admin", 90500*time.Millisecond)
	b.LockAccount("nobody", time.Minute)
	badLogin(t, b.send("POST", "/Login", loginBody("admin", b.Password())), true, 91)
	b.send("POST", "/Login", loginBody("other", "pw")).ok().text("token")
	b.LockAccount("admin", 0)
	for range 4 {
		badLogin(t, b.send("POST", "/Login", loginBody("admin", "x")), false, 0)
	}
	b.LockAccount("admin", 0) // resets the count
	badLogin(t, b.send("POST", "/Login", loginBody("admin", "x")), false, 0)
	b.send("POST", "/Login", loginBody("admin", b.Password())).ok().text("token")
}

func TestSessionsEnd(t *testing.T) {
	b := newBench(t, simulator.Options{Lifetimes: simulator.Lifetimes{Session: time.Minute}})
	session := b.session
	b.pass(time.Minute - 1)
	b.as(session, "GET", tokens, "").ok()
	b.pass(1)
	b.as(session, "GET", tokens, "").refused(401, denied)
	b.as(b.session, "GET", tokens, "").ok()
	b.ExpireSessions()
	b.as(b.session, "GET", tokens, "").refused(401, denied)
	if b.NewSession("nobody") != "" {
		t.Error("a session of nobody")
	}
}

func TestSessionsLastHalfAnHourByDefault(t *testing.T) {
	b := newBench(t, simulator.Options{})
	session := b.session
	b.pass(30*time.Minute - 1)
	b.as(session, "GET", tokens, "").ok()
	b.pass(1)
	b.as(session, "GET", tokens, "").refused(401, denied)
}

func TestRenewLoginToken(t *testing.T) {
	b := newBench(t, simulator.Options{})
	old := b.send("POST", "/Login", loginBody(b.Username(), b.Password())).ok().text("token")
	b.ExpireSessions()
	body := `{"sessionId":"` + old + `","deviceId":"device-1"}`
	failed := func(body string) {
		t.Helper()
		r := b.send("POST", "/RenewLoginToken", body)
		if r.status != 200 || r.number("error.errorCode") == 0 || !strings.Contains(r.text("error.errLogMessage"), "session") {
			t.Errorf("answer %d %s, want an error under 200", r.status, r.body)
		}
	}
	failed(strings.Replace(body, "device-1", "device-2", 1))
	fresh := b.send("POST", "/RenewLoginToken", body).ok().text("token")
	b.as(fresh, "POST", "/WhoAmI", "").ok()
	b.as(old, "POST", "/WhoAmI", "").refused(401, denied)
	failed(body)
	b.send("POST", "/RenewLoginToken", `{"sessionId":"x"}`).refused(400, "deviceId")
	b.send("POST", "/RenewLoginToken", `{"sessionId":"x","deviceId":"y","z":1}`).refused(400, `"z"`)
	b.send("POST", "/RenewLoginToken", `{"sessionId":"`+b.NewSession("admin")+`","deviceId":"any"}`).ok().text("token")
}

func TestTheVendorsClientSendsXMLWithoutABody(t *testing.T) {
	b := newBench(t, simulator.Options{})
	xml := []string{"Content-type", "application/xml", "Authtoken", b.session}
	if got := b.send("POST", "//WhoAmI", "", xml...).ok().text("user.userName"); got != "admin" {
		t.Errorf("WhoAmI says %q", got)
	}
	b.send("POST", "/WhoAmI", "{}", "Authtoken", b.session).refused(400, "no body")
	b.send("POST", "/Logout", "{}", "Authtoken", b.session).refused(400, "no body")
	b.send("POST", "/Logout", "", xml...).ok()
	b.send("POST", "/Logout", "", xml...).refused(401, denied)
}

func TestAnAccessTokenOutlivesLogout(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"a"}`)
	b.as(token.AccessToken, "POST", "/Logout", "").ok()
	b.as(token.AccessToken, "POST", "/WhoAmI", "").ok()
}

func TestAddUserAgainChangesThePassword(t *testing.T) {
	b := newBench(t, simulator.Options{})
	id := b.AddUser("bot", "one")
	if id == b.UserID() {
		t.Fatal("two users with one id")
	}
	if again := b.AddUser("bot", "two"); again != id {
		t.Errorf("id %d, want %d again", again, id)
	}
	badLogin(t, b.send("POST", "/Login", loginBody("bot", "one")), false, 0)
	b.send("POST", "/Login", loginBody("bot", "two")).ok().text("token")
}
