// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestAnErrorReportsOnlyKnownFacts(t *testing.T) {
	for want, err := range map[string]*cc.Error{
		"the request did not reach Command Center: EOF":                                                {Kind: cc.NeverSent, Attempts: 1, Err: io.EOF},
		"the request was sent, but its answer was lost or unusable (HTTP 502 Bad Gateway, 3 attempts)": {Kind: cc.Lost, Status: 502, Attempts: 3},
		"Command Center refused the request (HTTP 200 OK, error code 7): no":                           {Kind: cc.Refused, Status: 200, Code: 7, Message: "no", Attempts: 1, Documented: true},
		"the request was refused (HTTP 403 Forbidden)":                                                 {Kind: cc.Refused, Status: 403},
		"Command Center refused the request (2 attempts)":                                              {Kind: cc.Failed, Attempts: 2},
		"Command Center does not accept the credential (HTTP 401 Unauthorized)":                        {Kind: cc.Unauthorized, Status: 401},
		"Command Center accepts no requests at the moment (HTTP 429 Too Many Requests). It asked for a wait of 1h0m0s, which is longer than the longest wait allowed": {
			Kind: cc.Busy, Status: 429, Wait: time.Hour + time.Millisecond, TooLong: true,
		},
		"Command Center answered with a redirect, which is not followed because the credential would be sent to its target (HTTP 520)": {
			Kind: cc.Redirected, Status: 520,
		},
		"the run was interrupted before the request was sent": {Kind: cc.Interrupted},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAnErrorDistinguishesASessionFromAnAuthtoken guards that the advice after a 401 can depend on which of them was refused.
func TestAnErrorDistinguishesASessionFromAnAuthtoken(t *testing.T) {
	for _, session := range []bool{true, false} {
		b := newBench(t, simulator.Options{})
		c := b.client()
		if !session {
			c = b.client(authtoken(b.NewSession(b.Username())))
		}
		denied := simulator.NewFault(simulator.Status).WithStatus(401)
		b.FailNext(simulator.OpList, denied, denied)
		_, err := c.Listed(t.Context(), 0)
		if failure := (*cc.Error)(nil); !errors.As(err, &failure) || failure.Kind != cc.Unauthorized || failure.SessionRefused != session {
			t.Errorf("session %t: %v", session, err)
		}
	}
}

// TestAPageIsMentionedOnce guards that a message contains only the title of a page.
func TestAPageIsMentionedOnce(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpList, slices.Repeat([]simulator.Fault{simulator.NewFault(simulator.HTML200)}, 20)...)
	_, err := b.client().Listed(t.Context(), 0)
	if err == nil || strings.Count(err.Error(), "page") != 1 {
		t.Errorf("the error is %v", err)
	}
}

func TestTheKindIsFoundThroughEveryWrapping(t *testing.T) {
	inner := &cc.Error{Kind: cc.Lost, Err: io.EOF}
	for _, err := range []error{
		inner, fmt.Errorf("x: %w", inner), &cc.IssueError{Outcome: cc.Undetermined, Err: inner}, &cc.IssueError{ListErr: inner},
	} {
		if cc.KindOf(err) != cc.Lost || !errors.Is(err, io.EOF) {
			t.Errorf("%v has the kind %d", err, cc.KindOf(err))
		}
	}
	if cc.KindOf(nil) != 0 || cc.KindOf(io.EOF) != 0 {
		t.Error("what is no error of a call has a kind")
	}
}
