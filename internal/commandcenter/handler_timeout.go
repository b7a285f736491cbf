// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"fmt"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// errTimeout is the cause of a context that the timeout handler canceled.
var errTimeout = fmt.Errorf("timeout: %w", context.DeadlineExceeded)

// timeoutHandler limits the duration of one attempt, including the body of its answer, by the client's clock.
type timeoutHandler struct {
	next  handler
	clock clock.Clock
	limit time.Duration
}

func (h timeoutHandler) handle(ctx context.Context, a *attempt) *Error {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := h.clock.AfterFunc(h.limit, func() { cancel(errTimeout) })
	defer cancel(nil)
	defer stop()
	return h.next.handle(ctx, a)
}
