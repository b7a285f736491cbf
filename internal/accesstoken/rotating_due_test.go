// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// aSlot returns a slot that was issued at now. Its expiry, refresh window and end are 30 minutes, 14 days and 90 days away.
func aSlot() (*rotatingModel, rotation) {
	return &rotatingModel{
		tokenFields: tokenFields{
			scopeFields:  scopeFields{Type: types.StringValue("ALL")},
			secretFields: secretFields{AccessToken: types.StringValue("a"), RefreshToken: types.StringValue("r")},
			endFields: endFields{
				ExpiresAt: timestamp.FromTime(now.Add(30 * time.Minute)), RefreshTokenExpiresAt: timestamp.FromTime(now.Add(14 * day)),
				RenewableUntil: timestamp.FromTime(now.Add(90 * day)),
			},
		},
		NamePrefix: types.StringValue("slot-"), AccessTokenID: types.StringValue("1"), OverlapHours: wholenumber.Of(24),
		PreviousTokens: types.ListValueMust(previousTokenType, nil),
	}, rotation{Issued: now.Unix(), Refreshed: now.Unix(), OurExpiry: now.Add(30 * time.Minute).Unix()}
}

func TestRotationReason(t *testing.T) {
	for name, c := range map[string]struct {
		change func(plan, state *rotatingModel, stored *rotation)
		after  time.Duration
		want   string
	}{
		"nothing":             {nil, 13 * day, ""},
		"just before":         {nil, 76*day - time.Second, ""},
		"near the end":        {nil, 76 * day, "its end is near"},
		"prefix":              {func(p, _ *rotatingModel, _ *rotation) { p.NamePrefix = types.StringValue("x") }, 0, "name_prefix has changed"},
		"DEFAULT is ALL":      {func(p, _ *rotatingModel, _ *rotation) { p.Type = types.StringValue("DEFAULT") }, 0, ""},
		"type":                {func(p, _ *rotatingModel, _ *rotation) { p.Type = types.StringValue("MS_SCIM") }, 0, "type has changed"},
		"type in place":       {func(p, _ *rotatingModel, _ *rotation) { p.Type = types.StringValue("Hyperscale") }, 0, ""},
		"lifetime as default": {func(p, _ *rotatingModel, _ *rotation) { p.LifetimeDays = wholenumber.Of(90) }, 0, ""},
		"lifetime":            {func(p, _ *rotatingModel, _ *rotation) { p.LifetimeDays = wholenumber.Of(89) }, 0, "lifetime_days has changed"},
		"earlier":             {func(p, _ *rotatingModel, _ *rotation) { p.RotateBeforeDays = wholenumber.Of(80) }, 10 * day, "its end is near"},
		"trigger": {func(p, s *rotatingModel, _ *rotation) {
			s.RotateWhenChanged = types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("1")})
			p.RotateWhenChanged = types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("2")})
		}, 0, "rotate_when_changed has changed"},
		"gone":   {func(_, _ *rotatingModel, k *rotation) { k.Gone = true }, 0, "the token no longer exists on the server"},
		"closed": {func(_, _ *rotatingModel, k *rotation) { k.WindowClosed = true }, 0, "its refresh window has closed"},
		"spent": {
			func(_, _ *rotatingModel, k *rotation) { k.Spent = true }, 0, "the outcome of a renewal is unknown, or somebody else renewed the token",
		},
		"no secret":   {func(_, s *rotatingModel, _ *rotation) { s.AccessToken = types.StringNull() }, 0, "its secret is not known"},
		"user renews": {func(_, s *rotatingModel, _ *rotation) { s.RefreshToken = types.StringNull() }, 0, ""},
		"no refresh token": {func(p, s *rotatingModel, _ *rotation) {
			p.Renew = types.BoolValue(true)
			s.RefreshToken = types.StringNull()
		}, 0, "its refresh token is not known"},
		"window of our own":    {func(p, _ *rotatingModel, _ *rotation) { p.Renew = types.BoolValue(true) }, 14 * day, "its refresh window has closed"},
		"window of the user's": {nil, 14 * day, ""},
		"renewed before renew": {
			func(p, s *rotatingModel, _ *rotation) {
				p.Renew = types.BoolValue(true)
				s.ExpiresAt = timestamp.FromTime(now.Add(40 * time.Minute))
			}, 0, "somebody else renewed the token",
		},
		"a server that rounds up to minutes": {
			func(p, s *rotatingModel, k *rotation) {
				p.Renew = types.BoolValue(true)
				minute := now.Add(31 * time.Minute).Truncate(time.Minute)
				s.ExpiresAt = timestamp.FromTime(minute)
				k.OurExpiry = minute.Add(-59 * time.Second).Unix()
			}, 0, "",
		},
		"a few seconds later": {
			func(p, s *rotatingModel, _ *rotation) {
				p.Renew = types.BoolValue(true)
				s.ExpiresAt = timestamp.FromTime(now.Add(30*time.Minute + 5*time.Second))
			}, 0, "",
		},
		"what is remembered cannot be read": {
			func(p, _ *rotatingModel, k *rotation) {
				p.Renew = types.BoolValue(true)
				k.Unreadable = true
			}, 0, "its private state cannot be read",
		},
		"the same, renewed by others": {func(_, _ *rotatingModel, k *rotation) { k.Unreadable = true }, 0, ""},
	} {
		state, stored := aSlot()
		plan := *state
		if c.change != nil {
			c.change(&plan, state, &stored)
		}
		if got := plan.rotationReason(state, stored, now.Add(c.after)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestRotateAfter(t *testing.T) {
	for name, c := range map[string]struct {
		tokenType        string
		lifetime, before wholenumber.Value
		lives            time.Duration
		want             time.Duration
	}{
		"ALL":                     {"ALL", wholenumber.Null(), wholenumber.Null(), 90 * day, 76 * day},
		"MS_SCIM":                 {"MS_SCIM", wholenumber.Null(), wholenumber.Null(), 30 * day, 20 * day},
		"OneTouch":                {"OneTouch", wholenumber.Null(), wholenumber.Null(), 7 * day, 7 * day * 2 / 3},
		"as asked":                {"ALL", wholenumber.Of(365), wholenumber.Of(364), 365 * day, day},
		"a shorter life":          {"ALL", wholenumber.Of(300), wholenumber.Of(290), 30 * day, 20 * day},
		"a little shorter":        {"ALL", wholenumber.Of(30), wholenumber.Of(25), 30*day - time.Minute, 5*day - time.Minute},
		"shorter, but late still": {"ALL", wholenumber.Of(300), wholenumber.Of(5), 200 * day, 195 * day},
	} {
		slot, stored := aSlot()
		slot.Type, slot.LifetimeDays, slot.RotateBeforeDays = types.StringValue(c.tokenType), c.lifetime, c.before
		slot.RenewableUntil = timestamp.FromTime(now.Add(c.lives))
		slot.ExpiresAt = slot.RenewableUntil
		if got, _ := slot.rotateAfter(stored).Time(); !got.Equal(now.Add(c.want)) {
			t.Errorf("%s: %s after the creation, want %s", name, got.Sub(now), c.want)
		}
	}
}

func TestNextVersionAlwaysGrows(t *testing.T) {
	for _, c := range []struct {
		before types.Int64
		want   int64
	}{
		{types.Int64Null(), now.Unix()},
		{types.Int64Value(now.Unix() - 1), now.Unix()},
		{types.Int64Value(now.Unix()), now.Unix() + 1},
		{types.Int64Value(now.Unix() + 99), now.Unix() + 100}, // the clock was set back
	} {
		if got := nextVersion(c.before, now).ValueInt64(); got != c.want {
			t.Errorf("after %s: %d, want %d", c.before, got, c.want)
		}
	}
}

// TestAListThatTellsLittleClosesNoWindow covers tokens that their consumers renew.
func TestAListThatTellsLittleClosesNoWindow(t *testing.T) {
	later := now.Add(20 * day)
	for name, c := range map[string]struct {
		listed       commandcenter.Token
		windowClosed bool
	}{
		"no expiry":               {commandcenter.Token{}, false},
		"the expiry that we know": {commandcenter.Token{ExpiresAt: now.Add(30 * time.Minute)}, true},
		"a later expiry alone":    {commandcenter.Token{ExpiresAt: now.Add(19 * day)}, false},
		"a later window":          {commandcenter.Token{ExpiresAt: now.Add(10 * day), RefreshTokenExpiresAt: now.Add(24 * day)}, false},
		"a window that has ended": {commandcenter.Token{ExpiresAt: now.Add(5 * day), RefreshTokenExpiresAt: now.Add(19 * day)}, true},
	} {
		slot, stored := aSlot()
		slot.refresh(c.listed, &stored, later)
		if stored.WindowClosed != c.windowClosed {
			t.Errorf("%s: closed is %t", name, stored.WindowClosed)
		}
	}
}

func TestUnknownArgumentsAreNotRefused(t *testing.T) {
	slot := rotatingModel{
		Renew: types.BoolValue(false), RenewBeforeMinutes: wholenumber.Value{Int64Value: types.Int64Unknown()}, LifetimeDays: wholenumber.Value{Int64Value: types.Int64Unknown()},
		RotateBeforeDays: wholenumber.Of(300), OverlapHours: wholenumber.Of(8000),
	}
	slot.Type, slot.APIEndpoints = types.StringUnknown(), types.SetUnknown(types.StringType)
	if diags := slot.validate(); diags.HasError() {
		t.Error(diags)
	}
	slot.LifetimeDays = wholenumber.Of(200)
	if diags := slot.validate(); len(diags) != 2 {
		t.Error(diags)
	}
}

// TestSecretVersionGrowsAcrossAReplacement verifies that a slot that is replaced in the second of its creation still gets a higher
// version. Otherwise a write-only argument would not receive the new secret.
func TestSecretVersionGrowsAcrossAReplacement(t *testing.T) {
	t.Parallel()
	b := &Backend{}
	b.sawVersion(7)
	b.sawVersion(5)
	if got := nextVersion(types.Int64Value(b.version.Load()), time.Unix(7, 0)).ValueInt64(); got != 8 {
		t.Errorf("the version after 7 is %d, want 8", got)
	}
}
