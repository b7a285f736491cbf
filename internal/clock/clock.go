// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package clock is the only source of time in this module: code that needs the time, or has to wait, receives a Clock. Tests pass a
// Fake and do not wait on the wall clock.
package clock

import (
	"context"
	"time"
)

// Clock provides the time and waits.
type Clock interface {
	// Now returns the current instant in UTC.
	Now() time.Time
	// Sleep waits for d. If ctx ends first, Sleep returns the cause.
	Sleep(ctx context.Context, d time.Duration) error
	// AfterFunc calls f in a new goroutine after d. The returned function cancels the call and reports whether it did so in time.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// System returns the clock of the machine.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

func (system) Sleep(ctx context.Context, d time.Duration) error {
	if err := context.Cause(ctx); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (system) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
