// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// rotate issues a new token and starts the overlap of the old one. It revokes nothing: Terraform writes the state only when this call
// returns, and a valid token must remain if the process is killed in between.
func (s *slot) rotate(ctx context.Context) bool {
	issued := s.issue(ctx, s.client, s.plan, s.owner)
	previous, diags := s.state.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	if issued.err != nil {
		return s.rotationFailed(ctx, issued, previous)
	}
	previous = append(previous, newPrevious(s.state.tokenID(), s.revokeAfter(issued.at)))
	s.next.UserID = s.plan.UserID
	s.next.copyInPlace(&s.plan.scopeFields)
	s.next.take(issued.spec.Name, issued.token)
	s.stored = s.rotated(issued, previous)
	s.next.RotateAfter = s.next.rotateAfter(s.stored)
	s.next.SecretVersion = nextVersion(s.state.SecretVersion, issued.at)
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, previous)...)
	s.save(ctx)
	s.resp.Diagnostics.Append(reportedWarning(s.next.describe(), issued.token.Reported)...)
	if s.learn(ctx, s.next, &s.stored) {
		s.save(ctx)
	}
	return !s.resp.Diagnostics.HasError()
}

// revokeAfter returns the time at which the revocation of the replaced token falls due: after the overlap, but not later than the end
// of the token.
func (s *slot) revokeAfter(now time.Time) time.Time {
	if s.stored.Gone {
		return now // the token may only have been hidden
	}
	after := now.Add(s.plan.overlap())
	if end, known := s.state.end(); known && end.Before(after) {
		return end
	}
	return after
}

// rotated returns the private state after a rotation, with the new token and the one that it replaced.
func (s *slot) rotated(issued issuance, previous []previousToken) rotation {
	old := s.stored
	record := previousRecord{
		storedOwner: old.storedOwner, ID: s.state.tokenID(),
		Secrets: s.backend.replaced(old.Replaced, s.state.AccessToken, instant(s.state.ExpiresAt), issued.at),
		AsIs:    s.state.AccessToken.IsNull(),
	}
	record.Owner = s.state.owner(old).ID
	stored := issued.remembered()
	stored.Previous = append(slices.Clone(old.Previous), record)
	for _, p := range previous { // a previous token without a record is from an older release and belongs to the current owner
		if stored.record(p.tokenID()) == nil {
			stored.Previous = append(stored.Previous, previousRecord{ID: p.tokenID(), storedOwner: record.storedOwner})
		}
	}
	stored.Foreign = old.Foreign
	if old.OtherType || s.plan.needsTokenOfType(s.state) {
		stored.Foreign = joinIDs(previous)
	}
	return stored
}

// rotationFailed leaves the slot unchanged. If a new token exists but cannot be used, it becomes a previous token that is due
// immediately.
func (s *slot) rotationFailed(ctx context.Context, issued issuance, previous []previousToken) bool {
	d := s.backend.issueDiagnostic(issued, willBePrevious(s.state))
	if !issued.inState() {
		s.resp.Diagnostics.Append(d)
		return false
	}
	*s.next = *s.state
	s.stored = s.stored.withRecord(issued.token.ID, func(p *previousRecord) { p.storedOwner = issued.remembered().storedOwner })
	s.stored.Refreshed = max(s.stored.Refreshed, issued.at.Unix()) // due immediately
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, append(previous, newPrevious(issued.token.ID, issued.at)))...)
	return s.fail(ctx, d)
}

func newPrevious(id int64, revokeAfter time.Time) previousToken {
	return previousToken{ID: types.StringValue(fmt.Sprint(id)), RevokeAfter: timestamp.FromTime(revokeAfter.Truncate(time.Second))}
}
