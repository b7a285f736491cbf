// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// now is the time of these tests. Their ends differ in the distance to it.
var now = time.Date(2026, time.November, 23, 14, 26, 42, 0, time.UTC)

func at(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }

func stamp(hours int) timestamp.Value { return timestamp.FromTime(at(hours)) }

// spelt returns the same instant as stamp, written in another time zone.
func spelt(hours int) timestamp.Value {
	return timestamp.FromString(at(hours).In(time.FixedZone("", 2*60*60)).Format(time.RFC3339))
}

func text(s string) types.String { return types.StringValue(s) }

func set(list ...string) types.Set { return textSet(list) }

// saved returns a state with a value for everything that a token of the type may have. The values differ from all responses in these
// tests.
func saved(tokenType commandcenter.TokenType) model {
	m := model{
		ID: text("1001"), Name: text("ci"), NamePrefix: types.StringNull(), RotateWhenChanged: types.MapNull(types.StringType),
	}
	m.Type, m.UserID = text(string(tokenType)), wholenumber.Of(7)
	m.APIEndpoints, m.AllowedIPs = types.SetNull(types.StringType), set("10.0.0.1")
	m.AccessToken, m.ExpiresAt = text("old access"), stamp(1)
	if tokenType.Renews() {
		m.RenewableUntil, m.RefreshToken, m.RefreshTokenExpiresAt = stamp(100), text("old refresh"), stamp(50)
	} else {
		m.TokenExpiry, m.ExpiresAt = stamp(200), stamp(200)
	}
	if tokenType == commandcenter.TypeCustom {
		m.APIEndpoints = set("/a")
	}
	return m
}

// but returns m with a change.
func but(m model, change func(*model)) model {
	change(&m)
	return m
}

// planned returns a plan in which every value that a response may contain is unknown.
func planned(tokenType commandcenter.TokenType) model {
	return but(saved(tokenType), func(m *model) {
		m.ID, m.Name, m.UserID = types.StringUnknown(), types.StringUnknown(), wholenumber.Value{Int64Value: types.Int64Unknown()}
		m.AccessToken, m.RefreshToken = types.StringUnknown(), types.StringUnknown()
		m.RenewableUntil, m.ExpiresAt, m.RefreshTokenExpiresAt = timestamp.Unknown(), timestamp.Unknown(), timestamp.Unknown()
	})
}

// answered returns a response with all values, which differ from those of saved.
func answered() commandcenter.Token {
	return commandcenter.Token{
		ID: 2002, Name: "told", Type: commandcenter.TypeHyperscale, UserID: 8,
		APIEndpoints: []string{"/told"}, AllowedIPs: []string{"10.9.9.9"},
		ExpiresAt: at(2), RefreshTokenExpiresAt: at(60), RenewableUntil: at(300),
		AccessToken: "new access", RefreshToken: "new refresh",
	}
}

// sameModel compares the models by attribute.
func sameModel(t *testing.T, got, want model) {
	t.Helper()
	for _, difference := range differences(t, got, want) {
		t.Error(difference)
	}
}

// differences returns the attributes that differ.
func differences(t *testing.T, got, want model) []string {
	t.Helper()
	var list []string
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for _, field := range reflect.VisibleFields(g.Type()) {
		if field.Anonymous {
			continue
		}
		a, ok := g.FieldByIndex(field.Index).Interface().(attr.Value)
		b, also := w.FieldByIndex(field.Index).Interface().(attr.Value)
		if !ok || !also {
			t.Fatalf("the field %s is no attribute", field.Name)
		}
		if !a.Equal(b) {
			list = append(list, fmt.Sprintf("%s is %s, want %s", field.Name, a, b))
		}
	}
	return list
}

func TestSpecSendsWhatIsPlanned(t *testing.T) {
	plan := saved(commandcenter.TypeCustom)
	got := plan.spec("ci-1")
	want := commandcenter.Spec{
		Name: "ci-1", Type: commandcenter.TypeCustom, UserID: 7, APIEndpoints: []string{"/a"}, AllowedIPs: []string{"10.0.0.1"},
		RenewableUntil: at(100),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	plan = saved(commandcenter.TypeOneTouch)
	if got := plan.spec("ci-1").TokenExpiry; !got.Equal(at(200)) {
		t.Errorf("the end is %s, want %s", got, at(200))
	}
}

func TestSpecLeavesOutWhatIsNotKnown(t *testing.T) {
	for name, plan := range map[string]model{
		"unknown": but(planned(commandcenter.TypeAll), func(m *model) {
			m.Type, m.TokenExpiry = types.StringUnknown(), timestamp.Unknown()
			m.APIEndpoints, m.AllowedIPs = types.SetUnknown(types.StringType), types.SetUnknown(types.StringType)
		}),
		"null": {},
	} {
		got := plan.spec("ci")
		want := commandcenter.Spec{Name: "ci", Type: commandcenter.TypeAll, APIEndpoints: []string{}, AllowedIPs: []string{}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestSpecSendsTheInstantOfAnySpelling(t *testing.T) {
	plan := but(model{}, func(m *model) { m.RenewableUntil = spelt(100) })
	if got := plan.spec("ci").RenewableUntil; !got.Equal(at(100)) {
		t.Errorf("got %s, want %s", got, at(100))
	}
}

func TestSpecKeepsDefault(t *testing.T) {
	plan := but(model{}, func(m *model) { m.Type = text("DEFAULT") })
	if got := plan.spec("ci").Type; got != commandcenter.TypeDefault {
		t.Errorf("got %s: what the configuration says is what is sent", got)
	}
}

func TestCompleteTakesTheAnswerForWhatIsUnknown(t *testing.T) {
	got := planned(commandcenter.TypeAll)
	got.complete(answered())
	sameModel(t, got, but(saved(commandcenter.TypeAll), func(m *model) {
		m.ID, m.Name, m.UserID = text("2002"), text("told"), wholenumber.Of(8)
		m.AccessToken, m.RefreshToken = text("new access"), text("new refresh")
		m.RenewableUntil, m.ExpiresAt, m.RefreshTokenExpiresAt = stamp(300), stamp(2), stamp(60)
	}))
}

func TestCompleteKeepsWhatThePlanShowed(t *testing.T) {
	for _, plan := range []model{saved(commandcenter.TypeAll), saved(commandcenter.TypeDefault)} {
		got := plan
		got.complete(answered())
		sameModel(t, got, plan)
	}
}

// Terraform reports unknown values in a new state as an error, which would lose the token.
func TestCompleteLeavesNothingUnknown(t *testing.T) {
	got := planned(commandcenter.TypeAll)
	got.complete(commandcenter.Token{ID: 5})
	sameModel(t, got, but(saved(commandcenter.TypeAll), func(m *model) {
		m.ID, m.Name, m.UserID = text("5"), types.StringNull(), wholenumber.Null()
		m.AccessToken, m.RefreshToken = types.StringNull(), types.StringNull()
		m.RenewableUntil, m.ExpiresAt, m.RefreshTokenExpiresAt = timestamp.Null(), timestamp.Null(), timestamp.Null()
	}))
}

func TestCompleteGivesNoRenewalToTypesWithout(t *testing.T) {
	for _, tokenType := range []commandcenter.TokenType{commandcenter.TypeSCIM, commandcenter.TypeOneTouch} {
		got := planned(tokenType)
		got.complete(answered())
		if !got.RenewableUntil.IsNull() {
			t.Errorf("%s: renewable_until is %s, which such a token has not", tokenType, got.RenewableUntil)
		}
	}
}

func TestTokenType(t *testing.T) {
	for name, c := range map[string]struct {
		is   types.String
		want commandcenter.TokenType
	}{
		"null":    {types.StringNull(), commandcenter.TypeAll},
		"unknown": {types.StringUnknown(), commandcenter.TypeAll},
		"DEFAULT": {text("DEFAULT"), commandcenter.TypeDefault},
		"MS_SCIM": {text("MS_SCIM"), commandcenter.TypeSCIM},
	} {
		if got := (&scopeFields{Type: c.is}).tokenType(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestTokenID(t *testing.T) {
	for _, c := range []struct {
		is   types.String
		want int64
	}{{text("1001"), 1001}, {types.StringNull(), 0}, {types.StringUnknown(), 0}, {text("x"), 0}} {
		if got := (tokenRef{ID: c.is}).tokenID(); got != c.want {
			t.Errorf("%s: got %d, want %d", c.is, got, c.want)
		}
	}
}

func TestTextSetCountsTwinsOnce(t *testing.T) {
	if got, want := textSet([]string{"/a", "/b", "/a"}), set("/b", "/a"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTextsAreTheKnownElements(t *testing.T) {
	mixed := types.SetValueMust(types.StringType, []attr.Value{text("/a"), types.StringUnknown(), types.StringNull()})
	for _, c := range []struct {
		set  types.Set
		want []string
	}{
		{mixed, []string{"/a"}},
		{types.SetNull(types.StringType), []string{}},
		{types.SetUnknown(types.StringType), []string{}},
		{types.Set{}, []string{}},
	} {
		if got := texts(c.set); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.set, got, c.want)
		}
	}
}
