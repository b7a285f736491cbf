// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package wholenumber_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

var unknown = wholenumber.Value{Int64Value: basetypes.NewInt64Unknown()}

func value(t *testing.T, given any) wholenumber.Value {
	t.Helper()
	got, err := wholenumber.Type{}.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Number, given))
	if err != nil {
		t.Fatalf("%v: %s", given, err)
	}
	v, ok := got.(wholenumber.Value)
	if !ok {
		t.Fatalf("%v is a %T", given, got)
	}
	return v
}

func refusal(t *testing.T, v wholenumber.Value) string {
	t.Helper()
	var resp xattr.ValidateAttributeResponse
	v.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("user_id")}, &resp)
	if len(resp.Diagnostics) == 0 {
		return ""
	}
	return resp.Diagnostics[0].Summary() + ": " + resp.Diagnostics[0].Detail()
}

func TestWholeNumbersNullAndUnknownAreAccepted(t *testing.T) {
	for given, want := range map[any]wholenumber.Value{
		7: wholenumber.Of(7), -1: wholenumber.Of(-1), nil: wholenumber.Null(), tftypes.UnknownValue: unknown,
	} {
		if got := value(t, given); !got.Equal(want) || refusal(t, got) != "" {
			t.Errorf("%v is %s (%s), want %s", given, got, refusal(t, got), want)
		}
	}
	if wholenumber.Of(1).Equal(wholenumber.Of(2)) || wholenumber.Null().Equal(unknown) {
		t.Error("different values are equal")
	}
}

func TestOtherValuesAreRejectedWithAClearError(t *testing.T) {
	huge, _ := new(big.Float).SetString("1e30")
	for shown, given := range map[string]any{"1.5": 1.5, "1e+30": huge} {
		text := refusal(t, value(t, given))
		if !strings.Contains(text, shown+" was given") || !strings.Contains(text, "The value must be a whole number") {
			t.Errorf("%s: %q", shown, text)
		}
	}
}
