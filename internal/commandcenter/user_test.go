// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"slices"
	"strings"
	"testing"
)

func TestDecodeUsers(t *testing.T) {
	admin, alice := User{11, "admin"}, User{13, `CORP\alice`}
	for body, want := range map[string]struct {
		users   []User
		partial string
	}{
		`{"users":[{"userEntity":{"userName":"CORP\\alice","userId":13}},{"userEntity":{"userName":"admin","userId":11}}]}`: {[]User{alice, admin}, ""},
		`{"users":[{"userEntity":{"userName":"admin","userId":"11"},"email":"x"}],"error":{"errorCode":0}}`:                 {[]User{admin}, ""},
		`{"users":[{"userEntity":{"userName":"admin","userId":11}}],"totalRecords":2}`:                                      {[]User{admin}, "2"},
		`{"users":[{"userEntity":{"userName":"admin","userId":11}}],"hasMore":true}`:                                        {[]User{admin}, "announces more items"},
		`{"users":[{"userEntity":{"userName":"admin","userId":11}},{"userEntity":{"userId":12}},{}]}`:                       {[]User{admin}, "2 of its 3 items have no usable id or name"},
		`{"users":[{"userName":"admin","userId":11}]}`:                                                                      {nil, "1 of its 1 items"},
		`{"users":[]}`:   {nil, ""},
		`{"users":null}`: {nil, "no array of users"},
		`{}`:             {nil, "no array of users"},
	} {
		list, err := decodeUsers([]byte(body))
		if err != nil {
			t.Errorf("%s: %s", body, err)
			continue
		}
		if !slices.Equal(list.All, want.users) || (want.partial == "") != (list.Partial == "") || !strings.Contains(list.Partial, want.partial) {
			t.Errorf("%s: got %v, %q", body, list.All, list.Partial)
		}
	}
	for _, body := range []string{
		`{"errorCode":5,"errorMessage":"Access denied"}`, `{"error":{"errorCode":5}}`, `{"users":{}}`, `[]`, `<html></html>`, ``, `{"errorMessage":"no"}`,
	} {
		if list, err := decodeUsers([]byte(body)); err == nil {
			t.Errorf("%s: got %v", body, list)
		}
	}
}
