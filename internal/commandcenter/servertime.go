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

// dateTolerance is how far an estimate may lie outside the interval of an answer. Date has a resolution of one second, and clocks
// synchronized by NTP differ by less than this.
const dateTolerance = 2 * time.Second

// now returns the server's time. Before the first answer it is the local time.
func (s *serverTime) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now().Add(s.offset)
}

// observe takes the Date of an answer of the API, and the local instants at which the request was sent and the answer received. The
// server wrote the Date between the two, so the difference of the clocks lies within an interval. The estimate changes only when it
// lies outside that interval. It therefore stays constant during a run, and is 0 for clocks that agree.
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
