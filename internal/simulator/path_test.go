// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestPathsAreMatchedWithoutRegardToCaseAndDoubledSlashes(t *testing.T) {
	paths := []string{
		"/commandcenter/api/V4/AccessToken",
		"/commandcenter/api/V4/AccessToken/",
		"/commandcenter/api/v4/accesstoken",
		"/COMMANDCENTER/Api/V4/ACCESSTOKEN",
		"/commandcenter/api//V4/AccessToken",
		"//commandcenter//api//V4//AccessToken//",
		"/commandcenter/api/%564/AccessToken",
	}
	b := newBench(t, simulator.Options{})
	for i, path := range paths {
		b.raw("GET", path, "", "Authtoken", b.session).ok()
		if got := b.Count(simulator.OpList); got != i+1 {
			t.Fatalf("%s: %d lists in the journal, want %d", path, got, i+1)
		}
	}
}

func TestDotSegmentsAreNotCleanedAway(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.raw("GET", "/commandcenter/api/x/../V4/AccessToken", "", "Authtoken", b.session)
	if b.Count(simulator.OpList) != 0 {
		t.Error("a path with .. was taken for the list")
	}
}

func TestOperationsAreDecidedByMethodAndPath(t *testing.T) {
	cases := []struct {
		method, path string
		want         simulator.Operation
	}{
		{"POST", "/V4/AccessToken", simulator.OpCreate},
		{"GET", "/V4/AccessToken/?userId=11", simulator.OpList},
		{"PUT", "/V4/AccessToken/12", simulator.OpUpdate},
		{"DELETE", "/V4/AccessToken/12", simulator.OpRevoke},
		{"POST", "/V4/AccessToken/renew", simulator.OpRenew},
		{"POST", "/Login", simulator.OpLogin},
		{"POST", "/login/", simulator.OpLogin},
		{"POST", "/LOGOUT", simulator.OpLogout},
		{"POST", "/whoAmI", simulator.OpWhoAmI},
		{"POST", "/renewLoginToken", simulator.OpRenewLogin},
		{"GET", "", simulator.OpPing},
		{"GET", "/", simulator.OpPing},
		{"GET", "/Client", simulator.OpOther},
		{"GET", "/V4/AccessToken/12", simulator.OpOther},
		{"PATCH", "/V4/AccessToken/12", simulator.OpOther},
		{"POST", "/V4/AccessToken/12", simulator.OpOther},
		{"GET", "/Login", simulator.OpOther},
		{"POST", "/Login/x", simulator.OpOther},
		{"DELETE", "/V4/AccessToken/12/x", simulator.OpOther},
	}
	b := newBench(t, simulator.Options{})
	for _, c := range cases {
		b.ResetJournal()
		b.admin(c.method, c.path, "")
		if got := b.Journal()[0].Operation; got != c.want {
			t.Errorf("%s %s is %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestBasePath(t *testing.T) {
	for _, base := range []string{"/webconsole/api", "webconsole/api/", "/a/b/c/d"} {
		b := newBench(t, simulator.Options{BasePath: base})
		b.raw("GET", "/"+base+"/v4/accesstoken", "", "Authtoken", b.session).ok()
		b.raw("GET", "/"+strings.ToUpper(base)+"/v4/accesstoken", "", "Authtoken", b.session).ok()
		b.send("GET", tokens, "", "Authtoken", b.session).html(404, "404 Not Found")
	}
}

func TestThereIsNoAPIOutsideTheBasePath(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for _, path := range []string{"/", "/commandcenter", "/commandcenter/apis/V4/AccessToken", "/V4/AccessToken", "/api/Login"} {
		b.raw("POST", path, "{}", "Authtoken", b.session).html(404, "404 Not Found")
	}
}

func TestTheBaseAnswersWithoutACredential(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.send("GET", "", "").ok()
	b.send("GET", "/", "").ok()
	b.send("POST", "", "").refused(http.StatusUnauthorized, denied)
	b.admin("POST", "", "").refused(http.StatusMethodNotAllowed, "POST")
}

func TestOtherMethodsAreNotSupported(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for _, c := range [][2]string{
		{"PATCH", tokens}, {"GET", tokens + "/1001"}, {"DELETE", tokens}, {"PUT", tokens}, {"GET", renewal},
		{"POST", "/Client"}, {"PUT", "/Login"}, {"DELETE", tokens + "/1001/x"},
	} {
		b.admin(c[0], c[1], "").refused(http.StatusMethodNotAllowed, c[0])
	}
}

func TestTokenCallsHaveNoOtherQuery(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.create(`{"tokenName":"a"}`)
	b.admin("POST", tokens+"?userId=11", `{"tokenName":"b"}`).refused(400, "query")
	b.admin("DELETE", idPath(token)+"?force=true", "").refused(400, "query")
	b.admin("GET", tokens+"?name=a", "").refused(400, "userId only")
	if got := len(b.Tokens()); got != 1 {
		t.Errorf("%d tokens, want 1", got)
	}
}

func TestABodyThatIsTooLongIsRefused(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.admin("POST", tokens, `{"tokenName":"`+strings.Repeat("a", 2<<20)+`"}`).refused(400, "too long")
}
