// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// TestAllCreatesSucceedAtOneWriteASecond guards that no create fails because of the others, and that the server is
// not polled repeatedly meanwhile.
func TestAllCreatesSucceedAtOneWriteASecond(t *testing.T) {
	const tokens, parallelism = 30, 10
	for _, retries := range []int{4, 1} {
		b := newBench(t, simulator.Options{RateLimit: simulator.RateLimit{Writes: 1, Period: time.Second, RetryAfter: true}})
		c := b.client(func(cfg *cc.Config) { cfg.MaxRetries = retries })
		next := make(chan int)
		go func() {
			defer close(next)
			for i := range tokens {
				next <- i
			}
		}()
		parallel(parallelism, func(int) {
			for i := range next {
				if _, err := c.Issue(t.Context(), cc.Spec{Name: fmt.Sprint("t", i)}); err != nil {
					t.Errorf("with %d retries: %s", retries, err)
				}
			}
		})
		if requests := len(b.Journal()); len(b.Tokens()) != tokens || requests >= 80 {
			t.Errorf("with %d retries: %d tokens were made with %d requests (%s)", retries, len(b.Tokens()), requests, b.asked())
		}
		t.Logf("with %d retries: %s, in %s", retries, b.asked(), b.clock.Now().Sub(start))
	}
}

func TestTheClientsTimeIsTheServers(t *testing.T) {
	for _, ahead := range []time.Duration{0, 3 * time.Hour, -3 * time.Hour} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{ClockOffset: ahead}})
		c := b.client()
		if got := c.Now(); !got.Equal(start) {
			t.Errorf("before any answer it is %s", got)
		}
		if _, err := c.Tokens(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if got, want := c.Now(), b.clock.Now().Add(ahead); got.Sub(want).Abs() > 2*time.Second || ahead == 0 && !got.Equal(want) {
			t.Errorf("%s ahead: it is %s, want %s", ahead, got, want)
		}
	}
}
