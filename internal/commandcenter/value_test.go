// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"
)

func TestWholeNumbersAreReadInEveryForm(t *testing.T) {
	for text, want := range map[string]int64{
		`1`: 1, `"1"`: 1, `-7`: -7, `"-7"`: -7, `0`: 0, `-0`: 0, `0.0`: 0, `-0.0`: 0, `"0"`: 0, `0e9`: 0, `0.000e-9`: 0,
		`1795576206.0`: 1795576206, `"1795576206.0"`: 1795576206, `1.795576206e9`: 1795576206, `1.795576206E+9`: 1795576206, `"1.795576206e9"`: 1795576206,
		`17955762060e-1`: 1795576206, `1795576206000.00e-3`: 1795576206, `" 7 "`: 7, `7e0`: 7, `"007"`: 7,
		`9223372036854775807`: math.MaxInt64, `-9223372036854775808`: math.MinInt64, `9223372036854775807.0`: math.MaxInt64,
		`9007199254740993.0`: 9007199254740993, `9.007199254740993e15`: 9007199254740993, // a float64 would round them
	} {
		if got, known := readInteger(json.RawMessage(text)); !known || got != want {
			t.Errorf("%s is read as %d, %t", text, got, known)
		}
	}
	for _, text := range []string{
		`1.5`, `"x"`, `{}`, `[]`, `[7]`, `true`, `null`, `""`, `" "`, `99999999999999999999`, `9223372036854775808`, `1e19`, `1e-1`, `1e999999999`,
		`-1e999999999`, `1e-999999999`, `1e99999999999999999999`, `"0x10"`, `"1e"`, `"e1"`, `"1."`, `".5"`, `"1_000"`, `"1,000"`, `"--1"`, `"+"`, `"NaN"`, `"Infinity"`,
		`"1e2e3"`, `"2026-11-23T14:26:42Z"`, `"1 2"`,
	} {
		if got, known := readInteger(json.RawMessage(text)); known {
			t.Errorf("%s is read as %d", text, got)
		}
	}
}

func TestTimestampsAreUnixSecondsInTheRangeOfTheReference(t *testing.T) {
	want := time.Unix(1795576206, 0).UTC()
	for _, text := range []string{`1795576206`, `1795576206.0`, `"1795576206"`, `1.795576206e9`, `"1795576206.0"`} {
		if got, known := readInstant(json.RawMessage(text)); !known || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s is read as %s", text, got)
		}
	}
	if got, known := readInstant(json.RawMessage(`2147483647`)); !known || got.Format(time.RFC3339) != "2038-01-19T03:14:07Z" {
		t.Errorf("the last second is read as %s", got)
	}
	for _, text := range []string{
		`0`, `-1`, `2147483648`, `1795576206000`, `9223372036854775807`, `1795576206.5`, `"2026-11-23T14:26:42Z"`, `""`, `null`, `{"time":1795576206}`, `[1795576206]`, `true`,
	} {
		if got, known := readInstant(json.RawMessage(text)); known || !got.IsZero() {
			t.Errorf("%s is read as %s", text, got)
		}
	}
}

func TestAScopeIsKnownOnlyIfEveryElementIs(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`: {}, `["/a","/b"]`: {"/a", "/b"}, `[""]`: {""},
		`null`: nil, `""`: nil, `"/a"`: nil, `{}`: nil, `{"a":"/a"}`: nil, `7`: nil, `["/a",7]`: nil, `["/a",null]`: nil, `[["/a"]]`: nil, `[{}]`: nil, `true`: nil,
	} {
		got := membersOf(fmt.Appendf(nil, `{"apiEndpoints":%s,"allowedIPs":%s}`, text, text)).token()
		if !reflect.DeepEqual(got.APIEndpoints, want) || !reflect.DeepEqual(got.AllowedIPs, want) {
			t.Errorf("%s is read as %#v, %#v", text, got.APIEndpoints, got.AllowedIPs)
		}
	}
}

func TestFlagsAreReadInEveryForm(t *testing.T) {
	for text, want := range map[string]bool{
		`true`: true, `"true"`: true, `"TRUE"`: true, `1`: true, `"1"`: true, `1.0`: true, `-1`: true,
		`false`: false, `"false"`: false, `0`: false, `"0"`: false, `0.0`: false,
	} {
		if got, known := readFlag(json.RawMessage(text)); got != want || !known {
			t.Errorf("%s is read as %t, %t", text, got, known)
		}
	}
	for _, text := range []string{`null`, `""`, `"x"`, `{}`, `[]`, `[true]`, `{"a":true}`, `1.5`} {
		if got, known := readFlag(json.RawMessage(text)); got || known {
			t.Errorf("%s is read as %t, %t", text, got, known)
		}
	}
}

func TestTheLastUsableDuplicateMemberCounts(t *testing.T) {
	for members, want := range map[string]Token{
		`"tokenName":"a","tokenName":"b"`:                                     {Name: "b"},
		`"tokenName":"a","tokenName":null,"tokenName":{},"TOKENNAME":""`:      {Name: "a"},
		`"accessToken":"s","accessToken":null,"ACCESSTOKEN":""`:               {AccessToken: "s"},
		`"accessToken":[],"AccessToken":"s"`:                                  {AccessToken: "s"},
		`"accessTokenId":7,"accessTokenId":null,"accessTokenId":"x"`:          {ID: 7},
		`"accessTokenId":7,"accessTokenId":"7.0","ACCESSTOKENID":7e0`:         {ID: 7},
		`"accessTokenId":7,"accessTokenId":8`:                                 {},
		`"accessTokenId":7,"accessTokenId":8,"accessTokenId":7`:               {},
		`"userId":7,"userId":0,"userId":"x"`:                                  {UserID: 7},
		`"userId":-7`:                                                         {},
		`"tokenType":"ALL","tokenType":9,"tokenType":{}`:                      {Type: TypeAll},
		`"apiEndpoints":["/a"],"apiEndpoints":7`:                              {APIEndpoints: []string{"/a"}},
		`"tokenExpiryTimestamp":1800000000.0,"tokenExpiryTimestamp":"ISO"`:    {ExpiresAt: time.Unix(1800000000, 0).UTC()},
		`"tokenName":7,"userId":{},"tokenType":[],"accessToken":7,"token":""`: {},
	} {
		if got := membersOf(json.RawMessage(`{` + members + `}`)).token(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v", members, got)
		}
	}
}
