// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.StringTypable                    = Type{}
	_ basetypes.StringValuableWithSemanticEquals = Value{}
	_ xattr.ValidateableAttribute                = Value{}
)

// Type is the attribute type, to be set as an attribute's CustomType.
type Type struct {
	basetypes.StringType
}

// Equal tells whether o is this type.
func (Type) Equal(o attr.Type) bool {
	_, ok := o.(Type)
	return ok
}

// String names the type for people who read an error of the framework.
func (Type) String() string { return "timestamp.Type" }

// ValueType is the type's value, empty.
func (Type) ValueType(context.Context) attr.Value { return Value{} }

// ValueFromString wraps a framework string. It does not look at it: that is ValidateAttribute's part.
func (Type) ValueFromString(_ context.Context, s basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{s}, nil
}

// ValueFromTerraform reads what came over the wire. The error means that it was no string.
func (Type) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	if !in.IsKnown() {
		return Unknown(), nil
	}
	if in.IsNull() {
		return Null(), nil
	}
	var s string
	if err := in.As(&s); err != nil {
		return nil, err
	}
	return FromString(s), nil
}

// Value is an instant as it was spelt, or null, or unknown. The zero Value is null.
type Value struct {
	basetypes.StringValue
}

// Null is no instant.
func Null() Value { return Value{basetypes.NewStringNull()} }

// Unknown is an instant that is known after apply.
func Unknown() Value { return Value{basetypes.NewStringUnknown()} }

// FromString keeps the spelling of s, and does not check it.
func FromString(s string) Value { return Value{basetypes.NewStringValue(s)} }

// FromTime spells t in UTC and drops its fraction of a second. The zero time gives null. See FromUnix for the bounds.
func FromTime(t time.Time) Value {
	if t.IsZero() {
		return Null()
	}
	return FromUnix(t.Unix())
}

// FromUnix spells Unix seconds in UTC. 0, which means "none" on the wire, gives null, and so does what is negative.
//
// What lies after 2038-01-19T03:14:07Z gives that instant. The framework validates what a provider writes into a state,
// too, and writes nothing at all when one value is refused: an odd end must not cost the token that came with it.
func FromUnix(seconds int64) Value {
	if seconds <= 0 {
		return Null()
	}
	return FromString(time.Unix(min(seconds, latest.Unix()), 0).UTC().Format(time.RFC3339))
}

// Time is the instant in UTC; false when it is null, unknown or not valid.
func (v Value) Time() (time.Time, bool) {
	if v.IsNull() || v.IsUnknown() {
		return time.Time{}, false
	}
	t, err := parse(v.ValueString())
	return t, err == nil
}

// SameInstant tells whether a and b name one instant, however they spell it. Null is the same as null, unknown is the
// same as nothing, and a text that is not valid is the same as itself.
func SameInstant(a, b Value) bool {
	if a.IsUnknown() || b.IsUnknown() {
		return false
	}
	if a.IsNull() || b.IsNull() {
		return a.IsNull() && b.IsNull()
	}
	if a.ValueString() == b.ValueString() {
		return true
	}
	at, ok := a.Time()
	if !ok {
		return false
	}
	bt, ok := b.Time()
	return ok && at.Equal(bt)
}

// Type is the attribute type.
func (Value) Type(context.Context) attr.Type { return Type{} }

// Equal tells whether o is spelt alike. Terraform compares by text, so the framework has to as well.
func (v Value) Equal(o attr.Value) bool {
	other, ok := o.(Value)
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals lets the framework keep the prior spelling of an instant that a create, read or update spelt
// otherwise. It is not asked during a plan: see KeepSpelling.
func (v Value) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Value)
	if !ok {
		return false, diag.Diagnostics{diag.NewErrorDiagnostic("Timestamp compared with something else",
			fmt.Sprintf("A timestamp was to be compared with a %T. This is a bug in the provider; please report it.", o))}
	}
	return SameInstant(v, other), nil
}

// ValidateAttribute refuses what Parse refuses, on the attribute's path.
func (v Value) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := Parse(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid timestamp", fmt.Sprintf("%s: %s.", req.Path, err))
	}
}
