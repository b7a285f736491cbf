// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func stop(t *testing.T, server everything) {
	t.Helper()
	resp, err := server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
	if err != nil || resp.Error != "" {
		t.Errorf("StopProvider fails: %v %+v", err, resp)
	}
}

// TestStopReachesCallsUnderWay verifies that Ctrl-C ends every call in progress, including a stream that has returned and is being
// read. No call waits for another. Calls that start later are not affected.
func TestStopReachesCallsUnderWay(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const parallel = 50
				var arrived, stopped atomic.Int64
				var hang atomic.Bool
				server := serve(t, func(ctx context.Context, more func() bool) {
					if more != nil {
						more()
					}
					if !hang.Load() {
						return
					}
					arrived.Add(1)
					<-ctx.Done() // if nothing stops it, synctest ends the test
					if errors.Is(context.Cause(ctx), context.Canceled) {
						stopped.Add(1)
					}
				})
				run := func() {
					if err := kind(t.Context(), server, onwards); err != nil {
						t.Errorf("the call fails: %s", err)
					}
				}
				for round := range int64(2) {
					hang.Store(true)
					var calls sync.WaitGroup
					for range parallel {
						calls.Go(run)
					}
					synctest.Wait()
					if n := arrived.Load() - round*parallel; n != parallel {
						t.Fatalf("%d of %d calls are carried out side by side", n, parallel)
					}
					if n := stopped.Load() - round*parallel; n != 0 {
						t.Errorf("%d calls end before anybody stops them", n)
					}
					stop(t, server)
					calls.Wait()
					if n := stopped.Load() - round*parallel; n != parallel {
						t.Errorf("%d of %d calls were stopped", n, parallel)
					}
					hang.Store(false)
					run() // a later call, which was not stopped
				}
			})
		})
	}
}

// TestCallsAfterAStopHaveTheirOwnContext verifies that a Stop has no effect after it returns: later calls, such as closing an ephemeral
// resource, may use the network.
func TestCallsAfterAStopHaveTheirOwnContext(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds {
		var seen error
		server := serve(t, func(ctx context.Context, _ func() bool) { seen = ctx.Err() })
		stop(t, server)
		if err := kind(t.Context(), server, onwards); err != nil || seen != nil {
			t.Errorf("%s after a stop: %v, with the context's error %v", name, err, seen)
		}
		if n := reachable(t, 10, func(ctx context.Context) { _ = kind(ctx, server, onwards) }); n > 0 {
			t.Errorf("%s after a stop leaves %d of 10 contexts behind", name, n)
		}
	}
}

// TestTheCallersCancellationArrives verifies that an external cancellation, such as a lost connection, cancels the call.
func TestTheCallersCancellationArrives(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds {
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("the connection is lost")
		var seen error
		server := serve(t, func(ctx context.Context, _ func() bool) {
			cancel(reason)
			<-ctx.Done()
			seen = context.Cause(ctx)
		})
		if err := kind(ctx, server, onwards); err != nil || !errors.Is(seen, reason) {
			t.Errorf("%s: %v, and what it was told is %v", name, err, seen)
		}
	}
}

// TestWhatWindsUpCanLog verifies that the context of a stopped call, and of an action that nobody reads any more, keeps its values,
// including the loggers. The context of a completed call is cancelled and has no values.
func TestWhatWindsUpCanLog(t *testing.T) {
	t.Parallel()
	type key struct{}
	for name, kind := range kinds {
		for _, how := range []string{"ended", "stopped", "left"} {
			if how == "left" && name == "read" {
				continue // it has no items
			}
			var during context.Context
			var server everything
			server = serve(t, func(ctx context.Context, more func() bool) {
				during = ctx
				if how == "stopped" {
					stop(t, server)
				}
				if more != nil {
					more()
				}
			})
			ctx := context.WithValue(t.Context(), key{}, "a logger")
			if err := kind(ctx, server, func() bool { return how != "left" }); err != nil {
				t.Fatalf("%s fails: %s", name, err)
			}
			carried, err := during.Value(key{}), during.Err()
			switch how {
			case "ended":
				if carried != nil || !errors.Is(err, context.Canceled) {
					t.Errorf("%s that ended has %v and the error %v", name, carried, err)
				}
			case "stopped":
				if carried != "a logger" || !errors.Is(err, context.Canceled) {
					t.Errorf("%s that was stopped has %v and the error %v", name, carried, err)
				}
			case "left":
				if carried != "a logger" || err != nil {
					t.Errorf("%s that was left has %v and the error %v", name, carried, err)
				}
			}
		}
	}
}

// TestStopsBesideCalls exercises the race detector.
func TestStopsBesideCalls(t *testing.T) {
	t.Parallel()
	server := serve(t, func(ctx context.Context, more func() bool) {
		for more != nil && ctx.Err() == nil && rand.IntN(3) > 0 {
			more()
		}
		if ctx.Value(luggageKey{}) == nil {
			t.Error("a call under way has lost what its context carries")
		}
	})
	var all sync.WaitGroup
	for _, kind := range kinds {
		for range 4 {
			all.Go(func() {
				for range 25 {
					if err := kind(context.WithValue(t.Context(), luggageKey{}, true), server, onwards); err != nil {
						t.Errorf("a call fails: %s", err)
					}
				}
			})
		}
	}
	all.Go(func() {
		for range 50 {
			stop(t, server)
		}
	})
	all.Wait()
}
