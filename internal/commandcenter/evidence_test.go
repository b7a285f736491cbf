// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestReplyTo(t *testing.T) {
	names, byName := kinds(t)
	truth{
		[]fact{{"kind", names}, {"documented", yesOrNo}, {"rejected by the breaker", yesOrNo}, {"the login failed", yesOrNo}},
		[]string{
			"NeverSent|Interrupted  *    *   *    none",
			"Lost                   *    *   *    lost",
			"Refused|Failed         yes  *   *    refused",
			"Refused|Failed         no   *   *    not-taken",
			"Busy|Unauthorized      *    yes *    none",
			"Busy|Unauthorized      *    no  yes  none",
			"Busy|Unauthorized      *    no  no   not-taken",
			"Redirected             *    *   *    not-taken",
		},
	}.check(t, func(is map[string]string) string {
		err := &Error{
			Kind: byName[is["kind"]], Documented: is["documented"] == "yes",
			rejectedByBreaker: is["rejected by the breaker"] == "yes", loginFailed: is["the login failed"] == "yes",
		}
		return nameOf(replyTo(fmt.Errorf("wrapped: %w", err)))
	})
	if got := replyTo(errors.New("anything else")); got != replyLost {
		t.Errorf("an unknown error is %s", nameOf(got))
	}
}

var replies = map[string]reply{"none": replyNone, "not-taken": replyNotTaken, "refused": replyRefused, "lost": replyLost}

func nameOf(r reply) string {
	for name, known := range replies {
		if known == r {
			return name
		}
	}
	return "unknown"
}

func TestIsOurs(t *testing.T) {
	truth{
		[]fact{
			{"name", []string{"fixed", "generated"}},
			{"reply", []string{"none", "not-taken", "refused", "lost"}},
			{"earlier", yesOrNo}, {"absent before", yesOrNo}, {"complete before", yesOrNo},
			{"appeared", []string{"0", "1", "2"}}, {"claimed", yesOrNo}, {"agrees", yesOrNo},
		},
		[]string{
			// name     reply                  earlier absent complete appeared claimed agrees
			"fixed      lost                   *       yes    yes      1        no      yes     ours",
			"fixed      lost                   *       yes    yes      1        no      no      not",
			"fixed      lost                   *       yes    yes      1        yes     *       not",
			"fixed      lost                   *       yes    yes      0|2      *       *       not",
			"fixed      lost                   *       yes    no       *        *       *       not",
			"fixed      lost                   *       no     *        *        *       *       not",
			"fixed      none|not-taken|refused *       *      *        *        *       *       not",
			"generated  lost|not-taken         *       yes    *        1        no      *       ours",
			"generated  none|refused           yes     yes    *        1        no      *       ours",
			"generated  none|refused           no      yes    *        1        no      *       not",
			"generated  *                      *       yes    *        1        yes     *       not",
			"generated  *                      *       yes    *        0|2      *       *       not",
			"generated  *                      *       no     *        *        *       *       not",
		},
	}.check(t, func(is map[string]string) string {
		ours := isOurs(createEvidence{
			reply: replies[is["reply"]], earlier: is["earlier"] == "yes", generated: is["name"] == "generated",
			absentBefore: is["absent before"] == "yes", completeBefore: is["complete before"] == "yes",
			appeared: int(is["appeared"][0] - '0'), claimed: is["claimed"] == "yes", agrees: is["agrees"] == "yes",
		})
		return map[bool]string{true: "ours", false: "not"}[ours]
	})
}

func TestAbsence(t *testing.T) {
	askers := map[string]askerMatch{"unknown": askerUnknown, "same": askerSame, "other": askerOther}
	results := map[Absence]string{Gone: "gone", NotComplete: "not-complete", NotTheOwners: "not-the-owners", MayBeHidden: "may-be-hidden"}
	truth{
		[]fact{
			{"complete", yesOrNo}, {"contradicted", yesOrNo}, {"names", []string{"the-owner", "others", "both", "nobody"}},
			{"asker", []string{"unknown", "same", "other"}}, {"asked for the owner", yesOrNo},
			{"may be hidden", yesOrNo}, {"shows expired", yesOrNo},
		},
		[]string{
			// complete contradicted names asker asked hidden expired
			"no   *    *               *        *    *    *    not-complete",
			"yes  yes  *               *        *    *    *    not-complete",
			"yes  no   others          *        *    *    *    not-the-owners",
			"yes  no   nobody          other    *    *    *    not-the-owners",
			"yes  no   nobody          unknown  no   *    *    not-the-owners",
			"yes  no   the-owner|both  *        *    no   *    gone",
			"yes  no   the-owner|both  *        *    yes  yes  gone",
			"yes  no   the-owner|both  *        *    yes  no   may-be-hidden",
			"yes  no   nobody          same     *    no   *    gone",
			"yes  no   nobody          same     *    yes  yes  gone",
			"yes  no   nobody          same     *    yes  no   may-be-hidden",
			"yes  no   nobody          unknown  yes  no   *    gone",
			"yes  no   nobody          unknown  yes  yes  yes  gone",
			"yes  no   nobody          unknown  yes  yes  no   may-be-hidden",
		},
	}.check(t, func(is map[string]string) string {
		return results[absence(absenceEvidence{
			complete: is["complete"] == "yes", contradicted: is["contradicted"] == "yes",
			named: is["names"] == "the-owner" || is["names"] == "both", foreign: is["names"] == "others",
			asker: askers[is["asker"]], askedForOwner: is["asked for the owner"] == "yes",
			mayBeHidden: is["may be hidden"] == "yes", showsExpired: is["shows expired"] == "yes",
		})]
	})
}

func TestNotFoundDoubt(t *testing.T) {
	askers := map[string]askerMatch{"unknown": askerUnknown, "same": askerSame, "other": askerOther}
	results := map[error]string{
		nil: "gone", ErrTokenNotFound: "unproved", ErrTokenMayBeListed: "may-be-listed", ErrTokenOfAnother: "another's",
	}
	truth{
		[]fact{
			{"base path proved", yesOrNo}, {"may be listed", yesOrNo}, {"asker", []string{"unknown", "same", "other"}}, {"foreign", yesOrNo},
		},
		[]string{
			// proved listed asker foreign
			"no   *    *        *    unproved",
			"yes  yes  *        *    may-be-listed",
			"yes  no   other    *    another's",
			"yes  no   unknown  yes  another's",
			"yes  no   unknown  no   gone",
			"yes  no   same     *    gone",
		},
	}.check(t, func(is map[string]string) string {
		return results[unprovedNotFound(notFoundEvidence{
			basePathProved: is["base path proved"] == "yes", mayBeListed: is["may be listed"] == "yes",
			asker: askers[is["asker"]], foreign: is["foreign"] == "yes",
		})]
	})
}

// noonThere is the expiry that came with a pair, by the server's clock.
var noonThere = time.Date(2026, time.November, 23, 12, 0, 1, 0, time.UTC)

// expiries are listed expiries, as offsets from ours.
var expiries = map[string]time.Duration{
	"earlier": -time.Hour, "rounded-down": -time.Second, "the-same": 0, "5s-later": 5 * time.Second, "6s-later": 6 * time.Second,
	"a-minute-up": 59 * time.Second, "a-minute-later": time.Minute, "later": 30 * time.Minute,
}

func TestRenewedSince(t *testing.T) {
	truth{
		[]fact{
			{"ours", []string{"known", "unknown"}},
			{"theirs", []string{"unknown", "earlier", "rounded-down", "the-same", "5s-later", "6s-later", "a-minute-up", "a-minute-later", "later"}},
		},
		[]string{
			"unknown  *                                                           no",
			"known    unknown|earlier|rounded-down|the-same|5s-later|a-minute-up  no",
			"known    6s-later|a-minute-later|later                               yes",
		},
	}.check(t, func(is map[string]string) string {
		return map[bool]string{true: "yes", false: "no"}[RenewedSince(oursOf(is["ours"]), theirsOf(is["theirs"]))]
	})
	onTheMinute := noonThere.Truncate(time.Minute)
	if !RenewedSince(onTheMinute, onTheMinute.Add(time.Minute)) {
		t.Error("a whole minute is rounded up to the next one")
	}
}

func oursOf(name string) time.Time {
	if name == "unknown" {
		return time.Time{}
	}
	return noonThere
}

func theirsOf(name string) time.Time {
	if name == "unknown" {
		return time.Time{}
	}
	return noonThere.Add(expiries[name])
}

func TestPairVerdict(t *testing.T) {
	absences := map[string]Absence{"gone": Gone, "not-complete": NotComplete, "not-the-owners": NotTheOwners, "may-be-hidden": MayBeHidden}
	results := map[PairVerdict]string{
		PairUnspent: "unspent", PairUnproven: "unproven", PairSpent: "spent", PairUncertain: "uncertain", PairGone: "gone",
	}
	truth{
		[]fact{
			{"list", []string{"failed", "has-it", "gone", "not-complete", "not-the-owners", "may-be-hidden"}},
			{"ours", []string{"known", "unknown"}}, {"theirs", []string{"unknown", "the-same", "a-minute-up", "later"}},
		},
		[]string{
			"failed                       *        *                     unproven",
			"gone                         *        *                     gone",
			"not-complete|not-the-owners  *        *                     uncertain",
			"may-be-hidden                *        *                     unspent",
			"has-it                       *        unknown               unspent",
			"has-it                       known    the-same|a-minute-up  unspent",
			"has-it                       known    later                 spent",
			"has-it                       unknown  the-same|a-minute-up|later  uncertain",
		},
	}.check(t, func(is map[string]string) string {
		e := pairEvidence{listFailed: is["list"] == "failed", listed: is["list"] == "has-it", absence: absences[is["list"]], ours: oursOf(is["ours"])}
		if e.listed {
			e.theirs = theirsOf(is["theirs"])
		}
		return results[pairVerdict(e)]
	})
}

func TestKeepsPair(t *testing.T) {
	names, byName := kinds(t)
	statuses := map[string]int{"none": 0, "200": 200, "401": 401, "403": 403, "404": 404, "429": 429, "500": 500, "503": 503}
	truth{
		[]fact{
			{"kind", names}, {"documented", yesOrNo}, {"status", []string{"none", "200", "401", "403", "404", "429", "500", "503"}},
			{"rejected by the breaker", yesOrNo},
		},
		[]string{
			"NeverSent|Interrupted|Unauthorized  *    *                            *    keeps",
			"Busy                                yes  *                            *    keeps",
			"Busy                                no   *                            yes  keeps",
			"Busy                                no   *                            no   spent",
			"Refused                             yes  403                          *    keeps",
			"Refused                             yes  none|200|401|404|429|500|503 *    spent",
			"Refused                             no   *                            *    spent",
			"Lost|Failed|Redirected              *    *                            *    spent",
		},
	}.check(t, func(is map[string]string) string {
		err := &Error{
			Kind: byName[is["kind"]], Documented: is["documented"] == "yes", Status: statuses[is["status"]],
			rejectedByBreaker: is["rejected by the breaker"] == "yes",
		}
		return map[bool]string{true: "keeps", false: "spent"}[KeepsPair(fmt.Errorf("wrapped: %w", err))]
	})
	if KeepsPair(errors.New("anything else")) {
		t.Error("an unknown error keeps the pair")
	}
}

// TestEveryKindIsInEveryPolicy guards the decisions by kind that are not in the tables above.
func TestEveryKindIsInEveryPolicy(t *testing.T) {
	names, byName := kinds(t)
	for _, name := range names {
		if byName[name].text() == Kind(0).text() {
			t.Errorf("%s has no text", name)
		}
	}
	truth{
		[]fact{{"kind", names}},
		[]string{
			"NeverSent|Busy         all-but-renew",
			"Lost|Failed            harmless",
			"Refused|Unauthorized   none",
			"Redirected|Interrupted none",
		},
	}.check(t, func(is map[string]string) string {
		repeats := func(op Operation) bool { return op.mayRepeat(&Error{Kind: byName[is["kind"]]}) }
		switch {
		case repeats(OpRenew):
			return "all"
		case repeats(OpCreate) && repeats(OpLogin) && repeats(OpList) && repeats(OpUpdate) && repeats(OpRevoke):
			return "all-but-renew"
		case repeats(OpCreate) || repeats(OpLogin):
			return "some"
		case repeats(OpList) && repeats(OpUpdate) && repeats(OpRevoke) && repeats(OpWhoAmI):
			return "harmless"
		default:
			return "none"
		}
	})
}
