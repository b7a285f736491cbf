// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// BenchmarkRenewals renews many tokens, ten at a time, at a server that takes 50 ms for each request. It reports the lists, for which the
// limit is 2N/p + 2, and the time as a multiple of the two round trips that each renewal needs, for which the limit is 1.3.
func BenchmarkRenewals(b *testing.B) {
	const parallelism, latency = 10, 50 * time.Millisecond
	for _, tokens := range []int{100, 1000} {
		b.Run(fmt.Sprintf("of %d", tokens), func(b *testing.B) {
			server := simulator.New(simulator.Options{})
			if err := server.Listen("127.0.0.1:0", false); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(server.Close)
			host, err := cc.ParseHost(server.URL())
			if err != nil {
				b.Fatal(err)
			}
			client, err := cc.New(cc.Config{
				Base: host, Username: server.Username(), Password: cc.Secret(server.Password()), Clock: clock.System(), RequestTimeout: time.Minute,
			})
			if err != nil {
				b.Fatal(err)
			}
			renewals := make([]cc.Renewal, tokens)
			for i := range renewals {
				issued, err := client.Issue(b.Context(), cc.Spec{Name: fmt.Sprintf("t%d", i)})
				if err != nil {
					b.Fatal(err)
				}
				renewals[i] = renewal(issued)
			}
			for _, operation := range []simulator.Operation{simulator.OpList, simulator.OpRenew} {
				server.OnRequest(operation, func(*http.Request) { time.Sleep(latency) })
			}
			for b.Loop() {
				server.ResetJournal()
				began := time.Now()
				var workers sync.WaitGroup
				queue := make(chan int)
				for range parallelism {
					workers.Go(func() {
						for i := range queue {
							verdict, token, err := client.RenewIfUnspent(b.Context(), renewals[i])
							if err != nil || verdict != cc.PairUnspent {
								b.Errorf("renewal %d: %v, %v", i, verdict, err)
								continue
							}
							renewals[i] = renewal(token)
						}
					})
				}
				for i := range renewals {
					queue <- i
				}
				close(queue)
				workers.Wait()
				ideal := time.Duration(tokens*2) * latency / parallelism
				b.ReportMetric(float64(server.Count(simulator.OpList)), "lists")
				b.ReportMetric(float64(2*tokens/parallelism+2), "lists-limit")
				b.ReportMetric(time.Since(began).Seconds()/ideal.Seconds(), "×ideal")
			}
		})
	}
}
