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

// The limits of Commvault's SaaS, per hour and tenant. API.md#rate-limits (docs).
const (
	writesAnHour = 100
	readsAnHour  = 1000
)

// hourly is the SaaS's limit, and dripping one of as many requests that the server accepts one by one.
var (
	hourly   = simulator.RateLimit{Writes: writesAnHour, Reads: readsAnHour}
	dripping = simulator.RateLimit{Writes: 1, Reads: readsAnHour / writesAnHour, Period: time.Hour / writesAnHour}
)

// parallelism is Terraform's default.
const parallelism = 10

// fleet is a state with many tokens, on a server with an hourly limit of requests.
type fleet struct {
	*testing.T
	*acctest.Env
	tokens      []*acctest.Instance
	provider    acctest.Arguments
	parallelism int
	// shared is how far the clock advances when only some operations wait for it, and the others wait for these. It is 0 if no
	// operation waits for another.
	shared time.Duration
}

// long is the lifetime of a session that outlasts any run. The real lifetime is unknown, and a new session costs a write.
const long = 24 * time.Hour

func newFleet(t *testing.T, size int, session time.Duration, limit simulator.RateLimit, provider acctest.Arguments) *fleet {
	t.Helper()
	w := acctest.NewOverHTTP(t, simulator.Options{RateLimit: limit, Lifetimes: simulator.Lifetimes{Session: session}})
	w.Clock.Hold()
	f := &fleet{T: t, Env: w, provider: w.LoginArguments(), parallelism: parallelism}
	for name, value := range provider {
		f.provider[name] = value
	}
	for range size {
		f.tokens = append(f.tokens, w.Plain(t))
	}
	return f
}

// together does the work for all tokens, with Terraform's parallelism. The clock advances when all operations in progress are waiting.
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
			wake() // one operation less to wait for
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
		const patience = time.Minute // the timeout of each request, which is not a wait
		stop := context.CancelFunc(func() {})
		if f.shared > 0 {
			until, stop = context.WithTimeout(until, 20*time.Millisecond)
		}
		err := f.Clock.AwaitSleepers(until, waiting, patience)
		stop()
		switch {
		case err == nil:
			f.Clock.Advance(4 * time.Second) // divides the periods of both limits
		case errors.Is(err, context.DeadlineExceeded):
			f.Clock.Advance(f.shared)
		case !errors.Is(err, context.Canceled):
			f.Fatal(err)
		}
	}
	working.Wait()
	wake()
}

// applied is the result of a run of Terraform.
type applied struct {
	failed  atomic.Int64
	refused atomic.Pointer[string] // the message of one refused operation
}

// apply refreshes and plans in one process and applies in another one, as Terraform does. If arguments is nil, it destroys.
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

// nothingLost checks that each token on the server is in the state, with its secret.
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

// confined returns the arguments of a token after an update.
func confined(i int) acctest.Arguments {
	return acctest.Arguments{"name": fmt.Sprintf("token-%d", i), "allowed_ips": []string{"10.0.0.0/8"}}
}

func none(int) acctest.Arguments { return nil }

// TestFleetWaitsForTheLimit verifies that one apply succeeds with any number of tokens if it may wait for as long as the server
// demands, and prints the requests and the duration. The guide contains the same numbers.
func TestFleetWaitsForTheLimit(t *testing.T) {
	t.Parallel()
	size := 1000
	if acctest.Sampled() {
		size = 130
	}
	for name, server := range map[string]struct {
		limit    simulator.RateLimit
		provider acctest.Arguments
		shared   time.Duration
	}{
		"100 writes at once, every hour": {limit: hourly, provider: acctest.Arguments{"max_retry_wait": "1h"}},
		"one write every 36 seconds":     {limit: dripping, shared: 4 * time.Second}, // all wait for the request that names the user
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, size, 10*acctest.Day, server.limit, server.provider)
			f.provider["username"], f.provider["password"] = nil, nil
			f.provider["authtoken"] = f.NewSession(f.Username()) // a login would be one more write
			f.shared = server.shared
			row := "| " + name + " |"
			for _, run := range []struct {
				operation simulator.Operation
				arguments func(i int) acctest.Arguments
			}{{simulator.OpCreate, named}, {simulator.OpUpdate, confined}, {simulator.OpRevoke, none}} {
				began := f.Clock.Now()
				if result := f.apply(run.arguments); result.failed.Load() > 0 {
					t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
				}
				f.nothingLost()
				hours := int(f.Clock.Now().Sub(began).Round(time.Hour).Hours())
				if sent := f.Count(run.operation); sent < size {
					t.Errorf("%d requests were sent to %s, want at least %d", sent, run.operation, size)
				}
				const roundTo = 50 // the number of refused requests depends on timing
				row += fmt.Sprintf(" %d h, %d |", hours, (len(f.Journal())+roundTo/2)/roundTo*roundTo)
				f.ResetJournal()
				f.Clock.Advance(time.Hour)
			}
			acctest.Proves(t, "%d tokens, with the hours and about how many requests it takes to create, change and revoke them: %s", size, row)
			if !acctest.Sampled() { // otherwise too few for the guide
				expectInGuide(t, row)
			}
		})
	}
}

// TestFleetWhoseSessionsEnd verifies that an apply succeeds although every session ends while the apply waits for an hour, however many
// operations notice at the same time.
func TestFleetWhoseSessionsEnd(t *testing.T) {
	t.Parallel()
	const size = 250
	f := newFleet(t, size, 30*time.Minute, hourly, acctest.Arguments{"max_retry_wait": "1h"})
	f.parallelism = 50
	began := f.Clock.Now()
	if result := f.apply(named); result.failed.Load() > 0 {
		t.Fatalf("%d fail: %s", result.failed.Load(), *result.refused.Load())
	}
	f.nothingLost()
	t.Logf("%d tokens with sessions of half an hour, %d at a time: %.0f hours, %d requests to create, %d logins",
		size, f.parallelism, f.Clock.Now().Sub(began).Hours(), f.Count(simulator.OpCreate), f.Count(simulator.OpLogin))
}

// TestFleetOfSlots verifies that slots that took some hours to create take as long to rotate, and as long again to revoke their old
// tokens. It also measures the requests that renewing them costs instead.
func TestFleetOfSlots(t *testing.T) {
	t.Parallel()
	const size = 150
	f := newFleet(t, 0, long, hourly, acctest.Arguments{"max_retry_wait": "1h"})
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

// TestFleetThatRenews verifies how many requests each slot costs that Terraform renews.
func TestFleetThatRenews(t *testing.T) {
	t.Parallel()
	const size = 40
	f := newFleet(t, 0, long, hourly, nil)
	f.shared = 5 * time.Millisecond // a list that waits for others
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
	// The renewals of an apply share their lists. The number of lists depends on timing: a list waits for others by the clock, which
	// stands still here. TestRenewalsShareTheirLists verifies the bound.
	if most := size / 2; renewals != size || lists > most {
		t.Errorf("%d slots took %d renewals and %d lists", size, renewals, lists)
	}
}

// TestFleetThatIsCutShort verifies that an apply that reaches the limit loses nothing, and that the next one continues.
func TestFleetThatIsCutShort(t *testing.T) {
	t.Parallel()
	const size = 250
	f := newFleet(t, size, long, hourly, nil)
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
		// Requests in progress at the limit are refused, and a list checks for their tokens. The remaining requests are not sent.
		if sent, lists := f.Count(simulator.OpCreate), f.Count(simulator.OpList); sent > made+parallelism || lists > 2+parallelism {
			t.Errorf("%d creates and %d lists were sent to make %d tokens, %d at a time", sent, lists, made, parallelism)
		}
		counts = append(counts, made)
		f.Clock.Advance(time.Hour)
	}
	t.Logf("%d tokens at %d writes an hour, an apply each hour that does not wait: %v are created", size, writesAnHour, counts)
	expectInGuide(t, fmt.Sprintf("of 250 new tokens the first apply creates %d, the next one an hour later %d, and the third one the remaining %d",
		counts[0], counts[1], counts[2]))
}

// TestFleetPlan verifies how many requests a plan of many tokens costs.
func TestFleetPlan(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 90, long, hourly, nil)
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

// expectInGuide requires that the guide for fleets contains the sentence. Line breaks do not matter.
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
