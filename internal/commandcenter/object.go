// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"encoding/json"
	"slices"
	"strings"
)

// object contains the members of a JSON object in their order. Answers are not unmarshalled into structs, because that can lose a
// secret: one field of an unexpected form makes the whole answer unusable, and of duplicate members the last one wins even if it is
// null. Names are compared without regard to letter case, as in encoding/json.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// usualMembers is the largest usual number of members in an object of the API. Growing a slice for each of 10,000 items took more
// memory than the items themselves.
const usualMembers = 10

// membersOf returns the members of an object, or nil if the value is not an object. The value must be valid JSON. The members'
// values alias the body, so that a long list is not copied.
func membersOf(value json.RawMessage) object {
	members := make(object, 0, usualMembers)
	intact := eachValue(value, '{', func(name, value json.RawMessage) {
		text, _ := readText(name)
		members = append(members, member{text, value})
	})
	if !intact {
		return nil
	}
	return members
}

// elementsOf returns the elements of an array, or nil if the value is not an array.
func elementsOf(value json.RawMessage) []json.RawMessage {
	elements := []json.RawMessage{}
	if !eachValue(value, '[', func(_, element json.RawMessage) { elements = append(elements, element) }) {
		return nil
	}
	return elements
}

func (m member) is(name string) bool {
	return len(m.name) == len(name) && strings.EqualFold(m.name, name)
}

func (o object) has(name string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return m.is(name) })
}

// objects merges the members of all objects with that name, because each may contain members that the others lack. It returns nil
// if there is no such object.
func (o object) objects(name string) object {
	var joined object
	for _, m := range o {
		if !m.is(name) {
			continue
		}
		if members := membersOf(m.value); joined == nil {
			joined = members
		} else {
			joined = append(joined, members...)
		}
	}
	return joined
}

// lastOf reads the last member with that name whose value has the expected form.
func lastOf[T any](o object, name string, read func(json.RawMessage) (T, bool)) (value T, known bool) {
	for _, m := range slices.Backward(o) {
		if m.is(name) {
			if value, known = read(m.value); known {
				return value, true
			}
		}
	}
	return *new(T), false
}

// id returns the id of a token, or 0 if there is no usable one. Duplicate ids that differ are unusable, because a wrong id could
// revoke another user's token.
func (o object) id() int64 {
	var found int64
	for _, m := range o {
		if !m.is("accessTokenId") {
			continue
		}
		switch id, known := readID(m.value); {
		case !known || id == found:
		case found != 0:
			return 0
		default:
			found = id
		}
	}
	return found
}
