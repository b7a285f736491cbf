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
		if err != nil || !reflect.DeepEqual(got, listAnswer{tokens: []Token{{ID: 1, Name: "a"}, {ID: 2}}, arrayPresent: true}) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestEmptyArraysAreAnEmptyList(t *testing.T) {
	for _, body := range []string{
		`{"accessTokens":[]}`, `{"a":[],"b":[]}`, `{"a":[ ],"errorCode":0,"errorMessage":""}`, `{"a":[],"error":{"errorCode":0}}`,
		`{"a":[],"error":""}`, `{"total":0,"a":[],"o":{}}`, `{"a":[],"error":{}}`, `{"a":[],"error":[]}`, `{"a":[],"errorMessage":{}}`,
		`{"a":[],"errorCode":0.0}`, `{"a":[],"errors":[],"hasMore":false,"nextPage":null}`, "\ufeff" + `{"a":[]}`,
		`{"accessTokens":null,"tokens":[]}`, `{"totalTokens":0,"a":[]}`,
	} {
		if got, err := decodeList([]byte(body)); err != nil || len(got.tokens) != 0 || !got.arrayPresent || got.incomplete != "" {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestAnAnswerThatIsNotAListIsAnError(t *testing.T) {
	for _, body := range []string{
		`{"clients":[{"clientId":1}]}`, `{"a":[],"clients":[{"clientId":1}]}`, `[]`, `[{"accessTokenId":1}]`, `<html></html>`, ``,
		`{"a":["x"]}`, `{"a":[1]}`, `{"a":[null]}`, `{"a":[[]]}`, `{"a":[{"tokenName":"x"}]}`,
		`{"a":[{"accessTokenId":1}],"b":[{"accessTokenId":1}]}`, `{"a":[{"accessTokenId":1}],"a":[{"accessTokenId":2}]}`,
		`{"a":[],"error":"denied"}`, `{"a":[],"error":["denied"]}`, `{"a":[],"error":false}`, `{"a":[],"error":5}`,
		`{"a":[],"errorCode":"denied"}`, `{"a":[]`, `{"a":[]}x`, `{"errorMessage":"denied"}`, `{"errors":[{"errorCode":5}]}`,
	} {
		if got, err := decodeList([]byte(body)); err == nil || KindOf(err) != 0 || !reflect.DeepEqual(got, listAnswer{}) {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestAListWithoutAnArrayProvesNoAbsence(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"a":1}`, `{"accessTokens":null}`, `{"accessTokens":{}}`, `{"accessTokens":""}`, `{"a":{"accessTokens":[]}}`, `{"errorCode":0}`,
		`{"errorCode":0,"errorMessage":"Success","accessTokens":null}`, `{"error":{"errorCode":0}}`, `{"errors":[]}`,
		`{"accessTokens":null,"warnings":[]}`, `{"accessTokens":{},"warnings":[]}`, "\ufeff{}",
	} {
		got, err := decodeList([]byte(body))
		if err != nil || got.arrayPresent || got.incomplete == "" || len(got.tokens) != 0 {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
}

func TestAListThatShowsThatItMayBeIncomplete(t *testing.T) {
	const item = `{"accessTokenId":1}`
	for members, want := range map[string]string{
		`"hasMore":true`: "more", `"HasMore":"true"`: "more", `"hasMore":1`: "more", `"hasMore":"yes"`: "more", `"moreAvailable":true`: "more",
		`"isTruncated":true`: "more", `"nextPage":2`: "more", `"nextToken":"abc"`: "more", `"NextLink":"https://x"`: "more",
		`"next":{"page":2}`: "more", `"nextPages":[2]`: "more", `"@odata.nextLink":"x"`: "more", `"next":true`: "more", `"isLastPage":false`: "more",
		`"continuationToken":"x"`: "more", `"total":2`: "1 items of a total of 2", `"totalCount":2.0`: "total of 2", `"TOTALRECORDS":"7"`: "total of 7",
		`"tokencount":2`: "total of 2", `"recordCount":2`: "total of 2", `"numberOfTokens":2`: "total of 2", `"totalPages":2`: "2 pages",
		`"pageCount":2`: "2 pages", `"paging":{"total":2}`: "total of 2", `"pageInfo":{"hasNextPage":true}`: "more", `"_links":{"next":"x"}`: "more",
		`"errors":[{"errorCode":0}]`: "error", `"errList":["x"]`: "error", `"errorList":[{}]`: "error", `"failures":[1]`: "error",
		`"cursor":"x"`: "more", `"remaining":3`: "more", `"pageSize":1`: "as many as one page", `"limit":1.0`: "as many as one page",
		`"meta":{"per_page":"1","perPage":1}`:            "as many as one page",
		`"errorMessage":"Some tokens could not be read"`: "error",
	} {
		got, err := decodeList([]byte(`{"a":[` + item + `],` + members + `}`))
		if err != nil || len(got.tokens) != 1 || !got.arrayPresent || !strings.Contains(got.incomplete, want) || strings.Contains(got.incomplete, "https") {
			t.Errorf("%s is read as %+v, %v", members, got, err)
		}
	}
	for _, members := range []string{
		`"hasMore":false`, `"hasMore":"false"`, `"hasMore":0`, `"hasMore":null`, `"hasMore":""`, `"hasMore":"no"`, `"nextPage":null`, `"nextPage":""`, `"nextPage":0`,
		`"nextPage":-1`, `"next":{}`, `"next":[]`, `"next":false`, `"nextToken":"null"`, `"total":1`, `"total":0`, `"total":-1`, `"total":"many"`,
		`"total":1.5`, `"total":{"a":9}`, `"total":[9]`, `"accountId":4711`, `"country":49`, `"pageSize":50`, `"page":3`, `"totalPages":1`,
		`"pageCount":1`, `"processed":9`, `"isLastPage":true`, `"cursor":""`, `"remaining":0`, `"limit":2`, `"limit":0`, `"errors":[]`, `"errors":null`, `"errors":""`, `"errorCount":0`,
		`"preferred":["x"]`, `"paging":{"total":1}`, `"paging":7`, `"user":{"total":9}`, `"errorCode":0,"errorMessage":"Success"`,
	} {
		if got, err := decodeList([]byte(`{"a":[` + item + `],` + members + `}`)); err != nil || got.incomplete != "" || len(got.tokens) != 1 {
			t.Errorf("%s is read as %+v, %v", members, got, err)
		}
	}
}

func TestAListOfTheLengthOfAPageMayBeOne(t *testing.T) {
	pages := map[int]bool{50: true, 100: true, 200: true, 250: true, 500: true, 1000: true}
	for _, n := range []int{0, 1, 49, 50, 51, 99, 100, 101, 150, 199, 200, 201, 249, 250, 251, 499, 500, 501, 999, 1000, 1001} {
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, `,{"accessTokenId":%d}`, i+1)
		}
		got, err := decodeList([]byte(`{"a":[` + strings.TrimPrefix(body.String(), ",") + `]}`))
		if err != nil || len(got.tokens) != n || pages[n] != strings.Contains(got.incomplete, fmt.Sprintf("exactly %d items", n)) || (got.incomplete != "") != pages[n] {
			t.Fatalf("%d items are read as %d, incomplete %q, %v", n, len(got.tokens), got.incomplete, err)
		}
	}
}

func TestAnItemWithoutAUsableIDMakesAListIncomplete(t *testing.T) {
	for _, item := range []string{
		`{"tokenName":"x"}`, `{"accessTokenId":null}`, `{"accessTokenId":0}`, `{"accessTokenId":-1}`, `{"accessTokenId":"x"}`, `{"accessTokenId":""}`,
		`{"accessTokenId":{}}`, `{"accessTokenId":1.5}`, `{"accessTokenId":true}`, `{"accessTokenId":99999999999999999999}`,
		`{"accessTokenId":5,"accessTokenId":6}`, `null`, `7`, `"x"`, `[]`, `{}`,
	} {
		got, err := decodeList([]byte(`{"a":[` + item + `,{"accessTokenId":2}]}`))
		if err != nil || !reflect.DeepEqual(got.tokens, []Token{{ID: 2}}) || !strings.Contains(got.incomplete, "1 of its 2 items") || !got.arrayPresent {
			t.Errorf("%s is read as %+v, %v", item, got, err)
		}
	}
	got, err := decodeList([]byte(`{"a":[{"accessTokenId":"x"}]}`))
	if err != nil || len(got.tokens) != 0 || got.incomplete == "" || !got.arrayPresent {
		t.Errorf("a list without any usable id is read as %+v, %v", got, err)
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
		`3.0`: TypeCustom, `"3.0"`: TypeCustom, `0.0`: TypeDefault, `" all "`: TypeAll,
		`0`: TypeDefault, `1`: TypeSCIM, `2`: TypeAll, `3`: TypeCustom, `4`: TypeOneTouch, `5`: TypeHyperscale,
		`"0"`: TypeDefault, `"3"`: TypeCustom, `"5"`: TypeHyperscale,
		`"DEFAULT"`: TypeDefault, `"MS_SCIM"`: TypeSCIM, `"ALL"`: TypeAll, `"CUSTOM"`: TypeCustom, `"OneTouch"`: TypeOneTouch,
		`"Hyperscale"`: TypeHyperscale, `"ONETOUCH"`: TypeOneTouch, `"all"`: TypeAll,
		`{}`: "", `[]`: "", `true`: "", `1.5`: "", `[3]`: "", `1e99`: "",
		`6`: "", `-1`: "", `"6"`: "", `"NEW"`: "", `""`: "", `null`: "",
	}
	for text, want := range want {
		got, err := decodeList(fmt.Appendf(nil, `{"a":[{"accessTokenId":1,"tokenType":%s}]}`, text))
		if err != nil || len(got.tokens) != 1 || got.tokens[0].Type != want {
			t.Errorf("the type %s is read as %+v, %v", text, got, err)
		}
	}
}

func TestFieldsThatAnItemOmitsAreUnknown(t *testing.T) {
	got, err := decodeList([]byte(`{"a":[{"accessTokenId":1,"apiEndpoints":null,"tokenExpiryTimestamp":0,"userId":null},
		{"accessTokenId":2,"apiEndpoints":[],"allowedIPs":["1.2.3.4"],"tokenExpiryTimestamp":"1800000000","renewableUntilTimestamp":-1}]}`))
	want := []Token{
		{ID: 1},
		{ID: 2, APIEndpoints: []string{}, AllowedIPs: []string{"1.2.3.4"}, ExpiresAt: time.Unix(1800000000, 0).UTC()},
	}
	if err != nil || !reflect.DeepEqual(got.tokens, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}
