// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Only the answers to create and Renew carry secrets, and the server sends them once. The token is therefore read from any such
// answer, whatever its form.

// decodeCreated reads the answer to create. It requires the id and the access token: without them a token may exist that nobody can
// use. A failure that is reported together with both is stored in Token.Reported.
func decodeCreated(body []byte) (Token, error) { return decodeIssued(body, false) }

// decodeRenewed reads the answer to Renew, which is flat (sdk, field). It requires both secrets: without them the old pair is spent
// and the new one unknown. A failure that is reported together with the id and both secrets is stored in Token.Reported.
func decodeRenewed(body []byte) (Token, error) { return decodeIssued(body, true) }

func decodeIssued(body []byte, renew bool) (Token, error) {
	if t, complete := salvageIssued(body, renew); complete {
		return t, nil
	}
	a, err := decodeAnswer(body)
	switch {
	case err != nil:
		return Token{}, err
	case renew:
		return Token{}, errors.New("the answer has no new pair")
	case a.tokenInfo == nil:
		return Token{}, errors.New("the answer has no tokenInfo")
	case a.tokenInfo.id() == 0:
		return Token{}, errors.New("the answer has no accessTokenId")
	default:
		return Token{}, errors.New("the answer has no accessToken")
	}
}

// salvageIssued reads the token from an answer to create or Renew of any status, even if the body is invalid JSON or reports a
// failure. It reports whether the token is complete, with id and secrets. A renewal that reports no failure needs only both
// secrets. Such an answer may also be an echo of the request, so after an unsuccessful status the caller compares the pair with the
// one that it sent: Token.hasPair.
func salvageIssued(body []byte, renew bool) (Token, bool) {
	body = trimmed(body)
	var first json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(body))
	valid := decoder.Decode(&first) == nil
	if valid {
		if t, complete := issued(first, renew); complete {
			return t, true
		}
		if len(bytes.TrimSpace(body[decoder.InputOffset():])) == 0 {
			return Token{}, false
		}
	}
	return scanIssued(body, renew)
}

// issued finds the token of an answer: in tokenInfo, at the top level, or, if it has an id there, in another object.
func issued(value json.RawMessage, renew bool) (Token, bool) {
	a := newAnswer(membersOf(value))
	failure := a.failure()
	complete := func(o object, idNeeded bool) (Token, bool) {
		t := o.token()
		t.Reported = reportedBy(failure)
		return t, t.AccessToken != "" && (!renew || t.RefreshToken != "") && (!idNeeded || t.ID != 0)
	}
	for _, o := range []object{a.tokenInfo, a.top} {
		if t, ok := complete(o, !renew || failure != nil); ok {
			return t, true
		}
	}
	const deepest = 4 // each level is parsed again
	for _, o := range objectsIn(value, deepest) {
		if t, ok := complete(o, true); ok {
			return t, true
		}
	}
	return Token{}, false
}

// objectsIn returns the objects in a value, down to the given depth.
func objectsIn(value json.RawMessage, depth int) []object {
	if depth == 0 {
		return nil
	}
	o := membersOf(value)
	values := elementsOf(value)
	for _, m := range o {
		values = append(values, m.value)
	}
	found := []object{}
	if o != nil {
		found = append(found, o)
	}
	for _, inner := range values {
		if inner[0] == '{' || inner[0] == '[' {
			found = append(found, objectsIn(inner, depth-1)...)
		}
	}
	return found
}

// reportedBy returns a *Error for a failure that an answer reports together with its token, even if the failure itself is unreadable.
func reportedBy(failure error) *Error {
	if failure == nil {
		return nil
	}
	if refused := (*Error)(nil); errors.As(failure, &refused) {
		return refused
	}
	return &Error{Kind: Refused, Err: failure}
}
