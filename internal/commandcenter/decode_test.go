// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// fixture returns an example of the vendor's reference page, with values in place of its "string" and 0.
func fixture(t *testing.T, name string, replacements ...string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for i := 0; i < len(replacements); i += 2 {
		if strings.Count(text, replacements[i]) != 1 {
			t.Fatalf("%q is not there once", replacements[i])
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	return []byte(text)
}

func TestTheReferenceExampleOfACreatedTokenIsRead(t *testing.T) {
	body := fixture(t, "created.json",
		`"accessTokenId": 0`, `"accessTokenId": 7`, `"tokenName": "string"`, `"tokenName": "n"`, `"userId": 0`, `"userId": 4`,
		`"tokenExpiryTimestamp": 0`, `"tokenExpiryTimestamp": 1800000000`,
		`"accessToken": "string"`, `"accessToken": "the-access"`, `"refreshToken": "string"`, `"refreshToken": "the-refresh"`,
		`"refreshTokenExpiryTimestamp": 0`, `"refreshTokenExpiryTimestamp": 1800000001`,
		`"renewableUntilTimestamp": 0`, `"renewableUntilTimestamp": 1800000002`)
	got, err := decodeCreated(body)
	if err != nil {
		t.Fatal(err)
	}
	want := Token{
		ID: 7, Name: "n", UserID: 4, AccessToken: "the-access", RefreshToken: "the-refresh",
		ExpiresAt:             time.Unix(1800000000, 0).UTC(),
		RefreshTokenExpiresAt: time.Unix(1800000001, 0).UTC(),
		RenewableUntil:        time.Unix(1800000002, 0).UTC(),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v (%q, %q)", got, got.AccessToken.Reveal(), got.RefreshToken.Reveal())
	}
}

func TestTheUnchangedReferenceExampleIsNotAToken(t *testing.T) {
	if _, err := decodeCreated(fixture(t, "created.json")); err == nil || !strings.Contains(err.Error(), "accessTokenId") {
		t.Errorf("the id 0 is read with %v", err)
	}
}

func TestAnErrorCodeIsFoundInEachOfItsPlacesUnderStatus200(t *testing.T) {
	places := map[string]string{
		"top":             `{"errorCode":%s,"errorMessage":"the reason"}`,
		"error":           `{"error":{"errorCode":%s,"errorMessage":"the reason"},"tokenInfo":{"accessTokenId":1}}`,
		"tokenInfo.error": `{"error":{"errorCode":0},"tokenInfo":{"error":{"errorCode":%s,"errorMessage":"the reason"},"accessTokenId":1}}`,
		"a doubled one":   `{"errorCode":%s,"errorCode":0,"errorMessage":"the reason"}`,
		"a doubled error": `{"ERROR":{"ErrorCode":%s,"errorMessage":"the reason"},"error":{"errorCode":0}}`,
	}
	decoders := map[string]func([]byte) error{
		"created": func(b []byte) error { _, err := decodeCreated(b); return err },
		"updated": func(b []byte) error { _, err := decodeUpdated(b); return err },
		"revoked": decodeRevoked,
		"renewed": func(b []byte) error { _, err := decodeRenewed(b); return err },
		"list":    func(b []byte) error { _, err := decodeList(b); return err },
	}
	for place, form := range places {
		for name, decode := range decoders {
			for _, code := range []string{"5", `"5"`, "-5", "5.0", `" 5 "`, "0.5e1"} {
				var refusal *Error
				err := decode(fmt.Appendf(nil, form, code))
				if !errors.As(err, &refusal) || refusal.Kind != Refused || !refusal.Documented || refusal.Message != "the reason" {
					t.Errorf("%s, code %s in %s: %+v", name, code, place, err)
				} else if want := int64(5); refusal.Code != want && refusal.Code != -want {
					t.Errorf("%s, code %s in %s: the code is %d", name, code, place, refusal.Code)
				}
				if described := describe(Busy, fmt.Appendf(nil, form, code)); described.Kind != Busy || !described.Documented || described.Message != "the reason" {
					t.Errorf("code %s in %s is described as %+v", code, place, described)
				}
			}
		}
	}
}

func TestACodeOfZeroIsNotAnErrorWithAnyMessage(t *testing.T) {
	success := `"errorCode":0,"errorMessage":"Success"`
	if _, err := decodeUpdated([]byte(`{` + success + `}`)); err != nil {
		t.Error(err)
	}
	if err := decodeRevoked([]byte(`{` + success + `}`)); err != nil {
		t.Error(err)
	}
	for _, body := range []string{
		`{` + success + `,"tokenInfo":{"accessTokenId":1,"accessToken":"s"}}`,
		`{"error":{` + success + `},"tokenInfo":{"error":{` + success + `},"accessTokenId":1,"accessToken":"s"}}`,
		`{"error":null,"tokenInfo":{"error":null,"accessTokenId":1,"accessToken":"s"}}`,
	} {
		if token, err := decodeCreated([]byte(body)); err != nil || token.ID != 1 || token.Reported != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, empty := range []string{
		`"errorCode":0`, `"errorCode":0.0`, `"errorCode":"0"`, `"errorCode":-0`, `"errorCode":0e5`, `"errorCode":"0.0"`, `"errorCode":null`, `"errorCode":""`,
		`"error":""`, `"error":{}`, `"error":null`, `"error":[]`, `"error":{"errorCode":null}`, `"error":{"errorCode":0.0,"errorMessage":"Success"}`,
	} {
		answer := []byte(`{` + empty + `}`)
		if err := decodeRevoked(answer); err != nil {
			t.Errorf("%s to a revocation: %v", empty, err)
		}
		if _, err := decodeUpdated(answer); err != nil {
			t.Errorf("%s to an update: %v", empty, err)
		}
		for _, form := range []string{
			`{%s,"tokenInfo":{"accessTokenId":1,"accessToken":"s"}}`, `{"tokenInfo":{%s,"accessTokenId":1,"accessToken":"s"}}`,
		} {
			if token, err := decodeCreated(fmt.Appendf(nil, form, empty)); err != nil || token.Reported != nil || token.AccessToken != "s" {
				t.Errorf("%s to a create: %+v, %v", empty, token, err)
			}
		}
		if token, err := decodeRenewed([]byte(`{` + empty + `,"accessToken":"a","refreshToken":"r"}`)); err != nil || token.Reported != nil {
			t.Errorf("%s to a renewal: %+v, %v", empty, token, err)
		}
	}
}

// unusableBodies are not valid answers of any call.
var unusableBodies = map[string]string{
	"empty": "", "blank": " \r\n ", "null": "null", "string": `"x"`, "number": "7", "boolean": "true", "array": "[]",
	"array of objects": `[{"accessTokenId":1}]`, "HTML": "<html><title>x</title></html>", "text": "Service down",
	"cut": `{"error":{"errorCode":0},"tokenInfo":{"accessTok`, "trailing": `{"errorCode":0}{}`,
	"error of another kind": `{"error":"x"}`, "code of another kind": `{"errorCode":"x"}`, "half a code": `{"errorCode":1.5}`,
}

func TestAnUnusableBodyIsAnErrorInEveryDecoder(t *testing.T) {
	bodies := map[string]string{"empty object": "{}", "foreign": `{"clients":[{"clientId":2}]}`, "other": `{"a":1}`, "XML": "<?xml version='1.0'?><a/>"}
	for name, body := range unusableBodies {
		bodies[name] = body
	}
	for name, body := range bodies {
		_, created := decodeCreated([]byte(body))
		_, updated := decodeUpdated([]byte(body))
		_, listed := decodeList([]byte(body))
		_, login := decodeLogin([]byte(body))
		for decoder, err := range map[string]error{
			"created": created, "updated": updated, "revoked": decodeRevoked([]byte(body)), "list": listed, "login": login,
		} {
			if decoder == "list" && (name == "empty object" || name == "other") {
				continue // an object without an array
			}
			if err == nil || KindOf(err) != 0 {
				t.Errorf("%s: the %s decoder gives %v, want an error that is none of the API", name, decoder, err)
			}
		}
	}
}

func TestACreatedTokenNeedsItsIDAndSecret(t *testing.T) {
	for _, body := range []string{
		`{"error":{"errorCode":0}}`, `{"tokenInfo":null}`, `{"tokenInfo":{}}`, `{"tokenInfo":{"accessTokenId":1}}`,
		`{"tokenInfo":{"accessTokenId":1,"accessToken":""}}`, `{"tokenInfo":{"accessTokenId":1,"accessToken":null}}`,
		`{"tokenInfo":{"accessToken":"s"}}`, `{"tokenInfo":{"accessTokenId":-1,"accessToken":"s"}}`,
	} {
		if token, err := decodeCreated([]byte(body)); err == nil || KindOf(err) != 0 {
			t.Errorf("%s is read as %+v, %v", body, token, err)
		}
	}
}

func TestATokenWithoutARefreshTokenIsComplete(t *testing.T) {
	token, err := decodeCreated([]byte(`{"tokenInfo":{"accessTokenId":"12","accessToken":"s","refreshToken":null}}`))
	if err != nil || token.ID != 12 || token.RefreshToken != "" || !token.RenewableUntil.IsZero() {
		t.Errorf("got %+v, %v", token, err)
	}
}

func TestAnUpdateMayRepeatTheTokenOrNot(t *testing.T) {
	for body, want := range map[string]Token{
		`{"errorCode":0,"tokenInfo":[]}`:      {},
		`{"tokenInfo":{}}`:                    {},
		`{"accessTokenId":3,"tokenName":{}}`:  {ID: 3},
		`{"errorCode":0,"accessToken":"new"}`: {AccessToken: "new"},
		`{"errorCode":0}`:                     {},
		`{"error":{"errorCode":0}}`:           {},
		`{"tokenInfo":{"accessTokenId":3}}`:   {ID: 3},
		`{"tokenInfo":{"accessToken":"new"}}`: {AccessToken: "new"},
	} {
		if got, err := decodeUpdated([]byte(body)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestARenewalReturnsACompletePairOrNone(t *testing.T) {
	want := Token{ID: 3, Name: "n", AccessToken: "a", RefreshToken: "r", ExpiresAt: time.Unix(1800000000, 0).UTC()}
	const fields = `"accessTokenId":3,"tokenName":"n","accessToken":"a","refreshToken":"r","tokenExpiryTimestamp":1800000000`
	for _, body := range []string{`{` + fields + `}`, `{"errorCode":0,` + fields + `}`, `{"error":{"errorCode":0},"tokenInfo":{` + fields + `}}`} {
		if got, err := decodeRenewed([]byte(body)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{
		`{}`, `{"errorCode":0}`, `{"accessToken":"a"}`, `{"refreshToken":"r"}`, `{"tokenInfo":{"accessToken":"a"}}`, `{"accessToken":1,"refreshToken":"r"}`,
	} {
		if got, err := decodeRenewed([]byte(body)); err == nil || KindOf(err) != 0 {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
	if _, err := decodeRenewed([]byte(`{"errorCode":5,"accessToken":"a","refreshToken":"r"}`)); KindOf(err) != Refused {
		t.Errorf("a refusal that echoes the pair is read as %v", err)
	}
}

func TestADocumentedErrorIsReadFlatOrNested(t *testing.T) {
	flat := fixture(t, "refused.json", `"string"`, `"the reason"`, `: 0`, `: 12`)
	for _, body := range [][]byte{flat, []byte(`{"error":` + string(flat) + `}`)} {
		got := describe(Refused, body)
		if got.Kind != Refused || got.Code != 12 || got.Message != "the reason" || !got.Documented {
			t.Errorf("%s is read as %+v", body, got)
		}
	}
	for _, body := range []string{"", "{}", "null", `{"error":{}}`, `{"message":"x"}`, `{"errorCode":[]}`, "[]", "x"} {
		if got := describe(Refused, []byte(body)); got.Documented || got.Message != "" {
			t.Errorf("%s is read as %+v", body, got)
		}
	}
}

func TestOnlyTheTitleOfAPageIsReported(t *testing.T) {
	for body, want := range map[string]string{
		"<html><head><title>Down &amp; out</title></head><body>secret</body></html>": `an HTML page titled "Down & out"`,
		"<!DOCTYPE html><TITLE lang=en>X</TITLE>":                                    `an HTML page titled "X"`,
		"<html><body>secret</body></html>":                                           "an HTML page without a title",
		"<html><title>secret":                                                        "an HTML page",
		"<html></title><title>":                                                      "an HTML page",
		"secret <title>x</title>":                                                    "",
		"":                                                                           "",
	} {
		if got := pageTitle([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestADecodingErrorQuotesNothingOfTheAnswer(t *testing.T) {
	const canary = "CANARY0123"
	bodies := []string{canary, `{"` + canary, `{"tokenInfo":"` + canary + `"}`, `["` + canary + `"]`, `"` + canary + `"`}
	for _, field := range []string{
		"accessTokenId", "tokenName", "tokenType", "userId", "apiEndpoints", "allowedIPs", "tokenExpiryTimestamp",
		"refreshTokenExpiryTimestamp", "renewableUntilTimestamp", "accessToken", "refreshToken", "error", "errorCode",
	} {
		for _, value := range []string{`"` + canary + `"`, `["` + canary + `",1]`, `{"` + canary + `":"` + canary + `"}`, "7777777"} {
			bodies = append(bodies,
				fmt.Sprintf(`{"tokenInfo":{%q:%s}}`, field, value),
				fmt.Sprintf(`{"tokens":[{"accessTokenId":1},{"accessTokenId":2,%q:%s}]}`, field, value),
				fmt.Sprintf(`{%q:%s}`, field, value), fmt.Sprintf(`{"token":{%q:%s}}`, field, value))
		}
	}
	count := 0
	for _, body := range bodies {
		_, created := decodeCreated([]byte(body))
		_, updated := decodeUpdated([]byte(body))
		_, listed := decodeList([]byte(body))
		_, login := decodeLogin([]byte(body))
		for _, err := range []error{created, updated, listed, login, decodeRevoked([]byte(body))} {
			if err == nil || KindOf(err) != 0 {
				continue // an answer, or the API's own message
			}
			count++
			if strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "7777777") {
				t.Errorf("%s: the error quotes it: %s", body, err)
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d errors were looked at", count)
	}
}
