// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestALoginIsReadWithTokenOrRefusal(t *testing.T) {
	if token, err := decodeLogin([]byte(`{"userName":"a","token":"QSDK abc","errList":[]}`)); err != nil || token.Reveal() != "QSDK abc" {
		t.Errorf("got %v", err)
	}
	for _, body := range []string{
		`{"token":"QSDK abc","remainingLockTime":0.0}`, `{"TOKEN":"QSDK abc","errorCode":0.0,"error":""}`, "\ufeff" + `{"token":"QSDK abc"}`,
		`{"token":"QSDK abc","errList":{},"isAccountLocked":"junk","remainingLockTime":"2026-11-23T14:26:42Z","userName":7,"errorMessage":[]}`,
		`{"token":"QSDK abc","token":null}`, `{"token":"QSDK abc","token":""}`, `{"token":"QSDK abc","errList":[{"errorCode":0,"errLogMessage":""}]}`,
	} {
		if token, err := decodeLogin([]byte(body)); err != nil || token.Reveal() != "QSDK abc" {
			t.Errorf("%s is read with %v", body, err)
		}
	}
	for _, body := range []string{
		`{}`, `{"token":""}`, `{"token":7}`, `{"token":{}}`, `{"token":"QSDK abc","errorCode":"x"}`, `{"token":"QSDK abc","error":"x"}`, `{"errList":[]}`,
	} {
		if token, err := decodeLogin([]byte(body)); err == nil || token != "" || KindOf(err) != 0 {
			t.Errorf("%s is read with %v", body, err)
		} else if refused := (*LoginError)(nil); errors.As(err, &refused) {
			t.Errorf("%s is read as a refusal: %v", body, err)
		}
	}
	for body, want := range map[string]LoginError{
		`{"errList":[{"errLogMessage":"bad password","errorCode":5}]}`: {Message: "bad password"},
		`{"errList":[{}]}`: {Message: "no reason given"},
		`{"errorCode":5}`:  {Message: "no reason given"},
		`{"errorCode":5,"errorMessage":"flat","token":"QSDK abc"}`:                                                    {Message: "flat"},
		`{"isAccountLocked":true,"remainingLockTime":90}`:                                                             {Locked: true, Remaining: 90 * time.Second, Message: "no reason given"},
		`{"isAccountLocked":"true","remainingLockTime":"90","errList":[{"errLogMessage":"locked"}]}`:                  {Locked: true, Remaining: 90 * time.Second, Message: "locked"},
		`{"isAccountLocked":1,"remainingLockTime":9223372036854775807}`:                                               {Locked: true, Remaining: 100 * 365 * 24 * time.Hour, Message: "no reason given"},
		`{"isAccountLocked":true,"remainingLockTime":0.0}`:                                                            {Locked: true, Message: "no reason given"},
		`{"isAccountLocked":true,"remainingLockTime":"9e1","errList":null}`:                                           {Locked: true, Remaining: 90 * time.Second, Message: "no reason given"},
		`{"isAccountLocked":true,"remainingLockTime":{"s":1},"errList":{}}`:                                           {Locked: true, Message: "no reason given"},
		`{"isAccountLocked":{},"remainingLockTime":[],"errList":[7,{"errLogMessage":[]},{"errLogMessage":"second"}]}`: {Message: "second"},
		`{"isAccountLocked":[],"errList":["bad"],"errorMessage":"flat"}`:                                              {Message: "flat"},
		`{"error":{"errorCode":5,"errorMessage":"nested"},"token":"QSDK abc"}`:                                        {Message: "nested"},
		`{"errorCode":0.0,"errorMessage":"only a message"}`:                                                           {Message: "only a message"},
		`{"errorCode":"x","errList":[{"errLogMessage":"bad"}],"token":null}`:                                          {Message: "bad"},
		`{"token":7,"errList":[{"errLogMessage":"bad"}]}`:                                                             {Message: "bad"},
		`{"isAccountLocked":0,"remainingLockTime":-5,"errList":[{"errLogMessage":"x"}]}`:                              {Message: "x"},
	} {
		_, err := decodeLogin([]byte(body))
		if refused, ok := err.(*LoginError); !ok || *refused != want { //nolint:errorlint // the decoder returns it unwrapped
			t.Errorf("%s is read as %+v", body, err)
		}
	}
}

func TestALockedAccountReportsTheRemainingMinutes(t *testing.T) {
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
