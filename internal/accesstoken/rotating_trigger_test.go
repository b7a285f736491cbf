// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestChangedTrigger(t *testing.T) {
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
		before, after     types.Map
		certain, possible bool
	}{
		"the same":                      {triggers("a", one), triggers("a", one), false, false},
		"another value":                 {triggers("a", one), triggers("a", two), true, true},
		"another key":                   {triggers("a", one), triggers("b", one), true, true},
		"one more":                      {triggers("a", one), triggers("a", one, "b", one), true, true},
		"one less":                      {triggers("a", one, "b", one), triggers("a", one), true, true},
		"a null element more":           {triggers("a", one), triggers("a", one, "b", null), false, false},
		"a null element instead":        {triggers("a", one, "b", one), triggers("a", one, "b", null), true, true},
		"null to empty":                 {types.MapNull(types.StringType), triggers(), false, false},
		"from null":                     {types.MapNull(types.StringType), triggers("a", one), false, false},
		"from empty":                    {triggers(), triggers("a", one), false, false},
		"from null elements":            {triggers("a", null), triggers("a", one), false, false},
		"to null":                       {triggers("a", one), types.MapNull(types.StringType), false, false},
		"to empty":                      {triggers("a", one), triggers(), false, false},
		"to null elements":              {triggers("a", one), triggers("a", null), false, false},
		"unknown":                       {triggers("a", one), types.MapUnknown(types.StringType), false, true},
		"unknown, from empty":           {triggers(), types.MapUnknown(types.StringType), false, false},
		"an unknown element":            {triggers("a", one), triggers("a", unknown), false, true},
		"an unknown element, from null": {triggers("a", null), triggers("a", unknown), false, false},
		"an unknown element more":       {triggers("a", one), triggers("a", one, "b", unknown), false, true},
		"all unknown, one key gone":     {triggers("a", one, "b", one), triggers("a", unknown), false, true},
		"unknown beside another value":  {triggers("a", one), triggers("a", two, "b", unknown), true, true},
	} {
		if certain, possible := changedTrigger(c.before, c.after); certain != c.certain || possible != c.possible {
			t.Errorf("%s: certain %t, possible %t", name, certain, possible)
		}
	}
}
