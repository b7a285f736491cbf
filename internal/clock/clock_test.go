// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package clock_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

var (
	_ clock.Clock = (*clock.Fake)(nil)

	start      = time.Date(2026, time.November, 23, 15, 26, 42, 0, time.FixedZone("CET", 3600))
	errStopped = errors.New("stopped")
)

// stopped returns a context that was canceled with a cause.
func stopped(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStopped)
	return ctx
}

func TestBothClocksReturnUTC(t *testing.T) {
	if now := clock.System().Now(); now.Location() != time.UTC || time.Since(now).Abs() > time.Minute {
		t.Errorf("the system's is %s", now)
	}
	if now := clock.NewFake(start).Now(); now.Location() != time.UTC || !now.Equal(start) {
		t.Errorf("the fake's is %s", now)
	}
}

func TestNeitherClockSleepsInAnEndedContextOrForNoTime(t *testing.T) {
	for _, c := range []clock.Clock{clock.System(), clock.NewFake(start)} {
		before := time.Now()
		if err := c.Sleep(stopped(t), time.Hour); !errors.Is(err, errStopped) {
			t.Errorf("%T: %v", c, err)
		}
		if err := c.Sleep(stopped(t), 0); !errors.Is(err, errStopped) {
			t.Errorf("%T: %v", c, err)
		}
		for _, d := range []time.Duration{0, -time.Hour} {
			if err := c.Sleep(t.Context(), d); err != nil {
				t.Errorf("%T: %v", c, err)
			}
		}
		if time.Since(before) > time.Minute {
			t.Errorf("%T slept", c)
		}
	}
}

func TestTheSystemsClockSleepsAndCallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time passes as soon as all goroutines wait
		c, began := clock.System(), time.Now()
		if err := c.Sleep(t.Context(), time.Hour); err != nil || time.Since(began) != time.Hour {
			t.Errorf("slept %s, %v", time.Since(began), err)
		}
		called := make(chan time.Time)
		c.AfterFunc(time.Minute, func() { called <- time.Now() })
		if at := <-called; at.Sub(began) != time.Hour+time.Minute {
			t.Errorf("called after %s", at.Sub(began))
		}
		stop := c.AfterFunc(time.Minute, func() { t.Error("called although it was stopped") })
		if !stop() || stop() {
			t.Error("the first stop came too late, or the second in time")
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errStopped)
		defer cancel()
		if err := c.Sleep(ctx, time.Hour); !errors.Is(err, errStopped) || time.Since(began) != time.Hour+2*time.Minute {
			t.Errorf("slept until %s, %v", time.Since(began), err)
		}
	})
}

func TestASleepMovesTheFakeAndReturns(t *testing.T) {
	f := clock.NewFake(start)
	for _, d := range []time.Duration{time.Second, time.Hour, 0} {
		if err := f.Sleep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if !f.Now().Equal(start.Add(time.Hour + time.Second)) {
		t.Errorf("it is %s", f.Now())
	}
	slept := f.Slept()
	if !slices.Equal(slept, []time.Duration{time.Second, time.Hour}) {
		t.Errorf("slept %v", slept)
	}
	slept[0] = 0
	if f.Slept()[0] != time.Second {
		t.Error("the record can be changed from outside")
	}
}

func TestAHeldFakeLetsSleepersWaitForTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := clock.NewFake(start)
		f.Hold()
		var mu sync.Mutex
		var woken []time.Duration
		for _, d := range []time.Duration{3 * time.Second, time.Second, 2 * time.Second} {
			go func() {
				if err := f.Sleep(t.Context(), d); err != nil {
					t.Error(err)
				}
				mu.Lock()
				woken = append(woken, d)
				mu.Unlock()
			}()
		}
		if err := f.AwaitSleepers(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{0, 1, 2, 3} {
			synctest.Wait()
			mu.Lock()
			if len(woken) != want {
				t.Errorf("woken after %s: %v", f.Now().Sub(start), woken)
			}
			mu.Unlock()
			f.Advance(time.Second)
		}
	})
}

func TestASleeperOfAHeldFakeLeavesWithItsContext(t *testing.T) {
	f := clock.NewFake(start)
	f.Hold()
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error)
	go func() { done <- f.Sleep(ctx, time.Hour) }()
	if err := f.AwaitSleepers(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	cancel(errStopped)
	if err := <-done; !errors.Is(err, errStopped) {
		t.Error(err)
	}
	if err := f.AwaitSleepers(stopped(t), 1); !errors.Is(err, errStopped) {
		t.Errorf("it is still counted: %v", err)
	}
}

func TestTheFakeCallsBackWhenItIsMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := clock.NewFake(start)
		called := make(chan string, 9)
		f.AfterFunc(time.Minute, func() { called <- "minute" })
		stop := f.AfterFunc(time.Minute, func() { called <- "stopped" })
		late := f.AfterFunc(time.Second, func() { called <- "second" })
		if !stop() || stop() {
			t.Error("the first stop came too late, or the second in time")
		}
		f.Advance(time.Second - 1)
		synctest.Wait()
		if len(called) != 0 {
			t.Errorf("called too early: %s", <-called)
		}
		f.Advance(1)
		if got := <-called; got != "second" {
			t.Errorf("called %s", got)
		}
		if late() {
			t.Error("stopped after the call")
		}
		if err := f.Sleep(t.Context(), time.Minute); err != nil { // the time has come, but only Advance calls functions
			t.Error(err)
		}
		synctest.Wait()
		if len(called) != 0 {
			t.Errorf("a sleep called %s", <-called)
		}
		f.Advance(0)
		if got := <-called; got != "minute" {
			t.Errorf("called %s", got)
		}
		if f.AfterFunc(0, func() { called <- "now" })() {
			t.Error("stopped a call that is due")
		}
		if got := <-called; got != "now" {
			t.Errorf("called %s", got)
		}
	})
}

func TestAwaitSleepersReturnsAsTheyCome(t *testing.T) {
	f := clock.NewFake(start)
	if err := f.AwaitSleepers(t.Context(), 0); err != nil {
		t.Error(err)
	}
	done := make(chan error)
	go func() { done <- f.AwaitSleepers(t.Context(), 2) }()
	f.AfterFunc(time.Hour, func() {})
	f.AfterFunc(time.Hour, func() {})
	if err := <-done; err != nil {
		t.Error(err)
	}
}
