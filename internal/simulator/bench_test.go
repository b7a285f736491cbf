// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// begin is the initial time of the tests' clocks. It has a fraction of a second, which must not appear in any timestamp.
var begin = time.Date(2026, 11, 23, 14, 26, 42, 700_000_000, time.UTC)

const (
	day     = 24 * time.Hour
	tokens  = "/V4/AccessToken"
	renewal = "/V4/AccessToken/Renew"

	denied     = "Access denied"
	unexpected = "Unexpected access token or refresh token provided."
	tooLate    = "Renew request placed after the permissible time limit"
)

// bench is a simulator without a network. The test moves its clock, and it has a session of its administrator.
type bench struct {
	*simulator.Server
	t       *testing.T
	session string

	mu  sync.Mutex
	now time.Time
}

func newBench(t *testing.T, o simulator.Options) *bench {
	t.Helper()
	b := &bench{t: t, now: begin}
	o.Now = b.Now
	b.Server = simulator.New(o)
	t.Cleanup(b.Close)
	b.session = b.NewSession(b.Username())
	return b
}

func (b *bench) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// pass moves the clock. It renews the bench's session, which would otherwise end after half an hour.
func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	b.now = b.now.Add(d)
	b.mu.Unlock()
	b.session = b.NewSession(b.Username())
}

// unix returns the timestamp of begin plus d.
func unix(d time.Duration) int64 { return begin.Add(d).Unix() }

// reply is the response to a request.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// send sends a request to a path below the base path. headers alternate names and values.
func (b *bench) send(method, path, body string, headers ...string) reply {
	b.t.Helper()
	return b.raw(method, simulator.DefaultBasePath+path, body, headers...)
}

// raw sends a request to any path.
func (b *bench) raw(method, path, body string, headers ...string) reply {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header[http.CanonicalHeaderKey(headers[i])] = []string{headers[i+1]}
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return reply{b.t, w.Code, w.Result().Header, w.Body.String()}
}

// as sends a request with an Authtoken.
func (b *bench) as(authtoken, method, path, body string) reply {
	b.t.Helper()
	return b.send(method, path, body, "Authtoken", authtoken)
}

// admin sends a request with the bench's session.
func (b *bench) admin(method, path, body string) reply {
	b.t.Helper()
	return b.as(b.session, method, path, body)
}

// create creates a token, fails the test on an error, and returns the server's record of the token.
func (b *bench) create(body string) simulator.Token {
	b.t.Helper()
	r := b.admin("POST", tokens, body).ok()
	token, found := b.Token(int64(r.number("tokenInfo.accessTokenId")))
	if !found {
		b.t.Fatalf("the token that %s made is not there", r.body)
	}
	return token
}

// make is create for dialects with any notation of numbers.
func (b *bench) make(body string) simulator.Token {
	b.t.Helper()
	id, _ := b.admin("POST", tokens, body).ok().at("tokenInfo.accessTokenId")
	token, found := b.Token(integer(id))
	if !found {
		b.t.Fatalf("the token %v is not there", id)
	}
	return token
}

// integer returns a number in any notation of simulator.Numbers, or -1 for anything else.
func integer(value any) int64 {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case string:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n
		}
	}
	return -1
}

// renew renews a pair in the default dialect's form.
func (b *bench) renew(p simulator.Pair) reply {
	b.t.Helper()
	return b.send("POST", renewal, pairBody(p), "Authorization", "Bearer "+p.AccessToken)
}

func pairBody(p simulator.Pair) string {
	body, _ := json.Marshal(map[string]string{"accessToken": p.AccessToken, "refreshToken": p.RefreshToken})
	return string(body)
}

func pairOf(t simulator.Token) simulator.Pair {
	return simulator.Pair{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken}
}

func loginBody(username, password string) string {
	body, _ := json.Marshal(map[string]any{
		"mode": 4, "username": username, "password": base64.StdEncoding.EncodeToString([]byte(password)),
		"deviceId": "device-1", "clientType": 30,
	})
	return string(body)
}

// at returns the value at a path of names such as tokenInfo.error.errorCode, and reports whether there is one.
func (r reply) at(path string) (any, bool) {
	r.t.Helper()
	var value any
	if err := json.Unmarshal([]byte(r.body), &value); err != nil {
		r.t.Fatalf("the answer %d %q is not JSON: %v", r.status, r.body, err)
	}
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[name]; !ok {
			return nil, false
		}
	}
	return value, true
}

func (r reply) number(path string) float64 {
	r.t.Helper()
	value, _ := r.at(path)
	number, ok := value.(float64)
	if !ok {
		r.t.Fatalf("%s is %v in %s, which is no number", path, value, r.body)
	}
	return number
}

func (r reply) text(path string) string {
	r.t.Helper()
	value, _ := r.at(path)
	text, ok := value.(string)
	if !ok {
		r.t.Fatalf("%s is %v in %s, which is no string", path, value, r.body)
	}
	return text
}

// ok fails the test unless the reply is a success: 200 without a nonzero errorCode.
func (r reply) ok() reply {
	r.t.Helper()
	if r.status != http.StatusOK {
		r.t.Fatalf("status %d with %s, want 200", r.status, r.body)
	}
	for _, path := range []string{"errorCode", "error.errorCode", "tokenInfo.error.errorCode"} {
		if code, there := r.at(path); there && integer(code) != 0 {
			r.t.Fatalf("%s is %v in %s, want 0", path, code, r.body)
		}
	}
	return r
}

// refused fails the test unless the reply has the status and a flat error whose message contains the text.
func (r reply) refused(status int, text string) {
	r.t.Helper()
	r.refusedIn("", status, text)
}

// refusedIn fails the test unless the error is in the object of that name, such as "error." or "tokenInfo.error.".
func (r reply) refusedIn(prefix string, status int, text string) {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d with %s, want %d", r.status, r.body, status)
	}
	if r.number(prefix+"errorCode") == 0 {
		r.t.Errorf("errorCode is 0 in %s", r.body)
	}
	if message := r.text(prefix + "errorMessage"); !strings.Contains(message, text) {
		r.t.Errorf("message %q, want %q in it", message, text)
	}
}

// html fails the test unless the reply is a page with that status and title.
func (r reply) html(status int, title string) {
	r.t.Helper()
	isPage := strings.HasPrefix(r.header.Get("Content-Type"), "text/html")
	if r.status != status || !isPage || !strings.Contains(r.body, "<title>"+title+"</title>") {
		r.t.Errorf("got %d %s %q, want a page with status %d and title %q",
			r.status, r.header.Get("Content-Type"), r.body, status, title)
	}
}
