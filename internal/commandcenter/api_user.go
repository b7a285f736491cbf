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

// User is a user of Command Center. Service accounts are users too.
type User struct {
	ID int64
	// Name is the login name: DOMAIN\user for a domain user.
	Name string
}

// UserList contains the users that the server showed.
type UserList struct {
	// All contains the users, ordered by name.
	All []User
	// Partial is the reason why the list may lack users, or "" if nothing indicates that.
	Partial string
}

// sharedUsers is the list of users. It is requested once; callers that arrive meanwhile wait for it.
type sharedUsers struct {
	turn sync.Mutex
	list *UserList
	err  error
}

// Users returns the users. The first call requests them and all later calls share the result. A failure is shared too, unless the
// call that requested the list was interrupted.
func (c *Client) Users(ctx context.Context) (*UserList, error) {
	s := &c.users
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.list == nil && (s.err == nil || KindOf(s.err) == Interrupted) {
		s.list, s.err = c.listUsers(ctx)
	}
	return s.list, s.err
}

// listUsers makes the API call (sdk).
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

// decodeUsers reads the array of users. An answer without the array proves nothing. API.md#users (sdk).
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
			return nil, errors.New("the users in the answer are not an array")
		}
	}
	if !present {
		if a.mentionsErrors() {
			return nil, errors.New("the answer has an error but no array of users")
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
