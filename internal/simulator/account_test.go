// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

var staff = []simulator.Account{
	{Name: "colleague", Password: "pw", Rights: simulator.UserManagement},
	{Name: `CORP\alice`, Password: "pw"},
	{Name: "backup-service"},
}

func TestAccountsOfTheOptions(t *testing.T) {
	b := newBench(t, simulator.Options{Accounts: staff})
	var want []simulator.NumberedAccount
	for i, account := range append([]simulator.Account{
		{Name: b.Username(), Password: b.Password(), Rights: simulator.AdministrativeManagement},
	}, staff...) {
		want = append(want, simulator.NumberedAccount{Account: account, ID: b.UserID() + int64(i)})
	}
	if got := b.Accounts(); !reflect.DeepEqual(got, want) {
		t.Errorf("accounts %+v, want %+v", got, want)
	}
	b.send("POST", "/Login", loginBody("colleague", "pw")).ok().text("token")
}

func TestAServiceAccountCannotLogIn(t *testing.T) {
	b := newBench(t, simulator.Options{Accounts: staff})
	badLogin(t, b.send("POST", "/Login", loginBody("backup-service", "")), false, 0)
	badLogin(t, b.send("POST", "/Login", loginBody("backup-service", "x")), false, 0)
}

func TestRightsDecideWhoseTokensAreManaged(t *testing.T) {
	b := newBench(t, simulator.Options{Accounts: staff})
	service := b.Accounts()[3].ID
	body := `{"tokenName":%q,"userId":%d}`
	for _, may := range []string{"admin", "colleague"} {
		b.as(b.NewSession(may), "POST", tokens, fmt.Sprintf(body, may, service)).ok()
		if got := items(t, b.as(b.NewSession(may), "GET", fmt.Sprintf("%s?userId=%d", tokens, service), ""), "accessTokens"); len(got) == 0 {
			t.Errorf("%s sees none of the service's tokens", may)
		}
	}
	b.as(b.NewSession(`CORP\alice`), "POST", tokens, fmt.Sprintf(body, "alice", service)).refused(403, "other users")
	if got := b.Tokens(); len(got) != 2 || got[0].UserID != service {
		t.Errorf("tokens %+v", got)
	}
}

func TestUsers(t *testing.T) {
	b := newBench(t, simulator.Options{Accounts: staff})
	want := `{"users":[{"userEntity":{"userName":"admin","userId":11}},{"userEntity":{"userName":"colleague","userId":12}},` +
		`{"userEntity":{"userName":"CORP\\alice","userId":13}},{"userEntity":{"userName":"backup-service","userId":14}}]}`
	if got := b.admin("GET", "/User", "").ok().body; got != want {
		t.Errorf("users %s, want %s", got, want)
	}
	if got := b.admin("GET", "/user/14?Level=50", "").ok().body; got != `{"users":[{"userEntity":{"userName":"backup-service","userId":14}}]}` {
		t.Errorf("one user %s", got)
	}
	if got := b.Count(simulator.OpUsers); got != 2 {
		t.Errorf("%d requests for users in the journal, want 2", got)
	}
	paged := newBench(t, simulator.Options{Accounts: staff, Dialect: simulator.Dialect{PageSize: 1, PageMark: simulator.PageTotal}})
	if got := paged.admin("GET", "/User", "").ok().body; got != `{"totalCount":4,"users":[{"userEntity":{"userName":"admin","userId":11}}]}` {
		t.Errorf("the first page %s", got)
	}
	b.admin("GET", "/User/99", "").refused(404, "99")
	b.admin("GET", "/User/x", "").refused(404, "x")
	b.send("GET", "/User", "").refused(401, denied)
	b.admin("GET", "/User", "{}").refused(400, "no body")
}
