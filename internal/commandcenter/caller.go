// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

// CallerName returns the name of the user that the client acts as. It comes from the login, or from one POST /WhoAmI per process.
// It returns false if the name cannot be determined.
func (c *Client) CallerName(ctx context.Context) (string, bool) { return c.credential.user(ctx) }

// callerName is the answer of POST /WhoAmI. Callers that arrive while the request is in flight wait for it.
type callerName struct {
	turn sync.Mutex
	name string
	done bool
}

func (f *authtoken) user(ctx context.Context) (string, bool) {
	f.caller.turn.Lock()
	defer f.caller.turn.Unlock()
	if !f.caller.done {
		name, err := f.client.whoAmI(ctx)
		f.caller.name = name
		f.caller.done = err == nil || waitContext(ctx).Err() == nil && KindOf(err) != Interrupted
	}
	return f.caller.name, f.caller.name != ""
}

func (s *session) user(ctx context.Context) (string, bool) {
	if _, err := s.get(ctx); err != nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.userName, s.userName != ""
}

// whoAmI requests the name of the caller (sdk).
func (c *Client) whoAmI(ctx context.Context) (string, error) {
	var name string
	err := c.do(ctx, request{
		op: OpWhoAmI, method: http.MethodPost, path: "/WhoAmI",
		decode: func(body []byte) error {
			if _, err := decodeAnswer(body); err != nil {
				return err
			}
			top, err := decodeObject(body)
			if err != nil {
				return err
			}
			name, _ = lastOf(top.objects("user"), "userName", readFilledText)
			if name == "" {
				return &Error{Kind: Refused, Err: errors.New("the answer has no user name")} // repeating would not help
			}
			return nil
		},
	})
	return name, err
}

// loginName returns the userName in the answer to a login, or "" if there is none.
func loginName(body []byte) string {
	name, _ := lastOf(membersOf(body), "userName", readFilledText)
	return name
}
