// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
)

// doubt says whether a failed create may have made a token all the same.
type doubt int

const (
	// noDoubt: the server has not seen the request.
	noDoubt doubt = iota
	// refused by Command Center itself. What bears the name is not ours: it may be why.
	refused
	// unlikely: something before Command Center may have refused the answer instead of the request.
	unlikely
	// likely enough to be told as unknown when the list cannot tell.
	likely
)

// doubtAbout judges the failure of an attempt; those before the first were lost.
func doubtAbout(err error, attempt int) doubt {
	var e *Error
	switch {
	case attempt > 0 || !errors.As(err, &e):
		return likely
	case e.Kind == Lost || e.Kind == Failed:
		return likely
	case e.reached:
		return unlikely // a name that is taken may be so by the attempt before
	case e.rejectedByBreaker || e.Kind == NeverSent || e.Kind == Interrupted:
		return noDoubt
	case saidNo(err):
		return refused
	default:
		return unlikely
	}
}

// untold judges a failed create on a server without a list: an answer lost there stays unknown.
func untold(spec Spec, err, noList error, d doubt) *IssueError {
	if d == likely {
		return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: noList}
	}
	return &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
}

// reconcile finds out what a failed create has left behind.
func (c *Client) reconcile(ctx context.Context, spec Spec, before *List, use *nameUse, err error, d doubt) *IssueError {
	nothing := &IssueError{Outcome: NothingCreated, Name: spec.Name, Err: err}
	taken := func(by Token) *IssueError {
		return &IssueError{Outcome: NameTaken, Name: spec.Name, Token: by, Err: err}
	}
	if d == noDoubt {
		return nothing
	}
	known := before.ByName(spec.Name)
	if d == refused && len(known) > 0 {
		return taken(known[0])
	}
	now, listErr := c.freshTokens(ctx, spec.UserID, d == unlikely)
	if listErr != nil {
		if d == likely {
			return &IssueError{Outcome: Undetermined, Name: spec.Name, Err: err, ListErr: listErr}
		}
		return nothing
	}
	found := now.ByName(spec.Name)
	if d != refused {
		for _, t := range found {
			if c.isOurs(t, spec, before, use) {
				use.holds(t.ID)
				c.wrote(spec.UserID, t)
				return &IssueError{Outcome: Orphaned, Name: spec.Name, Token: t, Err: err}
			}
		}
	}
	if len(found) == 0 || d == unlikely && !saidNo(err) && len(known) > 0 {
		return nothing // the name was taken all along, and nothing says that this is why
	}
	return taken(found[0])
}

// isOurs is the rule of adoption: absent before, nobody else's, and as it was asked for.
func (c *Client) isOurs(t Token, spec Spec, before *List, use *nameUse) bool {
	_, wasThere := before.Get(t.ID)
	return !wasThere && use.alone(t.ID) && spec.agrees(t, c.clock.Now())
}
