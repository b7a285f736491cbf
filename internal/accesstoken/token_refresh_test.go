// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// none is the record without shortened ends.
var none cutEnds

// refreshed checks the model after a list item, and that the result reports whether the model changed.
func refreshed(t *testing.T, state model, answered commandcenter.Token, cut cutEnds, want model) {
	t.Helper()
	got := state
	changed := got.refresh(answered, cut)
	sameModel(t, got, want)
	if differs := len(differences(t, want, state)) > 0; changed != differs {
		t.Errorf("refresh says that it changed something: %t, want %t", changed, differs)
	}
}

func TestRefreshTakesOverWhatTheListTells(t *testing.T) {
	state := saved(commandcenter.TypeCustom)
	answer := answered()
	answer.Type = commandcenter.TypeCustom
	refreshed(t, state, answer, none, but(state, func(m *model) {
		m.Name = text("told")
		m.APIEndpoints, m.AllowedIPs = set("/told"), set("10.9.9.9")
		m.ExpiresAt, m.RefreshTokenExpiresAt, m.RenewableUntil = stamp(2), stamp(60), stamp(300)
	}))
}

// Each field that a list omits leaves the state unchanged.
func TestRefreshKeepsWhatTheListLeavesOut(t *testing.T) {
	for _, tokenType := range commandcenter.TokenTypes() {
		state := saved(tokenType)
		refreshed(t, state, commandcenter.Token{ID: 1001}, none, state)
		refreshed(t, state, commandcenter.Token{ID: 1001, Name: "ci"}, none, state)
	}
}

func TestRefreshFillsAnImportFromAFullList(t *testing.T) {
	answer := answered()
	answer.AccessToken, answer.RefreshToken = "", "" // lists do not contain secrets
	empty := model{
		tokenFields: tokenFields{scopeFields: nullScope()}, ID: text("2002"), RotateWhenChanged: types.MapNull(types.StringType),
	}
	refreshed(t, empty, answer, none, but(empty, func(m *model) {
		m.Name, m.Type, m.UserID, m.AllowedIPs = text("told"), text("Hyperscale"), wholenumber.Of(8), set("10.9.9.9")
		m.ExpiresAt, m.RefreshTokenExpiresAt, m.RenewableUntil = stamp(2), stamp(60), stamp(300)
	}))
}

func TestRefreshOfOneField(t *testing.T) {
	type token = commandcenter.Token
	all, custom, scim := commandcenter.TypeAll, commandcenter.TypeCustom, commandcenter.TypeSCIM
	for _, c := range []struct {
		name     string
		state    model
		answered token
		want     func(*model)
	}{
		{"another name", saved(all), token{Name: "new"}, func(m *model) { m.Name = text("new") }},
		{"another type", saved(all), token{Type: scim}, func(m *model) { m.Type = text("MS_SCIM") }},
		{"DEFAULT stays where the server says ALL", saved(commandcenter.TypeDefault), token{Type: all}, nil},
		{"ALL stays where the server says DEFAULT", saved(all), token{Type: commandcenter.TypeDefault}, nil},
		{"a type that is told as DEFAULT is ALL", but(saved(all), func(m *model) { m.Type = types.StringNull() }),
			token{Type: commandcenter.TypeDefault}, func(m *model) { m.Type = text("ALL") }},
		{"the owner is learnt", but(saved(all), func(m *model) { m.UserID = wholenumber.Null() }), token{UserID: 8},
			func(m *model) { m.UserID = wholenumber.Of(8) }},

		{"other endpoints", saved(custom), token{APIEndpoints: []string{"/b", "/a"}},
			func(m *model) { m.APIEndpoints = set("/a", "/b") }},
		{"endpoints twice", saved(custom), token{APIEndpoints: []string{"/a", "/a"}}, nil},
		{"no endpoints", saved(custom), token{APIEndpoints: []string{}},
			func(m *model) { m.APIEndpoints = types.SetNull(types.StringType) }},
		{"endpoints of another type", saved(all), token{APIEndpoints: []string{"/b"}}, nil},
		{"endpoints of a type that turned to CUSTOM", saved(all), token{Type: custom, APIEndpoints: []string{"/b"}},
			func(m *model) { m.Type, m.APIEndpoints = text("CUSTOM"), set("/b") }},

		{"other addresses", saved(all), token{AllowedIPs: []string{"10.0.0.2"}},
			func(m *model) { m.AllowedIPs = set("10.0.0.2") }},
		{"no addresses", saved(all), token{AllowedIPs: []string{}},
			func(m *model) { m.AllowedIPs = types.SetNull(types.StringType) }},
		{"no addresses, as before", but(saved(all), func(m *model) { m.AllowedIPs = types.SetNull(types.StringType) }),
			token{AllowedIPs: []string{}}, nil},
		{"no addresses, where an empty set is configured", but(saved(all), func(m *model) { m.AllowedIPs = set() }),
			token{AllowedIPs: []string{}}, nil},
		{"addresses spelt otherwise", saved(all), token{AllowedIPs: []string{"10.0.0.1/32"}}, nil},

		{"expiry moved", saved(all), token{ExpiresAt: at(9)}, func(m *model) { m.ExpiresAt = stamp(9) }},
		{"expiry spelt otherwise", but(saved(all), func(m *model) { m.ExpiresAt = spelt(1) }), token{ExpiresAt: at(1)}, nil},
		{"refresh window moved", saved(all), token{RefreshTokenExpiresAt: at(9)},
			func(m *model) { m.RefreshTokenExpiresAt = stamp(9) }},

		{"renewable until moved", saved(all), token{RenewableUntil: at(9)}, func(m *model) { m.RenewableUntil = stamp(9) }},
		{"renewable until spelt otherwise", but(saved(all), func(m *model) { m.RenewableUntil = spelt(100) }),
			token{RenewableUntil: at(100)}, nil},
		{"renewable until of MS_SCIM", saved(scim), token{RenewableUntil: at(9)}, nil},
		{"renewable until of OneTouch", saved(commandcenter.TypeOneTouch), token{RenewableUntil: at(9)}, nil},
		{"renewable until of a type not told", but(saved(all), func(m *model) {
			m.Type, m.RenewableUntil = types.StringNull(), timestamp.Null()
		}), token{RenewableUntil: at(9)}, nil},

		{"end of MS_SCIM moved", saved(scim), token{ExpiresAt: at(9)},
			func(m *model) { m.ExpiresAt, m.TokenExpiry = stamp(9), stamp(9) }},
		{"end of MS_SCIM spelt otherwise", but(saved(scim), func(m *model) { m.TokenExpiry = spelt(200) }),
			token{ExpiresAt: at(200)}, nil},
		{"end of MS_SCIM that is not configured", but(saved(scim), func(m *model) { m.TokenExpiry = timestamp.Null() }),
			token{ExpiresAt: at(9)}, func(m *model) { m.ExpiresAt = stamp(9) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.state
			if c.want != nil {
				c.want(&want)
			}
			refreshed(t, c.state, c.answered, none, want)
		})
	}
}

// The state keeps an end that the server shortened while the server returns the same end.
func TestRefreshOfAnEndThatWasCutShort(t *testing.T) {
	all, scim := saved(commandcenter.TypeAll), saved(commandcenter.TypeSCIM)
	cut := cutEnds{RenewableUntil: at(90).Unix(), TokenExpiry: at(30).Unix()}
	refreshed(t, all, commandcenter.Token{RenewableUntil: at(90)}, cut, all)
	refreshed(t, all, commandcenter.Token{RenewableUntil: at(91)}, cut,
		but(all, func(m *model) { m.RenewableUntil = stamp(91) }))
	refreshed(t, scim, commandcenter.Token{ExpiresAt: at(30)}, cut,
		but(scim, func(m *model) { m.ExpiresAt = stamp(30) }))
	refreshed(t, scim, commandcenter.Token{ExpiresAt: at(31)}, cut,
		but(scim, func(m *model) { m.ExpiresAt, m.TokenExpiry = stamp(31), stamp(31) }))
}

func TestRefreshNeverTouchesSecretsAndArguments(t *testing.T) {
	state := but(saved(commandcenter.TypeAll), func(m *model) {
		m.NamePrefix = text("ci-")
		m.RotateWhenChanged = types.MapValueMust(types.StringType, nil)
	})
	got := state
	got.refresh(answered(), none)
	if !got.AccessToken.Equal(state.AccessToken) || !got.RefreshToken.Equal(state.RefreshToken) {
		t.Error("the secrets changed")
	}
	if !got.NamePrefix.Equal(state.NamePrefix) || !got.RotateWhenChanged.Equal(state.RotateWhenChanged) {
		t.Error("arguments that are never sent changed")
	}
	if !got.ID.Equal(state.ID) || !got.UserID.Equal(state.UserID) {
		t.Error("the token is another one")
	}
}
