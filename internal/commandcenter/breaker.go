// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"sync"
	"time"
)

// rateLimitBreaker remembers for each operation that the server's limit refuses it for longer than this run may wait: the
// SaaS limits writes by the hour and tenant, and answers 429 (docs). The rest of a thousand creates would only be refused
// as well, and the list that follows each refusal would use up everybody's reads. A 503 may come from one gateway of
// several, and does not open the breaker.
type rateLimitBreaker struct {
	mu  sync.Mutex
	ops map[Operation]openBreaker
}

// openBreaker is how long an operation is refused, and the answer that said so.
type openBreaker struct {
	end time.Time
	by  *Error
}

// open refuses op before end, because of the answer by.
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

// refusal returns the error of a request that must not be sent, nil if it may.
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
