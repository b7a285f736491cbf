// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"net/http"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// damagedAnswers contain a token's id and secrets, and have another defect.
var damagedAnswers = map[string]string{
	"expiry as a float":    `{%s,"tokenExpiryTimestamp":1795576206.0}`,
	"expiry as text":       `{%s,"tokenExpiryTimestamp":"soon"}`,
	"endpoints as text":    `{%s,"apiEndpoints":""}`,
	"an empty error":       `{"error":"",%s}`,
	"a mangled expiry":     `{%s,"tokenExpiryTimestamp":17955 76206}`,
	"an unquoted date":     `{%s,"tokenExpiryTimestamp":2026-11-23T14:26:42Z}`,
	"a missing brace":      `{%s`,
	"cut in a later value": `{%s,"tokenName":"on`,
	"something behind it":  `{%s}<!-- gateway 7 -->`,
	"a byte order mark":    "\ufeff{%s}",
}

const salvaged = `"accessTokenId":4711,"accessToken":"an-access-token","refreshToken":"a-refresh-token"`

// TestNoSecretThatArrivesIsDropped covers every status, and answers with other defects.
func TestNoSecretThatArrivesIsDropped(t *testing.T) {
	for name, form := range damagedAnswers {
		for _, status := range []int{200, 202, 400, 403, 404, 429, 500, 502, 503} {
			b := newBench(t, simulator.Options{})
			c := b.client()
			fault := answered(fmt.Sprintf(form, salvaged)).WithStatus(status)
			check := func(call string, got cc.Token, err error) {
				if err != nil || got.ID != 4711 || got.AccessToken != "an-access-token" || got.RefreshToken != "a-refresh-token" {
					t.Errorf("%s, %d: %s returns %+v, %v", name, status, call, got, err)
					return
				}
				if (got.Reported != nil) != (status > 202) || got.Reported != nil && got.Reported.Status != status {
					t.Errorf("%s, %d: %s reports %v", name, status, call, got.Reported)
				}
				if c.Mask().Hide("an-access-token a-refresh-token") != "(hidden) (hidden)" {
					t.Errorf("%s, %d: the secrets are not masked", name, status)
				}
			}
			made := b.issue(c, cc.Spec{Name: "other"})
			b.FailNext(simulator.OpCreate, fault)
			got, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
			check("create", got, err)
			b.FailNext(simulator.OpRenew, fault)
			got, err = c.Renew(t.Context(), made.ID, pairOf(made))
			check("Renew", got, err)
			if n := b.Count(simulator.OpCreate) + b.Count(simulator.OpRenew); n != 3 {
				t.Errorf("%s, %d: %d calls", name, status, n)
			}
		}
	}
}

func TestTheCodeOfASalvagedAnswerIsReported(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpCreate, answered(`{"error":{"errorCode":12,"errorMessage":"the mail to an-access-token was not sent"},"tokenInfo":{`+salvaged+`}}`).WithStatus(500))
	got, err := b.client().Issue(t.Context(), cc.Spec{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	r := got.Reported
	if r == nil || r.Code != 12 || r.Status != 500 || r.Operation != cc.OpCreate || r.Message != "the mail to (hidden) was not sent" {
		t.Errorf("it reports %+v", r)
	}
}

func TestAnAnswerTruncatedAfterTheSecretsIsSalvaged(t *testing.T) {
	cut := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`{"accessTokens":[]}`))
			return
		}
		w.Header().Set("Content-Length", "4096")
		_, _ = w.Write([]byte(`{"tokenInfo":{` + salvaged + `,"tokenName":"o`))
	})
	c, _ := clientOf(t, cut.URL)
	got, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
	if err != nil || got.ID != 4711 || got.RefreshToken != "a-refresh-token" || got.Reported != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestAnEchoOfTheRequestIsNotANewPair covers a server or proxy that quotes the request in its refusal.
func TestAnEchoOfTheRequestIsNotANewPair(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	made := b.issue(c, cc.Spec{Name: "one"})
	echo := fmt.Sprintf(`{"accessTokenId":%d,"accessToken":%q,"refreshToken":%q}`, made.ID, made.AccessToken.Reveal(), made.RefreshToken.Reveal())
	b.FailNext(simulator.OpRenew, answered(echo).At(simulator.Before).WithStatus(400))
	if got, err := c.Renew(t.Context(), made.ID, pairOf(made)); err == nil {
		t.Errorf("the echo is taken for %+v", got)
	} else {
		b.wantNoSecret(err.Error())
	}
}
