// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

func TestLimitHandlerSendsNothingDuringACooldown(t *testing.T) {
	fake := clock.NewFake(noon)
	next := &scripted{failures: []*Error{{Kind: Busy, limited: true}}}
	h := limitHandler{next: next, clock: fake, limiter: &limiter{}, cooldown: &cooldown{}}
	a := &attempt{request: request{op: OpCreate}}
	if failure := h.handle(t.Context(), a); failure == nil || !failure.limited {
		t.Errorf("the error is %v", failure)
	}
	h.cooldown.until(noon.Add(time.Minute))
	if failure := h.handle(t.Context(), a); failure != notYet || next.handled != 1 {
		t.Errorf("during a cooldown it was sent %d times, and the error is %v", next.handled, failure)
	}
	fake.Advance(time.Minute)
	leave, entered := enters(h.limiter, OpCreate)
	if !entered {
		t.Fatal("no turn was given back")
	}
	if failure := h.handle(ended(), a); failure == nil || failure.Kind != Interrupted || next.handled != 1 {
		t.Errorf("after an interruption it was sent %d times, and the error is %v", next.handled, failure)
	}
	leave()
	if failure := h.handle(t.Context(), a); failure != nil || h.limiter.progress(OpCreate) != 1 {
		t.Errorf("%d were let through, and the error is %v", h.limiter.progress(OpCreate), failure)
	}
}
