// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// result is the result of a call that runs concurrently with the test.
type result struct {
	token cc.Token
	err   error
}

// issuing starts a create that stop interrupts.
func issuing(b *bench, c *cc.Client) (stop context.CancelFunc, done <-chan result) {
	ctx, cancel := context.WithCancel(b.t.Context())
	results := make(chan result, 1)
	go func() {
		token, err := c.Issue(ctx, cc.Spec{Name: "one"})
		results <- result{token, err}
	}()
	return cancel, results
}

// callGrace is the part of cc.ShutdownGrace for a call, before the list that shows its outcome.
const callGrace = 3 * time.Second

func TestNothingBeginsAfterAnInterruption(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	name := "x"
	_, issue := c.Issue(ctx, cc.Spec{Name: "one"})
	_, update := c.Update(ctx, 1, cc.Change{Name: &name})
	_, list := c.Tokens(ctx, 0)
	_, fresh := c.FreshTokens(ctx, 0)
	_, find := c.Find(ctx, cc.Wanted{ID: 1, Owner: cc.Owner{Caller: true}})
	for _, err := range []error{issue, update, list, fresh, find, c.Revoke(ctx, cc.Target{ID: 1})} {
		wantKind(t, err, cc.Interrupted)
	}
	wantOutcome(t, issue, cc.NothingCreated)
	b.wantAsked("")
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Errorf("an interrupted list is kept as a failure: %s", err)
	}
}

func TestACreateInterruptedInFlightIsKnown(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived, release := make(chan struct{}), make(chan struct{})
	b.OnAnswer(simulator.OpCreate, func(*http.Request) { close(arrived); <-release })
	stop, done := issuing(b, b.client())
	<-arrived
	stop()
	b.awaitSleepers(2) // the rest of the grace period has begun
	close(release)
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if token, _ := b.Token(got.token.ID); token.AccessToken != got.token.AccessToken.Reveal() {
		t.Error("the token is not the server's")
	}
	b.wantAsked("login 1, list 1, create 1")
}

func TestAnInterruptedCreateWithoutAnAnswerIsReconciledWithinItsTime(t *testing.T) {
	for when, want := range map[simulator.When]cc.Outcome{simulator.Before: cc.NothingCreated, simulator.After: cc.Orphaned} {
		b := newBench(t, simulator.Options{})
		arrived := b.hanging(simulator.OpCreate, when)
		stop, done := issuing(b, b.client())
		<-arrived
		stop()
		b.awaitSleepers(2)
		b.clock.Advance(callGrace - time.Millisecond)
		b.awaitSleepers(2) // neither period is over
		b.clock.Advance(time.Millisecond)
		got := <-done
		wantOutcome(t, got.err, want)
		wantSays(t, got.err, "the run was interrupted before the answer arrived")
		b.wantAsked("login 1, list 2, create 1") // and the create is not repeated
	}
}

func TestAnInterruptedCreateEndsWithItsGraceWhateverHangs(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived := b.hanging(simulator.OpCreate, simulator.After)
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	listing := b.hanging(simulator.OpList, simulator.Before)
	stop, done := issuing(b, c)
	<-arrived
	stop()
	b.awaitSleepers(2)
	b.clock.Advance(callGrace)
	<-listing
	b.clock.Advance(cc.ShutdownGrace - callGrace)
	failure := failedIssue(t, (<-done).err, cc.Undetermined)
	wantKind(t, failure.Err, cc.Lost)
	wantSays(t, failure, "unknown whether", `"one"`, "no list shows it")
	b.wantAsked("login 1, list 2, create 1")
}

func TestAnInterruptionEndsTheListBeforeACreateAndNothingIsSent(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived := b.hanging(simulator.OpList, simulator.After)
	stop, done := issuing(b, b.client())
	<-arrived
	stop()
	got := <-done // although the clock does not move
	wantOutcome(t, got.err, cc.NothingCreated)
	wantKind(t, got.err, cc.Interrupted)
	b.wantAsked("login 1, list 1")
}

func TestAnInterruptionAsTheListArrivesStopsTheCreate(t *testing.T) {
	b := newBench(t, simulator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cfg := b.config()
	cfg.Log = func(_ context.Context, _ string, fields map[string]any) {
		if fields["operation"] == "list" {
			cancel() // the answer has arrived
		}
	}
	c, err := cc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Issue(ctx, cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.NothingCreated)
	wantKind(t, err, cc.Interrupted)
	b.wantAsked("login 1, list 1")
}

func TestAnInterruptionEndsTheLoginBeforeAWrite(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived := b.hanging(simulator.OpLogin, simulator.Before)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.client().Revoke(ctx, cc.Target{ID: 1}) }()
	<-arrived
	cancel()
	wantKind(t, <-done, cc.Interrupted)
	b.wantAsked("login 1")
}

func TestAnInterruptionEndsARead(t *testing.T) {
	b := newBench(t, simulator.Options{})
	arrived := b.hanging(simulator.OpList, simulator.Before)
	c := b.client()
	first, stopFirst := context.WithCancel(t.Context())
	second, stopSecond := context.WithCancel(t.Context())
	firstDone, secondDone, thirdDone := make(chan error), make(chan error), make(chan error)
	read := func(ctx context.Context, done chan<- error) { _, err := c.Tokens(ctx, 0); done <- err }
	go read(first, firstDone)
	<-arrived
	go read(second, secondDone)
	go read(t.Context(), thirdDone)
	stopSecond()
	wantKind(t, <-secondDone, cc.Interrupted)
	stopFirst()
	wantKind(t, <-firstDone, cc.Interrupted)
	if err := <-thirdDone; err != nil { // sends a request itself
		t.Error(err)
	}
	b.wantAsked("login 1, list 2")
}

func TestAnInterruptedUpdateMayFinish(t *testing.T) {
	name := "new"
	for _, answered := range []bool{true, false} {
		b := newBench(t, simulator.Options{})
		token := b.elsewhere(simulator.Token{Name: "old"})
		arrived, release := make(chan struct{}), make(chan struct{})
		b.OnAnswer(simulator.OpUpdate, func(*http.Request) { close(arrived); <-release })
		c := b.client()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { _, err := c.Update(ctx, token.ID, cc.Change{Name: &name}); done <- err }()
		<-arrived
		cancel()
		b.awaitSleepers(1)
		if answered {
			close(release)
			if err := <-done; err != nil {
				t.Error(err)
			}
		} else {
			b.clock.Advance(cc.ShutdownGrace)
			wantKind(t, <-done, cc.Lost)
			close(release)
		}
		b.wantAsked("login 1, update 1")
	}
}

func TestAnInterruptedUpdateThatFailsIsNotSentAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.elsewhere(simulator.Token{Name: "old"})
	ctx, cancel := context.WithCancel(t.Context())
	b.OnRequest(simulator.OpUpdate, func(*http.Request) { cancel() })
	b.FailNext(simulator.OpUpdate, simulator.NewFault(simulator.BareStatus))
	name := "new"
	_, err := b.client().Update(ctx, token.ID, cc.Change{Name: &name})
	wantKind(t, err, cc.Lost)
	b.wantAsked("login 1, update 1")
}

func TestAnInterruptedRevocationWithoutAnAnswerIsDecidedByTheList(t *testing.T) {
	for _, when := range []simulator.When{simulator.Before, simulator.After} {
		b := newBench(t, simulator.Options{})
		token := b.elsewhere(simulator.Token{Name: "old"})
		arrived := b.hanging(simulator.OpRevoke, when)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.client().Revoke(ctx, cc.Target{ID: token.ID, Owner: cc.Owner{ID: token.UserID}}) }()
		<-arrived
		cancel()
		b.awaitSleepers(2)
		b.clock.Advance(callGrace)
		err := <-done
		if _, there := b.Token(token.ID); (err == nil) == there {
			t.Errorf("%s: the token is there: %t, and the error is %v", when, there, err)
		}
		lists := map[simulator.When]int{simulator.Before: 1, simulator.After: 2} // gone only if the caller's list does not show it either
		b.wantAsked(fmt.Sprintf("login 1, list %d, revoke 1", lists[when]))
	}
}

func TestInterruptedCreatesWaitForTheListThatDecides(t *testing.T) {
	const creates = 8
	for range 5 {
		b := newBench(t, simulator.Options{})
		c := b.client()
		if _, err := c.Tokens(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		b.FailNext(simulator.OpCreate, slices.Repeat([]simulator.Fault{lost(simulator.After)}, creates)...)
		b.gate(simulator.OpCreate, creates)
		ctx, cancel := context.WithCancel(t.Context())
		b.OnAnswer(simulator.OpCreate, func(*http.Request) { cancel() })
		parallel(creates, func(i int) {
			_, err := c.Issue(ctx, cc.Spec{Name: fmt.Sprint("t", i)})
			wantOutcome(t, err, cc.Orphaned)
		})
	}
}

func TestAnInterruptionInTheMiddleOfReconcilingKeepsTheOrphanKnown(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty).At(simulator.After))
	ctx, cancel := context.WithCancel(t.Context())
	lists := 0
	b.OnAnswer(simulator.OpList, func(*http.Request) {
		if lists++; lists == 2 {
			cancel()
		}
	})
	_, err := b.client().Issue(ctx, cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.Orphaned)
}

func TestABookkeepingListMayLogInAgainAfterAnInterruption(t *testing.T) {
	b := newBench(t, simulator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty).At(simulator.After))
	b.OnAnswer(simulator.OpCreate, func(*http.Request) { cancel(); b.ExpireSessions() })
	_, err := b.client().Issue(ctx, cc.Spec{Name: "one"})
	wantOutcome(t, err, cc.Orphaned)
	b.wantAsked("login 2, list 3, create 1")
}

func TestALoginThatFailsAfterAnInterruptionIsNotTriedAgain(t *testing.T) {
	for _, fault := range []simulator.Fault{
		simulator.NewFault(simulator.ErrorTop), simulator.NewFault(simulator.BareStatus), simulator.NewFault(simulator.HTML503),
		simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "60"),
	} {
		b := newBench(t, simulator.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		c := b.client()
		if _, err := c.Tokens(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty).At(simulator.After))
		b.OnAnswer(simulator.OpCreate, func(*http.Request) { cancel(); b.ExpireSessions() })
		b.FailNext(simulator.OpLogin, fault, fault, fault, fault, fault, fault)
		_, err := c.Issue(ctx, cc.Spec{Name: "one"})
		wantOutcome(t, err, cc.Undetermined)
		b.wantAsked("login 2, list 2, create 1")
	}
}

func TestAnInterruptionEndsALoginDuringACooldown(t *testing.T) {
	b := newBench(t, simulator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty).At(simulator.After))
	b.FailNext(simulator.OpLogin, simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "60"))
	b.OnAnswer(simulator.OpCreate, func(*http.Request) {
		b.clock.Hold()
		b.ExpireSessions()
		go func() { _, _ = c.FreshTokens(ctx, 0) }() // must log in and wait for that
		b.awaitSleepers(1)
		cancel()
	})
	_, err := c.Issue(ctx, cc.Spec{Name: "one"}) // the clock does not move
	wantOutcome(t, err, cc.Undetermined)
	b.wantAsked("login 2, list 2, create 1")
}

func TestABookkeepingListEndsWithACooldownAndAnInterruption(t *testing.T) {
	b := newBench(t, simulator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty).At(simulator.After))
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.TooMany).WithHeader("Retry-After", "60"))
	b.OnAnswer(simulator.OpCreate, func(*http.Request) {
		b.clock.Hold()
		go func() { _, _ = c.FreshTokens(ctx, 0) }() // causes a cooldown
		b.awaitSleepers(1)
		b.ExpireSessions()
		cancel()
	})
	_, err := c.Issue(ctx, cc.Spec{Name: "one"}) // the clock does not move
	wantOutcome(t, err, cc.Undetermined)
	b.wantAsked("login 1, list 2, create 1")
}

func TestAnInterruptionWhileACreateWaitsToBeSentAgainEndsIt(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.clock.Hold()
	b.FailNext(simulator.OpCreate, simulator.NewFault(simulator.Empty))
	stop, done := issuing(b, b.client())
	b.awaitSleepers(1)
	stop()
	got := <-done
	failure := failedIssue(t, got.err, cc.NothingCreated)
	if !errors.Is(got.err, failure.Err) || cc.KindOf(failure.Err) != cc.Lost {
		t.Errorf("the error is %v", got.err)
	}
	b.wantAsked("login 1, list 2, create 1")
}
