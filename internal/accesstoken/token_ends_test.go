// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

// says checks that there is one diagnostic, on that attribute, and that its detail contains each phrase.
func says(t *testing.T, diags diag.Diagnostics, severity diag.Severity, attribute string, phrases ...string) {
	t.Helper()
	if len(diags) != 1 {
		t.Fatalf("there are %d diagnostics, want 1: %v", len(diags), diags)
	}
	d := diags[0]
	if d.Severity() != severity {
		t.Errorf("the severity is %s, want %s", d.Severity(), severity)
	}
	located, ok := d.(diag.DiagnosticWithPath)
	switch {
	case attribute == "" && ok:
		t.Errorf("it stands on %s, want none", located.Path())
	case attribute != "" && !ok:
		t.Errorf("it stands nowhere, want %s", attribute)
	case attribute != "" && !located.Path().Equal(path.Root(attribute)):
		t.Errorf("it stands on %s, want %s", located.Path(), attribute)
	}
	for _, phrase := range phrases {
		if !strings.Contains(d.Detail(), phrase) {
			t.Errorf("it does not say %q: %s", phrase, d.Detail())
		}
	}
}

func TestMovedTo(t *testing.T) {
	for _, c := range []struct {
		name   string
		listed time.Time
		want   int64
	}{
		{"as asked", at(100), 0}, {"earlier", at(90), at(90).Unix()}, {"later", at(110), at(110).Unix()}, {"not told", time.Time{}, 0},
	} {
		if got := movedTo(at(100), c.listed); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestCutEndsAreOfTheirAttributes(t *testing.T) {
	listed := commandcenter.Token{ExpiresAt: at(30), RenewableUntil: at(90)}
	if got, want := afterCreate(commandcenter.Spec{RenewableUntil: at(100)}, listed), (cutEnds{RenewableUntil: at(90).Unix(), UnlistedRenewableUntil: true}); got != want {
		t.Errorf("ALL: got %+v, want %+v", got, want)
	}
	if got, want := afterCreate(commandcenter.Spec{TokenExpiry: at(100)}, listed), (cutEnds{TokenExpiry: at(30).Unix(), UnlistedTokenExpiry: true}); got != want {
		t.Errorf("MS_SCIM: got %+v, want %+v", got, want)
	}
	if got := afterCreate(commandcenter.Spec{}, listed); got != (cutEnds{}) {
		t.Errorf("without an end: got %+v", got)
	}
}

// An update of other fields keeps the record, even if its response repeats the ends.
func TestCutEndsAfterAnUpdate(t *testing.T) {
	name, end := "new", at(100)
	before := cutEnds{RenewableUntil: at(90).Unix()}
	for _, c := range []struct {
		name   string
		change commandcenter.Change
		listed commandcenter.Token
		want   cutEnds
	}{
		{"of something else", commandcenter.Change{Name: &name}, commandcenter.Token{RenewableUntil: at(80)}, before},
		{"of something else, nothing told", commandcenter.Change{Name: &name}, commandcenter.Token{}, before},
		{"of nothing", commandcenter.Change{}, commandcenter.Token{}, before},
		{"of the end, as asked", commandcenter.Change{RenewableUntil: &end}, commandcenter.Token{RenewableUntil: at(100)},
			cutEnds{UnlistedRenewableUntil: true}},
		{"of the end, cut again", commandcenter.Change{RenewableUntil: &end}, commandcenter.Token{RenewableUntil: at(95)},
			cutEnds{RenewableUntil: at(95).Unix(), UnlistedRenewableUntil: true}},
	} {
		if got := before.after(c.change, c.listed); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	got := cutEnds{}.after(commandcenter.Change{TokenExpiry: &end}, commandcenter.Token{ExpiresAt: at(30)})
	if want := (cutEnds{TokenExpiry: at(30).Unix(), UnlistedTokenExpiry: true}); got != want {
		t.Errorf("token_expiry: got %+v, want %+v", got, want)
	}
}

func TestCutEndsWarnWithTheServersEnd(t *testing.T) {
	all, scim := saved(commandcenter.TypeAll), saved(commandcenter.TypeSCIM)
	if diags := (cutEnds{}).warnings(&all); len(diags) != 0 {
		t.Errorf("nothing was cut short, and still: %v", diags)
	}
	says(t, cutEnds{RenewableUntil: at(90).Unix()}.warnings(&all), diag.SeverityWarning, "renewable_until",
		`"ci"`, "1001", stamp(100).ValueString(), stamp(90).ValueString())
	says(t, cutEnds{TokenExpiry: at(30).Unix()}.warnings(&scim), diag.SeverityWarning, "token_expiry",
		`"ci"`, "1001", stamp(200).ValueString(), stamp(30).ValueString())
}

func TestCutEndsKnowOnlyTheEndRemembered(t *testing.T) {
	for _, c := range []struct {
		remembered int64
		listed     time.Time
		want       bool
	}{
		{at(90).Unix(), at(90), true},
		{at(90).Unix(), at(91), false},
		{at(90).Unix(), time.Time{}, false},
		{0, time.Time{}, false},
		{0, time.Unix(0, 0), false},
	} {
		if got := none.knows(c.remembered, c.listed); got != c.want {
			t.Errorf("%d, told %s: got %t, want %t", c.remembered, c.listed, got, c.want)
		}
	}
}

func TestDeadSince(t *testing.T) {
	null := timestamp.Null()
	for _, c := range []struct {
		name                     string
		tokenType                string
		expires, window, renewal timestamp.Value
		want                     time.Time // zero if the token is usable or its ends are unknown
	}{
		{"it lives", "ALL", stamp(1), stamp(300), stamp(900), time.Time{}},
		{"it can be renewed", "ALL", stamp(-1), stamp(300), stamp(900), time.Time{}},
		{"its window is closed", "ALL", stamp(-400), stamp(-64), stamp(900), at(-64)},
		{"its window closes now", "ALL", stamp(-336), stamp(0), stamp(900), at(0)},
		{"its renewals have ended", "ALL", stamp(-20), stamp(300), stamp(-10), at(-10)},
		{"its renewals ended before it expired", "ALL", stamp(-1), stamp(300), stamp(-10), at(-1)},
		{"its renewals have ended, and it lives", "ALL", stamp(1), stamp(300), stamp(-10), time.Time{}},
		{"both, the window first", "CUSTOM", stamp(-400), stamp(-64), stamp(-10), at(-64)},
		{"both, the renewals first", "Hyperscale", stamp(-400), stamp(-64), stamp(-90), at(-90)},
		{"nothing told but the expiry", "ALL", stamp(-1), null, null, time.Time{}},
		{"no expiry told", "ALL", null, stamp(-64), stamp(-10), time.Time{}},
		{"spelt in another zone", "ALL", spelt(-400), spelt(-64), spelt(900), at(-64)},
		{"MS_SCIM lives", "MS_SCIM", stamp(1), null, null, time.Time{}},
		{"MS_SCIM ends now", "MS_SCIM", stamp(0), null, null, at(0)},
		{"OneTouch has ended", "OneTouch", stamp(-5), null, null, at(-5)},
		{"MS_SCIM, no expiry told", "MS_SCIM", null, null, null, time.Time{}},
	} {
		m := model{tokenFields: tokenFields{
			scopeFields: scopeFields{Type: text(c.tokenType)},
			endFields:   endFields{ExpiresAt: c.expires, RefreshTokenExpiresAt: c.window, RenewableUntil: c.renewal},
		}}
		since, dead := m.deadSince(now)
		if !since.Equal(c.want) || dead == c.want.IsZero() {
			t.Errorf("%s: got %s, %t; want %s", c.name, since, dead, c.want)
		}
	}
}

// The warning of a plan depends on the planned ends.
func TestDeadWarning(t *testing.T) {
	all := but(saved(commandcenter.TypeAll), func(m *model) { m.ExpiresAt, m.RenewableUntil = stamp(-20), stamp(-10) })
	scim := but(saved(commandcenter.TypeSCIM), func(m *model) { m.ExpiresAt, m.TokenExpiry = stamp(-5), stamp(-5) })
	says(t, deadWarning(&all, &all, now), diag.SeverityWarning, "", `"ci"`, "1001", stamp(-10).ValueString())
	says(t, deadWarning(&scim, &scim, now), diag.SeverityWarning, "", `"ci"`, "1001", stamp(-5).ValueString())
	longer := but(all, func(m *model) { m.RenewableUntil = stamp(500) })
	if diags := deadWarning(&longer, &all, now); len(diags) != 0 {
		t.Errorf("the plan revives it, and still: %v", diags)
	}
	later := but(scim, func(m *model) { m.TokenExpiry, m.ExpiresAt = stamp(500), timestamp.Unknown() })
	if diags := deadWarning(&later, &scim, now); len(diags) != 0 {
		t.Errorf("the plan revives it, and still: %v", diags)
	}
}

func TestMayBeHidden(t *testing.T) {
	null := timestamp.Null()
	for _, c := range []struct {
		name            string
		tokenType       string
		expires, window timestamp.Value
		want            bool
	}{
		{"it lives", "ALL", stamp(1), stamp(300), false},
		{"it expires now", "ALL", stamp(0), stamp(300), true},
		{"it has expired, and its window is open", "ALL", stamp(-1), stamp(300), true},
		{"its window is closed", "ALL", stamp(-1), stamp(-1), false},
		{"its window closes now", "ALL", stamp(-1), stamp(0), false},
		{"its window is not known", "ALL", stamp(-1), null, true},
		{"its expiry is not known", "ALL", null, stamp(300), true},
		{"nothing is known", "ALL", null, null, true},
		{"it cannot be renewed", "MS_SCIM", stamp(-1), null, false},
		{"it cannot be renewed, and nothing is known", "OneTouch", null, null, false},
	} {
		m := tokenFields{
			scopeFields: scopeFields{Type: types.StringValue(c.tokenType)},
			endFields:   endFields{ExpiresAt: c.expires, RefreshTokenExpiresAt: c.window},
		}
		if got := m.mayBeHidden(now); got != c.want {
			t.Errorf("%s: got %t, want %t", c.name, got, c.want)
		}
	}
}

func TestLastKnownEnd(t *testing.T) {
	for _, c := range []struct {
		state endFields
		want  string
	}{
		{endFields{RenewableUntil: spelt(9), ExpiresAt: stamp(1)}, spelt(9).ValueString()},
		{endFields{ExpiresAt: stamp(1)}, stamp(1).ValueString()},
		{endFields{RenewableUntil: timestamp.Unknown(), ExpiresAt: timestamp.Unknown()}, "not known"},
		{endFields{}, "not known"},
	} {
		if got := c.state.lastKnownEnd(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// A past end is refused if it would be sent. An unchanged old configuration still plans.
func TestEndsInThePast(t *testing.T) {
	old := but(saved(commandcenter.TypeAll), func(m *model) { m.RenewableUntil = stamp(-10) })
	ended := but(saved(commandcenter.TypeSCIM), func(m *model) { m.TokenExpiry = stamp(-10) })
	for _, c := range []struct {
		name      string
		plan      model
		state     *model
		attribute string // "" if nothing is refused
	}{
		{"created with an end in the future", saved(commandcenter.TypeAll), nil, ""},
		{"created with an end in the past", old, nil, "renewable_until"},
		{"created with an end that is now", but(old, func(m *model) { m.RenewableUntil = spelt(0) }), nil, "renewable_until"},
		{"created with a token expiry in the past", ended, nil, "token_expiry"},
		{"unchanged", old, &old, ""},
		{"respelt", but(old, func(m *model) { m.RenewableUntil = spelt(-10) }), &old, ""},
		{"another one in the past", but(old, func(m *model) { m.RenewableUntil = spelt(-9) }), &old, "renewable_until"},
		{"another one in the future", but(old, func(m *model) { m.RenewableUntil = spelt(9) }), &old, ""},
		{"an unchanged token expiry", ended, &ended, ""},
		{"another token expiry in the past", but(ended, func(m *model) { m.TokenExpiry = stamp(-9) }), &ended, "token_expiry"},
		{"not known", but(old, func(m *model) { m.RenewableUntil = timestamp.Unknown() }), nil, ""},
		{"not set", model{}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := endsInThePast(&c.plan, c.state, now)
			if c.attribute == "" {
				if len(diags) != 0 {
					t.Errorf("it was refused: %v", diags)
				}
				return
			}
			given := c.plan.RenewableUntil
			if c.attribute == "token_expiry" {
				given = c.plan.TokenExpiry
			}
			says(t, diags, diag.SeverityError, c.attribute, given.ValueString(), "the current time 2026-11-23T14:26:42Z", "in the future")
		})
	}
}

// TestEndThatTheAnswerDidNotTellIsLearnt verifies that a shortened end is not drift, even if only the next list shows it.
func TestEndThatTheAnswerDidNotTellIsLearnt(t *testing.T) {
	t.Parallel()
	asked := time.Date(2027, time.November, 23, 0, 0, 0, 0, time.UTC)
	var state model
	state.RenewableUntil = timestamp.FromTime(asked)
	untold := cutEnds{}.after(commandcenter.Change{RenewableUntil: &asked}, commandcenter.Token{})
	if untold != (cutEnds{UntoldRenewableUntil: true, UnlistedRenewableUntil: true}) {
		t.Fatalf("remembered %+v", untold)
	}
	for name, c := range map[string]struct {
		listed time.Time
		want   cutEnds
	}{
		"not listed": {time.Time{}, untold},
		"as asked":   {asked, cutEnds{}},
		"cut short":  {asked.AddDate(0, 0, -9), cutEnds{RenewableUntil: asked.AddDate(0, 0, -9).Unix()}},
		"rounded up": {asked.Add(time.Minute), cutEnds{RenewableUntil: asked.Add(time.Minute).Unix()}},
	} {
		if got := untold.learn(&state, commandcenter.Token{RenewableUntil: c.listed}); got != c.want {
			t.Errorf("%s: learnt %+v, want %+v", name, got, c.want)
		}
	}
}

// TestEndThatAListRoundsIsNoDrift verifies that the first list after a response may round the end, but no later list, and that a change
// of a day or more counts as a change by somebody else.
func TestEndThatAListRoundsIsNoDrift(t *testing.T) {
	t.Parallel()
	asked := time.Date(2027, time.November, 23, 10, 30, 20, 0, time.UTC)
	var state model
	state.RenewableUntil = timestamp.FromTime(asked)
	answered := cutEnds{}.after(commandcenter.Change{RenewableUntil: &asked}, commandcenter.Token{RenewableUntil: asked})
	for name, c := range map[string]struct {
		listed time.Time
		want   cutEnds
	}{
		"as answered":     {asked, cutEnds{}},
		"to the minute":   {asked.Truncate(time.Minute), cutEnds{RenewableUntil: asked.Truncate(time.Minute).Unix()}},
		"up to the day":   {asked.AddDate(0, 0, 1).Truncate(day), cutEnds{RenewableUntil: asked.AddDate(0, 0, 1).Truncate(day).Unix()}},
		"moved by a day":  {asked.Add(day), cutEnds{}},
		"not listed":      {time.Time{}, answered},
		"moved backwards": {asked.Add(-day), cutEnds{}},
	} {
		got := answered.learn(&state, commandcenter.Token{RenewableUntil: c.listed})
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if later := got.learn(&state, commandcenter.Token{RenewableUntil: asked.Add(time.Second)}); name != "not listed" && later != got {
			t.Errorf("%s: a later list changed it to %+v", name, later)
		}
	}
}
