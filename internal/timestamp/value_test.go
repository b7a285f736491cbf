// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

const (
	inUTC     = "2027-06-30T22:00:00Z"
	inBerlin  = "2027-07-01T00:00:00+02:00"
	otherTime = "2027-06-30T22:00:01Z"
)

func TestConstructorsSpellInUTC(t *testing.T) {
	berlin := time.FixedZone("", 2*60*60)
	for _, c := range []struct {
		name string
		got  timestamp.Value
		want timestamp.Value
	}{
		{"zero Value is null", timestamp.Value{}, timestamp.Null()},
		{"zero time is null", timestamp.FromTime(time.Time{}), timestamp.Null()},
		{"a time's zone", timestamp.FromTime(time.Date(2027, 7, 1, 0, 0, 0, 0, berlin)), timestamp.FromString(inUTC)},
		{"a time's fraction", timestamp.FromTime(time.Date(2027, 6, 30, 22, 0, 0, 999, time.UTC)), timestamp.FromString(inUTC)},
		{"the epoch as a time", timestamp.FromTime(time.Unix(0, 0)), timestamp.Null()},
		{"0 is none", timestamp.FromUnix(0), timestamp.Null()},
		{"negative is none", timestamp.FromUnix(-1), timestamp.Null()},
		{"first second", timestamp.FromUnix(1), timestamp.FromString("1970-01-01T00:00:01Z")},
		{"last second", timestamp.FromUnix(math.MaxInt32), timestamp.FromString("2038-01-19T03:14:07Z")},
		{"beyond the last second", timestamp.FromUnix(math.MaxInt32 + 1), timestamp.FromString("2038-01-19T03:14:07Z")},
		{"beyond any year", timestamp.FromUnix(math.MaxInt64), timestamp.FromString("2038-01-19T03:14:07Z")},
		{"far away", timestamp.FromTime(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), timestamp.FromString("2038-01-19T03:14:07Z")},
	} {
		if !c.got.Equal(c.want) {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestFromStringKeepsTheSpelling(t *testing.T) {
	if got := timestamp.FromString(inBerlin).ValueString(); got != inBerlin {
		t.Errorf("got %q, want %q", got, inBerlin)
	}
}

func TestAccessors(t *testing.T) {
	for _, c := range []struct {
		name string
		v    timestamp.Value
		unix int64
	}{
		{"null", timestamp.Null(), 0},
		{"unknown", timestamp.Unknown(), 0},
		{"not valid", timestamp.FromString("soon"), 0},
		{"empty", timestamp.FromString(""), 0},
		{"UTC", timestamp.FromString(inUTC), 1814392800},
		{"another zone", timestamp.FromString(inBerlin), 1814392800},
	} {
		got, ok := c.v.Time()
		if ok != (c.unix != 0) {
			t.Errorf("%s: Time is known: %t", c.name, ok)
		}
		if ok && (got.Unix() != c.unix || got.Location() != time.UTC) || !ok && !got.IsZero() {
			t.Errorf("%s: Time() = %v, want Unix second %d in UTC", c.name, got, c.unix)
		}
	}
}

func TestSameInstant(t *testing.T) {
	null, unknown := timestamp.Null(), timestamp.Unknown()
	utc, berlin, other := timestamp.FromString(inUTC), timestamp.FromString(inBerlin), timestamp.FromString(otherTime)
	bad := timestamp.FromString("soon")
	for _, c := range []struct {
		name string
		a, b timestamp.Value
		want bool
	}{
		{"two spellings", utc, berlin, true},
		{"one spelling", berlin, berlin, true},
		{"a second apart", utc, other, false},
		{"one wall clock in two zones", timestamp.FromString("2027-07-01T00:00:00Z"), berlin, false},
		{"null and null", null, null, true},
		{"null and a time", null, utc, false},
		{"null and the empty string", null, timestamp.FromString(""), false},
		{"unknown and unknown", unknown, unknown, false},
		{"unknown and null", unknown, null, false},
		{"unknown and a time", unknown, utc, false},
		{"unknown and the empty string", unknown, timestamp.FromString(""), false},
		{"not valid and itself", bad, bad, true},
		{"not valid and a time", bad, utc, false},
		{"two that are not valid", bad, timestamp.FromString("later"), false},
	} {
		if got := timestamp.SameInstant(c.a, c.b); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
		if got := timestamp.SameInstant(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way round: got %t", c.name, got)
		}
	}
}

func TestEqualComparesSpellings(t *testing.T) {
	utc := timestamp.FromString(inUTC)
	for _, c := range []struct {
		name string
		o    attr.Value
		want bool
	}{
		{"same spelling", timestamp.FromString(inUTC), true},
		{"another spelling", timestamp.FromString(inBerlin), false},
		{"null", timestamp.Null(), false},
		{"unknown", timestamp.Unknown(), false},
		{"a plain string", types.StringValue(inUTC), false},
		{"nothing", nil, false},
	} {
		if got := utc.Equal(c.o); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
	}
	if !timestamp.Unknown().Equal(timestamp.Unknown()) || !timestamp.Null().Equal(timestamp.Value{}) {
		t.Error("unknown or null does not equal itself")
	}
}

func TestSemanticEquality(t *testing.T) {
	utc := timestamp.FromString(inUTC)
	same, diags := utc.StringSemanticEquals(t.Context(), timestamp.FromString(inBerlin))
	if !same || diags.HasError() {
		t.Errorf("two spellings: got %t, %v", same, diags)
	}
	same, diags = utc.StringSemanticEquals(t.Context(), timestamp.FromString(otherTime))
	if same || diags.HasError() {
		t.Errorf("two instants: got %t, %v", same, diags)
	}
	same, diags = utc.StringSemanticEquals(t.Context(), types.StringValue(inUTC))
	if same || !diags.HasError() {
		t.Errorf("another type: got %t, %v; want an error", same, diags)
	}
}

func TestTypeConvertsFromTerraformAndBack(t *testing.T) {
	for _, c := range []struct {
		name string
		in   tftypes.Value
		want timestamp.Value
	}{
		{"known", tftypes.NewValue(tftypes.String, inBerlin), timestamp.FromString(inBerlin)},
		{"null", tftypes.NewValue(tftypes.String, nil), timestamp.Null()},
		{"unknown", tftypes.NewValue(tftypes.String, tftypes.UnknownValue), timestamp.Unknown()},
	} {
		got, err := timestamp.Type{}.ValueFromTerraform(t.Context(), c.in)
		if err != nil || !c.want.Equal(got) {
			t.Errorf("%s: got %v, %v; want %s", c.name, got, err, c.want)
			continue
		}
		back, err := got.ToTerraformValue(t.Context())
		if err != nil || !back.Equal(c.in) {
			t.Errorf("%s: back again it is %v, %v", c.name, back, err)
		}
	}
	if got, err := (timestamp.Type{}).ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Errorf("a bool became %v", got)
	}
}

func TestTypeIsItsOwn(t *testing.T) {
	ty := timestamp.Type{}
	if !ty.Equal(timestamp.Null().Type(t.Context())) || ty.Equal(types.StringType) || ty.Equal(nil) {
		t.Error("the type equals another, or not itself")
	}
	if _, ok := ty.ValueType(t.Context()).(timestamp.Value); !ok {
		t.Errorf("the type's value is a %T", ty.ValueType(t.Context()))
	}
	if ty.String() == (basetypes.StringType{}).String() {
		t.Error("the type goes by the name of the string type")
	}
	got, diags := ty.ValueFromString(t.Context(), types.StringValue(inBerlin))
	if diags.HasError() || !got.Equal(timestamp.FromString(inBerlin)) {
		t.Errorf("from a string: got %v, %v", got, diags)
	}
}

func TestValidateAttribute(t *testing.T) {
	at := path.Root("renewable_until")
	for _, c := range []struct {
		name string
		v    timestamp.Value
		bad  bool
	}{
		{"null", timestamp.Null(), false},
		{"unknown", timestamp.Unknown(), false},
		{"valid", timestamp.FromString(inBerlin), false},
		{"empty", timestamp.FromString(""), true},
		{"fraction", timestamp.FromString("2027-06-30T22:00:00.000Z"), true},
		{"beyond int32", timestamp.FromString("2038-01-19T03:14:08Z"), true},
	} {
		var resp xattr.ValidateAttributeResponse
		c.v.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: at}, &resp)
		if !c.bad {
			if len(resp.Diagnostics) != 0 {
				t.Errorf("%s: %v", c.name, resp.Diagnostics)
			}
			continue
		}
		if resp.Diagnostics.ErrorsCount() != 1 {
			t.Errorf("%s: %d errors, want 1", c.name, resp.Diagnostics.ErrorsCount())
			continue
		}
		d, ok := resp.Diagnostics[0].(interface{ Path() path.Path })
		if !ok || !d.Path().Equal(at) {
			t.Errorf("%s: the error is not on the attribute's path", c.name)
		}
		detail := resp.Diagnostics[0].Detail()
		if !strings.Contains(detail, `"`+c.v.ValueString()+`"`) || !strings.Contains(detail, "the value must be") {
			t.Errorf("%s: the error lacks what was given or what is accepted: %s", c.name, detail)
		}
	}
}

// TestEveryInstantOfTheServerCanBeSaved guards against the loss of a whole state: the framework saves nothing if it rejects one
// value.
func TestEveryInstantOfTheServerCanBeSaved(t *testing.T) {
	type model struct {
		End timestamp.Value `tfsdk:"end"`
	}
	s := schema.Schema{Attributes: map[string]schema.Attribute{
		"end": schema.StringAttribute{Computed: true, CustomType: timestamp.Type{}},
	}}
	for _, seconds := range []int64{math.MinInt64, -1, 0, 1, math.MaxInt32, math.MaxInt32 + 1, 1814392800000, math.MaxInt64} {
		state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
		want := model{timestamp.FromUnix(seconds)}
		if diags := state.Set(t.Context(), want); diags.HasError() {
			t.Errorf("%d cannot be saved: %v", seconds, diags)
			continue
		}
		var got model
		if diags := state.Get(t.Context(), &got); diags.HasError() || !got.End.Equal(want.End) {
			t.Errorf("%d was saved as %s and read as %s, %v", seconds, want.End, got.End, diags)
		}
	}
}
