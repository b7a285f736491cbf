// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// The limits of Commvault's SaaS per hour and tenant. API.md#rate-limits (docs).
const (
	writesAnHour = 100
	readsAnHour  = 1000
)

// parallelism is Terraform's own.
const parallelism = 10

// fleet is many tokens in one state, of a server that lets so many requests through in an hour.
type fleet struct {
	*testing.T
	*acctest.World
	tokens      []*acctest.Instance
	provider    acctest.Arguments
	parallelism int
	// shares is set where operations wait for companions to share a list with, which takes milliseconds of the clock.
	shares bool
}

// long is a session that outlives any run: how long one lives is not known, and a new one takes a write.
const long = 24 * time.Hour

func newFleet(t *testing.T, size int, session time.Duration, provider acctest.Arguments) *fleet {
	t.Helper()
	w := acctest.NewOverHTTP(t, simulator.Options{
		RateLimit: simulator.RateLimit{Writes: writesAnHour, Reads: readsAnHour},
		Lifetimes: simulator.Lifetimes{Session: session},
	})
	w.Clock.Hold()
	f := &fleet{T: t, World: w, provider: w.LoginArguments(), parallelism: parallelism}
	for name, value := range provider {
		f.provider[name] = value
	}
	for range size {
		f.tokens = append(f.tokens, w.Plain(t))
	}
	return f
}

// together does the work for all tokens, as many at a time as Terraform does. When all that is under way waits, the time
// passes.
func (f *fleet) together(work func(i int)) {
	f.Helper()
	var working sync.WaitGroup
	var next, busy atomic.Int64
	busy.Store(int64(f.parallelism))
	var mu sync.Mutex
	left, wake := context.WithCancel(f.Context())
	for range f.parallelism {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(f.tokens)); i = next.Add(1) - 1 {
				work(int(i))
			}
			mu.Lock()
			defer mu.Unlock()
			busy.Add(-1)
			wake() // there is one less to wait for
			left, wake = context.WithCancel(f.Context())
		})
	}
	for {
		mu.Lock()
		waiting, until := int(busy.Load()), left
		mu.Unlock()
		if waiting == 0 {
			break
		}
		const patience = time.Minute // of each request, which is no wait
		stop := context.CancelFunc(func() {})
		if f.shares {
			until, stop = context.WithTimeout(until, 20*time.Millisecond)
		}
		err := f.Clock.AwaitSleepers(until, waiting, patience)
		stop()
		switch {
		case err == nil:
			f.Clock.Advance(10 * time.Second)
		case errors.Is(err, context.DeadlineExceeded):
			f.Clock.Advance(5 * time.Millisecond)
		case !errors.Is(err, context.Canceled):
			f.Fatal(err)
		}
	}
	working.Wait()
	wake()
}

// applied is what a run of Terraform came to.
type applied struct {
	failed  atomic.Int64
	refused atomic.Pointer[string] // what one of them was told
}

// apply refreshes and plans in one process and applies in another one, as Terraform does. arguments of nil destroy.
func (f *fleet) apply(arguments func(i int) acctest.Arguments) *applied {
	f.Helper()
	var result applied
	plans := make([]*acctest.Plan, len(f.tokens))
	planning := f.Start(f.Context(), f.T, f.provider)
	f.together(func(i int) {
		diagnostics := f.tokens[i].Refresh(f.Context(), planning)
		if diagnostics.Failed() {
			f.Errorf("the refresh fails: %s", diagnostics.Errors())
			return
		}
		if plans[i], diagnostics = f.tokens[i].Plan(f.Context(), planning, arguments(i)); diagnostics.Failed() {
			f.Errorf("the plan fails: %s", diagnostics.Errors())
		}
	})
	applying := f.Start(f.Context(), f.T, f.provider)
	f.together(func(i int) {
		if diagnostics := f.tokens[i].ApplyPlan(f.Context(), applying, plans[i]); diagnostics.Failed() {
			result.failed.Add(1)
			text := diagnostics.Errors()
			result.refused.Store(&text)
		}
	})
	return &result
}

// nothingLost checks that each token that the server has is in the state, with its secret.
func (f *fleet) nothingLost() {
	f.Helper()
	held := map[string]bool{}
	for _, token := range f.tokens {
		if token.State != nil {
			held[token.Text("access_token")] = true
		}
	}
	for _, token := range f.Tokens() {
		if !held[token.AccessToken] {
			f.Errorf("the state does not hold the secret of the token %d", token.ID)
		}
	}
	if have := len(f.Tokens()); have != len(held) {
		f.Errorf("the server has %d tokens, the state %d", have, len(held))
	}
}

func named(i int) acctest.Arguments { return acctest.Arguments{"name": fmt.Sprintf("token-%d", i)} }

// confined is named after a change of each.
func confined(i int) acctest.Arguments {
	return acctest.Arguments{"name": fmt.Sprintf("token-%d", i), "allowed_ips": []string{"10.0.0.0/8"}}
}

func none(int) acctest.Arguments { return nil }

// TestFleetWaitsForTheLimit guards that one apply gets through any number of tokens when it may wait for as long as the
// server asks, and prints how long that takes. The guide says so, too.
func TestFleetWaitsForTheLimit(t *testing.T) {
	t.Parallel()
	size := 1000
	if acctest.Sampled() {
		size = 130
	}
	f := newFleet(t, size, long, acctest.Arguments{"max_retry_wait": "1h"})
	var hours []int
	for _, run := range []struct {
		operation simulator.Operation
		arguments func(i int) acctest.Arguments
	}{{simulator.OpCreate, named}, {simulator.OpUpdate, confined}, {simulator.OpRevoke, none}} {
		began := f.Clock.Now()
		if result := f.apply(run.arguments); result.failed.Load() > 0 {
			t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
		}
		f.nothingLost()
		took := f.Clock.Now().Sub(began).Round(time.Hour)
		// At each limit, what was under way is refused once.
		if sent, most := f.Count(run.operation), size+parallelism*int(took.Hours()); sent < size || sent > most {
			t.Errorf("%d requests were sent to %s, want %d to %d", sent, run.operation, size, most)
		}
		t.Logf("%d tokens at %d writes an hour: %s takes %.0f hours", size, writesAnHour, run.operation, took.Hours())
		hours = append(hours, int(took.Hours()))
		f.ResetJournal()
		f.Clock.Advance(time.Hour)
	}
	if acctest.Sampled() {
		return // too few for the guide
	}
	expectInGuide(t, fmt.Sprintf("Creating 1,000 tokens takes %d hours, changing all of them %d, revoking them %d.",
		hours[0], hours[1], hours[2]))
}

// TestFleetWhoseSessionsEnd guards that an apply gets through when no session outlives the hour that it waits, and
// however many operations find that out at a time.
func TestFleetWhoseSessionsEnd(t *testing.T) {
	t.Parallel()
	const size = 250
	f := newFleet(t, size, 30*time.Minute, acctest.Arguments{"max_retry_wait": "1h"})
	f.parallelism = 50
	began := f.Clock.Now()
	if result := f.apply(named); result.failed.Load() > 0 {
		t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
	}
	f.nothingLost()
	t.Logf("%d tokens with sessions of half an hour, %d at a time: %.0f hours, %d requests to create, %d logins",
		size, f.parallelism, f.Clock.Now().Sub(began).Hours(), f.Count(simulator.OpCreate), f.Count(simulator.OpLogin))
}

// TestFleetOfSlots guards that slots which were created in some hours rotate in as many, and that their old tokens are
// revoked in as many again; and what it takes from the limits to renew them instead.
func TestFleetOfSlots(t *testing.T) {
	t.Parallel()
	const size = 150
	f := newFleet(t, 0, long, acctest.Arguments{"max_retry_wait": "1h"})
	for range size {
		f.tokens = append(f.tokens, f.Rotating(t))
	}
	slot := func(i int) acctest.Arguments { return acctest.Arguments{"name_prefix": fmt.Sprintf("slot-%d-", i)} }
	var hours []int
	for _, run := range []struct {
		after     time.Duration
		operation simulator.Operation
	}{{0, simulator.OpCreate}, {80 * acctest.Day, simulator.OpCreate}, {2 * acctest.Day, simulator.OpRevoke}} {
		f.Clock.Advance(run.after)
		f.ResetJournal()
		began := f.Clock.Now()
		if result := f.apply(slot); result.failed.Load() > 0 {
			t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
		}
		took := int(f.Clock.Now().Sub(began).Round(time.Hour).Hours())
		if sent, most := f.Count(run.operation), size+parallelism*took; sent < size || sent > most {
			t.Errorf("%d requests were sent to %s, want %d to %d", sent, run.operation, size, most)
		}
		hours = append(hours, took)
	}
	t.Logf("%d slots: %d h to create, %d h to rotate, %d h to revoke the old tokens", size, hours[0], hours[1], hours[2])
	if hours[0] == 0 || hours[1] != hours[0] || hours[2] != hours[0] {
		t.Errorf("slots take %v hours to be created, rotated, and rid of their old tokens", hours)
	}
}

// TestFleetThatRenews guards what each slot that Terraform renews takes from the limits.
func TestFleetThatRenews(t *testing.T) {
	t.Parallel()
	const size = 40
	f := newFleet(t, 0, long, nil)
	f.shares = true
	for range size {
		f.tokens = append(f.tokens, f.Rotating(t))
	}
	slot := func(i int) acctest.Arguments {
		return acctest.Arguments{"name_prefix": fmt.Sprintf("slot-%d-", i), "renew": true}
	}
	f.apply(slot)
	f.Clock.Advance(2 * time.Hour)
	f.ResetJournal()
	if result := f.apply(slot); result.failed.Load() > 0 {
		t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
	}
	renewals, lists := f.Count(simulator.OpRenew), f.Count(simulator.OpList)
	t.Logf("%d slots that renew: %d renewals, %d lists", size, renewals, lists)
	// The renewals of an apply share their lists. How many they need depends on who asks in time: a list waits for others by
	// the clock, which stands still here. TestRenewalsShareTheirLists has the bound.
	if most := size / 2; renewals != size || lists > most {
		t.Errorf("%d slots took %d renewals and %d lists", size, renewals, lists)
	}
}

// TestFleetThatIsCutShort guards that an apply which meets the limit loses nothing, and that the next one goes on.
func TestFleetThatIsCutShort(t *testing.T) {
	t.Parallel()
	const size = 250
	f := newFleet(t, size, long, nil)
	var counts []int
	for len(f.Tokens()) < size {
		before := len(f.Tokens())
		f.ResetJournal()
		result := f.apply(named)
		f.nothingLost()
		made := len(f.Tokens()) - before
		if failed := int(result.failed.Load()); made == 0 || failed != size-before-made {
			t.Fatalf("of %d tokens %d were made and %d failed", size-before, made, failed)
		} else if failed > 0 && !strings.Contains(*result.refused.Load(), "max_retry_wait") {
			t.Fatalf("the error does not say what to do: %s", *result.refused.Load())
		}
		// What was on its way when the limit was met is refused, and looked for with a list. The rest is not even sent.
		if sent, lists := f.Count(simulator.OpCreate), f.Count(simulator.OpList); sent > made+parallelism || lists > 2+parallelism {
			t.Errorf("%d creates and %d lists were sent to make %d tokens, %d at a time", sent, lists, made, parallelism)
		}
		counts = append(counts, made)
		f.Clock.Advance(time.Hour)
	}
	t.Logf("%d tokens at %d writes an hour, an apply each hour that does not wait: %v are created", size, writesAnHour, counts)
	expectInGuide(t, fmt.Sprintf("of 250 new tokens the first apply creates %d, the next one, an hour later, %d, the third the remaining %d",
		counts[0], counts[1], counts[2]))
}

// TestFleetPlan guards what a plan of many tokens takes from the limits.
func TestFleetPlan(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 90, long, nil)
	if result := f.apply(named); result.failed.Load() > 0 {
		t.Fatal(*result.refused.Load())
	}
	f.ResetJournal()
	f.apply(named)
	if all, logins, lists := len(f.Journal()), f.Count(simulator.OpLogin), f.Count(simulator.OpList); all != 2 || logins != 1 || lists != 1 {
		t.Errorf("a plan without changes sent %d requests, %d to log in and %d for a list; want 1 of each", all, logins, lists)
	}
	f.ResetJournal()
	process := f.Start(f.Context(), t, f.provider)
	f.together(func(i int) { // with -refresh=false
		if plan, diagnostics := f.tokens[i].Plan(f.Context(), process, named(i)); diagnostics.Failed() || plan.Action != acctest.Noop {
			t.Errorf("the plan is to %s: %s", plan.Action, diagnostics.Errors())
		}
	})
	if sent := len(f.Journal()); sent != 0 {
		t.Errorf("a plan that refreshes nothing sent %d requests", sent)
	}
}

// expectInGuide demands that the page for fleets says so. Lines are wrapped anywhere.
func expectInGuide(t *testing.T, sentence string) {
	t.Helper()
	const page = "../../templates/guides/fleets.md.tmpl"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), sentence) {
		t.Errorf("%s does not say %q", page, sentence)
	}
}
