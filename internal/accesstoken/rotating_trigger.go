// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package accesstoken

import "github.com/hashicorp/terraform-plugin-framework/types"

// changedTrigger compares rotate_when_changed with its value in the state. It reports whether the values certainly changed,
// and whether they may turn out to have changed once they are known. Null elements do not count: a map that was empty, or
// becomes empty, is only recorded.
func changedTrigger(before, after types.Map) (certain, possible bool) {
	had, has := withoutNulls(before), withoutNulls(after)
	if len(had) == 0 {
		return false, false
	}
	if after.IsUnknown() {
		return false, true
	}
	differs, known := false, 0
	for key, value := range has {
		if value.IsUnknown() {
			possible = true
			continue
		}
		known++
		was, there := had[key]
		differs = differs || !there || !was.Equal(value)
	}
	for key := range had {
		_, there := has[key]
		differs = differs || !there
	}
	// Without a known element, all that is unknown may turn out to be null.
	certain = differs && known > 0
	return certain, certain || possible
}

// withoutNulls returns the elements of a map of strings that are not null.
func withoutNulls(m types.Map) map[string]types.String {
	elements := make(map[string]types.String, len(m.Elements()))
	for key, element := range m.Elements() {
		if text, ok := element.(types.String); ok && !text.IsNull() {
			elements[key] = text
		}
	}
	return elements
}
