// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"sync"
	"time"
)

// rateLimitBreaker records for each operation that the server's rate limit blocks it for longer than this run may wait. The SaaS
// limits writes by hour and tenant, and answers 429 (docs). Without the breaker, each of the remaining creates of a large run would
// be refused too, and the list that follows each refusal would use up the read quota of all clients. A 503 does not open the
// breaker, because it may come from one of several gateways.
type rateLimitBreaker struct {
	mu  sync.Mutex
	ops map[Operation]openBreaker
}

// openBreaker is the time until which an operation is refused, with the answer that caused it.
type openBreaker struct {
	end time.Time
	by  *Error
}

// open refuses op until end, because of the answer by.
func (b *rateLimitBreaker) open(op Operation, end time.Time, by *Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ops == nil {
		b.ops = map[Operation]openBreaker{}
	}
	if end.After(b.ops[op].end) {
		b.ops[op] = openBreaker{end, by}
	}
}

// refusal returns the error for a request that must not be sent, or nil if it may be sent.
func (b *rateLimitBreaker) refusal(op Operation, now time.Time) *Error {
	b.mu.Lock()
	defer b.mu.Unlock()
	breaker := b.ops[op]
	if !now.Before(breaker.end) {
		return nil
	}
	return &Error{
		Operation: op, Kind: Busy, Status: breaker.by.Status, Code: breaker.by.Code, Message: breaker.by.Message,
		Documented: breaker.by.Documented, Wait: breaker.end.Sub(now).Round(time.Second), TooLong: true,
		Cause: CauseWaitTooLong, rejectedByBreaker: true,
	}
}
