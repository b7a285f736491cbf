// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// limitHandler limits concurrent requests where the server does. It follows the session handler, so that a login does not wait for
// the request that needs it, and so that no request holds its turn while it waits on the clock.
type limitHandler struct {
	next     handler
	clock    clock.Clock
	limiter  *limiter
	cooldown *cooldown
}

// notYet makes the retry handler wait again, because a cooldown began while the request waited for its turn.
var notYet = &Error{}

func (h limitHandler) handle(ctx context.Context, a *attempt) *Error {
	leave, err := h.limiter.enter(waitContext(ctx), a.op, a.sends > 0)
	if err != nil {
		return a.failure(Interrupted, nil)
	}
	defer leave()
	if h.cooldown.active(h.clock.Now()) {
		return notYet
	}
	failure := h.next.handle(ctx, a)
	h.limiter.learn(a.op, failure)
	return failure
}
