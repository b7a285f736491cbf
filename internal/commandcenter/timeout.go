// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// errTimeout ends an attempt that took longer than request_timeout.
var errTimeout = fmt.Errorf("request_timeout: %w", context.DeadlineExceeded)

// timedTransport bounds an attempt, its body included, by the client's clock.
type timedTransport struct {
	next  http.RoundTripper
	clock clock.Clock
	limit time.Duration
}

// RoundTrip sends the request. The time runs until the body is closed.
func (t timedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	stop := t.clock.AfterFunc(t.limit, func() { cancel(errTimeout) })
	end := func() {
		stop()
		cancel(nil)
	}
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		err = timedOut(ctx, err)
		end()
		return nil, err
	}
	resp.Body = &timedBody{ReadCloser: resp.Body, ctx: ctx, end: end}
	return resp, nil
}

// CloseIdleConnections is asked for after a failure: the next call begins with a connection of its own.
func (t timedTransport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

type timedBody struct {
	io.ReadCloser
	ctx context.Context
	end func()
}

// Read tells of the timeout where it is why nothing more comes.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = timedOut(b.ctx, err)
	}
	return n, err
}

// Close ends the attempt.
func (b *timedBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}

// timedOut is errTimeout if that is why ctx ended, and err otherwise.
func timedOut(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return errTimeout
	}
	return err
}
