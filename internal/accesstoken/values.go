// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import (
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/wholenumber"
)

// given reports whether an argument is known and not null.
func given(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

// complete replaces an unknown value by answered, or by before if answered is null.
func complete[T attr.Value](field *T, answered, before T) {
	switch {
	case !(*field).IsUnknown():
	case answered.IsNull():
		*field = before
	default:
		*field = answered
	}
}

// refreshTime returns answered. If answered is null or the same instant as old, it returns old to keep its notation.
func refreshTime(old, answered timestamp.Value) timestamp.Value {
	if answered.IsNull() || timestamp.SameInstant(old, answered) {
		return old
	}
	return answered
}

// refreshSet returns answered as a set. If it is equivalent to old, refreshSet returns old to keep its notation. An empty set from the
// server counts as null.
func refreshSet(old types.Set, answered []string, same func(a, b []string) bool) types.Set {
	switch {
	case same(texts(old), answered):
		return old
	case len(answered) == 0:
		return types.SetNull(types.StringType)
	default:
		return textSet(answered)
	}
}

// textSet returns a set of strings without duplicates.
func textSet(list []string) types.Set {
	seen := make(map[string]struct{}, len(list))
	elements := make([]attr.Value, 0, len(list))
	for _, text := range list {
		if _, twice := seen[text]; !twice {
			seen[text] = struct{}{}
			elements = append(elements, types.StringValue(text))
		}
	}
	return types.SetValueMust(types.StringType, elements)
}

func setOrNull(list []string) types.Set {
	if list == nil {
		return types.SetNull(types.StringType)
	}
	return textSet(list)
}

// texts returns the known elements of a set of strings. It returns none for a null or unknown set.
func texts(set types.Set) []string {
	list := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() && !text.IsNull() {
			list = append(list, text.ValueString())
		}
	}
	return list
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func numberOrNull(n int64) wholenumber.Value {
	if n == 0 {
		return wholenumber.Null()
	}
	return wholenumber.Of(n)
}

// instant returns the time of a value, or the zero time if there is none.
func instant(v timestamp.Value) time.Time {
	at, _ := v.Time()
	return at
}

func unixOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// rotateChanged describes the effect of a change of rotate_when_changed.
const rotateChanged = "A changed value replaces the token. Setting the first value or removing the last one is only recorded."

// valuesChange reports whether a map that has values may get different ones. Null elements do not count, so null, {} and {a = null} are
// all empty. An unknown map or element counts as different.
func valuesChange(before, after types.Map) bool {
	had, has := nonNull(before), nonNull(after)
	return len(had) > 0 && (hasUnknown(after, maps.Values(after.Elements())) || len(has) > 0 && !maps.EqualFunc(had, has, attr.Value.Equal))
}

func nonNull(m types.Map) map[string]attr.Value {
	elements := m.Elements()
	maps.DeleteFunc(elements, func(_ string, value attr.Value) bool { return value.IsNull() })
	return elements
}
