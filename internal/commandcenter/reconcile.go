// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"regexp"
	"strings"
)

// creation is a token that is being created.
type creation struct {
	client *Client
	spec   Spec
	before *List
	// noList is the reason why there is no list to compare with, or nil if there is one.
	noList error
	use    *nameUse
	// lost is set once the answer to an attempt was lost.
	lost bool
}

// reconcile determines the result of a failed attempt, and reports whether the create may be sent again.
func (n *creation) reconcile(ctx context.Context, err error) (failure *IssueError, again bool) {
	last, earlier := replyTo(err), n.lost || mayBeTakenBefore(err)
	n.lost = n.lost || last == replyLost
	known := n.before.similar(n.spec.Name, saysNameTaken(err))
	switch {
	case last == replyNone && !earlier:
		return n.failed(NothingCreated, err), false
	case n.noList != nil:
		return n.unlisted(err, n.noList), false
	case last == replyRefused && !earlier && len(known) > 0:
		return n.found(NameTaken, known[0], err), false
	}
	now, listErr := n.client.FreshTokens(ctx, n.spec.UserID)
	if listErr != nil {
		return n.unlisted(err, listErr), false
	}
	return n.judge(err, earlier, now)
}

// judge compares the list taken after a failed attempt with the one taken before the create.
func (n *creation) judge(err error, earlier bool, now *List) (failure *IssueError, again bool) {
	last, found := replyTo(err), now.ByName(n.spec.Name)
	fresh := len(n.before.ByName(n.spec.Name)) == 0
	claimed := len(found) > 0 && n.use.claimed(found[0].ID)
	switch {
	case len(found) > 0 && isOurs(createEvidence{
		reply: last, earlier: earlier, generated: n.spec.Generated,
		absentBefore: fresh, completeBefore: n.before.incompleteness() == nil,
		appeared: len(found), claimed: claimed, agrees: n.spec.agrees(found[0], n.client.Now()),
	}):
		n.use.holds(found[0].ID)
		n.client.wrote(n.spec.UserID, found[0])
		return n.found(Orphaned, found[0], err), false
	case last == replyRefused:
		mayBeOwn := earlier || !n.spec.Generated && !saysNameTaken(err)
		return n.refused(err, mayBeOwn && fresh && !claimed, now), false
	case len(found) == 0 && now.incompleteness() != nil:
		return n.unlisted(err, now.incompleteness()), false
	case len(found) == 0:
		return n.failed(NothingCreated, err), last == replyLost
	case fresh && !claimed:
		return n.found(Appeared, found[0], err), false
	case last == replyLost || claimed:
		return n.found(NameTaken, found[0], err), false
	default:
		return n.failed(NothingCreated, err), false // the name was already taken, and nothing indicates that this is the reason
	}
}

// refused handles a documented refusal. Any token that has the name may be the reason for it. If such a token appeared during the
// create and the refusal has another reason, an earlier attempt or this one may have made the token.
func (n *creation) refused(err error, mayBeOwn bool, now *List) *IssueError {
	nameTaken := saysNameTaken(err)
	holders := now.similar(n.spec.Name, nameTaken)
	switch {
	case len(holders) > 0 && mayBeOwn:
		return n.found(Appeared, holders[0], err)
	case len(holders) > 0:
		return n.found(NameTaken, holders[0], err)
	case nameTaken:
		n.client.inventory.contradict(n.spec.UserID)
	}
	if nameTaken && n.lost {
		return n.unlisted(err, errors.New("the list does not contain the token that has the name"))
	}
	return n.failed(NothingCreated, err)
}

func (n *creation) failed(outcome Outcome, err error) *IssueError {
	return &IssueError{Outcome: outcome, Name: n.spec.Name, Err: err}
}

func (n *creation) found(outcome Outcome, t Token, err error) *IssueError {
	failure := &IssueError{Outcome: outcome, Name: n.spec.Name, Token: t, Err: err}
	failure.Sibling = outcome == NameTaken && (n.use.claimed(t.ID) || n.client.inventory.hasMade(t.ID))
	return failure
}

// unlisted returns the error for a failed create if no list shows its result.
func (n *creation) unlisted(err, listErr error) *IssueError {
	if !n.lost {
		return n.failed(NothingCreated, err)
	}
	failure := n.failed(Undetermined, err)
	failure.ListErr = listErr
	return failure
}

// mayBeTakenBefore reports whether the server may have processed an attempt of the call before the last one.
func mayBeTakenBefore(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.mayBeTaken
}

// alreadyPresent matches the server's message for a name that is taken (field). Its error code is unknown.
var alreadyPresent = regexp.MustCompile(`(?i)already (present|exists?)`)

// saysNameTaken reports whether the server refused a create because of its name.
func saysNameTaken(err error) bool {
	var e *Error
	return errors.As(err, &e) && replyTo(err) == replyRefused && alreadyPresent.MatchString(e.Message)
}

// sameName reports whether two names are equal to a server that ignores letter case and surrounding white space.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
