// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strconv"
	"time"
)

// window counts requests in a period that starts with the first request.
type window struct {
	began time.Time
	count int
}

// admit counts a request and reports whether it is within the limit. 0 means no limit.
func (w *window) admit(now time.Time, limit int, period time.Duration) bool {
	if limit <= 0 {
		return true
	}
	if w.count == 0 || now.Sub(w.began) >= period {
		*w = window{began: now}
	}
	if w.count >= limit {
		return false
	}
	w.count++
	return true
}

// overLimit returns a 429 if the request exceeds the limit, or nil. API.md#rate-limits (docs).
func (s *Server) overLimit(c call) *answer {
	limit := s.options.RateLimit
	now := s.store.now()
	counted, allowed := &s.store.writes, limit.Writes
	if c.method == http.MethodGet || c.method == http.MethodHead {
		counted, allowed = &s.store.reads, limit.Reads
	}
	if counted.admit(now, allowed, limit.Period) {
		return nil
	}
	a := jsonAnswer(http.StatusTooManyRequests, wireError{Code: codeTooMany, Message: "Too many requests"})
	again := counted.began.Add(limit.Period)
	switch {
	case limit.RetryAfter && limit.RetryDate:
		a.header.Set("Retry-After", again.Add(time.Second-1).Truncate(time.Second).Format(http.TimeFormat))
	case limit.RetryAfter:
		a.header.Set("Retry-After", inSeconds(again.Sub(now)))
	default:
		a.header.Set("X-RateLimit-Limit", strconv.Itoa(allowed))
		a.header.Set("X-RateLimit-Period", inSeconds(limit.Period))
	}
	return &a
}

// inSeconds rounds up, so that a client that waits that long does not retry too early.
func inSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}
