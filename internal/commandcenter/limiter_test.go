// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "testing"

// enters reports whether an operation may proceed at once.
func enters(l *limiter, op Operation) (leave func(), entered bool) {
	leave, err := l.enter(ended(), op, false)
	return leave, err == nil
}

func TestLimiterLetsRequestsThroughOneByOneAfterA429(t *testing.T) {
	l := &limiter{}
	for range 100 {
		leave, entered := enters(l, OpCreate)
		if !entered {
			t.Fatal("a request waits without a 429")
		}
		defer leave()
	}
	l = &limiter{}
	l.learn(OpCreate, &Error{Kind: Busy, limited: true})
	width := func() (n int) {
		var leaves []func()
		for {
			leave, entered := enters(l, OpUpdate)
			if !entered || n > mostAtATime {
				break
			}
			leaves = append(leaves, leave)
			n++
		}
		for _, leave := range leaves {
			leave()
		}
		return n
	}
	for i, want := range []int{1, 1, 2, 2, 2, 4} {
		if got := width(); got != want {
			t.Errorf("after %d that were let through, %d go at a time, want %d", i, got, want)
		}
		l.learn(OpRevoke, nil)
	}
	l.learn(OpCreate, &Error{Kind: Lost}) // proves nothing
	l.learn(OpCreate, &Error{Kind: Busy})
	if got := width(); got != 4 {
		t.Errorf("%d go at a time after failures that say nothing of a limit", got)
	}
	l.learn(OpCreate, &Error{Kind: Busy, limited: true})
	if got := width(); got != 1 {
		t.Errorf("%d go at a time after another 429", got)
	}
	for range 100 {
		l.learn(OpCreate, &Error{Kind: Refused, Documented: true})
	}
	if got := width(); got <= mostAtATime {
		t.Errorf("%d go at a time after 100 were let through", got)
	}
	if leave, entered := enters(l, OpList); !entered {
		t.Error("a read waits for writes")
	} else {
		leave()
	}
}

func TestLimiterGivesTheNextTurnToARequestThatWasRefused(t *testing.T) {
	l := &limiter{}
	l.learn(OpCreate, &Error{Kind: Busy, limited: true})
	leave, _ := enters(l, OpCreate)
	turns := make(chan string)
	for _, c := range []struct {
		name    string
		refused bool
	}{{"fresh", false}, {"refused", true}} {
		go func() {
			leave, err := l.enter(t.Context(), OpCreate, c.refused)
			if err != nil {
				t.Error(err)
			}
			turns <- c.name
			leave()
		}()
		for queued := 0; queued == 0 || c.refused && queued == 1; {
			l.mu.Lock()
			queued = len(l.lanes[0].queue)
			l.mu.Unlock()
		}
	}
	if leave, entered := enters(l, OpLogin); !entered {
		t.Error("a login waits for the request that it is made for")
	} else {
		leave()
	}
	leave()
	if first, second := <-turns, <-turns; first != "refused" || second != "fresh" {
		t.Errorf("%s went before %s", first, second)
	}
}
