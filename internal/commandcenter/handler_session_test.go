// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// tickets is a credential that returns one ticket after the other.
type tickets struct {
	n    int
	err  error
	seen []string
}

func (c *tickets) get(context.Context) (ticket, error) {
	return ticket{value: Secret(fmt.Sprint(c.n))}, c.err
}
func (c *tickets) accepted(t ticket)                   { c.seen = append(c.seen, "+"+t.value.Reveal()) }
func (c *tickets) is(Secret) bool                      { return false }
func (c *tickets) user(context.Context) (string, bool) { return "", false }

func (c *tickets) rejected(t ticket) bool {
	c.seen = append(c.seen, "-"+t.value.Reveal())
	c.n++
	return true
}

func TestSessionHandlerTriesOnceMoreAfterA401(t *testing.T) {
	unauthorized, lost := &Error{Kind: Unauthorized}, &Error{Kind: Lost}
	for name, c := range map[string]struct {
		request  request
		failures []*Error
		seen     []string
		want     *Error
		taken    bool
	}{
		"accepted":            {request{}, nil, []string{"+0"}, nil, false},
		"refused by the API":  {request{}, []*Error{{Kind: Refused, Documented: true}}, []string{"+0"}, &Error{Kind: Refused}, false},
		"refused by a page":   {request{}, []*Error{{Kind: Refused}}, nil, &Error{Kind: Refused}, false},
		"lost":                {request{}, []*Error{lost}, nil, lost, false},
		"401":                 {request{}, []*Error{unauthorized}, []string{"-0", "+1"}, nil, true},
		"401 again":           {request{}, []*Error{unauthorized, unauthorized, unauthorized}, []string{"-0", "-1"}, unauthorized, true},
		"401, keeps session":  {request{keepSession: true}, []*Error{unauthorized}, nil, unauthorized, false},
		"401 of an anonymous": {request{anonymous: true}, []*Error{unauthorized}, nil, unauthorized, false},
	} {
		credential := &tickets{}
		a := &attempt{request: c.request}
		failure := sessionHandler{next: &scripted{failures: c.failures}, credential: credential}.handle(t.Context(), a)
		if !slices.Equal(credential.seen, c.seen) || (failure == nil) != (c.want == nil) || failure != nil && failure.Kind != c.want.Kind {
			t.Errorf("%s: the credential saw %q, want %q; the error is %v", name, credential.seen, c.seen, failure)
		}
		if a.mayBeTaken != c.taken {
			t.Errorf("%s: may have been taken before: %t", name, a.mayBeTaken)
		}
	}
}

func TestSessionHandlerKeepsTheCauseOfAFailedLogin(t *testing.T) {
	for name, c := range map[string]struct {
		login *Error
		kind  Kind
		text  string
	}{
		"wrong path": {
			&Error{Operation: OpLogin, Kind: Refused, Status: 404}, NeverSent,
			"the login failed: the request was refused (HTTP 404 Not Found)",
		},
		"closed port": {
			&Error{Operation: OpLogin, Kind: NeverSent, Cause: CauseConnectionRefused, Err: errors.New("refused")}, NeverSent,
			"the login failed: the request did not reach Command Center: refused",
		},
		"bad credentials": {
			&Error{Operation: OpLogin, Kind: Unauthorized, Status: 200, Err: &LoginError{Username: "u", Message: "no"}}, Unauthorized,
			`the login of "u" was refused: no`,
		},
		"interruption": {&Error{Operation: OpLogin, Kind: Interrupted}, Interrupted, "the run was interrupted before the request was sent"},
	} {
		next := &scripted{}
		failure := sessionHandler{next: next, credential: &tickets{err: c.login}}.handle(t.Context(), &attempt{request: request{op: OpCreate}})
		if failure == nil || next.handled > 0 || failure.Kind != c.kind || failure.Operation != OpCreate || failure.Error() != c.text {
			t.Errorf("%s: the error is %v", name, failure)
			continue
		}
		if origin := failure.Origin(); c.kind != Interrupted && origin != c.login {
			t.Errorf("%s: it goes back to %+v", name, origin)
		}
	}
}
