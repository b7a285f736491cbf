// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// gate blocks requests of an operation until n of them have arrived.
func (b *bench) gate(op simulator.Operation, n int) {
	var mu sync.Mutex
	all := make(chan struct{})
	b.OnRequest(op, func(*http.Request) {
		mu.Lock()
		n--
		if n == 0 {
			close(all)
		}
		mu.Unlock()
		select {
		case <-all:
		case <-b.t.Context().Done():
		}
	})
}

func TestAnExpiredSessionIsReplacedOnceForAllWhoWait(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	var ids []int64
	for i := range 8 {
		ids = append(ids, b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)}).ID)
	}
	b.ExpireSessions()
	b.ResetJournal()
	b.gate(simulator.OpUpdate, len(ids)) // all of them send the old session
	parallel(len(ids), func(i int) {
		name := fmt.Sprint("new", i)
		if _, err := c.Update(t.Context(), ids[i], cc.Change{Name: &name}); err != nil {
			t.Error(err)
		}
	})
	b.wantAsked("login 1, update 16")
}

func TestAllWaitForTheFirstLoginTogether(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.elsewhere(simulator.Token{Name: "there"})
	c := b.client()
	parallel(8, func(i int) {
		name := fmt.Sprint("new", i)
		if _, err := c.Update(t.Context(), token.ID, cc.Change{Name: &name}); err != nil {
			t.Error(err)
		}
	})
	b.wantAsked("login 1, update 8")
}

func TestASessionMayExpireAgainAndAgain(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	for i := range 4 {
		b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)})
		b.clock.Advance(time.Hour)
	}
	b.wantAsked("login 4, list 1, create 7")
}

func TestASessionMayEndInEachWaitThatTheServerAsksFor(t *testing.T) {
	refusal := busy(simulator.TooMany, "Retry-After", "3600")
	for name, c := range map[string]struct {
		meanwhile func(c *cc.Client, id int64) error
		updates   []simulator.Fault
		asked     string
	}{
		"and the call that waited finds out": {
			func(*cc.Client, int64) error { return nil },
			[]simulator.Fault{refusal, {}, refusal, {}}, "login 2, update 5",
		},
		"and the call that waited takes the session of another one": {
			func(c *cc.Client, id int64) error { return c.Revoke(t.Context(), cc.Target{ID: id}) },
			[]simulator.Fault{refusal, refusal}, "login 2, list 1, update 3, revoke 4",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simulator.Options{})
			client := b.client(func(cfg *cc.Config) { cfg.MaxRetryWait = time.Hour })
			token, other := b.issue(client, cc.Spec{Name: "one"}), b.issue(client, cc.Spec{Name: "other"})
			b.ResetJournal()
			b.clock.Hold()
			b.FailNext(simulator.OpUpdate, c.updates...)
			updated := make(chan error)
			go func() {
				name := "two"
				_, err := client.Update(t.Context(), token.ID, cc.Change{Name: &name})
				updated <- err
			}()
			for range 2 {
				b.awaitSleepers(1)
				b.ExpireSessions()
				b.clock.Advance(time.Hour)
				if err := c.meanwhile(client, other.ID); err != nil {
					t.Error(err)
				}
				b.clock.Advance(2 * time.Second)
			}
			if err := <-updated; err != nil {
				t.Error(err)
			}
			b.wantAsked(c.asked)
		})
	}
}

func TestA401WithANewSessionDoesNotCauseAnotherLogin(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	b.issue(c, cc.Spec{Name: "one"})
	b.ResetJournal()
	for range 20 {
		b.FailNext(simulator.OpUpdate, simulator.NewFault(simulator.Status).WithStatus(401))
	}
	for range 5 {
		name := "new"
		_, err := c.Update(t.Context(), 1, cc.Change{Name: &name})
		wantKind(t, err, cc.Unauthorized)
	}
	b.wantAsked("login 1, update 6")
	b.ClearFaults()
	b.issue(c, cc.Spec{Name: "two"}) // the session itself is valid
	b.ExpireSessions()
	b.issue(c, cc.Spec{Name: "three"}) // and is replaced once it has expired
}

func TestAFixedCredentialIsNotSentAgainAfterA401(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(authtoken("QSDK not-one"))
	_, err := c.Tokens(t.Context(), 0)
	failure := failureOf(t, err, cc.Unauthorized)
	if failure.Status != 401 || failure.Code == 0 {
		t.Errorf("the error is %+v", failure)
	}
	wantSays(t, err, "does not accept the credential", "HTTP 401 Unauthorized")
	b.wantAsked("list 1")
}

func TestBadCredentialsAreSentOnce(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(func(cfg *cc.Config) { cfg.Password = "wrong-password" })
	errs := make([]error, 20)
	parallel(len(errs), func(i int) {
		if i%2 == 0 {
			_, errs[i] = c.Issue(t.Context(), cc.Spec{Name: fmt.Sprint("t", i)})
		} else {
			errs[i] = c.Revoke(t.Context(), cc.Target{ID: int64(i)})
		}
	})
	_, err := c.FreshTokens(t.Context(), 0)
	for _, err := range slices.Concat(errs, []error{err}) {
		var refused *cc.LoginError
		if !errors.As(err, &refused) || refused.Username != "admin" || refused.Locked || refused.Message != "Invalid user name or password" {
			t.Errorf("the error is %+v", err)
		}
		wantKind(t, err, cc.Unauthorized)
		wantSays(t, err, `the login of "admin" was refused`)
	}
	b.wantAsked("login 1")
	if slept := b.clock.Slept(); len(slept) > 0 {
		t.Errorf("waited %v", slept)
	}
}

func TestALockedAccountIsReportedWithItsMinutesAndNotRetried(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.LockAccount(b.Username(), 14*time.Minute+time.Second)
	c := b.client()
	for range 3 {
		_, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
		wantOutcome(t, err, cc.NothingCreated)
		var refused *cc.LoginError
		if !errors.As(err, &refused) || !refused.Locked || refused.Remaining != 14*time.Minute+time.Second {
			t.Errorf("the error is %+v", err)
		}
		wantSays(t, err, `the account "admin" is locked for another 15 minutes`)
	}
	b.wantAsked("login 1")
}

func TestALoginThatNeverArrivedMayBeTriedByTheNextCall(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client(noRetries)
	b.FailNext(simulator.OpLogin, simulator.NewFault(simulator.TooMany))
	failure := failureOf(t, c.Revoke(t.Context(), cc.Target{ID: 1}), cc.NeverSent)
	wantSays(t, failure, "the login failed", "accepts no requests at the moment")
	if err := c.Revoke(t.Context(), cc.Target{ID: 1}); err != nil {
		t.Error(err)
	}
	b.wantAsked("login 2, list 1, revoke 1")
}

func TestA401OfTheLoginItselfIsTheCredentials(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpLogin, simulator.NewFault(simulator.Status).WithStatus(401))
	_, err := b.client().Tokens(t.Context(), 0)
	wantKind(t, err, cc.Unauthorized)
	b.wantAsked("login 1")
}

// hanging makes the next request of an operation hang. The channel signals that it has arrived.
func (b *bench) hanging(op simulator.Operation, when simulator.When) <-chan struct{} {
	arrived := make(chan struct{}, 100)
	if when == simulator.Before {
		b.OnRequest(op, func(*http.Request) {
			go func() {
				for b.PendingFaults(op) > 0 { // no other request may take the fault
					runtime.Gosched()
				}
				arrived <- struct{}{}
			}()
		})
	} else {
		b.OnAnswer(op, func(*http.Request) { arrived <- struct{}{} })
	}
	b.FailNext(op, simulator.NewFault(simulator.Hang).At(when))
	return arrived
}

func TestACallThatWaitsForALoginStopsWithItsOwnInterruption(t *testing.T) {
	b := newBench(t, simulator.Options{})
	token := b.elsewhere(simulator.Token{Name: "there"})
	arrived := b.hanging(simulator.OpLogin, simulator.Before)
	c := b.client()

	first, stopFirst := context.WithCancel(t.Context())
	second, stopSecond := context.WithCancel(t.Context())
	firstDone, secondDone, thirdDone := make(chan error), make(chan error), make(chan error)
	update := func(ctx context.Context, done chan<- error) {
		name := "new"
		_, err := c.Update(ctx, token.ID, cc.Change{Name: &name})
		done <- err
	}
	go update(first, firstDone)
	<-arrived
	go update(second, secondDone)
	go update(t.Context(), thirdDone)

	stopSecond()
	wantKind(t, <-secondDone, cc.Interrupted)
	stopFirst()
	wantKind(t, <-firstDone, cc.Interrupted)
	if err := <-thirdDone; err != nil { // logs in itself
		t.Error(err)
	}
	b.wantAsked("login 2, update 1")
}
