// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// renew sends the pair if a list that was requested for this renewal proves that it is unspent. It saves the new pair before anything
// else can fail. It forgets a pair that the server may have accepted.
func (s *slot) renew(ctx context.Context) bool {
	if why := s.tooLate(ctx); why != "" {
		s.resp.Diagnostics.Append(notRenewedDiagnostic(s.state, why+" Nothing is lost. Plan again: the slot rotates."))
		return false
	}
	ours, _ := s.stored.ourExpiry()
	verdict, token, err := s.client.RenewIfUnspent(ctx, commandcenter.Renewal{
		Wanted: commandcenter.Wanted{
			ID: s.state.tokenID(), Owner: s.state.owner(s.stored), HiddenAt: s.state.mayBeHidden,
		},
		Pair: commandcenter.Pair{
			AccessToken:  commandcenter.Secret(s.state.AccessToken.ValueString()),
			RefreshToken: commandcenter.Secret(s.state.RefreshToken.ValueString()),
		},
		ExpiresAt: ours,
	})
	switch verdict {
	case commandcenter.PairUnspent:
		if err != nil {
			return s.renewalFailed(ctx, err)
		}
		s.takeRenewal(ctx, token)
		return true
	case commandcenter.PairUnproven:
		s.resp.Diagnostics.Append(s.backend.failed(failedCall{
			summary: "Access token not renewed",
			what: fmt.Sprintf("The %s was not renewed, and nothing was sent, because the list that shows whether somebody "+
				"else has renewed it could not be read:", s.state.describe()), err: err,
			after: "Nothing is lost, and the next apply tries again.",
		}))
		return false
	case commandcenter.PairGone:
		s.resp.Diagnostics.Append(notRenewedDiagnostic(s.state, "it no longer exists on the server. Nothing is lost. Plan "+
			"again: the slot rotates."))
		return false
	case commandcenter.PairSpent:
		s.forgetPair()
		return s.fail(ctx, renewedElsewhereDiagnostic(s.state, token))
	case commandcenter.PairUncertain:
	}
	s.forgetPair()
	why := "its owner's list does not contain it, and does not prove that it was revoked."
	if token.ID != 0 {
		why = "the expiry that came with its pair of secrets is not known, so no list can show whether somebody else has used " +
			"the pair."
	}
	return s.fail(ctx, uncertainPairDiagnostic(s.state, why))
}

// tooLate returns the reason why a planned renewal can no longer be sent, or "" if there is none.
func (s *slot) tooLate(ctx context.Context) string {
	if s.state.RefreshToken.IsNull() || s.stored.Spent || s.stored.Unreadable {
		return "its pair of secrets must not be used any more."
	}
	passed := func(end timestamp.Value) bool {
		at, known := end.Time()
		return known && !at.After(s.backend.now()) && !at.After(s.backend.timeByList(ctx, s.state.owner(s.stored)))
	}
	switch {
	case passed(s.state.RefreshTokenExpiresAt):
		return "its refresh window closed at " + s.state.RefreshTokenExpiresAt.ValueString() + ", after this plan was made."
	case passed(s.state.RenewableUntil):
		return "it could be renewed until " + s.state.RenewableUntil.ValueString() + ", which has passed since this plan was made."
	default:
		return ""
	}
}

// forgetPair ensures that the pair is never sent again. The next plan rotates the slot.
func (s *slot) forgetPair() {
	s.next.RefreshToken = types.StringNull()
	s.stored.Spent = true
	s.stored.Refreshed = max(s.stored.Refreshed, s.backend.now().Unix())
}

// takeRenewal saves a new pair. If the response omitted the expiry, it then looks for it in a list.
func (s *slot) takeRenewal(ctx context.Context, renewed commandcenter.Token) {
	now := s.backend.now()
	if renewed.AccessToken.Reveal() != s.state.AccessToken.ValueString() {
		s.stored.Replaced = s.backend.replaced(s.stored.Replaced, s.state.AccessToken, instant(s.state.ExpiresAt), now)
	}
	s.next.AccessToken = types.StringValue(renewed.AccessToken.Reveal())
	s.next.RefreshToken = types.StringValue(renewed.RefreshToken.Reveal())
	s.next.ExpiresAt = timestamp.FromTime(renewed.ExpiresAt)
	s.next.RefreshTokenExpiresAt = refreshTime(s.state.RefreshTokenExpiresAt, timestamp.FromTime(renewed.RefreshTokenExpiresAt))
	s.next.SecretVersion = nextVersion(s.state.SecretVersion, now)
	s.stored.OurExpiry, s.stored.Paired = unixOrZero(renewed.ExpiresAt), now.Unix()
	s.stored.WindowClosed = false
	s.stored.Refreshed = max(s.stored.Refreshed, now.Unix())
	s.save(ctx)
	s.resp.Diagnostics.Append(reportedWarning(s.state.describe(), renewed.Reported)...)
	if s.learnExpiry(ctx, s.next, &s.stored) {
		s.save(ctx)
	}
}

// renewalFailed reports a renewal that was sent and failed.
func (s *slot) renewalFailed(ctx context.Context, err error) bool {
	if commandcenter.KeepsPair(err) {
		return s.fail(ctx, s.backend.failed(failedCall{
			summary: "Access token not renewed", what: fmt.Sprintf("The %s was not renewed:", s.state.describe()),
			err:   s.backend.onceRefused(err),
			after: "Its pair of secrets is unspent, and stays in the state. The next apply tries again.",
		}))
	}
	s.forgetPair()
	return s.fail(ctx, failedCall{
		summary: "Renewal of the access token failed",
		what:    fmt.Sprintf("The renewal of the %s was refused, or its outcome is unknown:", s.state.describe()), err: err,
		after: fmt.Sprintf("Its pair of secrets is never sent again, because Command Center deletes the token if a pair is sent "+
			"twice. The refresh token is removed from the state. The access token in the state works until %s at most. The next plan rotates the "+
			"slot.",
			s.state.ExpiresAt.ValueString()),
	}.diagnostic())
}
