// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// walk looks at an object once more, as it was written: for fields that its type wants and that are not there, or empty,
// for values that are none of those that a tag lists, and for durations that only Go would take.
func walk(object, raw any) []error {
	return walkType(reflect.TypeOf(object), raw, "")
}

var (
	decodesItself = reflect.TypeFor[json.Unmarshaler]()
	aDuration     = reflect.TypeFor[metav1.Duration]()
)

func walkType(t reflect.Type, raw any, path string) []error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == aDuration {
		if text, ok := raw.(string); !ok || !interval.MatchString(text) {
			return []error{fmt.Errorf("%s: %v is no duration such as 10m", path, raw)}
		}
	}
	if reflect.PointerTo(t).Implements(decodesItself) {
		return nil
	}
	var problems []error
	switch values := raw.(type) {
	case map[string]any:
		if t.Kind() == reflect.Struct {
			return walkFields(t, values, path)
		}
		for key, value := range values {
			problems = append(problems, walkType(t.Elem(), value, path+"."+key)...)
		}
	case []any:
		for i, value := range values {
			problems = append(problems, walkType(t.Elem(), value, fmt.Sprintf("%s[%d]", path, i))...)
		}
	}
	return problems
}

func walkFields(t reflect.Type, values map[string]any, path string) []error {
	var problems []error
	for _, field := range reflect.VisibleFields(t) {
		if len(field.Index) > 1 { // of an inlined struct, which is walked by itself
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" { // inlined
			problems = append(problems, walkType(field.Type, values, path)...)
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		value, given := values[name]
		if !given || value == nil || value == "" {
			if !strings.Contains(options, "omit") {
				problems = append(problems, fmt.Errorf("%s is missing", at))
			}
			continue
		}
		if accepted := strings.Fields(field.Tag.Get("oneof")); len(accepted) > 0 {
			if err := oneOf(value, accepted); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", at, err))
			}
		}
		problems = append(problems, walkType(field.Type, value, at)...)
	}
	return problems
}
