// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"sync"
	"time"
)

// closed remembers for each operation that the server's limit refuses it for longer than this run may wait: SaaS limits
// writes by the hour and tenant, and answers 429 (docs). The rest of a thousand creates would only be refused as well, and the
// list that is taken after each refusal would use up the reads of everybody else. A 503 may be that of one gateway, and
// closes nothing.
type closed struct {
	mu  sync.Mutex
	ops map[Operation]closing
}

// closing is how long an operation is refused, and the answer that said so.
type closing struct {
	end time.Time
	by  *Error
}

// until is told that the server refuses op before end, and by which answer.
func (c *closed) until(op Operation, end time.Time, by *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ops == nil {
		c.ops = map[Operation]closing{}
	}
	if end.After(c.ops[op].end) {
		c.ops[op] = closing{end, by}
	}
}

// refusal is the error of a request that is not sent, nil if it may be.
func (c *closed) refusal(op Operation, now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	told := c.ops[op]
	if !now.Before(told.end) {
		return nil
	}
	return &Error{
		Operation: op, Kind: Busy, Status: told.by.Status, Code: told.by.Code, Message: told.by.Message,
		Documented: told.by.Documented, Wait: told.end.Sub(now).Round(time.Second), TooLong: true, held: true,
	}
}
