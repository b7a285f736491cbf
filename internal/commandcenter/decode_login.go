// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"slices"
)

// decodeLogin returns the session token in the answer to POST /Login, or a *LoginError without the name of the user. Bad
// credentials are reported under HTTP 200. API.md#log-in (sdk).
func decodeLogin(body []byte) (Secret, error) {
	top, err := decodeObject(body)
	if err != nil {
		return "", err
	}
	a := newAnswer(top)
	failure := a.failure()
	if token, known := lastOf(top, "token", readFilledText); known && failure == nil {
		return Secret(token), nil
	}
	locked, _ := lastOf(top, "isAccountLocked", readFlag)
	remaining, _ := lastOf(top, "remainingLockTime", readInteger) // seconds
	refused := &LoginError{Locked: locked, Remaining: inSeconds(remaining)}
	reasons, listed := loginReasons(top)
	for _, place := range a.places {
		reasons = append(reasons, place.message)
	}
	reasons = append(slices.DeleteFunc(reasons, func(reason string) bool { return reason == "" }), "no reason given")
	refused.Message = reasons[0]
	switch reported := (*Error)(nil); {
	case listed, locked, errors.As(failure, &reported):
		return "", refused
	case failure != nil:
		return "", failure
	case len(reasons) == 1:
		return "", errors.New("the answer has neither token nor error")
	default:
		return "", refused
	}
}

// loginReasons returns the messages of errList, and reports whether it has an entry.
func loginReasons(top object) (messages []string, listed bool) {
	for _, m := range top {
		if !m.is("errList") {
			continue
		}
		for _, entry := range elementsOf(m.value) {
			listed = true
			message, _ := lastOf(membersOf(entry), "errLogMessage", readText)
			messages = append(messages, message)
		}
	}
	return messages, listed
}
