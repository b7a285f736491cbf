// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"slices"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// lists returns the users whose lists were requested, as queries. The caller's is "".
func (b *bench) lists() []string {
	var asked []string
	for _, r := range b.Journal() {
		if r.Operation == simulator.OpList {
			asked = append(asked, r.RawQuery)
		}
	}
	return asked
}

func TestFindAsksForTheListsOfTheOwner(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		b := newBench(t, simulator.Options{})
		other := b.AddUser("other", "x-1234")
		mine := b.elsewhere(simulator.Token{Name: "mine"}).ID
		theirs := b.elsewhere(simulator.Token{Name: "theirs", UserID: other}).ID
		callers, owners, others := "", fmt.Sprint("userId=", b.UserID()), fmt.Sprint("userId=", other)
		for name, c := range map[string]struct {
			owner cc.Owner
			id    int64
			found bool
			gone  cc.Absence
			asked []string
		}{
			"caller's, by the caller":                   {cc.Owner{ID: b.UserID(), Caller: true}, mine, true, 0, []string{callers}},
			"caller's, without an id":                   {cc.Owner{}, mine, true, 0, []string{callers}},
			"caller's, by its id":                       {cc.Owner{ID: b.UserID()}, mine, true, 0, []string{owners}},
			"another's, by its id":                      {cc.Owner{ID: other}, theirs, true, 0, []string{others}},
			"made by a caller who is another one now":   {cc.Owner{ID: other, Caller: true}, theirs, true, 0, []string{callers, others}},
			"given to the caller by an older release":   {cc.Owner{ID: other}, mine, true, 0, []string{others, callers}},
			"gone, of the caller":                       {cc.Owner{ID: b.UserID(), Caller: true}, 77, false, cc.Gone, []string{callers}},
			"gone, of another":                          {cc.Owner{ID: other}, 77, false, cc.Gone, []string{others, callers}},
			"gone, without an id or a maker":            {cc.Owner{Caller: true}, 77, false, cc.NotTheOwners, []string{callers}},
			"gone, without an id, and made by the same": {cc.Owner{Caller: true, Maker: b.Username()}, 77, false, cc.Gone, []string{callers}},
			"gone, made by another":                     {cc.Owner{Caller: true, Maker: "somebody"}, 77, false, cc.NotTheOwners, []string{callers}},
			"another's, asked for without an id":        {cc.Owner{}, theirs, false, cc.NotTheOwners, []string{callers}},
		} {
			b.ResetJournal()
			seen, err := b.client().Find(t.Context(), cc.Wanted{ID: c.id, Owner: c.owner, Fresh: fresh})
			if err != nil || seen.Found != c.found || seen.Absence != c.gone || seen.List == nil || seen.Found && seen.Token.ID != c.id {
				t.Errorf("%s: %+v, %v", name, seen, err)
			}
			if asked := b.lists(); !slices.Equal(asked, c.asked) {
				t.Errorf("%s: asked %q, want %q", name, asked, c.asked)
			}
		}
	}
}

func TestAListWithoutOwnersIsTheOwnersOnlyByWhoAsked(t *testing.T) {
	for maker, want := range map[string]cc.Absence{"": cc.Gone, "ADMIN ": cc.Gone, "somebody": cc.NotTheOwners} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
		b.elsewhere(simulator.Token{Name: "mine"})
		owner := cc.Owner{ID: b.UserID(), Caller: true, Maker: maker}
		seen, err := b.client().Find(t.Context(), cc.Wanted{ID: 77, Owner: owner})
		if err != nil || seen.Found || seen.Absence != want {
			t.Errorf("made by %q: %+v, %v", maker, seen, err)
		}
		asked := "login 1, list 2"
		if maker == "ADMIN " {
			asked = "login 1, list 1"
		}
		b.wantAsked(asked)
	}
}

func TestATokenOfTheCallersListIsTheCallers(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
	token := b.elsewhere(simulator.Token{Name: "listed by this process"})
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.RemoveToken(token.ID)
	for id, want := range map[int64]cc.Absence{token.ID: cc.Gone, 77: cc.NotTheOwners} {
		seen, err := c.Find(t.Context(), cc.Wanted{ID: id, Owner: cc.Owner{Caller: true}, Fresh: true})
		if err != nil || seen.Absence != want {
			t.Errorf("%d: %+v, %v", id, seen, err)
		}
	}
}

func TestAFixedCredentialIsAskedForItsNameOnce(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{BriefList: true}})
	c := b.client(authtoken(b.NewSession(b.Username())))
	for id := range int64(3) {
		owner := cc.Owner{ID: b.UserID(), Caller: true, Maker: b.Username()}
		seen, err := c.Find(t.Context(), cc.Wanted{ID: 77 + id, Owner: owner})
		if err != nil || seen.Absence != cc.Gone {
			t.Errorf("%+v, %v", seen, err)
		}
	}
	b.wantAsked("list 1, whoami 1")
}

// TestAColleaguesListProvesNothing covers a state whose owner is the first user, and a server that answers every list request of
// the second user with the second user's tokens.
func TestAColleaguesListProvesNothing(t *testing.T) {
	b := newBench(t, simulator.Options{})
	colleague := b.AddAccount(simulator.Account{Name: "colleague", Password: "x-1234", Rights: simulator.UserManagement})
	b.elsewhere(simulator.Token{Name: "theirs", UserID: colleague})
	c := b.client(func(cfg *cc.Config) { cfg.Username, cfg.Password = "colleague", "x-1234" })
	body := fmt.Sprintf(`{"accessTokens":[{"accessTokenId":5000,"tokenName":"theirs","userId":%d}]}`, colleague)
	b.FailNext(simulator.OpList, answered(body), answered(body))
	for _, caller := range []bool{false, true} {
		seen, err := c.Find(t.Context(), cc.Wanted{ID: 77, Owner: cc.Owner{ID: b.UserID(), Caller: caller, Maker: b.Username()}})
		if err != nil || seen.Found || seen.Absence != cc.NotTheOwners {
			t.Errorf("made for the caller: %t; %+v, %v", caller, seen, err)
		}
	}
}

func TestAnIncompleteListProvesNothing(t *testing.T) {
	item := func(id int) string { return fmt.Sprintf(`{"accessTokenId":%d,"tokenName":"t%d","userId":7}`, id, id) }
	for name, body := range map[string]string{
		"more":              `{"accessTokensList":[` + item(1) + `,` + item(2) + `],"totalCount":3,"hasMore":true}`,
		"a total":           `{"accessTokensList":[` + item(1) + `,` + item(2) + `],"totalCount":3}`,
		"an item of no use": `{"accessTokens":[` + item(1) + `,{"accessTokenId":"x"}]}`,
		"no array":          `{}`,
		"null":              `{"accessTokens":null}`,
	} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpList, answered(body))
		seen, err := b.client().Find(t.Context(), cc.Wanted{ID: 77, Owner: cc.Owner{ID: 7}})
		if err != nil || seen.Found || seen.Absence != cc.NotComplete || seen.List.Partial() == "" {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
}

// TestAnIncompleteListOfTheCallerIsNotOverlooked guards against a wrong conclusion, because an older release may have assigned the
// token to the caller.
func TestAnIncompleteListOfTheCallerIsNotOverlooked(t *testing.T) {
	b := newBench(t, simulator.Options{})
	other := b.AddUser("other", "x-1234")
	b.elsewhere(simulator.Token{Name: "theirs", UserID: other})
	b.FailNext(simulator.OpList, simulator.Fault{}, answered(`{"accessTokens":[],"totalCount":1}`))
	seen, err := b.client().Find(t.Context(), cc.Wanted{ID: 77, Owner: cc.Owner{ID: other}})
	if err != nil || seen.Absence != cc.NotComplete {
		t.Errorf("%+v, %v", seen, err)
	}
}

func TestAListThatThisProcessContradictsProvesNothing(t *testing.T) {
	for name, contradict := range map[string]func(b *bench, c *cc.Client){
		"a token of this process is missing": func(b *bench, c *cc.Client) {
			b.RemoveToken(b.issue(c, cc.Spec{Name: "one"}).ID)
		},
		"a name that is taken is not listed": func(b *bench, c *cc.Client) {
			b.FailNext(simulator.OpCreate, answered(`{"error":{"errorCode":101,"errorMessage":"Token name already present"}}`).At(simulator.Before))
			_, err := c.Issue(b.t.Context(), cc.Spec{Name: "one"})
			wantOutcome(b.t, err, cc.NothingCreated)
		},
	} {
		b := newBench(t, simulator.Options{})
		b.elsewhere(simulator.Token{Name: "there"})
		c := b.client()
		contradict(b, c)
		wanted := cc.Wanted{ID: 77, Owner: cc.Owner{ID: b.UserID(), Caller: true}, Fresh: true}
		seen, err := c.Find(t.Context(), wanted)
		if err != nil || seen.Absence == cc.Gone {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
}

func TestTheServersClockDecidesWhatIsHidden(t *testing.T) {
	for _, ahead := range []int{-3, -1, 0, 1, 3} {
		d, err := simulator.ParseDialect(fmt.Sprintf("hide-expired,clock=%dh", ahead))
		if err != nil {
			t.Fatal(err)
		}
		b := newBench(t, simulator.Options{Dialect: d})
		token := b.elsewhere(simulator.Token{Name: "one"})
		b.elsewhere(simulator.Token{Name: "lasting", Type: simulator.TypeSCIM})
		b.clock.Advance(token.ExpiresAt.Sub(b.Now()) + 1) // by the server's clock
		c := b.client()
		owner := cc.Owner{ID: b.UserID(), Caller: true}
		if _, err := c.Tokens(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		seen, err := c.Find(t.Context(), cc.Wanted{ID: token.ID, Owner: owner, MayBeHidden: token.ExpiresAt.Before(c.Now().Add(3e9))})
		if err != nil || seen.Found || seen.Absence != cc.MayBeHidden {
			t.Errorf("%d h ahead: %+v, %v", ahead, seen, err)
		}
	}
}

func TestAnOwnersListThatIsForbiddenIsAnErrorAndNotAbsence(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.AddUser("service", "x-1234")
	c := b.client(func(cfg *cc.Config) { cfg.Username, cfg.Password = "service", "x-1234" })
	seen, err := c.Find(t.Context(), cc.Wanted{ID: 1, Owner: cc.Owner{ID: b.UserID(), Caller: true}})
	if seen.Found {
		t.Error("found")
	}
	wantKind(t, err, cc.Refused)
}

func TestTheMissingExpiryOfANewTokenIsSupplied(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{EndUntold: true}})
	c := b.client()
	made := b.issue(c, cc.Spec{Name: "one"})
	if !made.ExpiresAt.IsZero() {
		t.Fatal("the answer has an expiry")
	}
	owner := cc.Owner{ID: made.UserID, Caller: true}
	expiry, known := c.SupplyExpiry(t.Context(), made.ID, owner)
	if want, _ := b.Token(made.ID); !known || !expiry.Equal(want.ExpiresAt) {
		t.Errorf("it is %s, %t, want %s", expiry, known, want.ExpiresAt)
	}
	b.wantAsked("login 1, list 2, create 1")
	if list, err := c.Tokens(t.Context(), 0); err != nil {
		t.Error(err)
	} else if listed, _ := list.Get(made.ID); !listed.ExpiresAt.Equal(expiry) {
		t.Errorf("the shared list has %+v", listed)
	}
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.HTML403))
	if expiry, known := c.SupplyExpiry(t.Context(), made.ID, owner); known {
		t.Errorf("a list that failed shows %s", expiry)
	}
}
