// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// seeds are answers of every call.
var seeds = []string{
	`{"error":{"errorMessage":"","errorCode":0},"tokenInfo":{"error":{"errorCode":0},"accessTokenId":7,"tokenName":"n","userId":4,"tokenExpiryTimestamp":1800000000,"accessToken":"a","refreshToken":"r"}}`,
	`{"errorMessage":"no","errorCode":12}`, `{"tokenInfo":{"error":{"errorCode":"5"}}}`,
	`{"accessTokens":[{"accessTokenId":1,"tokenType":"ALL","apiEndpoints":["/a"],"allowedIPs":[]},{"accessTokenId":"2","tokenType":3}]}`,
	`{"a":[],"b":[]}`, `{"clients":[{"clientId":2}]}`, `{"userName":"u","token":"QSDK x"}`,
	`{"errList":[{"errLogMessage":"bad"}],"isAccountLocked":true,"remainingLockTime":900}`,
	`null`, `{}`, `[]`, ``, `<html><title>x</title></html>`, `{"error":"x","a":[]}`, `{"a":[`,
}

func addSeeds(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
}

// documented checks that an error of the API is reported as one.
func documented(t *testing.T, err error) {
	t.Helper()
	if refusal := (*Error)(nil); errors.As(err, &refusal) && (refusal.Kind != Refused || !refusal.Documented || refusal.Code == 0) {
		t.Errorf("the refusal is %+v", refusal)
	}
}

// wantSplit checks that an object is split as encoding/json splits it.
func wantSplit(t *testing.T, body []byte) {
	t.Helper()
	var want map[string]json.RawMessage
	isObject := json.Unmarshal(body, &want) == nil && want != nil
	if !isObject {
		return
	}
	got := map[string]json.RawMessage{}
	for _, m := range membersOf(bytes.TrimSpace(body)) {
		got[m.name] = m.value
		if m.value[0] == '[' {
			var elements []json.RawMessage
			if err := json.Unmarshal(m.value, &elements); err != nil || !reflect.DeepEqual(elementsOf(m.value), elements) {
				t.Errorf("the array %s is split into %s, %v", m.value, elementsOf(m.value), err)
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is split into %s", body, got)
	}
}

func FuzzDecodeList(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := decodeList(body)
		documented(t, err)
		if err != nil {
			if list.tokens != nil || list.arrayPresent || list.incomplete != "" {
				t.Error("there is a list besides an error")
			}
			return
		}
		for _, token := range list.tokens {
			if token.ID <= 0 {
				t.Errorf("a token has the id %d", token.ID)
			}
		}
		if !list.arrayPresent && (list.incomplete == "" || len(list.tokens) > 0) {
			t.Errorf("a list without an array is %+v", list)
		}
		var members map[string]any
		if json.Unmarshal(trimmed(body), &members) != nil {
			t.Fatal("what is no object is a list")
		}
		if !list.arrayPresent {
			return
		}
		for _, value := range members {
			if array, ok := value.([]any); ok && (len(array) > 0 || len(list.tokens) == 0) {
				return
			}
		}
		if len(membersOf(trimmed(body))) == len(members) { // of duplicate members, this map contains only the last
			t.Error("a list was made of an object without an array")
		}
	})
}

func FuzzDecodeAnswer(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := decodeAnswer(body)
		documented(t, err)
		if (answer.top == nil) == (err == nil) {
			t.Error("there are both an answer and an error, or neither")
		}
		secretsIn(body)
		wantSplit(t, body)
		token, err := decodeCreated(body)
		documented(t, err)
		if err == nil && (token.ID <= 0 || token.AccessToken == "") {
			t.Errorf("a token was made with the id %d", token.ID)
		}
		_, err = decodeUpdated(body)
		documented(t, err)
		documented(t, decodeRevoked(body))
		token, err = decodeRenewed(body)
		documented(t, err)
		if err == nil && (token.AccessToken == "" || token.RefreshToken == "") {
			t.Error("a renewal gave half a pair")
		}
		for _, kind := range []Kind{Refused, Failed, Busy, Lost, Unauthorized} {
			if describe(kind, body).Kind != kind {
				t.Error("an error changed its kind")
			}
		}
	})
}

func FuzzDecodeLogin(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := decodeLogin(body)
		if (token == "") == (err == nil) {
			t.Error("there are both a session and an error, or neither")
		}
		if refused := (*LoginError)(nil); errors.As(err, &refused) && (refused.Message == "" || refused.Remaining < 0) {
			t.Errorf("the refusal is %+v", refused)
		}
	})
}

func FuzzParseHost(f *testing.F) {
	for _, seed := range []string{
		"cc.example.com", "cc.example.com:8443", "https://cc.example.com/commandcenter/api/", "http://127.0.0.1:1", "[::1]:443",
		"http://[::1]", "https://u:p@h/x?y#z", "ftp://x", "//x", "a b", "https://h/a%2F/", "", "::1", "h:0", "https://h//", "%41",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		base, err := ParseHost(given)
		if err != nil {
			if base != nil {
				t.Error("there is a base besides an error")
			}
			return
		}
		switch {
		case base.Scheme != "https" && (base.Scheme != "http" || !isLoopback(base.Hostname())):
			t.Errorf("%q is accepted as %s", given, base)
		case base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "":
			t.Errorf("%q is accepted as %s", given, base)
		case strings.HasSuffix(base.EscapedPath(), "/") || !strings.HasPrefix(base.Path, "/"):
			t.Errorf("%q has the base path %q", given, base.EscapedPath())
		}
		again, err := ParseHost(base.String())
		if err != nil || again.String() != base.String() {
			t.Errorf("%q gives %s, and that gives %v, %v", given, base, again, err)
		}
	})
}
