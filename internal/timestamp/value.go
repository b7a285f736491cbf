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

// Type is the attribute type, used as the CustomType of an attribute.
type Type struct {
	basetypes.StringType
}

// Equal reports whether o is this type.
func (Type) Equal(o attr.Type) bool {
	_, ok := o.(Type)
	return ok
}

// String returns the name of the type for errors of the framework.
func (Type) String() string { return "timestamp.Type" }

// ValueType returns an empty value of the type.
func (Type) ValueType(context.Context) attr.Value { return Value{} }

// ValueFromString wraps a framework string without checking it. ValidateAttribute checks it.
func (Type) ValueFromString(_ context.Context, s basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{s}, nil
}

// ValueFromTerraform reads a wire value. It returns an error if the value is not a string.
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

// Value is an instant in its original notation, null, or unknown. The zero Value is null.
type Value struct {
	basetypes.StringValue
}

// Null returns the value for no instant.
func Null() Value { return Value{basetypes.NewStringNull()} }

// Unknown returns the value of an instant that is known after apply.
func Unknown() Value { return Value{basetypes.NewStringUnknown()} }

// FromString returns s unchanged and unchecked.
func FromString(s string) Value { return Value{basetypes.NewStringValue(s)} }

// FromTime formats t in UTC and truncates it to whole seconds. It returns null for the zero time. See FromUnix for the bounds.
func FromTime(t time.Time) Value {
	if t.IsZero() {
		return Null()
	}
	return FromUnix(t.Unix())
}

// FromUnix formats Unix seconds in UTC. It returns null for 0, which means "none" on the wire, and for negative numbers.
//
// Numbers after 2038-01-19T03:14:07Z return that instant. The framework also validates the values that a provider writes to state,
// and writes nothing if it rejects one of them. An unusual end must not cause the loss of the token that came with it.
func FromUnix(seconds int64) Value {
	if seconds <= 0 {
		return Null()
	}
	return FromString(time.Unix(min(seconds, latest.Unix()), 0).UTC().Format(time.RFC3339))
}

// Time returns the instant in UTC, or false if the value is null, unknown or invalid.
func (v Value) Time() (time.Time, bool) {
	if v.IsNull() || v.IsUnknown() {
		return time.Time{}, false
	}
	t, err := parse(v.ValueString())
	return t, err == nil
}

// SameInstant reports whether a and b are the same instant, regardless of notation. Null equals null, unknown equals nothing, and
// invalid text equals itself.
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

// Type returns the attribute type.
func (Value) Type(context.Context) attr.Type { return Type{} }

// Equal reports whether o has the same notation. Terraform compares text, so the framework must too.
func (v Value) Equal(o attr.Value) bool {
	other, ok := o.(Value)
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals lets the framework keep the prior notation of an instant after a create, read or update returned another
// notation. The framework does not call it during a plan: see KeepSpelling.
func (v Value) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Value)
	if !ok {
		return false, diag.Diagnostics{diag.NewErrorDiagnostic("Timestamp compared with another type",
			fmt.Sprintf("A timestamp was compared with a %T. This is a bug in the provider; please report it.", o))}
	}
	return SameInstant(v, other), nil
}

// ValidateAttribute adds an error at the attribute's path if Parse rejects the value.
func (v Value) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := Parse(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid timestamp", fmt.Sprintf("%s: %s.", req.Path, err))
	}
}
