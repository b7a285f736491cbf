// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"errors"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestAnUnusableListAfterALostAnswerLeavesTheOutcomeUndetermined(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.NewFault(simulator.ForeignObject), simulator.NewFault(simulator.BareStatus), simulator.NewFault(simulator.Status).WithStatus(403),
		simulator.NewFault(simulator.NotFoundHTML404), simulator.NewFault(simulator.ErrorTop), simulator.NewFault(simulator.EmptyObject),
		simulator.NewFault(simulator.Null), simulator.NewFault(simulator.HTML200), simulator.NewFault(simulator.TooMany),
		answered(`{"accessTokens":null}`), answered(`{"accessTokens":[],"totalCount":1}`),
	} {
		for _, create := range []simulator.Fault{lost(simulator.After), simulator.NewFault(simulator.BareStatus).WithStatus(500).At(simulator.After)} {
			b := newBench(t, simulator.Options{})
			b.FailNext(simulator.OpCreate, create)
			b.FailNext(simulator.OpList, simulator.Fault{}, fault, fault, fault)
			_, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
			failure := failedIssue(t, err, cc.Undetermined)
			if failure.ListErr == nil || failure.Token.ID != 0 {
				t.Errorf("%s: the error is %+v", fault, failure)
			}
			wantSays(t, err, "unknown whether", `"one"`, failure.Err.Error(), failure.ListErr.Error())
			if n := b.Count(simulator.OpCreate); n != 1 {
				t.Errorf("%s: %d creates", fault, n)
			}
		}
	}
}

func TestARefusalThatMayComeFromAnIntermediaryIsReconciled(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.NewFault(simulator.HTML403), simulator.NewFault(simulator.Redirect), simulator.NewFault(simulator.BareStatus).WithStatus(501),
	} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpCreate, fault)
		b.FailNext(simulator.OpList, simulator.Fault{}, simulator.NewFault(simulator.BareStatus))
		_, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
		wantOutcome(t, err, cc.NothingCreated)
		b.wantAsked("login 1, list 3, create 1")
	}
}

func TestAFailureThatIsNotAboutTheNameDoesNotBlameIt(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.NewFault(simulator.HTML403), simulator.NewFault(simulator.Redirect), simulator.NewFault(simulator.Status).WithStatus(401),
		simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "999"),
	} {
		b := newBench(t, simulator.Options{})
		b.elsewhere(simulator.Token{Name: "one"})
		b.FailNext(simulator.OpCreate, fault, fault)
		_, err := b.client(authtoken(b.NewSession(b.Username()))).Issue(t.Context(), cc.Spec{Name: "one"})
		wantOutcome(t, err, cc.NothingCreated)
	}
}

func TestATokenThatAppearedBesideAnUnclearRefusalIsNamed(t *testing.T) {
	b := newBench(t, simulator.Options{})
	var theirs simulator.Token
	b.onFirst(simulator.OpCreate, func() { theirs = b.elsewhere(simulator.Token{Name: "one", AllowedIPs: []string{"1.2.3.4"}}) })
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Redirect))
	_, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
	if failure := failedIssue(t, err, cc.Appeared); failure.Token.ID != theirs.ID {
		t.Errorf("the error names %+v", failure.Token)
	}
}

func TestAnUnsentRequestIsNotReconciled(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(noRetries)
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.ResetJournal()
	b.Close()
	_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
	var failure *cc.IssueError
	if !errors.As(err, &failure) {
		t.Fatal(err)
	}
	// Go may notice only while writing that a kept-alive connection is closed. The list is inconclusive then.
	if failure.Outcome != cc.NothingCreated && cc.KindOf(failure.Err) != cc.Lost {
		t.Errorf("the error is %+v", failure)
	}
	b.wantAsked("")
}

func TestAServerWithoutTheListCallIssuesTokens(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoList: true}})
	c := b.client()
	b.issue(c, cc.Spec{Name: "one"})
	b.wantAsked("login 1, list 1, create 1")

	for _, when := range []simulator.When{simulator.Before, simulator.After} {
		b.ResetJournal()
		b.FailNext(simulator.OpCreate, lost(when))
		_, err := c.Issue(t.Context(), cc.Spec{Name: "lost " + when.String()})
		failure := failedIssue(t, err, cc.Undetermined)
		wantKind(t, failure.Err, cc.Lost)
		if !errors.Is(failure.ListErr, cc.ErrNoListCall) {
			t.Errorf("the list's error is %v", failure.ListErr)
		}
		b.wantAsked("create 1") // not repeated, because it is unknown whether the token was created
	}

	b.ResetJournal()
	_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.NothingCreated)
	wantSays(t, err, "Token name already present")
	b.wantAsked("create 1")
}

func TestAServerWithoutTheTokenAPIIsReported(t *testing.T) {
	b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoV4: true}})
	_, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.NothingCreated)
	if failure := failureOf(t, err, cc.Refused); failure.Status != 404 || failure.Documented {
		t.Errorf("the error is %+v", failure)
	}
	b.wantAsked("login 1, list 1, create 1")
}

func TestWhenTheFirstListFailsNothingIsSent(t *testing.T) {
	for _, fault := range simulator.AllFaults() {
		kind, _ := meaning(simulator.OpList, fault)
		noList := fault.Status == 404 || fault.Status == 405 || fault.Status == 501
		if kind == harmless || noList || fault.Kind == simulator.Hang {
			continue
		}
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpList, fault, fault, fault)
		_, err := b.client(noRetries).Issue(t.Context(), cc.Spec{Name: "one"})
		if fault.Kind == simulator.Reset && err == nil {
			continue // net/http itself repeats a read
		}
		failure := failedIssue(t, err, cc.NothingCreated)
		wantKind(t, failure.ListErr, kind)
		wantSays(t, err, "was not created", "nothing was sent, because the list of tokens")
		if n := b.Count(simulator.OpCreate); n != 0 {
			t.Errorf("%s: %d creates were sent", fault, n)
		}
	}
}
