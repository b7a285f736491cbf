// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Each decoder takes the body of an answer with a status of success. It returns a *Error of the kind Refused when the
// body reports a failure, as Command Center does under HTTP 200, API.md#failures (reference, sdk), and any other error when
// the body is not an answer of the API.

// wireAnswer is every answer but a list's: the failure stands in one of three places.
type wireAnswer struct {
	wireError
	Error     *wireError `json:"error"`
	TokenInfo *struct {
		wireToken
		Error *wireError `json:"error"`
	} `json:"tokenInfo"`
}

// decodeAnswer refuses what is no JSON object, and what tells of a failure.
func decodeAnswer(body []byte) (*wireAnswer, error) {
	if err := mustBeObject(body); err != nil {
		return nil, err
	}
	var answer wireAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, unusable(err)
	}
	places := []*wireError{&answer.wireError, answer.Error}
	if answer.TokenInfo != nil {
		places = append(places, answer.TokenInfo.Error)
	}
	for _, place := range places {
		if place.failed() {
			return nil, place.as(Refused)
		}
	}
	return &answer, nil
}

// decodeCreated takes the answer of create. Without id or secret it is not one: the token may exist, but nobody can
// use it.
func decodeCreated(body []byte) (Token, error) {
	answer, err := decodeAnswer(body)
	switch {
	case err != nil:
		return Token{}, err
	case answer.TokenInfo == nil:
		return Token{}, errors.New("the answer has no tokenInfo")
	case answer.TokenInfo.ID <= 0:
		return Token{}, errors.New("the answer has no accessTokenId")
	case answer.TokenInfo.AccessToken == "":
		return Token{}, errors.New("the answer has no accessToken")
	}
	return answer.TokenInfo.token(), nil
}

// decodeUpdated takes the answer of update, which may repeat the token or not (its form is unknown).
func decodeUpdated(body []byte) (Token, error) {
	answer, err := decodeAnswer(body)
	if err != nil {
		return Token{}, err
	}
	if answer.TokenInfo == nil {
		if answer.Code == nil && (answer.Error == nil || answer.Error.Code == nil) {
			return Token{}, errors.New("the answer has neither tokenInfo nor errorCode")
		}
		return Token{}, nil
	}
	return answer.TokenInfo.token(), nil
}

// decodeRevoked takes the answer of revoke, flat (sdk).
func decodeRevoked(body []byte) error {
	answer, err := decodeAnswer(body)
	if err != nil {
		return err
	}
	if answer.Code == nil && (answer.Error == nil || answer.Error.Code == nil) {
		return errors.New("the answer has no errorCode")
	}
	return nil
}

// decodeList takes the one top-level array of objects that carry accessTokenId, whatever its name; one or several empty
// arrays are an empty list. Anything else is an error, never "no tokens".
func decodeList(body []byte) ([]Token, error) {
	if err := mustBeObject(body); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, unusable(err)
	}
	if err := listFailure(members); err != nil {
		return nil, err
	}
	items, err := tokenArray(members)
	if err != nil {
		return nil, err
	}
	tokens := make([]Token, 0, len(items))
	for i, item := range items {
		var w wireToken
		if err := json.Unmarshal(item, &w); err != nil {
			return nil, fmt.Errorf("item %d of the list: %w", i, unusable(err))
		}
		if w.ID <= 0 {
			return nil, fmt.Errorf("item %d of the list has no accessTokenId", i)
		}
		tokens = append(tokens, w.token())
	}
	return tokens, nil
}

// tokenArray finds the array of tokens among the members of an answer.
func tokenArray(members map[string]json.RawMessage) ([]json.RawMessage, error) {
	var found [][]json.RawMessage
	empty, foreign := 0, 0
	for _, value := range members {
		if value[0] != '[' {
			continue
		}
		var elements []json.RawMessage
		if err := json.Unmarshal(value, &elements); err != nil {
			return nil, unusable(err)
		}
		switch {
		case len(elements) == 0:
			empty++
		case slices.ContainsFunc(elements, carriesID):
			found = append(found, elements)
		default:
			foreign++
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, errors.New("the answer has several arrays of tokens")
	case foreign > 0 || empty == 0:
		return nil, errors.New("the answer has no array of tokens")
	default:
		return nil, nil
	}
}

func carriesID(item json.RawMessage) bool {
	var probe struct {
		ID *json.RawMessage `json:"accessTokenId"`
	}
	return json.Unmarshal(item, &probe) == nil && probe.ID != nil
}

// listFailure finds a failure among the members of a list's answer, whose names are matched as encoding/json does it.
func listFailure(members map[string]json.RawMessage) error {
	kept := map[string]json.RawMessage{}
	for name, value := range members {
		switch {
		case strings.EqualFold(name, "errorCode"), strings.EqualFold(name, "errorMessage"):
			kept[name] = value
		case strings.EqualFold(name, "error"):
			if value[0] != '{' && value[0] != 'n' && string(value) != `""` {
				return fmt.Errorf("the answer has an error that is %s", kindOfJSON(value))
			}
			if value[0] == '{' {
				kept[name] = value
			}
		}
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return unusable(err)
	}
	_, err = decodeAnswer(data)
	return err
}

// wireLogin is the answer of POST /Login; bad credentials are told under HTTP 200 (sdk).
type wireLogin struct {
	Token           text   `json:"token"`
	IsAccountLocked flag   `json:"isAccountLocked"`
	RemainingLock   number `json:"remainingLockTime"` // seconds
	Errors          []struct {
		Message text `json:"errLogMessage"`
	} `json:"errList"`
	wireError
}

// decodeLogin gives the session token, or a *LoginError without the user's name.
func decodeLogin(body []byte) (Secret, error) {
	if err := mustBeObject(body); err != nil {
		return "", err
	}
	var answer wireLogin
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", unusable(err)
	}
	if answer.Token != "" && !answer.failed() {
		return Secret(answer.Token), nil
	}
	refused := &LoginError{
		Locked:    bool(answer.IsAccountLocked),
		Remaining: inSeconds(int64(answer.RemainingLock)),
	}
	switch {
	case len(answer.Errors) > 0:
		refused.Message = string(answer.Errors[0].Message)
	case answer.Message != nil:
		refused.Message = string(*answer.Message)
	case !refused.Locked && !answer.failed():
		return "", errors.New("the answer has neither token nor error")
	}
	if refused.Message == "" {
		refused.Message = "no reason given"
	}
	return "", refused
}

// describe makes an error of an answer that did not succeed: the documented error body if it is one, else the title of
// the page.
func describe(kind Kind, body []byte) *Error {
	if mustBeObject(body) == nil {
		var answer wireAnswer
		if json.Unmarshal(body, &answer) == nil {
			for _, place := range []*wireError{&answer.wireError, answer.Error} {
				if place != nil && (place.Message != nil || place.Code != nil) {
					return place.as(kind)
				}
			}
		}
	}
	return &Error{Kind: kind, Message: pageTitle(body)}
}

func mustBeObject(body []byte) error {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return errors.New("the answer is empty")
	case trimmed[0] == '<':
		return errors.New("the answer is a page, not JSON")
	case trimmed[0] != '{':
		if json.Valid(trimmed) {
			return fmt.Errorf("the answer is %s where an object is due", kindOfJSON(trimmed))
		}
		return errors.New("the answer is not JSON")
	}
	return nil
}

// unusable tells of JSON that does not fit, without quoting it: it may hold secrets.
func unusable(err error) error {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("the answer is cut off or not JSON, at byte %d", syntax.Offset)
	case errors.As(err, &mismatch):
		return fmt.Errorf("the answer has a %s in the field %s", mismatch.Value, mismatch.Field)
	default:
		return fmt.Errorf("the answer does not fit: %w", err)
	}
}
