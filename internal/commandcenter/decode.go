// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Each decoder reads the body of an answer with a successful status. It returns a *Error of the kind Refused if the body reports a
// failure, which Command Center also does under HTTP 200. API.md#failures (reference, sdk). It returns any other error if the body
// is not an answer of the API. Decoders are strict about error codes, ids and secrets. Any other field of an unexpected form counts
// as unknown.

// answer is a JSON object with the places that may report a failure: at the top level, in error, and in tokenInfo.error.
type answer struct {
	top       object
	tokenInfo object
	places    []errorPlace
}

func newAnswer(top object) answer {
	a := answer{top: top, tokenInfo: top.objects("tokenInfo"), places: []errorPlace{readErrorPlace(top)}}
	for _, container := range []object{top, a.tokenInfo} {
		for _, m := range container {
			if m.is("error") {
				a.places = append(a.places, readErrorMember(m.value))
			}
		}
	}
	return a
}

// errorPlace is one place of the documented error, which may be nested or flat. API.md#failures (reference).
type errorPlace struct {
	// present reports whether there is an errorCode or an error, even if it is null or empty.
	present bool
	// code is the errorCode, or the first nonzero one if there are several.
	code      int64
	codeKnown bool
	message   string
	// messageKnown reports whether there is a message, even if it is empty.
	messageKnown bool
	// unreadable is the reason why it is unclear whether the place reports a failure, or "" if it is clear.
	unreadable string
}

func readErrorPlace(o object) errorPlace {
	var e errorPlace
	for _, m := range o {
		if !m.is("errorCode") {
			continue
		}
		e.present = true
		code, known := readInteger(m.value)
		text, isText := readText(m.value)
		switch {
		case known:
			e.codeKnown = true
			if e.code == 0 {
				e.code = code
			}
		case isText && text == "", m.value[0] == 'n':
		default:
			e.unreadable = "an errorCode that is not a whole number"
		}
	}
	if e.message, e.messageKnown = lastOf(o, "errorMessage", readFilledText); !e.messageKnown {
		_, e.messageKnown = lastOf(o, "errorMessage", readText)
	}
	return e
}

// readErrorMember reads the value of error. An empty value does not report a failure.
func readErrorMember(value json.RawMessage) errorPlace {
	e := readErrorPlace(membersOf(value))
	e.present = true
	text, isText := readText(value)
	switch {
	case value[0] == '{', value[0] == 'n', isText && text == "", value[0] == '[' && len(elementsOf(value)) == 0:
	default:
		e.unreadable = "an error that is " + kindOfJSON(value)
	}
	return e
}

func (e errorPlace) as(kind Kind) *Error {
	return &Error{Kind: kind, Code: e.code, Message: e.message, Documented: true}
}

// failure returns the failure that the answer reports, or nil. A message with the code 0 is not a failure: servers send "Success"
// there.
func (a answer) failure() error {
	var failed *Error
	for _, place := range a.places {
		if place.code != 0 && (failed == nil || failed.Message == "" && failed.Code == place.code) {
			failed = place.as(Refused)
		}
	}
	if failed != nil {
		return failed
	}
	for _, place := range a.places {
		if place.unreadable != "" {
			return errors.New("the answer has " + place.unreadable)
		}
	}
	return nil
}

// acknowledged reports whether the answer contains the result of the call.
func (a answer) acknowledged() bool {
	for _, place := range a.places {
		if place.present {
			return true
		}
	}
	return false
}

// decodeAnswer reads a JSON object and returns its failure as an error.
func decodeAnswer(body []byte) (answer, error) {
	top, err := decodeObject(body)
	if err != nil {
		return answer{}, err
	}
	a := newAnswer(top)
	if err := a.failure(); err != nil {
		return answer{}, err
	}
	return a, nil
}

// decodeUpdated reads the answer to update. It is unknown whether the answer repeats the token. API.md#q16.
func decodeUpdated(body []byte) (Token, error) {
	a, err := decodeAnswer(body)
	switch {
	case err != nil:
		return Token{}, err
	case a.tokenInfo != nil:
		return a.tokenInfo.token(), nil
	case !a.acknowledged() && a.top.id() == 0:
		return Token{}, errors.New("the answer has neither tokenInfo nor errorCode")
	default:
		return a.top.token(), nil
	}
}

// decodeRevoked reads the answer to revoke, which is flat (sdk).
func decodeRevoked(body []byte) error {
	a, err := decodeAnswer(body)
	if err == nil && !a.acknowledged() {
		return errors.New("the answer has no errorCode")
	}
	return err
}

// describe returns the error for an unsuccessful answer: the documented error if the body has one, otherwise the title of the page.
func describe(kind Kind, body []byte) *Error {
	if top, err := decodeObject(body); err == nil {
		a := newAnswer(top)
		if refused := (*Error)(nil); errors.As(a.failure(), &refused) {
			refused.Kind = kind
			return refused
		}
		for _, place := range a.places {
			if place.codeKnown || place.messageKnown {
				return place.as(kind)
			}
		}
	}
	return &Error{Kind: kind, Message: pageTitle(body)}
}

// decodeObject reads a body that consists of one JSON object. A byte order mark is skipped.
func decodeObject(body []byte) (object, error) {
	body = trimmed(body)
	switch {
	case len(body) == 0:
		return nil, errors.New("the answer is empty")
	case bytes.HasPrefix(body, []byte("<?xml")):
		return nil, errors.New("the answer is XML, not JSON")
	case body[0] == '<':
		return nil, errors.New("the answer is an HTML page, not JSON")
	case body[0] != '{' && json.Valid(body):
		return nil, fmt.Errorf("the answer is %s where an object is expected", kindOfJSON(body))
	case body[0] != '{':
		return nil, errors.New("the answer is not JSON")
	}
	if !json.Valid(body) {
		return nil, unusable(json.Unmarshal(body, new(any)))
	}
	return membersOf(body), nil
}

// trimmed removes white space and byte order marks from both ends.
func trimmed(body []byte) []byte { return bytes.Trim(body, " \t\r\n\ufeff") }

// unusable describes unreadable JSON without quoting it, because it may contain secrets.
func unusable(err error) error {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Errorf("the answer is truncated or not JSON, at byte %d", syntax.Offset)
	}
	return errors.New("the answer is not in the format of Command Center")
}
