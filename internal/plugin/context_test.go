// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// TestCallContext verifies that a callContext behaves like the context that it wraps, and is empty after it is released.
func TestCallContext(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	of, cancel := context.WithDeadline(context.WithValue(t.Context(), luggageKey{}, "carried"), deadline)
	defer cancel()
	c := plugin.NewCallContext(of)
	if got, ok := c.Deadline(); !ok || !got.Equal(deadline) {
		t.Errorf("the deadline is %s, %t", got, ok)
	}
	if c.Value(luggageKey{}) != "carried" || c.Err() != nil || c.Done() != of.Done() {
		t.Error("it is not the context that it was made of")
	}
	cancel()
	if !errors.Is(c.Err(), context.Canceled) {
		t.Errorf("cancelled, its error is %v", c.Err())
	}
	c.Forget()
	if _, ok := c.Deadline(); ok || c.Value(luggageKey{}) != nil || !errors.Is(c.Err(), context.Canceled) {
		t.Error("forgotten, it still says something of what it was made of")
	}
	select {
	case <-c.Done():
	default:
		t.Error("forgotten, it has not ended")
	}
}

// TestCallContextIsCheap verifies that contexts derived from a callContext need no goroutine. The package context starts one for each
// child of a parent that it does not recognise.
func TestCallContextIsCheap(t *testing.T) {
	of, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := plugin.NewCallContext(of)
	before := runtime.NumGoroutine()
	var derived []context.Context
	for range 100 {
		child, cancel := context.WithCancel(c)
		defer cancel()
		derived = append(derived, child)
	}
	if after := runtime.NumGoroutine(); after-before > 50 {
		t.Errorf("100 derived contexts started %d goroutines", after-before)
	}
	cancel()
	for _, child := range derived {
		if child.Err() == nil {
			t.Fatal("the end does not reach what is derived")
		}
	}
}
