// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// afterCreate returns the ends to record after the response to a create.
func afterCreate(asked commandcenter.Spec, answered commandcenter.Token) cutEnds {
	var change commandcenter.Change
	if !asked.RenewableUntil.IsZero() {
		change.RenewableUntil = &asked.RenewableUntil
	}
	if !asked.TokenExpiry.IsZero() {
		change.TokenExpiry = &asked.TokenExpiry
	}
	return cutEnds{}.after(change, answered)
}

// after returns the ends to record after the response to an update. Ends that the update did not send stay recorded.
func (c cutEnds) after(change commandcenter.Change, answered commandcenter.Token) cutEnds {
	if change.RenewableUntil != nil {
		c.RenewableUntil = movedTo(*change.RenewableUntil, answered.RenewableUntil)
		c.UntoldRenewableUntil, c.UnlistedRenewableUntil = answered.RenewableUntil.IsZero(), true
	}
	if change.TokenExpiry != nil {
		c.TokenExpiry = movedTo(*change.TokenExpiry, answered.ExpiresAt)
		c.UntoldTokenExpiry, c.UnlistedTokenExpiry = answered.ExpiresAt.IsZero(), true
	}
	return c
}

// movedTo returns the server's end in Unix seconds if it differs from the requested one, and 0 otherwise.
func movedTo(asked, answered time.Time) int64 {
	if answered.IsZero() || asked.Equal(answered) {
		return 0
	}
	return answered.Unix()
}

// rounding limits how far a listed end may differ from the response to the request that set it. A larger difference means that somebody
// else changed the end.
const rounding = 24 * time.Hour

// learn copies the ends that the first list after a create or an update shows. The response may have omitted them, and a list may round
// them.
func (c cutEnds) learn(state *model, listed commandcenter.Token) cutEnds {
	learn := func(moved *int64, untold, unlisted *bool, asked timestamp.Value, listed time.Time) {
		if listed.IsZero() || !*untold && !*unlisted {
			return
		}
		end, known := asked.Time()
		expected := end
		if *moved != 0 {
			expected = time.Unix(*moved, 0)
		}
		if known && (*untold || listed.Sub(expected).Abs() < rounding) && !listed.Equal(expected) {
			*moved = movedTo(end, listed)
		}
		*untold, *unlisted = false, false
	}
	learn(&c.RenewableUntil, &c.UntoldRenewableUntil, &c.UnlistedRenewableUntil, state.RenewableUntil, listed.RenewableUntil)
	learn(&c.TokenExpiry, &c.UntoldTokenExpiry, &c.UnlistedTokenExpiry, state.TokenExpiry, listed.ExpiresAt)
	return c
}

// since returns the ends that are new compared with before, about which the user has not been warned.
func (c cutEnds) since(before cutEnds) cutEnds {
	if before.RenewableUntil != 0 {
		c.RenewableUntil = 0
	}
	if before.TokenExpiry != 0 {
		c.TokenExpiry = 0
	}
	return c
}

// warnings report the ends that the server set.
func (c cutEnds) warnings(m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	warn := func(attribute string, asked timestamp.Value, answered int64) {
		if answered == 0 {
			return
		}
		diags.AddAttributeWarning(path.Root(attribute), "Command Center set a different end",
			fmt.Sprintf("The configuration sets %[2]s of the %[1]s to %[3]s, but the server set it to %[4]s. The state keeps the "+
				"value of the configuration. To remove this warning, set %[2]s to an end within the server's limit.", m.describe(), attribute,
				asked.ValueString(), timestamp.FromUnix(answered).ValueString()))
	}
	warn("renewable_until", m.RenewableUntil, c.RenewableUntil)
	warn("token_expiry", m.TokenExpiry, c.TokenExpiry)
	return diags
}

// farEndWarning warns about a new or changed end beyond the limit of the type, which the server will shorten.
func (m *model) farEndWarning(state *model, now time.Time) diag.Diagnostics {
	var diags diag.Diagnostics
	if m.Type.IsUnknown() {
		return diags
	}
	limit := m.tokenType().LongestLifetime()
	warn := func(attribute string, planned timestamp.Value, before func(*model) timestamp.Value) {
		end, known := planned.Time()
		// The limit counts from the creation, which may happen some time after the plan.
		if !known || end.Sub(now) <= limit+time.Hour || state != nil && timestamp.SameInstant(planned, before(state)) {
			return
		}
		diags.AddAttributeWarning(path.Root(attribute), "End of the access token beyond the server's limit", fmt.Sprintf(
			"%s is %q, %d days from now. Command Center limits a token of the type %s to %d days, and is expected to set an "+
				"end no later than about %s. Set %s to an end within the limit.", attribute, planned.ValueString(), inDays(end.Sub(now)),
			m.tokenType(), inDays(limit), timestamp.FromTime(now.Add(limit)).ValueString(), attribute))
	}
	warn("renewable_until", m.RenewableUntil, func(s *model) timestamp.Value { return s.RenewableUntil })
	warn("token_expiry", m.TokenExpiry, func(s *model) timestamp.Value { return s.TokenExpiry })
	return diags
}

// deadSince returns the time since which the token can neither be used nor renewed. It returns false if the token can still be used or
// renewed, or if its ends are unknown.
func (m *model) deadSince(now time.Time) (time.Time, bool) {
	expires, known := m.ExpiresAt.Time()
	if !known || expires.After(now) {
		return time.Time{}, false
	}
	if !m.tokenType().Renews() {
		return expires, true
	}
	since := time.Time{}
	for _, end := range []timestamp.Value{m.RefreshTokenExpiresAt, m.RenewableUntil} {
		if at, known := end.Time(); known && !at.After(now) && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	if since.IsZero() {
		return time.Time{}, false
	}
	if since.Before(expires) {
		since = expires
	}
	return since, true
}
