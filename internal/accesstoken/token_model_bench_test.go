// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// listed returns the token of saved as an unchanged list item.
func listed(m *model) commandcenter.Token {
	instant := func(v timestamp.Value) time.Time {
		t, _ := v.Time()
		return t
	}
	return commandcenter.Token{
		ID: m.tokenID(), Name: m.Name.ValueString(), Type: m.tokenType(), UserID: m.UserID.ValueInt64(),
		APIEndpoints: texts(m.APIEndpoints), AllowedIPs: texts(m.AllowedIPs), ExpiresAt: instant(m.ExpiresAt),
		RefreshTokenExpiresAt: instant(m.RefreshTokenExpiresAt), RenewableUntil: instant(m.RenewableUntil),
	}
}

// BenchmarkMapping measures the conversion between state and API, without the framework.
func BenchmarkMapping(b *testing.B) {
	state := saved(commandcenter.TypeAll)
	same := listed(&state)
	moved := same
	moved.ExpiresAt = moved.ExpiresAt.Add(time.Hour)
	plan := but(state, func(m *model) { m.AllowedIPs = set("10.0.0.2", "10.0.0.3") })
	unknown := but(state, func(m *model) {
		m.ID, m.AccessToken, m.RefreshToken = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		m.UserID, m.RenewableUntil = wholenumber.Value{Int64Value: types.Int64Unknown()}, timestamp.Unknown()
		m.ExpiresAt, m.RefreshTokenExpiresAt = timestamp.Unknown(), timestamp.Unknown()
	})
	for name, step := range map[string]func() bool{
		"refresh unchanged": func() bool { m := state; return !m.refresh(same, cutEnds{}) },
		"refresh changed":   func() bool { m := state; return m.refresh(moved, cutEnds{}) },
		"spec":              func() bool { return plan.spec("ci").Name == "ci" },
		"change of nothing": func() bool { return state.change(&state).IsEmpty() },
		"change":            func() bool { return plan.change(&state).AllowedIPs != nil },
		"complete":          func() bool { m := unknown; m.complete(same); return m.ID.ValueString() == "1001" },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !step() {
					b.Fatal("the mapping is wrong")
				}
			}
		})
	}
}
