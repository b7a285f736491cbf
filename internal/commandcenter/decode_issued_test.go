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

// These are complete answers in the order of the reference. %s is a placeholder for further members.
const (
	createAnswer = `{"error":{"errorMessage":"","errorCode":0},"tokenInfo":{%s"error":{"errorCode":0},"accessTokenId":7,"tokenName":"n",` +
		`"userId":4,"accessToken":"the-access","refreshToken":"the-refresh"}}`
	renewAnswer = `{%s"accessTokenId":7,"tokenName":"n","userId":4,"accessToken":"the-access","refreshToken":"the-refresh"}`
)

var issuedToken = Token{ID: 7, Name: "n", UserID: 4, AccessToken: "the-access", RefreshToken: "the-refresh"}

// eachIssuing calls f for both calls that issue secrets, with their complete answers.
func eachIssuing(t *testing.T, f func(t *testing.T, decode func([]byte) (Token, error), renew bool, form string)) {
	t.Helper()
	t.Run("create", func(t *testing.T) { f(t, decodeCreated, false, createAnswer) })
	t.Run("renew", func(t *testing.T) { f(t, decodeRenewed, true, renewAnswer) })
}

func wantIssued(t *testing.T, body string, got Token, err error, want Token) {
	t.Helper()
	got.Reported = nil // compared separately
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is read as %+v (%q, %q), %v", body, got, got.AccessToken.Reveal(), got.RefreshToken.Reveal(), err)
	}
}

func TestASecretSurvivesFieldsOfUnexpectedForm(t *testing.T) {
	eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), _ bool, form string) {
		for _, field := range []string{
			"tokenType", "apiEndpoints", "allowedIPs", "tokenExpiryTimestamp", "refreshTokenExpiryTimestamp", "renewableUntilTimestamp", "errorMessage",
			"junk", "userId", "tokenName", "accessToken", "refreshToken", "accessTokenId", "tokenInfo",
		} {
			for _, value := range []string{
				`""`, `null`, `true`, `{}`, `[]`, `[7]`, `{"a":[{}]}`, `1.5`, `-1`, `0`, `1795576206000`, `99999999999999999999`, `1e999`, `"2026-11-23T14:26:42Z"`,
			} {
				if strings.HasPrefix(value, `"2`) && (field == "accessToken" || field == "refreshToken" || field == "tokenName") ||
					value == `1795576206000` && (field == "accessTokenId" || field == "userId") {
					continue // also a usable value
				}
				body := fmt.Sprintf(form, fmt.Sprintf("%q:%s,", field, value))
				got, err := decode([]byte(body))
				got.APIEndpoints, got.AllowedIPs, got.Type = nil, nil, ""
				wantIssued(t, body, got, err, issuedToken)
				if got.Reported != nil {
					t.Errorf("%s reports %v", body, got.Reported)
				}
			}
		}
	})
}

func TestNumbersOfAnIssuedTokenMayBeFloatsOrText(t *testing.T) {
	want := issuedToken
	want.ExpiresAt = time.Unix(1795576206, 0).UTC()
	eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), _ bool, form string) {
		for _, expiry := range []string{`1795576206.0`, `"1795576206"`, `1.795576206e9`} {
			for _, id := range []string{`7.0`, `"7"`, `"7.0"`, `7e0`, ` 7 `} {
				body := strings.Replace(fmt.Sprintf(form, `"tokenExpiryTimestamp":`+expiry+`,`), `Id":7`, `Id":`+id, 1)
				got, err := decode([]byte(body))
				wantIssued(t, body, got, err, want)
			}
		}
	})
}

func TestAnIssuedTokenIsReadWhateverSurroundsIt(t *testing.T) {
	eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), renew bool, form string) {
		full := fmt.Sprintf(form, "")
		bodies := []string{
			"\ufeff" + full, " \r\n\ufeff " + full + "\n", full + "x", full + "{}", full + "<html>", "warning: x\n" + full, `{}` + full,
			`[` + full + `]`, `{"a":{"b":` + full + `}}`, `{"data":[` + full + `]}`, strings.Replace(full, "accessTokenId", "AccessTokenID", 1),
			strings.NewReplacer(`"accessToken":`, `"ACCESSTOKEN" : `, `"refreshToken":`, `"refreshtoken":`).Replace(full),
			strings.Replace(full, "the-access", `the\u002daccess`, 1),
		}
		if renew {
			bodies = append(bodies, fmt.Sprintf(createAnswer, ""))
		} else {
			bodies = append(bodies, fmt.Sprintf(renewAnswer, ""), strings.Replace(full, `"error"`, `"tokenInfo":null,"error"`, 1),
				`{"tokenInfo":{"accessTokenId":7,"userId":4},"tokenInfo":{"tokenName":"n","accessToken":"the-access","refreshToken":"the-refresh"}}`,
				strings.TrimSuffix(full, "}")+`,"tokenInfo":null,"tokenInfo":{},"tokenInfo":"x"}`)
		}
		for _, body := range bodies {
			got, err := decode([]byte(body))
			wantIssued(t, body, got, err, issuedToken)
			if salvaged, complete := salvageIssued([]byte(body), renew); !complete || salvaged.AccessToken != "the-access" {
				t.Errorf("%s is not salvaged", body)
			}
		}
	})
}

func TestAFailureBesideATokenIsReported(t *testing.T) {
	eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), renew bool, form string) {
		for _, code := range []string{`5`, `"5"`, `5.0`} {
			for _, body := range []string{
				fmt.Sprintf(form, `"errorCode":`+code+`,"error":{"errorCode":`+code+`,"errorMessage":"the reason"},`),
				strings.Replace(fmt.Sprintf(form, ""), `{`, `{"error":{"errorCode":`+code+`,"errorMessage":"the reason"},`, 1),
				strings.Replace(fmt.Sprintf(form, ""), `{`, `{"errorCode":`+code+`,"errorMessage":"the reason","x":mangled,`, 1),
				strings.Replace(fmt.Sprintf(form, ""), `{`, `{"errorCode":`+code+`,"errorMessage":"the reason",`, 1) + "x",
			} {
				got, err := decode([]byte(body))
				wantIssued(t, body, got, err, issuedToken)
				if r := got.Reported; r == nil || r.Code != 5 || r.Kind != Refused || !r.Documented || r.Message != "the reason" {
					t.Errorf("%s reports %+v", body, r)
				}
				if again, complete := salvageIssued([]byte(body), renew); !complete || !reflect.DeepEqual(again, got) {
					t.Errorf("%s is salvaged as %+v", body, again)
				}
			}
		}
		for _, failure := range []string{`"errorCode":"x"`, `"errorCode":1.5`, `"errorCode":{}`, `"error":"denied"`, `"error":true`, `"error":["x"]`} {
			body := strings.Replace(fmt.Sprintf(form, ""), `{`, `{`+failure+`,`, 1)
			got, err := decode([]byte(body))
			wantIssued(t, body, got, err, issuedToken)
			if r := got.Reported; r == nil || r.Kind != Refused || r.Documented || r.Err == nil {
				t.Errorf("%s reports %+v", body, r)
			}
		}
	})
}

func TestAnIncompleteTokenIsNotIssued(t *testing.T) {
	for _, body := range []string{
		`{"tokenInfo":{"accessToken":"s","refreshToken":"r"}}`, `{"tokenInfo":{"accessTokenId":0,"accessToken":"s"}}`, `{"tokenInfo":{"accessTokenId":1.5,"accessToken":"s"}}`,
		`{"tokenInfo":{"accessTokenId":1,"accessTokenId":2,"accessToken":"s"}}`, `{"accessTokenId":1,"tokenInfo":{"accessToken":"s"}}`,
		`{"tokenInfo":{"accessTokenId":1,"accessToken":{"value":"s"}}}`, `{"tokenInfo":{"accessTokenId":1,"refreshToken":"r"}}`,
	} {
		if got, err := decodeCreated([]byte(body)); err == nil || KindOf(err) != 0 || !reflect.DeepEqual(got, Token{}) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
		if got, complete := salvageIssued([]byte(body), false); complete || !reflect.DeepEqual(got, Token{}) {
			t.Errorf("%s is salvaged as %+v", body, got)
		}
	}
	for _, body := range []string{
		`{"errorCode":5,"accessToken":"a","refreshToken":"r"}`, // may be an echo of the request
		`{"request":{"accessToken":"a","refreshToken":"r"}}`, `<p>{"accessToken":"a","refreshToken":"r"}`, `{"errorCode":5,"accessToken":"a","refreshToken":"r"}x`,
		`{"errorMessage":"{\"accessTokenId\":7,\"accessToken\":\"a\",\"refreshToken\":\"r\"}"}`,
	} {
		if got, complete := salvageIssued([]byte(body), true); complete {
			t.Errorf("%s is salvaged as %+v", body, got)
		}
		if got, err := decodeRenewed([]byte(body)); err == nil {
			t.Errorf("%s is read as %+v", body, got)
		}
	}
}

func TestInvalidJSONIsSalvaged(t *testing.T) {
	for _, mangled := range []string{
		`1795-76206`, `17 95576206`, ``, `2026-11-23T14:26:42Z`, `NaN`, `"1795576206`, `1795576206"`, `17955"76206`, `{`, `[`, `{"a":`, `}`, `'x'`, "\x00", `"a
b"`, `\`, `undefined`, `,`, `/* none */`,
	} {
		eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), _ bool, form string) {
			body := fmt.Sprintf(form, `"tokenExpiryTimestamp":`+mangled+`,"renewableUntilTimestamp":1803220602.0,`)
			got, err := decode([]byte(body))
			want := issuedToken
			want.RenewableUntil = time.Unix(1803220602, 0).UTC()
			wantIssued(t, body, got, err, want)
			if got.Reported != nil {
				t.Errorf("%s reports %v", body, got.Reported)
			}
		})
	}
	// These types have no refresh token.
	for _, body := range []string{
		`{"tokenInfo":{"x":mangled,"accessTokenId":7,"accessToken":"s"}}`, `{"tokenInfo":{"x":mangled,"accessTokenId":7,"accessToken":"s","refreshToken":null}}`,
		`{"tokenInfo":{"x":mangled,"accessTokenId":7,"accessToken":"s","refreshToken":""}}`,
		`{"tokenInfo":{"x":mangled,"accessTokenId":7,"accessToken":"s","refreshToken":{}}}`,
	} {
		got, err := decodeCreated([]byte(body))
		wantIssued(t, body, got, err, Token{ID: 7, AccessToken: "s"})
	}
}

// TestABodyIsSalvagedAsSoonAsIDAndSecretsAreTerminated guards that a truncated body is salvaged from the byte that terminates the
// last of the id and the secrets, and not earlier.
func TestABodyIsSalvagedAsSoonAsIDAndSecretsAreTerminated(t *testing.T) {
	eachIssuing(t, func(t *testing.T, decode func([]byte) (Token, error), renew bool, form string) {
		for _, full := range []string{
			fmt.Sprintf(form, ""),
			strings.Replace(strings.Replace(fmt.Sprintf(form, ""), `"accessTokenId":7,`, ``, 1), `the-refresh"`, `the-refresh","accessTokenId":7`, 1),
			strings.Replace(strings.Replace(fmt.Sprintf(form, ""), `"accessTokenId":7,`, ``, 1), `the-refresh"`, `the-refresh","accessTokenId":"7"`, 1),
		} {
			idEnd := strings.Index(full, `Id":7`) + len(`Id":7`)
			if idEnd < len(`Id":7`) {
				idEnd = strings.Index(full, `Id":"7"`) + len(`Id":"7`)
			}
			secretsEnd := strings.Index(full, `the-refresh"`) + len(`the-refresh"`)
			for end := range full {
				got, err := decode([]byte(full[:end]))
				complete := end >= secretsEnd && (renew || end > idEnd)
				if !complete {
					if err == nil {
						t.Errorf("%s is read as %+v", full[:end], got)
					}
					continue
				}
				if err != nil || got.AccessToken != "the-access" || got.RefreshToken != "the-refresh" || got.ID != 7 && (!renew || end > idEnd) {
					t.Errorf("%s is read as %+v, %v", full[:end], got, err)
				}
			}
		}
	})
}

func TestAMissingQuoteMakesNoSecret(t *testing.T) {
	for _, body := range []string{
		`{"accessTokenId":7,"accessToken":"a,"refreshToken":"r"}`, `{"accessTokenId":7,"accessToken":"a","refreshToken":"r}`,
		`{"accessTokenId":7,"accessToken":a","refreshToken":"r"}`, `{"accessTokenId":7,"accessToken":"a"x,"refreshToken":"r"}`,
		`{"accessTokenId":7,"accessToken":"a","refreshToken":"r"x,"accessToken":"b"}`, `{"accessTokenId":7,"accessToken":"\q","refreshToken":"r"}`,
		`{"accessTokenId":7,"accessToken":"a","accessToken":"b","x":mangled,"refreshToken":"r"}`, // ambiguous
	} {
		for _, renew := range []bool{false, true} {
			if got, complete := salvageIssued([]byte(body), renew); complete {
				t.Errorf("%s is salvaged as %+v (%q, %q)", body, got, got.AccessToken.Reveal(), got.RefreshToken.Reveal())
			}
		}
	}
	for _, body := range []string{
		`{"tokenName":"n,"accessTokenId":7,"accessToken":"a","refreshToken":"r"}`, `{"accessTokenId":7 "accessToken":"a" "refreshToken":"r"}`,
		`{"accessTokenId":7,"accessToken":"a""refreshToken":"r"`,
	} {
		got, complete := salvageIssued([]byte(body), false)
		if !complete || got.ID != 7 && !strings.Contains(body, `7 "`) || got.AccessToken != "a" || got.RefreshToken != "r" {
			t.Errorf("%s is salvaged as %+v, %t", body, got, complete)
		}
	}
	for _, id := range []string{`1 2`, `1-2`, `12.`, `1x`, `12.5`, `"12`, `x12`, `0`, `-12`} {
		body := `{"accessToken":"a","refreshToken":"r","accessTokenId":` + id
		for _, end := range []string{"", "}", ","} {
			if got, complete := salvageIssued([]byte(body+end+`"x":`), false); complete {
				t.Errorf("%s is salvaged with the id %d", body+end, got.ID)
			}
		}
	}
}

func TestAnEchoedPairIsRecognised(t *testing.T) {
	t1 := Token{AccessToken: "a", RefreshToken: "r"}
	for pair, want := range map[Pair]bool{{"a", "r"}: true, {"a", "x"}: false, {"x", "r"}: false, {}: false} {
		if t1.hasPair(pair) != want {
			t.Errorf("%q, %q: %t", pair.AccessToken.Reveal(), pair.RefreshToken.Reveal(), !want)
		}
	}
}

func TestEverySecretOfABodyIsFound(t *testing.T) {
	for body, want := range map[string][]Secret{
		`{"tokenInfo":{"accessToken":"a1","refreshToken":"r1"}}`:    {"a1", "r1"},
		`{"AccessToken" : "a\"1","x":mangled,"token":"QSDK b"`:      {`a"1`, "QSDK b"},
		`{"accessToken":"","refreshToken":null,"token":7}`:          nil,
		`{"accessToken":"a1","accessToken":"a2","accessToken":"cut`: {"a1", "a2"},
		``: nil, `<html>`: nil,
	} {
		if got := secretsIn([]byte(body)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %d secrets", body, len(got))
		}
	}
}
