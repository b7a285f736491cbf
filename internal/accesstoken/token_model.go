// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// model is the state, plan and configuration of commvault_access_token.
type model struct {
	tokenFields

	ID                types.String    `tfsdk:"id"`
	Name              types.String    `tfsdk:"name"`
	NamePrefix        types.String    `tfsdk:"name_prefix"`
	TokenExpiry       timestamp.Value `tfsdk:"token_expiry"`
	RotateWhenChanged types.Map       `tfsdk:"rotate_when_changed"`
}

const tokenTypeName = "commvault_access_token"

var tokenCodec = newCodec[model](&tokenResource{})

// ref returns a reference to the token.
func (m *model) ref() tokenRef { return tokenRef{m.ID, m.Name, &m.tokenFields} }

func (m *model) tokenID() int64 { return m.ref().tokenID() }

func (m *model) describe() string { return m.ref().describe() }

// describePlanned describes a token that will be created.
func (m *model) describePlanned() string {
	name := m.Name.ValueString()
	if !m.NamePrefix.IsNull() {
		name = m.NamePrefix.ValueString()
	}
	return fmt.Sprintf("access token %q", name)
}

// spec returns the arguments of a create. The name is a parameter because it may be generated from a prefix.
func (m *model) spec(name string) commandcenter.Spec {
	spec := m.scopeFields.spec(name)
	spec.RenewableUntil, _ = m.RenewableUntil.Time()
	spec.TokenExpiry, _ = m.TokenExpiry.Time()
	return spec
}

// change returns the update that turns state into the plan m.
func (m *model) change(state *model) commandcenter.Change {
	change := m.scopeFields.change(&state.scopeFields)
	if !m.Name.IsUnknown() && !m.Name.Equal(state.Name) {
		name := m.Name.ValueString()
		change.Name = &name
	}
	if end, known := m.RenewableUntil.Time(); known && !timestamp.SameInstant(m.RenewableUntil, state.RenewableUntil) {
		change.RenewableUntil = &end
	}
	if end, known := m.TokenExpiry.Time(); known && !timestamp.SameInstant(m.TokenExpiry, state.TokenExpiry) {
		change.TokenExpiry = &end
	}
	return change
}

// complete replaces values that are unknown in the plan by those of the response to a create, or by null if the response omits them.
// Known values stay as planned.
func (m *model) complete(t commandcenter.Token) {
	if m.ID.IsUnknown() {
		m.ID = types.StringValue(strconv.FormatInt(t.ID, 10))
	}
	m.completeFrom(t, &model{})
}

// completeFrom is like complete, for an update: the id, and the values that the response omits, come from the state.
func (m *model) completeFrom(t commandcenter.Token, state *model) {
	complete(&m.ID, state.ID, state.ID)
	complete(&m.Name, textOrNull(t.Name), state.Name)
	m.scopeFields.complete(listedScope(t), state.scopeFields)
	m.secretFields.complete(answeredSecrets(t), state.secretFields)
	answered := answeredEnds(t)
	if !m.tokenType().Renews() {
		answered.RenewableUntil = timestamp.Null()
	}
	m.endFields.complete(answered, state.endFields)
}

// refresh copies the values of a list item. Omitted and equivalent values leave the model unchanged. It reports whether anything
// changed.
func (m *model) refresh(t commandcenter.Token, cut cutEnds) bool {
	before := *m
	if t.Name != "" {
		m.Name = types.StringValue(t.Name)
	}
	m.tokenFields.refresh(t, cut)
	if !m.TokenExpiry.IsNull() && !cut.knows(cut.TokenExpiry, t.ExpiresAt) {
		m.TokenExpiry = refreshTime(m.TokenExpiry, timestamp.FromTime(t.ExpiresAt))
	}
	return !reflect.DeepEqual(*m, before)
}
