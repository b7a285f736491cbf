// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
)

// revokeDue revokes the previous tokens that the plan showed as due. A token whose revocation fails stays, with a warning.
func (s *slot) revokeDue(ctx context.Context, dueBy time.Time) {
	previous, diags := s.next.previous(ctx)
	s.resp.Diagnostics.Append(diags...)
	current := s.state.AccessTokenID // a token replaced in this apply is left to a later one
	left := slices.DeleteFunc(previous, func(p previousToken) bool {
		if p.ID.Equal(current) || !s.backend.revocationIsDue(p, s.stored, dueBy) {
			return false
		}
		var err error
		s.stored, err = s.revokePrevious(ctx, s.client, s.state, s.stored, p.tokenID())
		if err != nil {
			s.resp.Diagnostics.Append(s.backend.notRevokedWarning(p, err))
		}
		return err == nil
	})
	s.stored = s.stored.onlyRecordsOf(left)
	s.resp.Diagnostics.Append(s.next.setPrevious(ctx, left)...)
}

// revokePrevious revokes a previous token. Because its expiry is not known for certain, a renewable token may be hidden. The returned
// private state records a revocation that awaits approval.
func (r *rotatingResource) revokePrevious(
	ctx context.Context, client *commandcenter.Client, state *rotatingModel, stored rotation, id int64,
) (rotation, error) {
	owner := state.previousOwner(stored, id)
	asked := false
	if record := stored.record(id); record != nil && record.Pending != 0 {
		asked = record.Gone || isPending(record.Pending, r.backend.timeByList(ctx, owner))
	}
	err := client.Revoke(ctx, commandcenter.Target{
		ID: id, Owner: owner, MayBeHidden: state.tokenType().Renews(), Pending: asked,
	})
	if errors.Is(err, commandcenter.ErrRevocationPending) {
		stored = stored.withRecord(id, func(p *previousRecord) {
			p.Gone = false
			if !asked {
				p.Pending = r.backend.now().Unix()
			}
		})
	}
	return stored, err
}
