// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"time"
)

// The client draws three conclusions that can hurt a user: "this token is ours" (it may be revoked), "this token is gone"
// (it may leave the state), and "this pair is unspent" (it may be sent to Renew). Each is a pure function of its evidence,
// and of nothing else. evidence_test.go lists every combination.

// reply is what a create was answered, as far as it shows whether the token was made.
type reply int

const (
	// replyNone means that the attempt did not leave.
	replyNone reply = iota
	// replyNotTaken means that the answer says that the request was not taken: a 401, 429 or 503, a firewall's page, or a
	// redirect. Something before Command Center may have replaced its answer instead of the request.
	replyNotTaken
	// replyRefused is a refusal in the API's own form.
	replyRefused
	// replyLost means that the request left, and that no usable answer came back.
	replyLost
)

// replyTo classifies the failure of a create by its Kind.
func replyTo(err error) reply {
	var e *Error
	if !errors.As(err, &e) {
		return replyLost
	}
	switch e.Kind {
	case NeverSent, Interrupted:
		return replyNone
	case Busy, Unauthorized:
		if e.rejectedByBreaker || e.loginFailed {
			return replyNone
		}
		return replyNotTaken
	case Redirected:
		return replyNotTaken
	case Refused, Failed:
		if e.Documented {
			return replyRefused
		}
		return replyNotTaken
	case Lost:
	}
	return replyLost
}

// createEvidence is what is known about the tokens of a name after a create that brought no secret.
type createEvidence struct {
	// reply to the last attempt that left.
	reply reply
	// earlier reports whether an attempt before that one may have made the token: its answer was lost, or said that the
	// request was not taken.
	earlier bool
	// generated reports whether the name was drawn for this create alone.
	generated bool
	// absentBefore reports whether the list taken before the create lacks the name, and completeBefore whether that list
	// was complete.
	absentBefore, completeBefore bool
	// appeared is the number of tokens that have the name now.
	appeared int
	// claimed reports whether another create of this process made, or may have made, the token.
	claimed bool
	// agrees reports whether every field that the list shows is as it was asked for.
	agrees bool
}

// isOurs reports whether the token that has the name was made by this create. After anything but a lost answer, a token of
// a fixed name is never ours: another run may have made it in the meantime. Nobody else draws a generated name.
func isOurs(e createEvidence) bool {
	if !e.absentBefore || e.appeared != 1 || e.claimed {
		return false
	}
	if e.generated {
		return e.reply == replyLost || e.reply == replyNotTaken || e.earlier
	}
	return e.reply == replyLost && e.completeBefore && e.agrees
}

// absenceEvidence is what is known about a list that does not hold a token.
type absenceEvidence struct {
	// complete reports whether nothing in the answer speaks of tokens that it leaves out.
	complete bool
	// contradicted reports whether something speaks against the list: the server said that a name is taken which the list
	// lacks, or the list lacks a token that this process made.
	contradicted bool
	// named reports whether an item names the owner, and foreign whether items name users and none of them is the owner.
	named, foreign bool
	// asker is what is known about who asked: whether it is the user who made or imported the token.
	asker askerMatch
	// askedForOwner reports whether the list was asked for with the owner's id.
	askedForOwner bool
	// mayBeHidden reports whether some servers leave such a token out although it exists: it has expired, and can be
	// renewed. showsExpired reports whether the list shows another expired token.
	mayBeHidden, showsExpired bool
}

// askerMatch compares the user who asked for a list with the one who made the token.
type askerMatch int

const (
	// askerUnknown means that one of the two names could not be learned.
	askerUnknown askerMatch = iota
	askerSame
	askerOther
)

// Absence is what a list proves about a token that it does not hold.
type Absence int

const (
	// Gone means that the token does not exist any more.
	Gone Absence = iota + 1
	// NotComplete means that the list may leave tokens out.
	NotComplete
	// NotTheOwners means that the list may be another user's.
	NotTheOwners
	// MayBeHidden means that the server may not list the token although it exists.
	MayBeHidden
)

// absence draws the conclusion. Only Gone lets a token leave the state.
func absence(e absenceEvidence) Absence {
	switch {
	case !e.complete || e.contradicted:
		return NotComplete
	case !e.isOwners():
		return NotTheOwners
	case e.mayBeHidden && !e.showsExpired:
		return MayBeHidden
	default:
		return Gone
	}
}

// isOwners reports whether the list is the owner's: an item names him; or no item names anybody, and whoever asked is the
// one who made the token or, where that cannot be learned, asked for the owner's list.
func (e absenceEvidence) isOwners() bool {
	switch {
	case e.named:
		return true
	case e.foreign:
		return false
	case e.asker == askerUnknown:
		return e.askedForOwner
	default:
		return e.asker == askerSame
	}
}

// notFoundEvidence is what is known after a revocation was answered "not found".
type notFoundEvidence struct {
	// basePathProved reports whether the login or a token call of this process succeeded, so that the API itself has answered.
	basePathProved bool
	// mayBeListed reports whether a list of the owner shows the token, or failed.
	mayBeListed bool
	// asker and foreign: see absenceEvidence.
	asker   askerMatch
	foreign bool
}

// notFoundDoubt says why the answer does not prove that the token is gone, nil if it does. Servers may answer "not found" to
// whoever must not see a token.
func notFoundDoubt(e notFoundEvidence) error {
	switch {
	case !e.basePathProved:
		return ErrTokenNotFound
	case e.mayBeListed:
		return ErrTokenMayBeListed
	case e.asker == askerOther, e.asker == askerUnknown && e.foreign:
		return ErrTokenOfAnother
	default:
		return nil
	}
}

// pairEvidence is what is known about a pair before it is sent to Renew.
type pairEvidence struct {
	// listFailed reports whether the list that was asked for after this renewal failed.
	listFailed bool
	// listed reports whether the list holds the token, and absence what it proves if it does not.
	listed  bool
	absence Absence
	// ours is the expiry that came with the pair, theirs the one that the list shows; zero where it is not known.
	ours, theirs time.Time
}

// PairVerdict says what may be done with a pair.
type PairVerdict int

const (
	// PairUnspent means that the pair may be sent.
	PairUnspent PairVerdict = iota + 1
	// PairUnproven means that nothing is sent and the pair stays: the list failed.
	PairUnproven
	// PairSpent means that somebody else has renewed the token: the pair must never be sent.
	PairSpent
	// PairUncertain means that nothing shows whether the pair is spent: it must never be sent.
	PairUncertain
	// PairGone means that the token is not there any more.
	PairGone
)

// pairVerdict draws the conclusion. It fails closed: only what is proved lets a pair be sent, because a spent one makes the
// server delete every token of its chain (docs).
func pairVerdict(e pairEvidence) PairVerdict {
	switch {
	case e.listFailed:
		return PairUnproven
	case !e.listed && e.absence == Gone:
		return PairGone
	case !e.listed && e.absence != MayBeHidden:
		return PairUncertain
	case e.theirs.IsZero():
		return PairUnspent
	case e.ours.IsZero():
		return PairUncertain
	case RenewedSince(e.ours, e.theirs):
		return PairSpent
	default:
		return PairUnspent
	}
}

// expirySlack is how much later than ours an expiry may be listed. Both numbers are the server's, so clocks do not matter.
const expirySlack = 5 * time.Second

// RenewedSince reports whether an expiry that is listed proves that somebody has renewed the token since ours was returned.
// Servers may round up to whole minutes.
func RenewedSince(ours, listed time.Time) bool {
	if ours.IsZero() || listed.IsZero() || !listed.After(ours.Add(expirySlack)) {
		return false
	}
	roundedUp := ours.Add(time.Minute - time.Second).Truncate(time.Minute)
	return !listed.Equal(roundedUp)
}
