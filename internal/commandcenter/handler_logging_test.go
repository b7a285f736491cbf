// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

func TestLoggingHandlerLogsEachAttemptWithoutSecrets(t *testing.T) {
	mask := NewMask()
	mask.Add("canary-7f3")
	var lines []map[string]any
	h := loggingHandler{
		next:  stage(func(a *attempt) *Error { a.status = 503; return a.failure(Busy, errors.New("CANARY-7F3 is busy")) }),
		clock: clock.NewFake(noon), base: &url.URL{Path: "/api"}, mask: mask,
		log: func(_ context.Context, _ string, fields map[string]any) { lines = append(lines, fields) },
	}
	a := &attempt{request: request{op: OpList, method: "GET", path: "/x", query: "canary-7f3", body: "canary-7f3"}}
	for range 2 {
		if failure := h.handle(t.Context(), a); failure == nil || failure.Kind != Busy {
			t.Errorf("the error is %v", failure)
		}
	}
	h.next = stage(func(a *attempt) *Error { a.status = 200; return nil })
	if failure := h.handle(t.Context(), a); failure != nil {
		t.Errorf("the error is %v", failure)
	}
	if len(lines) != 3 || a.sends != 3 {
		t.Fatalf("logged %v", lines)
	}
	for i, line := range lines {
		_, failed := line["error"]
		if line["attempt"] != i+1 || line["operation"] != "list" || line["method"] != "GET" || line["path"] != "/api/x" || failed != (i < 2) {
			t.Errorf("logged %v", line)
		}
		if strings.Contains(strings.ToLower(fmt.Sprint(line)), "canary") {
			t.Errorf("logged a secret: %v", line)
		}
	}
}

// stage is a function that acts as a handler.
type stage func(a *attempt) *Error

func (s stage) handle(_ context.Context, a *attempt) *Error { return s(a) }
