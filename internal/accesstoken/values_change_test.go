// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestValuesChange(t *testing.T) {
	t.Parallel()
	unknown, null := types.StringUnknown(), types.StringNull()
	one, two := types.StringValue("1"), types.StringValue("2")
	triggers := func(values ...types.String) types.Map { // the values of a and b, of which an empty text is omitted
		elements := map[string]attr.Value{}
		for i, value := range values {
			if value.IsNull() || value.IsUnknown() || value.ValueString() != "" {
				elements[string(rune('a'+i))] = value
			}
		}
		return types.MapValueMust(types.StringType, elements)
	}
	none := types.StringValue("")
	for name, c := range map[string]struct {
		before, after types.Map
		changes       bool
	}{
		"the same":                      {triggers(one), triggers(one), false},
		"another value":                 {triggers(one), triggers(two), true},
		"another key":                   {triggers(one), triggers(none, one), true},
		"one more":                      {triggers(one), triggers(one, one), true},
		"one less":                      {triggers(one, one), triggers(one), true},
		"a null element more":           {triggers(one), triggers(one, null), false},
		"a null element instead":        {triggers(one, one), triggers(one, null), true},
		"null to empty":                 {types.MapNull(types.StringType), triggers(), false},
		"from null":                     {types.MapNull(types.StringType), triggers(one), false},
		"from empty":                    {triggers(), triggers(one), false},
		"from null elements":            {triggers(null), triggers(one), false},
		"to null":                       {triggers(one), types.MapNull(types.StringType), false},
		"to empty":                      {triggers(one), triggers(), false},
		"to null elements":              {triggers(one), triggers(null), false},
		"unknown":                       {triggers(one), types.MapUnknown(types.StringType), true},
		"unknown, from empty":           {triggers(), types.MapUnknown(types.StringType), false},
		"an unknown element":            {triggers(one), triggers(unknown), true},
		"an unknown element, from null": {triggers(null), triggers(unknown), false},
		"an unknown element more":       {triggers(one), triggers(one, unknown), true},
		"all unknown, one key gone":     {triggers(one, one), triggers(unknown), true},
		"unknown beside another value":  {triggers(one), triggers(two, unknown), true},
	} {
		if got := valuesChange(c.before, c.after); got != c.changes {
			t.Errorf("%s: %t", name, got)
		}
	}
}
