// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// BenchmarkCall reads an empty resource over gRPC in this process, which measures the overhead around the provider's own work. Each
// step includes the previous ones: the unchanged server of the framework, contexts that are released, disabled logs, and delayed
// garbage collection. kept-B/op is the memory that stays on the heap until the process ends. The first two steps write their logs to
// stderr, as a provider does. Compare with benchstat -col /step.
func BenchmarkCall(b *testing.B) {
	quiet := func(b *testing.B) {
		b.Helper()
		plugin.Quieten(address, nil, func(name, value string) error { b.Setenv(name, value); return nil })
	}
	b.Run("step=framework", func(b *testing.B) { benchmark(b, providerserver.NewProtocol6(&small{do: idle})()) })
	b.Run("step=contexts", benchmarkWrapped)
	b.Run("step=logs", func(b *testing.B) {
		quiet(b)
		benchmarkWrapped(b)
	})
	b.Run("step=garbage", func(b *testing.B) {
		quiet(b)
		defer runtime.KeepAlive(plugin.CollectLater(func(string) string { return "" }))
		benchmarkWrapped(b)
	})
}

func benchmarkWrapped(b *testing.B) { benchmark(b, serve(b, idle)) }

func idle(context.Context, func() bool) {}

func benchmark(b *testing.B, server tfprotov6.ProviderServer) {
	read := dial(b, server)
	if err := read(); err != nil { // the first call fills caches
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := heap()
	for b.Loop() {
		if err := read(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((heap()-before)/float64(b.N), "kept-B/op")
	runtime.KeepAlive(server)
}

// heap returns the bytes in use after a garbage collection.
func heap() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}
