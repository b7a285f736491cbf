// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"net/url"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// loggingHandler counts and logs each attempt. It never logs a body, a header, or a query.
type loggingHandler struct {
	next  handler
	clock clock.Clock
	base  *url.URL
	mask  *Mask
	log   func(ctx context.Context, message string, fields map[string]any)
}

func (h loggingHandler) handle(ctx context.Context, a *attempt) *Error {
	a.sends++
	started := h.clock.Now()
	failure := h.next.handle(ctx, a)
	fields := map[string]any{
		"operation":   string(a.op),
		"method":      a.method,
		"path":        h.base.Path + a.path,
		"attempt":     a.sends,
		"duration_ms": h.clock.Now().Sub(started).Milliseconds(),
	}
	if a.status != 0 {
		fields["status"] = a.status
	}
	message := "Command Center answered"
	if failure != nil {
		message = "Command Center call failed"
		fields["error"] = h.mask.Hide(failure.Error())
	}
	h.log(ctx, message, fields)
	return failure
}
