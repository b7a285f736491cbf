// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"time"
)

// The client draws three conclusions that can hurt a user: "this token is ours" (it may be revoked), "this token is gone" (it may
// be removed from state), and "this pair is unspent" (it may be sent to Renew). Each is a pure function of its evidence.
// evidence_test.go tests every combination.

// reply classifies the answer to a create by whether the token may have been created.
type reply int

const (
	// replyNone means that the attempt was not sent.
	replyNone reply = iota
	// replyNotTaken means that, according to the answer, the request was not processed: a 401, 429 or 503, a firewall's page, or a
	// redirect. An intermediary may have replaced the answer of Command Center instead of blocking the request.
	replyNotTaken
	// replyRefused is a refusal in the API's own form.
	replyRefused
	// replyLost means that the request was sent and no usable answer was received.
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

// createEvidence describes the tokens with a name after a create that returned no secret.
type createEvidence struct {
	// reply is the reply to the last attempt that was sent.
	reply reply
	// earlier reports whether a previous attempt may have created the token: its answer was lost, or was a replyNotTaken.
	earlier bool
	// generated reports whether the name was generated for this create alone.
	generated bool
	// absentBefore reports whether the name was absent from the list before the create, and completeBefore whether that list was
	// complete.
	absentBefore, completeBefore bool
	// appeared is the number of tokens that have the name now.
	appeared int
	// claimed reports whether another create of this process made, or may have made, the token.
	claimed bool
	// agrees reports whether every listed field matches the request.
	agrees bool
}

// isOurs reports whether this create made the token that has the name. Only after a lost answer can a token with a fixed name be
// ours; otherwise another run may have made it in the meantime. No other run uses a generated name.
func isOurs(e createEvidence) bool {
	if !e.absentBefore || e.appeared != 1 || e.claimed {
		return false
	}
	if e.generated {
		return e.reply == replyLost || e.reply == replyNotTaken || e.earlier
	}
	return e.reply == replyLost && e.completeBefore && e.agrees
}

// absenceEvidence describes a list that does not contain a token.
type absenceEvidence struct {
	// complete reports whether nothing in the answer indicates omitted tokens.
	complete bool
	// contradicted reports whether the list is known to be wrong: it lacks a name that the server reports as taken, or a token that
	// this process made.
	contradicted bool
	// named reports whether an item names the owner. foreign reports whether items name users, but not the owner.
	named, foreign bool
	// asker reports whether the user who requested the list is the one who made or imported the token.
	asker askerMatch
	// askedForOwner reports whether the list was requested with the owner's id.
	askedForOwner bool
	// mayBeHidden reports whether some servers omit such a token although it exists: it has expired and can be renewed.
	// showsExpired reports whether the list shows another expired token.
	mayBeHidden, showsExpired bool
}

// askerMatch compares the user who requested a list with the one who made the token.
type askerMatch int

const (
	// askerUnknown means that one of the two names is unknown.
	askerUnknown askerMatch = iota
	askerSame
	askerOther
)

// Absence is what a list proves about a token that it does not contain.
type Absence int

const (
	// Gone means that the token no longer exists.
	Gone Absence = iota + 1
	// NotComplete means that the list may omit tokens.
	NotComplete
	// NotTheOwners means that the list may belong to another user.
	NotTheOwners
	// MayBeHidden means that the server may omit the token although it exists.
	MayBeHidden
)

// absence draws the conclusion. Only Gone allows a token to be removed from state.
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

// isOwners reports whether the list belongs to the owner. This is the case if an item names the owner. If no item names a user, the
// list belongs to the owner if the asker made the token or, where that is unknown, requested the list with the owner's id.
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

// notFoundEvidence describes a revocation that was answered "not found".
type notFoundEvidence struct {
	// basePathProved reports whether a login or a token call of this process has succeeded, which proves that the API itself
	// answered.
	basePathProved bool
	// mayBeListed reports whether a list of the owner shows the token, or failed.
	mayBeListed bool
	// asker and foreign: see absenceEvidence.
	asker   askerMatch
	foreign bool
}

// notFoundDoubt returns the reason why the answer does not prove that the token is gone, or nil if it does. Servers may answer "not
// found" to users who are not allowed to see a token.
func unprovedNotFound(e notFoundEvidence) error {
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

// pairEvidence describes a pair before it is sent to Renew.
type pairEvidence struct {
	// listFailed reports whether the list requested for this renewal failed.
	listFailed bool
	// listed reports whether the list contains the token. If it does not, absence is what the list proves about it.
	listed  bool
	absence Absence
	// ours is the expiry that came with the pair, and theirs the listed one. Either is zero if unknown.
	ours, theirs time.Time
}

// PairVerdict decides whether a pair may be sent.
type PairVerdict int

const (
	// PairUnspent means that the pair may be sent.
	PairUnspent PairVerdict = iota + 1
	// PairUnproven means that nothing is sent and the pair is kept, because the list failed.
	PairUnproven
	// PairSpent means that somebody else has renewed the token. The pair must never be sent.
	PairSpent
	// PairUncertain means that nothing proves whether the pair is spent. It must never be sent.
	PairUncertain
	// PairGone means that the token no longer exists.
	PairGone
)

// pairVerdict draws the conclusion. It fails closed: a pair is sent only on evidence, because a spent one makes the server delete
// every token of its chain (docs).
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

// expirySlack is the tolerance for a listed expiry later than ours. Both come from the server, so clock skew does not matter.
const expirySlack = 5 * time.Second

// RenewedSince reports whether a listed expiry proves that somebody has renewed the token since ours was returned. Servers may
// round up to whole minutes.
func RenewedSince(ours, listed time.Time) bool {
	if ours.IsZero() || listed.IsZero() || !listed.After(ours.Add(expirySlack)) {
		return false
	}
	roundedUp := ours.Add(time.Minute - time.Second).Truncate(time.Minute)
	return !listed.Equal(roundedUp)
}
