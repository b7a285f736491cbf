// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "sync"

// busy counts the requests that run the simulator's own code. Close waits for them.
type busy struct {
	mu    sync.Mutex
	idle  sync.Cond
	count int
}

func (b *busy) enter() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
}

func (b *busy) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count--
	b.idle.Broadcast()
}

func (b *busy) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.count > 0 {
		b.idle.Wait()
	}
}

// outside calls f, a hook or other code that may block, so that Close does not wait for it.
func (s *Server) outside(f func()) {
	s.busy.leave()
	defer s.busy.enter()
	f()
}
