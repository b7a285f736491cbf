// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// lost returns a fault that loses the answer.
func lost(when simulator.When) simulator.Fault { return simulator.NewFault(simulator.Empty).At(when) }

// onFirst calls f at the first request of an operation.
func (b *bench) onFirst(op simulator.Operation, f func()) {
	var done atomic.Bool
	b.OnRequest(op, func(*http.Request) {
		if done.CompareAndSwap(false, true) {
			f()
		}
	})
}

func TestTwentyParallelCreatesWithThreeLostAnswersAreAllKnown(t *testing.T) {
	everyDialect(t, func(b *bench) {
		c := b.client()
		if b.dialect.PageSize > 0 {
			b.t.Skip("a page shows no more than two tokens")
		}
		b.gate(simulator.OpCreate, 20)
		b.FailNext(simulator.OpCreate, lost(simulator.After),
			simulator.NewFault(simulator.BareStatus).WithStatus(504).At(simulator.After), simulator.NewFault(simulator.NoSecret).At(simulator.After))
		var known [20]int64
		var orphans atomic.Int32
		parallel(20, func(i int) {
			token, err := c.Issue(b.t.Context(), cc.Spec{Name: fmt.Sprint("t", i), Type: cc.TypeAll})
			if err != nil {
				orphans.Add(1)
				outcome := cc.Orphaned
				if b.dialect.EmptyList != simulator.EmptyArray && !b.dialect.ExtraArrays {
					outcome = cc.Appeared // the first list has no array, which proves no absence
				}
				token = failedIssue(b.t, err, outcome).Token
			}
			known[i] = token.ID
		})
		for i, id := range known {
			if token, there := b.Token(id); !there || token.Name != fmt.Sprint("t", i) {
				b.t.Errorf("the token %d of %d is %+v", id, i, token)
			}
		}
		if orphans.Load() != 3 || len(b.Tokens()) != 20 {
			b.t.Errorf("%d orphans, %d tokens", orphans.Load(), len(b.Tokens()))
		}
		if lists := b.Count(simulator.OpList); lists > 4 || b.Count(simulator.OpLogin) != 1 || b.Count(simulator.OpCreate) != 20 {
			b.t.Errorf("the server was asked %q", b.asked()) // creates share the later lists
		}
	})
}

func TestACreateWithoutEffectIsRepeatedUpToMaxRetries(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpCreate, lost(simulator.Before), lost(simulator.Before))
	b.issue(b.client(), cc.Spec{Name: "one"})
	b.wantAsked("login 1, list 3, create 3")
	b.wantBackoff(2, cc.Lost, simulator.Fault{})

	for retries, asked := range []string{"login 1, list 2, create 1", "login 1, list 3, create 2", "login 1, list 4, create 3"} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpCreate, slices.Repeat([]simulator.Fault{lost(simulator.Before)}, 9)...)
		_, err := b.client(func(cfg *cc.Config) { cfg.MaxRetries = retries }).Issue(t.Context(), cc.Spec{Name: "one"})
		failure := failedIssue(t, err, cc.NothingCreated)
		wantKind(t, failure.Err, cc.Lost)
		b.wantAsked(asked)
	}
}

func TestANameThatIsTakenIsNeverAdopted(t *testing.T) {
	everyDialect(t, func(b *bench) {
		theirs := b.elsewhere(simulator.Token{Name: "one"})
		for _, fault := range []simulator.Fault{{}, lost(simulator.Before)} { // refused, and unknown
			b.ResetJournal()
			b.FailNext(simulator.OpCreate, fault)
			_, err := b.client().Issue(b.t.Context(), cc.Spec{Name: "one"})
			failure := failedIssue(b.t, err, cc.NameTaken)
			if failure.Token.ID != theirs.ID {
				b.t.Errorf("the error names %+v", failure.Token)
			}
			wantSays(b.t, err, `named "one" already exists`, fmt.Sprintf("the id %d", theirs.ID))
			if fault.Kind == simulator.None {
				wantSays(b.t, err, "Token name already present")
				b.wantAsked("login 1, list 1, create 1") // the first list is sufficient
			} else {
				b.wantAsked("login 1, list 2, create 1")
			}
		}
		if now, there := b.Token(theirs.ID); !there || now.AccessToken != theirs.AccessToken {
			b.t.Error("the other token was touched")
		}
	})
}

func TestANameTakenMeanwhileIsFoundByAFreshList(t *testing.T) {
	b := newBench(t, simulator.Options{})
	var theirs simulator.Token
	b.onFirst(simulator.OpCreate, func() { theirs = b.elsewhere(simulator.Token{Name: "one"}) })
	_, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
	if failure := failedIssue(t, err, cc.NameTaken); failure.Token.ID != theirs.ID {
		t.Errorf("the error names %+v", failure.Token)
	}
	b.wantAsked("login 1, list 2, create 1")
}

func TestATokenThatDiffersFromWhatWasSentIsNotOurs(t *testing.T) {
	until := start.Add(90 * day)
	spec := cc.Spec{
		Name: "one", Type: cc.TypeCustom, APIEndpoints: []string{"/a", "/b"}, AllowedIPs: []string{"10.0.0.0/8", "::1"}, RenewableUntil: until,
	}
	scim := cc.Spec{Name: "one", Type: cc.TypeSCIM, TokenExpiry: start.Add(20 * day)}
	same := simulator.Token{
		Name: "one", Type: simulator.TypeCustom, APIEndpoints: []string{"/b", "/a"}, AllowedIPs: []string{"::1", "10.0.0.0/8"}, RenewableUntil: until,
	}
	for _, c := range []struct {
		name  string
		spec  cc.Spec
		there simulator.Token
		ours  bool
	}{
		{"the same", spec, same, true},
		{"addresses spelled otherwise", spec, edit(same, func(t *simulator.Token) { t.AllowedIPs = []string{"10.0.0.0/8", "0:0::1"} }), true},
		{"another type", spec, edit(same, func(t *simulator.Token) { t.Type, t.APIEndpoints = simulator.TypeAll, nil }), false},
		{"another endpoint", spec, edit(same, func(t *simulator.Token) { t.APIEndpoints = []string{"/a"} }), false},
		{"another address", spec, edit(same, func(t *simulator.Token) { t.AllowedIPs = []string{"10.0.0.0/8"} }), false},
		{"no addresses", spec, edit(same, func(t *simulator.Token) { t.AllowedIPs = nil }), false},
		{"an earlier end", spec, edit(same, func(t *simulator.Token) { t.RenewableUntil = until.Add(-time.Second) }), false},
		{"a later end", spec, edit(same, func(t *simulator.Token) { t.RenewableUntil = until.Add(time.Second) }), false},
		{"the end rounded to a minute", spec, edit(same, func(t *simulator.Token) { t.RenewableUntil = until.Truncate(time.Minute) }), true},
		{"the end rounded to a day", spec, edit(same, func(t *simulator.Token) { t.RenewableUntil = until.Truncate(day).Add(day) }), true},
		{"an end days before", spec, edit(same, func(t *simulator.Token) { t.RenewableUntil = until.Truncate(day).Add(-day) }), false},
		{"addresses where none were sent", cc.Spec{Name: "one"}, simulator.Token{Name: "one", AllowedIPs: []string{"1.2.3.4"}}, false},
		{"the server's own end", cc.Spec{Name: "one"}, simulator.Token{Name: "one", RenewableUntil: start.Add(30 * day)}, true},
		{"ALL where DEFAULT was sent", cc.Spec{Name: "one", Type: cc.TypeDefault}, simulator.Token{Name: "one", Type: simulator.TypeAll}, true},
		{"the same expiry", scim, simulator.Token{Name: "one", Type: simulator.TypeSCIM, ExpiresAt: start.Add(20 * day)}, true},
		{"another expiry", scim, simulator.Token{Name: "one", Type: simulator.TypeSCIM, ExpiresAt: start.Add(21 * day)}, false},
		{
			"an end cut short to the limit", cc.Spec{Name: "one", RenewableUntil: start.Add(400 * day)},
			simulator.Token{Name: "one", RenewableUntil: start.Add(365 * day)}, true,
		},
		{
			"an end cut shorter than the limit", cc.Spec{Name: "one", RenewableUntil: start.Add(400 * day)},
			simulator.Token{Name: "one", RenewableUntil: start.Add(300 * day)}, false,
		},
		{
			"an end within the limit, cut", cc.Spec{Name: "one", RenewableUntil: start.Add(100 * day)},
			simulator.Token{Name: "one", RenewableUntil: start.Add(90 * day)}, false,
		},
		{
			"a OneTouch's end cut short", cc.Spec{Name: "one", Type: cc.TypeOneTouch, TokenExpiry: start.Add(30 * day)},
			simulator.Token{Name: "one", Type: simulator.TypeOneTouch, ExpiresAt: start.Add(14 * day)}, true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, simulator.Options{})
			var there simulator.Token
			b.FailNext(simulator.OpCreate, lost(simulator.Before))
			b.onFirst(simulator.OpCreate, func() { there = b.elsewhere(c.there) })
			_, err := b.client().Issue(t.Context(), c.spec)
			outcome := cc.Appeared
			if c.ours {
				outcome = cc.Orphaned
			}
			if failure := failedIssue(t, err, outcome); failure.Token.ID != there.ID {
				t.Errorf("the error names %+v", failure.Token)
			}
		})
	}
}

func edit(t simulator.Token, change func(*simulator.Token)) simulator.Token {
	t.APIEndpoints, t.AllowedIPs = slices.Clone(t.APIEndpoints), slices.Clone(t.AllowedIPs)
	change(&t)
	return t
}

func TestATokenThatAnotherCreateMayHaveMadeIsNotAdopted(t *testing.T) {
	for _, owners := range [][2]bool{{false, false}, {true, true}, {true, false}, {false, true}} { // whether the user is named
		b := newBench(t, simulator.Options{})
		userID := map[bool]int64{true: b.UserID()}
		c := b.client()
		made, release := make(chan struct{}), make(chan struct{})
		b.OnAnswer(simulator.OpCreate, func(*http.Request) { close(made); <-release })
		first := make(chan result)
		go func() {
			token, err := c.Issue(t.Context(), cc.Spec{Name: "one", UserID: userID[owners[0]]})
			first <- result{token, err}
		}()
		<-made
		b.FailNext(simulator.OpCreate, lost(simulator.Before))
		_, err := c.Issue(t.Context(), cc.Spec{Name: "one", UserID: userID[owners[1]]})
		close(release)
		got := <-first
		if got.err != nil {
			t.Fatal(got.err)
		}
		if failure := failedIssue(t, err, cc.NameTaken); failure.Token.ID != got.token.ID {
			t.Errorf("the error names %+v", failure.Token)
		}
	}
}

func TestCreatesOfOneNameForTwoUsersDoNotHinderEachOther(t *testing.T) {
	b := newBench(t, simulator.Options{})
	users := []int64{b.AddUser("a", "x-1234"), b.AddUser("b", "x-1234")}
	c := b.client()
	b.gate(simulator.OpCreate, 2)
	b.FailNext(simulator.OpCreate, lost(simulator.After), lost(simulator.After))
	parallel(2, func(i int) {
		_, err := c.Issue(t.Context(), cc.Spec{Name: "one", UserID: users[i]})
		wantOutcome(t, err, cc.Orphaned)
	})
}

func TestATokenThatThisProcessMadeIsNotAdoptedByTheNext(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	first := b.issue(c, cc.Spec{Name: "one"})
	b.FailNext(simulator.OpCreate, lost(simulator.Before))
	_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
	if failure := failedIssue(t, err, cc.NameTaken); failure.Token.ID != first.ID {
		t.Errorf("the error names %+v", failure.Token)
	}
}

func TestANameFreedByARevocationMayBeUsedAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	first := b.issue(c, cc.Spec{Name: "one"})
	if err := c.Revoke(t.Context(), cc.Target{ID: first.ID}); err != nil {
		t.Fatal(err)
	}
	b.FailNext(simulator.OpCreate, lost(simulator.After))
	_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
	if failure := failedIssue(t, err, cc.Orphaned); failure.Token.ID == first.ID {
		t.Error("the error names the token that was revoked")
	}
}

// TestANameThatIsTakenOnARepetition covers two cases: the first attempt takes effect late, or another run creates the name
// meanwhile. Only a generated name distinguishes them.
func TestANameThatIsTakenOnARepetition(t *testing.T) {
	for generated, outcome := range map[bool]cc.Outcome{false: cc.Appeared, true: cc.Orphaned} {
		everyDialect(t, func(b *bench) {
			b.FailNext(simulator.OpCreate, lost(simulator.Before))
			creates := 0
			b.OnRequest(simulator.OpCreate, func(*http.Request) {
				if creates++; creates == 2 {
					b.elsewhere(simulator.Token{Name: "one"})
				}
			})
			_, err := b.client().Issue(b.t.Context(), cc.Spec{Name: "one", Generated: generated})
			if b.dialect.EmptyList != simulator.EmptyArray && !b.dialect.ExtraArrays { // an answer without an array proves no absence
				wantOutcome(b.t, err, cc.Undetermined)
				return
			}
			failure := failedIssue(b.t, err, outcome)
			if tokens := b.Tokens(); len(tokens) != 1 || tokens[0].ID != failure.Token.ID {
				b.t.Errorf("the server has %+v", tokens)
			}
			wantSays(b.t, err, "Token name already present")
			b.wantAsked("login 1, list 3, create 2")
		})
	}
}
