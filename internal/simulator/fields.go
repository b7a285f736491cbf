// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
)

// fields contains the members of a request's JSON object. It is read strictly: unlike in encoding/json, names are case-sensitive.
// The first error is kept as the problem.
type fields struct {
	raw     map[string]json.RawMessage
	problem *problem
}

// readFields reads a body that must be one JSON object. Only known fields are accepted, each at most once. Without known fields,
// any field is accepted.
func readFields(header http.Header, body []byte, known ...string) (*fields, *problem) {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != "application/json" { // API.md#create (reference)
		return nil, malformedf("The Content-Type must be application/json, not %q", header.Get("Content-Type"))
	}
	raw := map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, malformedf("The body is not a JSON object")
	}
	for decoder.More() {
		token, err := decoder.Token()
		name, isText := token.(string)
		if err != nil || !isText {
			return nil, malformedf("The body is not valid JSON")
		}
		if _, twice := raw[name]; twice {
			return nil, malformedf("The field %q is given twice", name)
		}
		if len(known) > 0 && !slices.Contains(known, name) {
			return nil, malformedf("The field %q is unknown", name)
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return nil, malformedf("The value of %q is not valid JSON", name)
		}
		raw[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, malformedf("The body is not valid JSON")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, malformedf("Something follows the JSON object in the body")
	}
	return &fields{raw: raw}, nil
}

// fail records the problem unless there is one already.
func (f *fields) fail(p *problem) {
	if f.problem == nil {
		f.problem = p
	}
}

// text returns the text of a field, or nil if it is absent.
func (f *fields) text(name string) *string {
	raw, present := f.raw[name]
	if !present {
		return nil
	}
	var value *string
	if json.Unmarshal(raw, &value) != nil || value == nil {
		f.fail(malformedf("The field %q must be a string", name))
		return nil
	}
	return value
}

// required returns the text of a field. An absent field is a problem.
func (f *fields) required(name string) string {
	value := f.text(name)
	if value == nil {
		f.fail(malformedf("The field %q is missing", name))
		return ""
	}
	return *value
}

// number returns the number in a field, or nil if it is absent. It refuses fractions and exponents.
func (f *fields) number(name string) *int64 {
	raw, present := f.raw[name]
	if !present {
		return nil
	}
	value, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		f.fail(malformedf("The field %q must be an integer", name))
		return nil
	}
	return &value
}

// timestamp returns Unix seconds, or nil if the field is absent or 0, which means none. The value is an int32: API.md#types
// (reference).
func (f *fields) timestamp(name string) *int64 {
	value := f.number(name)
	if value == nil || *value == 0 {
		return nil
	}
	if *value < 0 || *value > math.MaxInt32 {
		f.fail(malformedf("The field %q must be a timestamp that fits int32", name))
		return nil
	}
	return value
}

// texts returns the texts in a field, or nil if it is absent.
func (f *fields) texts(name string) *[]string {
	raw, present := f.raw[name]
	if !present {
		return nil
	}
	var elements []*string
	if json.Unmarshal(raw, &elements) != nil || elements == nil {
		f.fail(malformedf("The field %q must be an array of strings", name))
		return nil
	}
	values := make([]string, 0, len(elements))
	for _, element := range elements {
		if element == nil {
			f.fail(malformedf("The field %q must be an array of strings, without null", name))
			return nil
		}
		values = append(values, *element)
	}
	return &values
}

// tokenType returns the type in a field, given by name or number, or nil if it is absent. DEFAULT is ALL. API.md#types (reference);
// numbers: API.md#the-vendors-own-client (sdk).
func (f *fields) tokenType(name string) *string {
	raw, present := f.raw[name]
	if !present {
		return nil
	}
	var value string
	if number, err := strconv.Atoi(string(raw)); err == nil {
		if number < 0 || number >= len(tokenTypes) {
			f.fail(malformedf("The field %q has the unknown value %d", name, number))
			return nil
		}
		value = tokenTypes[number].name
	} else if json.Unmarshal(raw, &value) != nil || !slices.Contains(typeNames(), value) {
		f.fail(malformedf("The field %q must be one of %q, or a number from 0 to %d", name, typeNames(), len(tokenTypes)-1))
		return nil
	}
	if value == TypeDefault {
		value = TypeAll
	}
	return &value
}
