// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAListIsTakenFromTheArrayOfTokensWhateverItsName(t *testing.T) {
	for _, body := range []string{
		`{"accessTokens":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":2}]}`,
		`{"x":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":"2"}],"processed":2,"user":{"ids":[]}}`,
		`{"a":[],"x":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":2}],"z":[]}`,
		`{"clients":[{"clientId":7}],"names":["a"],"x":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":2}]}`,
		`{"error":{"errorCode":0,"errorMessage":"Success"},"x":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":2}]}`,
		`{"errorCode":0,"error":null,"x":[{"accessTokenId":1,"tokenName":"a"},{"accessTokenId":2}]}`,
		` { "x" : [ {"accessTokenId": 1, "tokenName": "a"}, {"accessTokenId": 2} ] } `,
	} {
		got, err := decodeList([]byte(body))
		if err != nil || !reflect.DeepEqual(got, []Token{{ID: 1, Name: "a"}, {ID: 2}}) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestEmptyArraysAreAnEmptyList(t *testing.T) {
	for _, body := range []string{
		`{"accessTokens":[]}`, `{"a":[],"b":[]}`, `{"a":[ ],"errorCode":0,"errorMessage":""}`, `{"a":[],"error":{"errorCode":0}}`,
		`{"a":[],"error":""}`, `{"total":0,"a":[],"o":{}}`,
	} {
		if got, err := decodeList([]byte(body)); err != nil || len(got) != 0 {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestWhatIsNoListIsNeverNoTokens(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"a":1}`, `{"a":{"accessTokens":[]}}`, `{"clients":[{"clientId":1}]}`, `{"a":[],"clients":[{"clientId":1}]}`,
		`{"a":["x"]}`, `{"a":[1]}`, `{"a":[null]}`, `{"a":[[]]}`, `{"a":[{"accessTokenId":null}]}`, `{"accessTokens":null}`,
		`{"a":[{"accessTokenId":1}],"b":[{"accessTokenId":1}]}`, `{"a":[{"accessTokenId":1},{"tokenName":"x"}]}`,
		`{"a":[{"accessTokenId":0}]}`, `{"a":[{"accessTokenId":-1}]}`, `{"a":[{"accessTokenId":"x"}]}`,
		`{"a":[],"error":"denied"}`, `{"a":[],"error":["denied"]}`, `{"a":[],"error":false}`, `{"a":[],"error":5}`,
		`{"a":[],"errorCode":"denied"}`, `{"a":[],"errorMessage":{}}`, `{"a":[]`,
	} {
		if got, err := decodeList([]byte(body)); err == nil || KindOf(err) != 0 {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestAFailureInAListsAnswerIsFoundBesideArrays(t *testing.T) {
	for _, body := range []string{
		`{"errorCode":5,"errorMessage":"the reason"}`, `{"errorCode":5,"errorMessage":"the reason","a":[]}`,
		`{"error":{"errorCode":5,"errorMessage":"the reason"},"a":[]}`, `{"a":[{"accessTokenId":1}],"errorCode":"5","errorMessage":"the reason"}`,
		`{"ErrorCode":5,"errormessage":"the reason","a":[]}`, `{"Error":{"ErrorCode":5,"errorMessage":"the reason"},"a":[]}`,
	} {
		got, err := decodeList([]byte(body))
		if KindOf(err) != Refused || !strings.Contains(fmt.Sprint(err), "the reason") {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestTypesComeAsNumberOrName(t *testing.T) {
	want := map[string]TokenType{
		`0`: TypeDefault, `1`: TypeSCIM, `2`: TypeAll, `3`: TypeCustom, `4`: TypeOneTouch, `5`: TypeHyperscale,
		`"0"`: TypeDefault, `"3"`: TypeCustom, `"5"`: TypeHyperscale,
		`"DEFAULT"`: TypeDefault, `"MS_SCIM"`: TypeSCIM, `"ALL"`: TypeAll, `"CUSTOM"`: TypeCustom, `"OneTouch"`: TypeOneTouch,
		`"Hyperscale"`: TypeHyperscale, `"ONETOUCH"`: TypeOneTouch, `"all"`: TypeAll,
		`6`: "", `-1`: "", `"6"`: "", `"NEW"`: "", `""`: "", `null`: "",
	}
	for text, want := range want {
		got, err := decodeList(fmt.Appendf(nil, `{"a":[{"accessTokenId":1,"tokenType":%s}]}`, text))
		if err != nil || len(got) != 1 || got[0].Type != want {
			t.Errorf("the type %s is read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{`{}`, `[]`, `true`, `1.5`} {
		if got, err := decodeList(fmt.Appendf(nil, `{"a":[{"accessTokenId":1,"tokenType":%s}]}`, text)); err == nil {
			t.Errorf("the type %s is read as %+v", text, got)
		}
	}
}

func TestWhatAnItemDoesNotTellIsLeftOpen(t *testing.T) {
	got, err := decodeList([]byte(`{"a":[{"accessTokenId":1,"apiEndpoints":null,"tokenExpiryTimestamp":0,"userId":null},
		{"accessTokenId":2,"apiEndpoints":[],"allowedIPs":["1.2.3.4"],"tokenExpiryTimestamp":"1800000000","renewableUntilTimestamp":-1}]}`))
	want := []Token{
		{ID: 1},
		{ID: 2, APIEndpoints: []string{}, AllowedIPs: []string{"1.2.3.4"}, ExpiresAt: time.Unix(1800000000, 0).UTC()},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestALoginIsReadWithTokenOrRefusal(t *testing.T) {
	if token, err := decodeLogin([]byte(`{"userName":"a","token":"QSDK abc","errList":[]}`)); err != nil || token.Reveal() != "QSDK abc" {
		t.Errorf("got %v", err)
	}
	for body, want := range map[string]LoginError{
		`{"errList":[{"errLogMessage":"bad password","errorCode":5}]}`: {Message: "bad password"},
		`{"errList":[{}]}`: {Message: "no reason given"},
		`{"errorCode":5}`:  {Message: "no reason given"},
		`{"errorCode":5,"errorMessage":"flat","token":"QSDK abc"}`:                                   {Message: "flat"},
		`{"isAccountLocked":true,"remainingLockTime":90}`:                                            {Locked: true, Remaining: 90 * time.Second, Message: "no reason given"},
		`{"isAccountLocked":"true","remainingLockTime":"90","errList":[{"errLogMessage":"locked"}]}`: {Locked: true, Remaining: 90 * time.Second, Message: "locked"},
		`{"isAccountLocked":1,"remainingLockTime":9223372036854775807}`:                              {Locked: true, Remaining: 100 * 365 * 24 * time.Hour, Message: "no reason given"},
		`{"isAccountLocked":0,"remainingLockTime":-5,"errList":[{"errLogMessage":"x"}]}`:             {Message: "x"},
	} {
		_, err := decodeLogin([]byte(body))
		if refused, ok := err.(*LoginError); !ok || *refused != want { //nolint:errorlint // what the decoder itself gives
			t.Errorf("%s is read as %+v", body, err)
		}
	}
}

func TestALockedAccountSaysForHowManyMinutes(t *testing.T) {
	for remaining, want := range map[time.Duration]string{
		0: "is locked: m", time.Second: "for another minute: m", time.Minute: "for another minute: m",
		61 * time.Second: "for another 2 minutes: m", 15 * time.Minute: "for another 15 minutes: m",
	} {
		err := &LoginError{Username: "u", Locked: true, Remaining: remaining, Message: "m"}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"u"`) {
			t.Errorf("%s: %s", remaining, err)
		}
	}
}
