// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// An update sends only the changed fields.
func TestChangeSendsOnlyWhatChanged(t *testing.T) {
	name, ends := "new", at(150)
	endpoints, ips, noIPs := []string{"/b"}, []string{"10.0.0.2"}, []string{}
	all, custom, scim := saved(commandcenter.TypeAll), saved(commandcenter.TypeCustom), saved(commandcenter.TypeSCIM)
	for _, c := range []struct {
		name  string
		state model
		plan  func(*model)
		want  commandcenter.Change
	}{
		{"nothing", custom, func(*model) {}, commandcenter.Change{}},
		{"the name", all, func(m *model) { m.Name = text("new") }, commandcenter.Change{Name: &name}},
		{"a name that is not known", all, func(m *model) { m.Name = types.StringUnknown() }, commandcenter.Change{}},
		{"endpoints", custom, func(m *model) { m.APIEndpoints = set("/b") }, commandcenter.Change{APIEndpoints: &endpoints}},
		{"endpoints that are not known", custom, func(m *model) { m.APIEndpoints = types.SetUnknown(types.StringType) },
			commandcenter.Change{}},
		{"endpoints of another type", all, func(m *model) { m.APIEndpoints = set("/b") }, commandcenter.Change{}},
		{"addresses", all, func(m *model) { m.AllowedIPs = set("10.0.0.2") }, commandcenter.Change{AllowedIPs: &ips}},
		{"addresses removed", all, func(m *model) { m.AllowedIPs = types.SetNull(types.StringType) },
			commandcenter.Change{AllowedIPs: &noIPs}},
		{"addresses emptied", all, func(m *model) { m.AllowedIPs = set() }, commandcenter.Change{AllowedIPs: &noIPs}},
		{"addresses respelt", all, func(m *model) { m.AllowedIPs = set("10.0.0.1/32") }, commandcenter.Change{}},
		{"addresses that are not known", all, func(m *model) { m.AllowedIPs = types.SetUnknown(types.StringType) },
			commandcenter.Change{}},
		{"no addresses instead of an empty set", but(all, func(m *model) { m.AllowedIPs = set() }),
			func(m *model) { m.AllowedIPs = types.SetNull(types.StringType) }, commandcenter.Change{}},
		{"renewable until", all, func(m *model) { m.RenewableUntil = spelt(150) }, commandcenter.Change{RenewableUntil: &ends}},
		{"renewable until respelt", all, func(m *model) { m.RenewableUntil = spelt(100) }, commandcenter.Change{}},
		{"renewable until removed", all, func(m *model) { m.RenewableUntil = timestamp.Null() }, commandcenter.Change{}},
		{"renewable until not known", all, func(m *model) { m.RenewableUntil = timestamp.Unknown() }, commandcenter.Change{}},
		{"token expiry", scim, func(m *model) { m.TokenExpiry = stamp(150) }, commandcenter.Change{TokenExpiry: &ends}},
		{"token expiry respelt", scim, func(m *model) { m.TokenExpiry = spelt(200) }, commandcenter.Change{}},
		{"token expiry removed", scim, func(m *model) { m.TokenExpiry = timestamp.Null() }, commandcenter.Change{}},
		{"token expiry not known", scim, func(m *model) { m.TokenExpiry = timestamp.Unknown() }, commandcenter.Change{}},
		{"DEFAULT for ALL", all, func(m *model) { m.Type = text("DEFAULT") }, commandcenter.Change{}},
		{"what is never sent", all, func(m *model) {
			m.NamePrefix, m.RotateWhenChanged = text("ci-"), types.MapValueMust(types.StringType, nil)
		}, commandcenter.Change{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := but(c.state, c.plan)
			got := plan.change(&c.state)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if empty := reflect.DeepEqual(c.want, commandcenter.Change{}); got.IsEmpty() != empty {
				t.Errorf("IsEmpty is %t, want %t", got.IsEmpty(), empty)
			}
		})
	}
}

// The state supplies the values that the response to an update omits.
func TestKeepTakesFromTheStateWhatIsNotTold(t *testing.T) {
	for _, tokenType := range commandcenter.TokenTypes() {
		state := saved(tokenType)
		got := planned(tokenType)
		got.keep(&state, commandcenter.Token{})
		sameModel(t, got, state)
	}
}

func TestKeepTakesTheAnswerForWhatIsUnknown(t *testing.T) {
	state := saved(commandcenter.TypeAll)
	got := planned(commandcenter.TypeAll)
	got.keep(&state, answered())
	sameModel(t, got, but(state, func(m *model) {
		m.Name, m.UserID = text("told"), wholenumber.Of(8)
		m.AccessToken, m.RefreshToken = text("new access"), text("new refresh")
		m.RenewableUntil, m.ExpiresAt, m.RefreshTokenExpiresAt = stamp(300), stamp(2), stamp(60)
	}))
}

func TestKeepNeverChangesTheID(t *testing.T) {
	state := saved(commandcenter.TypeAll)
	got := planned(commandcenter.TypeAll)
	got.keep(&state, commandcenter.Token{ID: 2002})
	if !got.ID.Equal(state.ID) {
		t.Errorf("the id is %s, want %s", got.ID, state.ID)
	}
}

func TestKeepSavesWhatThePlanShowed(t *testing.T) {
	state := saved(commandcenter.TypeAll)
	plan := but(state, func(m *model) { m.Name, m.RenewableUntil, m.AllowedIPs = text("new"), stamp(150), set("10.0.0.2") })
	got := plan
	got.keep(&state, answered())
	sameModel(t, got, plan)
}

// If the response omits the expiry, the requested end is the best estimate.
func TestKeepGivesANewEndToTheExpiry(t *testing.T) {
	state := saved(commandcenter.TypeSCIM)
	plan := but(state, func(m *model) { m.TokenExpiry, m.ExpiresAt = stamp(150), timestamp.Unknown() })
	for name, c := range map[string]struct {
		answered time.Time
		want     timestamp.Value
	}{
		"told":     {at(140), stamp(140)},
		"not told": {time.Time{}, stamp(150)},
	} {
		got := plan
		got.keep(&state, commandcenter.Token{ExpiresAt: c.answered})
		if !got.ExpiresAt.Equal(c.want) || !got.TokenExpiry.Equal(stamp(150)) {
			t.Errorf("%s: expires_at is %s and token_expiry %s", name, got.ExpiresAt, got.TokenExpiry)
		}
	}
}

func TestKeepLeavesNothingUnknown(t *testing.T) {
	var state model // as after an import from a list with ids only
	got := planned(commandcenter.TypeAll)
	got.keep(&state, commandcenter.Token{})
	for name, value := range map[string]interface{ IsUnknown() bool }{
		"id": got.ID, "name": got.Name, "user_id": got.UserID, "access_token": got.AccessToken, "refresh_token": got.RefreshToken,
		"renewable_until": got.RenewableUntil, "expires_at": got.ExpiresAt, "refresh_token_expires_at": got.RefreshTokenExpiresAt,
	} {
		if value.IsUnknown() {
			t.Errorf("%s is still unknown", name)
		}
	}
}

func TestReplaceSecrets(t *testing.T) {
	state := saved(commandcenter.TypeAll)
	imported := but(state, func(m *model) { m.AccessToken, m.RefreshToken = types.StringNull(), types.StringNull() })
	scim := saved(commandcenter.TypeSCIM)
	type token = commandcenter.Token
	for _, c := range []struct {
		name     string
		state    model
		answered token
		renewed  bool
		want     func(*model)
	}{
		{"none told", state, token{ExpiresAt: at(2)}, false, nil},
		{"the same told", state, token{AccessToken: "old access", RefreshToken: "old refresh", ExpiresAt: at(2)}, false, nil},
		{"both new", state, answered(), true, func(m *model) {
			m.AccessToken, m.RefreshToken = text("new access"), text("new refresh")
			m.ExpiresAt, m.RefreshTokenExpiresAt = stamp(2), stamp(60)
		}},
		{"only a new refresh token", state, token{AccessToken: "old access", RefreshToken: "new refresh"}, true,
			func(m *model) { m.RefreshToken = text("new refresh") }},
		{"only a new access token", state, token{AccessToken: "new access"}, true,
			func(m *model) { m.AccessToken = text("new access") }},
		{"new, without ends", scim, token{AccessToken: "new access"}, true,
			func(m *model) { m.AccessToken = text("new access") }},
		{"the first ones of a type without renewal", scim, token{AccessToken: "old access", RefreshToken: "new refresh"}, false, nil},
		{"the state had none", imported, answered(), false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, want := c.state, c.state
			if c.want != nil {
				c.want(&want)
			}
			if renewed := got.replaceSecrets(&c.state.tokenFields, c.answered); renewed != c.renewed {
				t.Errorf("says that there were new secrets: %t, want %t", renewed, c.renewed)
			}
			sameModel(t, got, want)
		})
	}
}

// A plan marks the values that an update will set as unknown. The other values stay known.
func TestExpectAnswer(t *testing.T) {
	all, scim := saved(commandcenter.TypeAll), saved(commandcenter.TypeSCIM)
	forget := func(m *model) { m.AccessToken, m.RefreshToken = types.StringNull(), types.StringNull() }
	rename := func(m *model) { m.Name = text("new") }
	for _, c := range []struct {
		name  string
		state model
		plan  func(*model)
		want  func(*model)
	}{
		{"no change", all, func(*model) {}, nil},
		{"no change of an imported token", but(all, forget), func(*model) {}, nil},
		{"another name", all, rename, nil},
		{"another end", scim, func(m *model) { m.TokenExpiry = stamp(150) }, func(m *model) { m.ExpiresAt = timestamp.Unknown() }},
		{"removed end", scim, func(m *model) { m.TokenExpiry = timestamp.Null() }, nil},
		{"another name of an imported token", but(all, forget), rename,
			func(m *model) { m.AccessToken, m.RefreshToken = types.StringUnknown(), types.StringUnknown() }},
		{"another name of an imported token without renewal", but(scim, forget), rename,
			func(m *model) { m.AccessToken = types.StringUnknown() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := but(c.state, c.plan)
			want := got
			if c.want != nil {
				c.want(&want)
			}
			if changed := got.expectAnswer(&c.state, false); changed != (c.want != nil) {
				t.Errorf("says that it changed the plan: %t, want %t", changed, c.want != nil)
			}
			sameModel(t, got, want)
		})
	}
}
