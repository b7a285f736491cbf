// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// busy returns a 429 or 503 whose headers say when to retry.
func busy(kind simulator.FaultKind, headers ...string) simulator.Fault {
	fault := simulator.Fault{Kind: kind, Header: http.Header{}}
	for i := 0; i < len(headers); i += 2 {
		fault.Header.Set(headers[i], headers[i+1])
	}
	return fault
}

func TestTheServerSaysHowLongToWait(t *testing.T) {
	in40 := start.Add(40 * time.Second).Format(http.TimeFormat)
	for _, kind := range []simulator.FaultKind{simulator.TooMany, simulator.Unavailable} {
		for _, c := range []struct {
			headers     []string
			least, most time.Duration
		}{
			{[]string{"Retry-After", "30"}, 30 * time.Second, 31 * time.Second},
			{[]string{"Retry-After", in40}, 40 * time.Second, 41 * time.Second},
			{[]string{"X-RateLimit-Limit", "100", "X-RateLimit-Period", "50"}, 50 * time.Second, 51 * time.Second},
			{[]string{"Retry-After", "30", "X-RateLimit-Period", "50"}, 30 * time.Second, 31 * time.Second},
			{[]string{"Retry-After", "soon", "X-RateLimit-Period", "50"}, 50 * time.Second, 51 * time.Second},
			{[]string{"Retry-After", "120"}, 2 * time.Minute, 2*time.Minute + time.Second}, // the longest wait allowed
			// Without a usable header the client uses its own backoff.
			{nil, time.Second / 2, time.Second},
			{[]string{"Retry-After", "0"}, time.Second / 2, time.Second},
			{[]string{"Retry-After", "-5"}, time.Second / 2, time.Second},
			{[]string{"Retry-After", "soon"}, time.Second / 2, time.Second},
			{[]string{"X-RateLimit-Period", "an hour"}, time.Second / 2, time.Second},
			{[]string{"Retry-After", start.Add(-time.Hour).Format(http.TimeFormat)}, time.Second / 2, time.Second},
		} {
			b := newBench(t, simulator.Options{})
			b.FailNext(simulator.OpList, busy(kind, c.headers...))
			if _, err := b.client().Tokens(t.Context(), 0); err != nil {
				t.Error(err)
			}
			waited := b.clock.Now().Sub(start)
			if waited < c.least || waited > c.most {
				t.Errorf("%s with %q: waited %s, want %s to %s", kind, c.headers, waited, c.least, c.most)
			}
		}
	}
}

func TestAWaitThatIsTooLongFailsAtOnceAndSaysHowLong(t *testing.T) {
	for _, c := range [][]string{
		{"Retry-After", "121"}, {"Retry-After", start.Add(121 * time.Second).Format(http.TimeFormat)}, {"X-RateLimit-Period", "3600"},
		{"Retry-After", "9223372036854775807"},
	} {
		b := newBench(t, simulator.Options{})
		b.FailNext(simulator.OpList, busy(simulator.TooMany, c...))
		_, err := b.client().Tokens(t.Context(), 0)
		failure := failureOf(t, err, cc.Busy)
		if !failure.TooLong || failure.Wait <= 2*time.Minute || failure.Attempts != 1 {
			t.Errorf("%q: the error is %+v", c, failure)
		}
		wantSays(t, err, "asked for a wait of "+failure.Wait.String(), "longest wait allowed")
		wantCause(t, err, cc.CauseWaitTooLong)
		b.wantAsked("login 1, list 1")
		if slept := b.clock.Slept(); len(slept) > 0 {
			t.Errorf("%q: waited %v", c, slept)
		}
	}
}

func TestAWaitThatIsTooLongIsNotAskedForAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b.FailNext(simulator.OpCreate, busy(simulator.TooMany, "Retry-After", "3600"))
	if _, err := c.Issue(t.Context(), cc.Spec{Name: "refused"}); err == nil {
		t.Fatal("no error")
	}
	b.wantAsked("login 1, list 2, create 1")
	b.clock.Advance(time.Minute)
	_, err := c.Issue(t.Context(), cc.Spec{Name: "held"})
	wantSays(t, err, `"held" was not created`, "HTTP 429", "Nothing was sent", "asked for a wait of 59m0s")
	if cc.KindOf(err) != cc.Busy {
		t.Errorf("the error is a %v", cc.KindOf(err))
	}
	b.wantAsked("login 1, list 2, create 1") // not even the list that checks the outcome of a refusal

	other := b.elsewhere(simulator.Token{Name: "other"})
	if err := c.Revoke(t.Context(), cc.Target{ID: other.ID}); err != nil {
		t.Errorf("what the server did not refuse is held back as well: %s", err)
	}
	b.clock.Advance(59 * time.Minute)
	b.issue(c, cc.Spec{Name: "after"})
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("waited %v", slept)
	}
}

func TestA503DoesNotDelayLaterRequests(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	b.FailNext(simulator.OpCreate, busy(simulator.Unavailable, "Retry-After", "3600"))
	if _, err := c.Issue(t.Context(), cc.Spec{Name: "refused"}); err == nil {
		t.Fatal("no error")
	}
	b.issue(c, cc.Spec{Name: "after"}) // by another gateway, or by the same one a second later
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("waited %v, longer than max_retry_wait", slept)
	}
}

func TestARateLimitIsWaitedFor(t *testing.T) {
	for _, retryAfter := range []bool{true, false} {
		b := newBench(t, simulator.Options{RateLimit: simulator.RateLimit{Writes: 3, Period: time.Minute, RetryAfter: retryAfter}})
		c := b.client()
		for i := range 7 { // a login and 7 creates
			b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)})
		}
		if waited := b.clock.Now().Sub(start); waited < 2*time.Minute || waited > 2*time.Minute+3*time.Second {
			t.Errorf("waited %s", waited)
		}
		b.wantAsked("login 1, list 1, create 9")
	}
}

func TestACooldownHoldsForAllOperations(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	token := b.issue(c, cc.Spec{Name: "one"})
	b.ResetJournal()
	b.clock.Hold()
	b.FailNext(simulator.OpUpdate, busy(simulator.TooMany, "Retry-After", "60"))

	done := make(chan error)
	go func() {
		name := "two"
		_, err := c.Update(t.Context(), token.ID, cc.Change{Name: &name})
		done <- err
	}()
	b.awaitSleepers(1)
	for _, owner := range []int64{0, b.UserID(), b.AddUser("other", "x-1234")} {
		go func() {
			_, err := c.FreshTokens(t.Context(), owner)
			done <- err
		}()
	}
	b.awaitSleepers(4)
	b.clock.Advance(59 * time.Second)
	b.awaitSleepers(4)
	b.wantAsked("update 1")
	b.clock.Advance(2 * time.Second) // the wait after a refusal has up to a second of jitter
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	b.wantAsked("list 3, update 2")
}

func (b *bench) awaitSleepers(n int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	if err := b.clock.AwaitSleepers(ctx, n, patience); err != nil {
		b.t.Fatalf("%d sleepers did not come: %s", n, err)
	}
}

func TestAnInterruptionEndsEveryWaitAtOnce(t *testing.T) {
	name := "new"
	calls := map[simulator.Operation]func(ctx context.Context, c *cc.Client) error{
		simulator.OpLogin: func(ctx context.Context, c *cc.Client) error { _, err := c.Tokens(ctx, 0); return err },
		simulator.OpList:  func(ctx context.Context, c *cc.Client) error { _, err := c.Tokens(ctx, 0); return err },
		simulator.OpCreate: func(ctx context.Context, c *cc.Client) error {
			_, err := c.Issue(ctx, cc.Spec{Name: "one"})
			return err
		},
		simulator.OpUpdate: func(ctx context.Context, c *cc.Client) error {
			_, err := c.Update(ctx, 1, cc.Change{Name: &name})
			return err
		},
		simulator.OpRevoke: func(ctx context.Context, c *cc.Client) error { return c.Revoke(ctx, cc.Target{ID: 1}) },
	}
	for op, call := range calls {
		for _, fault := range []simulator.Fault{
			busy(simulator.TooMany, "Retry-After", "60"), busy(simulator.Unavailable), // with and without a cooldown
		} {
			b := newBench(t, simulator.Options{})
			b.clock.Hold()
			b.FailNext(op, fault)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- call(ctx, b.client()) }()
			b.awaitSleepers(1)
			before := b.Count(op)
			cancel()
			if err := <-done; err == nil { // no sleeper was woken, because the clock does not move
				t.Errorf("%s, %s: no error", op, fault)
			}
			if b.Count(op) != before {
				t.Errorf("%s, %s: sent again after the interruption", op, fault)
			}
		}
	}
}

func TestAnInterruptionEndsTheWaitForACooldown(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(noRetries)
	b.FailNext(simulator.OpList, busy(simulator.TooMany, "Retry-After", "60"))
	if _, err := c.FreshTokens(t.Context(), 0); err == nil {
		t.Fatal("no error")
	}
	b.ResetJournal()
	b.clock.Hold()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Revoke(ctx, cc.Target{ID: 1}) }()
	b.awaitSleepers(1)
	cancel()
	wantKind(t, <-done, cc.Interrupted)
	b.wantAsked("")
}

func TestBackoffDoublesUpToABound(t *testing.T) {
	b := newBench(t, simulator.Options{})
	for range 9 {
		b.FailNext(simulator.OpList, simulator.NewFault(simulator.BareStatus))
	}
	if _, err := b.client(func(cfg *cc.Config) { cfg.MaxRetries = 9 }).Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	for i, d := range b.clock.Slept() {
		full := min(time.Second<<i, 30*time.Second)
		if d < full/2 || d > full {
			t.Errorf("wait %d was %s, want %s to %s", i, d, full/2, full)
		}
	}
	b.wantAsked("login 1, list 10")
}

func TestWithoutRetriesNothingIsRepeated(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.BareStatus))
	_, err := b.client(noRetries).Tokens(t.Context(), 0)
	wantKind(t, err, cc.Lost)
	b.wantAsked("login 1, list 1")
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("waited %v", slept)
	}
}
