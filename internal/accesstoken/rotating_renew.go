// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// mayRenew looks, in this very apply, whether the pair may be sent: a token that is gone, whose expiry moved, or whose list
// failed means that nothing is.
func (s *slot) mayRenew(ctx context.Context) bool {
	refuse := func(why string) bool {
		s.resp.Diagnostics.AddError("Access token not renewed", fmt.Sprintf(
			"The %s was not renewed, and nothing was sent: %s Nothing is lost.", s.state.describe(), why))
		return false
	}
	if s.state.RefreshToken.IsNull() || s.kept.Spent {
		return refuse("its pair of secrets must not be used any more. Plan again: the slot rotates.")
	}
	if window, known := s.state.RefreshTokenExpiresAt.Time(); known && !window.After(s.now) {
		return refuse("its refresh window closed at " + s.state.RefreshTokenExpiresAt.ValueString() +
			", after this plan was made. Plan again: the slot rotates.")
	}
	if until, known := s.state.RenewableUntil.Time(); known && !until.After(s.now) {
		return refuse("it could be renewed until " + s.state.RenewableUntil.ValueString() +
			", which has passed since this plan was made. Plan again: the slot rotates.")
	}
	listed, found, list, err := s.client.FindFresh(ctx, s.state.owner(s.kept), s.state.tokenID())
	if err != nil {
		return refuse("the list that shows whether somebody else has renewed it failed: " + sentence(s.backend.once(err)) + " Apply again.")
	}
	if !found {
		expires, known := s.state.ExpiresAt.Time()
		if hidden := known && !expires.After(s.now) && !list.ShowsExpired(s.now); !hidden {
			return refuse("it is gone from the server. Plan again: the slot rotates.")
		}
		return true // expired, on a server that may hide what has expired
	}
	if s.kept.isLater(timestamp.FromTime(listed.ExpiresAt)) {
		s.forgetPair()
		return s.fail(ctx, diag.NewErrorDiagnostic("Access token was renewed by somebody else", fmt.Sprintf(
			"The %s was not renewed, and nothing was sent: it ends at %s on the server, later than Terraform's own last renewal "+
				"says, so its pair of secrets in the state is spent. The refresh token is taken out of the state; the next plan "+
				"rotates the slot.", s.state.describe(), timestamp.FromTime(listed.ExpiresAt).ValueString())))
	}
	return true
}

// forgetPair makes sure that the pair is never sent again: the next plan rotates.
func (s *slot) forgetPair() {
	s.next.RefreshToken = types.StringNull()
	s.kept.Spent = true
	s.kept.Refreshed = max(s.kept.Refreshed, s.now.Unix())
}

// renew sends the pair, once. The new one is saved before anything else can fail; a pair that the server may have accepted
// is forgotten.
func (s *slot) renew(ctx context.Context) bool {
	renewed, err := s.client.Renew(ctx, s.next.tokenID(), commandcenter.Pair{
		AccessToken:  commandcenter.Secret(s.next.AccessToken.ValueString()),
		RefreshToken: commandcenter.Secret(s.next.RefreshToken.ValueString()),
	})
	if err == nil {
		s.next.AccessToken = types.StringValue(renewed.AccessToken.Reveal())
		s.next.RefreshToken = types.StringValue(renewed.RefreshToken.Reveal())
		s.next.ExpiresAt = timestamp.FromTime(renewed.ExpiresAt)
		s.next.RefreshTokenExpiresAt = refreshTime(s.state.RefreshTokenExpiresAt, timestamp.FromTime(renewed.RefreshTokenExpiresAt))
		s.next.SecretVersion = nextVersion(s.state.SecretVersion, s.now)
		s.kept.OurExpiry = unixOrZero(renewed.ExpiresAt)
		s.kept.Closed = false
		s.kept.Refreshed = max(s.kept.Refreshed, s.now.Unix())
		s.save(ctx)
		return true
	}
	if commandcenter.KeepsPair(err) {
		return s.fail(ctx, diag.NewErrorDiagnostic("Access token not renewed", fmt.Sprintf(
			"The %s was not renewed: %s Its pair of secrets was not used up, and stays in the state; the next apply tries again. %s",
			s.state.describe(), sentence(err), nextStep(err))))
	}
	s.forgetPair()
	return s.fail(ctx, diag.NewErrorDiagnostic("Renewal of the access token failed", fmt.Sprintf(
		"Whether the %s was renewed is unknown, or it was refused: %s Its pair of secrets is never sent again, because a second use "+
			"ends the whole chain; the refresh token is taken out of the state. The access token in the state works until %s at "+
			"most. The next plan rotates the slot: apply again.",
		s.state.describe(), sentence(err), s.state.ExpiresAt.ValueString())))
}
