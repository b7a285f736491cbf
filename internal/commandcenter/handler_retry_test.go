// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// scripted is a last stage that returns the given failures and then succeeds.
type scripted struct {
	failures []*Error
	handled  int
	during   func(a *attempt)
}

func (s *scripted) handle(_ context.Context, a *attempt) *Error {
	s.handled++
	a.sends++
	if s.during != nil {
		s.during(a)
	}
	if len(s.failures) == 0 {
		return nil
	}
	failure := *s.failures[0]
	failure.Operation = a.op
	s.failures = s.failures[1:]
	return &failure
}

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func retrying(next handler, fake *clock.Fake) retryHandler {
	return retryHandler{
		next: next, clock: fake, cooldown: &cooldown{}, breaker: &rateLimitBreaker{}, limiter: &limiter{},
		maxRetries: 2, longestWait: time.Minute,
	}
}

func TestRetryHandlerRepeatsWhereThatIsSafe(t *testing.T) {
	limited := &Error{Kind: Busy, Status: 429, limited: true, Wait: 30 * time.Second}
	for name, c := range map[string]struct {
		failure *Error
		handled map[Operation]int
	}{
		"never sent":      {&Error{Kind: NeverSent}, map[Operation]int{OpCreate: 2, OpList: 2, OpUpdate: 2, OpRevoke: 2, OpLogin: 2, OpWhoAmI: 2, OpRenew: 1}},
		"429":             {limited, map[Operation]int{OpCreate: 2, OpList: 2, OpUpdate: 2, OpRevoke: 2, OpLogin: 2, OpWhoAmI: 2, OpRenew: 1}},
		"lost":            {&Error{Kind: Lost}, map[Operation]int{OpCreate: 1, OpList: 2, OpUpdate: 2, OpRevoke: 2, OpLogin: 1, OpWhoAmI: 2, OpRenew: 1}},
		"failed":          {&Error{Kind: Failed}, map[Operation]int{OpCreate: 1, OpList: 2, OpUpdate: 2, OpRevoke: 2, OpLogin: 1, OpWhoAmI: 2, OpRenew: 1}},
		"refused":         {&Error{Kind: Refused}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
		"unauthorized":    {&Error{Kind: Unauthorized}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
		"redirected":      {&Error{Kind: Redirected}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
		"certificate":     {&Error{Kind: NeverSent, Cause: CauseUnknownAuthority}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
		"proxy":           {&Error{Kind: NeverSent, Cause: CauseProxyAuthentication}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
		"of the login":    {&Error{Kind: NeverSent, loginFailed: true}, map[Operation]int{OpCreate: 1, OpList: 1}},
		"too long a wait": {&Error{Kind: Busy, Wait: time.Hour}, map[Operation]int{OpCreate: 1, OpList: 1, OpLogin: 1}},
	} {
		for op, want := range c.handled {
			next := &scripted{failures: []*Error{c.failure}}
			fake := clock.NewFake(noon)
			failure := retrying(next, fake).handle(t.Context(), &attempt{request: request{op: op}})
			if next.handled != want || (failure == nil) != (want == 2) {
				t.Errorf("%s, %s: sent %d times, want %d; the error is %v", name, op, next.handled, want, failure)
			}
			if waited := fake.Now().Sub(noon); (waited > 0) != (want == 2) || waited < c.failure.Wait && want == 2 {
				t.Errorf("%s, %s: waited %s", name, op, waited)
			}
		}
	}
}

func TestRetryHandlerDoesNotCountRefusalsWhileOthersProgress(t *testing.T) {
	limited := &Error{Kind: Busy, Status: 429, limited: true, Wait: time.Second}
	for _, othersProgress := range []bool{true, false} {
		next := &scripted{failures: []*Error{limited, limited, limited, limited, limited, limited, limited}}
		h := retrying(next, clock.NewFake(noon))
		if othersProgress {
			next.during = func(a *attempt) { h.limiter.learn(a.op, nil) }
		}
		failure := h.handle(t.Context(), &attempt{request: request{op: OpCreate}})
		if want := map[bool]int{true: 8, false: 3}[othersProgress]; next.handled != want || (failure == nil) != othersProgress {
			t.Errorf("others progress: %t: sent %d times, want %d; the error is %v", othersProgress, next.handled, want, failure)
		}
	}
}

func TestRetryHandlerSendsACallOnce(t *testing.T) {
	next := &scripted{failures: []*Error{{Kind: Busy}, {Kind: Busy}}}
	fake := clock.NewFake(noon)
	h := retrying(next, fake)
	failure := h.handle(t.Context(), &attempt{request: request{op: OpList, once: true}})
	if failure == nil || next.handled != 1 || len(fake.Slept()) > 0 {
		t.Errorf("sent %d times, waited %v, and the error is %v", next.handled, fake.Slept(), failure)
	}
	c := &Client{clock: fake, cooldown: h.cooldown}
	failure.Wait = 10 * time.Second
	if err := c.waitBeforeRepeat(t.Context(), failure, 1); err != nil || fake.Now().Sub(noon) < failure.Wait {
		t.Errorf("waited %s, and the error is %v", fake.Now().Sub(noon), err)
	}
	failure.TooLong = true
	if err := c.waitBeforeRepeat(t.Context(), failure, 1); err == nil {
		t.Error("waited for longer than allowed")
	}
	interrupted, stop := context.WithCancel(t.Context())
	stop()
	if err := c.waitBeforeRepeat(interrupted, &Error{Kind: Busy}, 1); err == nil {
		t.Error("waited after an interruption")
	}
}

func TestARetryAfterDateIsComparedWithTheDateOfItsAnswer(t *testing.T) {
	server := noon.Add(5 * time.Hour)
	header := http.Header{}
	header.Set("Retry-After", server.Add(40*time.Second).Format(http.TimeFormat))
	if got := askedWait(header, server); got != 40*time.Second {
		t.Errorf("without a Date: %s", got)
	}
	header.Set("Date", server.Format(http.TimeFormat))
	if got := askedWait(header, noon); got != 40*time.Second {
		t.Errorf("with a Date: %s", got)
	}
}
