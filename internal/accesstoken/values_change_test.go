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
	triggers := func(pairs ...any) types.Map {
		elements := map[string]attr.Value{}
		for i := 0; i < len(pairs); i += 2 {
			elements[pairs[i].(string)] = pairs[i+1].(types.String)
		}
		return types.MapValueMust(types.StringType, elements)
	}
	for name, c := range map[string]struct {
		before, after types.Map
		changes       bool
	}{
		"the same":                      {triggers("a", one), triggers("a", one), false},
		"another value":                 {triggers("a", one), triggers("a", two), true},
		"another key":                   {triggers("a", one), triggers("b", one), true},
		"one more":                      {triggers("a", one), triggers("a", one, "b", one), true},
		"one less":                      {triggers("a", one, "b", one), triggers("a", one), true},
		"a null element more":           {triggers("a", one), triggers("a", one, "b", null), false},
		"a null element instead":        {triggers("a", one, "b", one), triggers("a", one, "b", null), true},
		"null to empty":                 {types.MapNull(types.StringType), triggers(), false},
		"from null":                     {types.MapNull(types.StringType), triggers("a", one), false},
		"from empty":                    {triggers(), triggers("a", one), false},
		"from null elements":            {triggers("a", null), triggers("a", one), false},
		"to null":                       {triggers("a", one), types.MapNull(types.StringType), false},
		"to empty":                      {triggers("a", one), triggers(), false},
		"to null elements":              {triggers("a", one), triggers("a", null), false},
		"unknown":                       {triggers("a", one), types.MapUnknown(types.StringType), true},
		"unknown, from empty":           {triggers(), types.MapUnknown(types.StringType), false},
		"an unknown element":            {triggers("a", one), triggers("a", unknown), true},
		"an unknown element, from null": {triggers("a", null), triggers("a", unknown), false},
		"an unknown element more":       {triggers("a", one), triggers("a", one, "b", unknown), true},
		"all unknown, one key gone":     {triggers("a", one, "b", one), triggers("a", unknown), true},
		"unknown beside another value":  {triggers("a", one), triggers("a", two, "b", unknown), true},
	} {
		if got := valuesChange(c.before, c.after); got != c.changes {
			t.Errorf("%s: %t", name, got)
		}
	}
}
