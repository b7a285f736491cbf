// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object with undecoded members.
type object map[string]json.RawMessage

// asObject returns nil if text is not a JSON object.
func asObject(text []byte) object {
	var o object
	if json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &o) != nil {
		return nil
	}
	return o
}

// asItems returns the objects of an array. ok reports whether text is an array.
func asItems(text []byte) (items []object, ok bool) {
	var elements []json.RawMessage
	if len(text) == 0 || text[0] != '[' || json.Unmarshal(text, &elements) != nil {
		return nil, false
	}
	for _, element := range elements {
		items = append(items, asObject(element))
	}
	return items, true
}

// Notations of a whole number.
const (
	asInteger = "as integers"
	asFloat   = "with a fraction"
	asText    = "as text"
)

// number reads a whole number in any of these notations.
func (o object) number(name string) (value int64, form string, ok bool) {
	raw := string(o[name])
	form = asInteger
	if unquoted, err := strconv.Unquote(raw); err == nil {
		raw, form = unquoted, asText
	}
	if value, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return value, form, true
	}
	if value, err := strconv.ParseFloat(raw, 64); err == nil && value == float64(int64(value)) {
		return int64(value), asFloat, true
	}
	return 0, "", false
}

// at returns a nonzero number, such as a timestamp or an id.
func (o object) at(name string) (int64, bool) {
	value, _, ok := o.number(name)
	return value, ok && value != 0
}

func (o object) text(name string) string {
	var text string
	_ = json.Unmarshal(o[name], &text) // "" for other types
	return text
}

func (o object) has(name string) bool { return o[name] != nil }

// names returns the sorted names of the members.
func (o object) names() []string {
	var names []string
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// kind returns the JSON type of a value.
func kind(value json.RawMessage) string {
	switch {
	case len(value) == 0:
		return "absent"
	case value[0] == '"':
		return "text"
	case value[0] == '{':
		return "object"
	case value[0] == '[':
		return "array"
	case value[0] == 't' || value[0] == 'f':
		return "bool"
	case value[0] == 'n':
		return "null"
	case strings.ContainsAny(string(value), ".eE"):
		return "fraction"
	}
	return "number"
}
