// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// answered makes the server answer with a successful status and the given body, after the operation took effect.
func answered(body string) simulator.Fault {
	return simulator.NewFault(simulator.ErrorTop).WithBody(body).At(simulator.After)
}

func TestAFailureReportedBesideTheSecretsIsReturnedWithThem(t *testing.T) {
	const token = `"accessTokenId":7,"accessToken":"the-access","refreshToken":"the-refresh"`
	const failure = `"errorCode":12,"errorMessage":"the mail to the-access was not sent"`
	want := func(b *bench, c *cc.Client, got cc.Token, err error, op cc.Operation) {
		b.t.Helper()
		if err != nil || got.ID != 7 || got.AccessToken != "the-access" || got.RefreshToken != "the-refresh" {
			b.t.Fatalf("got %+v, %v", got, err)
		}
		if r := got.Reported; r == nil || r.Code != 12 || r.Operation != op || r.Message != "the mail to (hidden) was not sent" {
			b.t.Errorf("it reports %+v", r)
		}
		b.wantNoSecret(got.Reported.Error())
		if list, err := c.Tokens(b.t.Context(), 0); err != nil {
			b.t.Error(err)
		} else if listed, found := list.Get(7); found && listed.Reported != nil {
			b.t.Error("the list keeps the report")
		}
	}
	t.Run("create", func(t *testing.T) {
		b := newBench(t, simulator.Options{})
		c := b.client()
		b.FailNext(simulator.OpCreate, answered(`{"error":{`+failure+`},"tokenInfo":{`+token+`}}`))
		got, err := c.Issue(t.Context(), cc.Spec{Name: "one"})
		want(b, c, got, err, cc.OpCreate)
		b.wantAsked("login 1, list 1, create 1")
	})
	t.Run("renew", func(t *testing.T) {
		b := newBench(t, simulator.Options{})
		c := b.client()
		made := b.issue(c, cc.Spec{Name: "one"})
		b.FailNext(simulator.OpRenew, answered(`{`+failure+`,`+token+`}`))
		got, err := c.Renew(t.Context(), made.ID, cc.Pair{AccessToken: made.AccessToken, RefreshToken: made.RefreshToken})
		want(b, c, got, err, cc.OpRenew)
	})
}

func TestSecretsOfAnUnusableAnswerAreHidden(t *testing.T) {
	for _, body := range []string{
		`{"tokenInfo":{"accessToken":"first-lost-secret","refreshToken":"second-lost-secret"}}`,
		`{"error":{"errorCode":5},"tokenInfo":{"accessToken":"first-lost-secret","refreshToken":"second-lost-secret"}}`,
		`{"tokenInfo":{"accessTokenId":1.5,"refreshToken":"second-lost-secret","accessToken":"first-lost-secret","tok`,
	} {
		b := newBench(t, simulator.Options{})
		c := b.client(noRetries)
		b.FailNext(simulator.OpCreate, answered(body))
		if got, err := c.Issue(t.Context(), cc.Spec{Name: "one"}); err == nil {
			t.Fatalf("%s is read as %+v", body, got)
		}
		if got := c.Mask().Hide("x first-lost-secret y second-lost-secret z"); got != "x (hidden) y (hidden) z" {
			t.Errorf("%s: the mask makes %q", body, got)
		}
	}
}
