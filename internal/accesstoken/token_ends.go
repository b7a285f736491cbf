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

// cutBy compares the ends that the model asks for with what the server answered, and returns those that it cut short.
func (m *model) cutBy(answered commandcenter.Token) cutEnds {
	return cutEnds{
		RenewableUntil: cutEnd(m.RenewableUntil, answered.RenewableUntil),
		TokenExpiry:    cutEnd(m.TokenExpiry, answered.ExpiresAt),
	}
}

// cutEnd is the server's end if it is not the one asked for, 0 otherwise. Unix seconds.
func cutEnd(asked timestamp.Value, answered time.Time) int64 {
	end, known := asked.Time()
	if !known || answered.IsZero() || end.Equal(answered) {
		return 0
	}
	return answered.Unix()
}

// after is what is remembered once an update was answered: what it did not touch stays.
func (c cutEnds) after(change commandcenter.Change, plan *model, answered commandcenter.Token) cutEnds {
	now := plan.cutBy(answered)
	if change.RenewableUntil != nil {
		c.RenewableUntil = now.RenewableUntil
		c.UntoldRenewableUntil = answered.RenewableUntil.IsZero()
	}
	if change.TokenExpiry != nil {
		c.TokenExpiry = now.TokenExpiry
		c.UntoldTokenExpiry = answered.ExpiresAt.IsZero()
	}
	return c
}

// learn takes from a list what an update's answer did not tell: the ends that were cut short.
func (c cutEnds) learn(state *model, answered commandcenter.Token) cutEnds {
	if c.UntoldRenewableUntil && !answered.RenewableUntil.IsZero() {
		c.UntoldRenewableUntil = false
		if asked, known := state.RenewableUntil.Time(); known && answered.RenewableUntil.Before(asked) {
			c.RenewableUntil = answered.RenewableUntil.Unix()
		}
	}
	if c.UntoldTokenExpiry && !answered.ExpiresAt.IsZero() {
		c.UntoldTokenExpiry = false
		if asked, known := state.TokenExpiry.Time(); known && answered.ExpiresAt.Before(asked) {
			c.TokenExpiry = answered.ExpiresAt.Unix()
		}
	}
	return c
}

// warnings tell the server's ends.
func (c cutEnds) warnings(m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	warn := func(attribute string, asked timestamp.Value, answered int64) {
		if answered == 0 {
			return
		}
		diags.AddAttributeWarning(path.Root(attribute), "Command Center set another end",
			fmt.Sprintf("The %s was to have %s %s, and Command Center set %s. The state keeps what the configuration says; "+
				"set %s to an end within the server's limit to make this warning go away.", m.describe(), attribute,
				asked.ValueString(), timestamp.FromUnix(answered).ValueString(), attribute))
	}
	warn("renewable_until", m.RenewableUntil, c.RenewableUntil)
	warn("token_expiry", m.TokenExpiry, c.TokenExpiry)
	return diags
}

// deadSince tells since when the token can neither be used nor renewed. False means that it still can, or that too
// little is known of it.
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
