// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package wholenumber is an attribute type for whole numbers with a clear error for fractions. The framework's own Int64 reports a
// fraction as a bug of the provider.
package wholenumber

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.Int64Typable      = Type{}
	_ basetypes.Int64Valuable     = Value{}
	_ xattr.ValidateableAttribute = Value{}
)

// Type is the type of a whole number.
type Type struct{ basetypes.Int64Type }

// Equal reports whether o is this type.
func (Type) Equal(o attr.Type) bool {
	_, ok := o.(Type)
	return ok
}

// String returns the name of the type.
func (Type) String() string { return "wholenumber.Type" }

// ValueType returns a zero Value.
func (Type) ValueType(context.Context) attr.Value { return Value{} }

// ValueFromInt64 wraps a number.
func (Type) ValueFromInt64(_ context.Context, n basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return Value{Int64Value: n}, nil
}

// ValueFromTerraform accepts any number. ValidateAttribute later rejects a number with a fraction or of more than 64 bits.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.IsKnown() && !in.IsNull() {
		var given big.Float
		if err := in.As(&given); err != nil {
			return nil, err
		}
		if _, accuracy := given.Int64(); accuracy != big.Exact {
			return Value{Int64Value: basetypes.NewInt64Unknown(), refused: given.Text('g', -1)}, nil
		}
	}
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	n, ok := value.(basetypes.Int64Value)
	if !ok {
		return nil, fmt.Errorf("unexpected %T", value)
	}
	return Value{Int64Value: n}, nil
}

// Value is a whole number, null, or unknown.
type Value struct {
	basetypes.Int64Value
	// refused is the given value if it is not a whole number.
	refused string
}

// Null returns the value for no number.
func Null() Value { return Value{Int64Value: basetypes.NewInt64Null()} }

// Of returns the value for n.
func Of(n int64) Value { return Value{Int64Value: basetypes.NewInt64Value(n)} }

// Type returns the attribute type.
func (Value) Type(context.Context) attr.Type { return Type{} }

// Equal reports whether o is the same number.
func (v Value) Equal(o attr.Value) bool {
	other, ok := o.(Value)
	return ok && v.refused == other.refused && v.Int64Value.Equal(other.Int64Value)
}

// ValidateAttribute adds an error at the attribute's path if the value is not a whole number.
func (v Value) ValidateAttribute(
	_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse,
) {
	if v.refused != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a whole number", fmt.Sprintf(
			"%s was given. The value must be a whole number that fits in 64 bits, such as 7.", v.refused))
	}
}
