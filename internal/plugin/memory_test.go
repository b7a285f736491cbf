// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// TestGarbageIsCollectedLater verifies when collections start, and that the user's own settings are not changed.
func TestGarbageIsCollectedLater(t *testing.T) { // not parallel: there is one heap
	for environ, later := range map[string]bool{"": true, "GOGC=100": false, "GOGC=off": false, "GOMEMLIMIT=1GiB": false} {
		before := nextCollection()
		reserve := plugin.CollectLater(func(name string) string {
			set, value, _ := strings.Cut(environ, "=")
			if set == name {
				return value
			}
			return ""
		})
		if grown := nextCollection() - before; later && grown < plugin.Reserved || !later && grown > plugin.Reserved/2 {
			t.Errorf("with %q, the next collection is %.1f MB later", environ, grown/1e6)
		}
		runtime.KeepAlive(reserve)
	}
}

// nextCollection returns the heap size in bytes at which the next collection starts.
func nextCollection() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.NextGC)
}
