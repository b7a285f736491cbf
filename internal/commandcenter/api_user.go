// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// User is a user of Command Center, a service account included.
type User struct {
	ID int64
	// Name as at a login: DOMAIN\user for a user of a domain.
	Name string
}

// UserList is what the server showed of its users.
type UserList struct {
	// All users by name.
	All []User
	// Partial is why the list may leave users out, "" if nothing says so.
	Partial string
}

// sharedUsers is the list of users, which is asked for once. Whoever asks meanwhile waits for it.
type sharedUsers struct {
	turn sync.Mutex
	list *UserList
	err  error
}

// Users returns the users, asked for at the first call and shared by all later ones. A list that failed stays failed, unless
// the call that asked for it was interrupted.
func (c *Client) Users(ctx context.Context) (*UserList, error) {
	s := &c.users
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.list == nil && (s.err == nil || KindOf(s.err) == Interrupted) {
		s.list, s.err = c.listUsers(ctx)
	}
	return s.list, s.err
}

// listUsers is the call itself (sdk).
func (c *Client) listUsers(ctx context.Context) (*UserList, error) {
	var list *UserList
	err := c.do(ctx, request{
		op: OpUsers, method: http.MethodGet, path: "/User",
		decode: func(body []byte) (err error) {
			list, err = decodeUsers(body)
			return err
		},
	})
	switch {
	case err == nil:
		return list, nil
	case waitContext(ctx).Err() != nil:
		return nil, &Error{Operation: OpUsers, Kind: Interrupted}
	default:
		return nil, err
	}
}

// decodeUsers reads the array of users. Without it nothing is known to be there. API.md#users (sdk).
func decodeUsers(body []byte) (*UserList, error) {
	a, err := decodeAnswer(body)
	if err != nil {
		return nil, err
	}
	var items []json.RawMessage
	present := false
	for _, m := range a.top {
		switch {
		case !m.is("users"):
		case m.value[0] == '[':
			items, present = append(items, elementsOf(m.value)...), true
		case m.value[0] != 'n':
			return nil, errors.New("the answer has users that are no array")
		}
	}
	if !present {
		if a.mentionsErrors() {
			return nil, errors.New("the answer has an error and no array of users")
		}
		return &UserList{Partial: "the answer has no array of users"}, nil
	}
	list := &UserList{Partial: a.moreThan(len(items))}
	for _, item := range items {
		if u := membersOf(item).objects("userEntity").user(); u.ID != 0 && u.Name != "" {
			list.All = append(list.All, u)
		}
	}
	if unusable := len(items) - len(list.All); unusable > 0 && list.Partial == "" {
		list.Partial = fmt.Sprintf("%d of its %d items have no usable id or name", unusable, len(items))
	}
	slices.SortFunc(list.All, func(x, y User) int { return strings.Compare(x.Name, y.Name) })
	return list, nil
}

func (o object) user() User {
	var u User
	u.Name, _ = lastOf(o, "userName", readFilledText)
	u.ID, _ = lastOf(o, "userId", readID)
	return u
}
