// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"net/http"
	"sync"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// serverTime estimates the server's clock from the Date of its answers. It is safe for concurrent use.
type serverTime struct {
	clock  clock.Clock
	mu     sync.Mutex
	offset time.Duration
}

// dateTolerance is how far an estimate may lie beyond what an answer allows. Date has whole seconds only, and clocks that
// NTP keeps differ by less.
const dateTolerance = 2 * time.Second

// now returns the server's time: this machine's before any answer.
func (s *serverTime) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now().Add(s.offset)
}

// observe takes the Date of an answer of the API, to a request that was sent and answered at these instants of the local
// clock. The server wrote the Date in between, so that the difference lies in an interval. The estimate changes only when
// it lies outside: it stays the same for a run, and is 0 for clocks that agree.
func (s *serverTime) observe(date string, sent, received time.Time) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	least, most := at.Sub(received)-dateTolerance, at.Sub(sent)+time.Second+dateTolerance
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.offset >= least && s.offset <= most:
	case least <= 0 && most >= 0:
		s.offset = 0
	default:
		s.offset = at.Sub(sent.Add(received.Sub(sent) / 2)).Round(time.Second)
	}
}

// Now returns the server's time, in UTC. Before the first answer of the API it is the local time.
func (c *Client) Now() time.Time { return c.time.now() }
