// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// answered is a transport that returns one answer, whose body may be truncated.
type answered struct {
	status int
	body   string
	cut    error
}

func (a answered) RoundTrip(req *http.Request) (*http.Response, error) {
	body := io.Reader(strings.NewReader(a.body))
	if a.cut != nil {
		body = io.MultiReader(body, broken{a.cut})
	}
	return &http.Response{StatusCode: a.status, Header: http.Header{"Date": {noon.Add(time.Hour).Format(http.TimeFormat)}}, Body: io.NopCloser(body), Request: req}, nil
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func exchanging(transport http.RoundTripper) exchange {
	fake := clock.NewFake(noon)
	return exchange{
		base: &url.URL{Scheme: "https", Host: "cc.example", Path: "/api"}, transport: transport, clock: fake,
		time: &serverTime{clock: fake}, mask: NewMask(),
		proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://user:secret@proxy.example:3128") },
	}
}

func TestSecretsInAFailingAnswerAreSalvaged(t *testing.T) {
	const secrets = `{"errorCode":7,"errorMessage":"late","accessToken":"s"}`
	for name, c := range map[string]struct {
		answer   answered
		kind     Kind
		code     int64
		salvaged bool
	}{
		"a code under 200": {answered{200, secrets, nil}, Refused, 7, true},
		"a 500":            {answered{500, secrets, nil}, Failed, 7, true},
		"a 429":            {answered{429, secrets, nil}, Busy, 7, true},
		"cut off":          {answered{200, secrets[:50], io.ErrUnexpectedEOF}, Lost, 0, true},
		"no JSON":          {answered{200, secrets + "}", nil}, Lost, 0, true},
		"a 401":            {answered{401, secrets, nil}, Unauthorized, 7, false},
	} {
		var got *Error
		failure := exchanging(c.answer).handle(t.Context(), &attempt{request: request{
			op: OpCreate,
			decode: func(body []byte) error {
				_, err := decodeAnswer(body)
				return err
			},
			salvage: func(body []byte, failure *Error) bool {
				got = failure
				return strings.Contains(string(body), `"accessToken"`)
			},
		}})
		if (failure == nil) != c.salvaged || (got != nil) != c.salvaged {
			t.Errorf("%s: salvaged from %v; the error is %v", name, got, failure)
			continue
		}
		if c.salvaged && (got.Kind != c.kind || got.Code != c.code || got.Status != c.answer.status || got.Operation != OpCreate) {
			t.Errorf("%s: reported is %+v", name, got)
		}
	}
}

func TestAProxyIsNamedWithoutItsPassword(t *testing.T) {
	failure := exchanging(answered{status: 407}).handle(t.Context(), &attempt{})
	if failure == nil || failure.Cause != CauseProxyAuthentication || failure.Proxy != "proxy.example:3128" || strings.Contains(failure.Error(), "secret") ||
		!strings.Contains(failure.Error(), "proxy.example:3128") {
		t.Errorf("the error is %v", failure)
	}
	proxy := &url.URL{Scheme: "http", User: url.UserPassword("user", "secret"), Host: "proxy.example:3128"}
	for status, want := range map[int]Cause{200: 0, 407: CauseProxyAuthentication, 403: CauseProxyRefused} {
		err := onProxyConnect(t.Context(), proxy, nil, &http.Response{StatusCode: status})
		if (err == nil) != (want == 0) {
			t.Errorf("%d: the error is %v", status, err)
		}
		if err == nil {
			continue
		}
		failure := exchanging(refusing{err}).handle(t.Context(), &attempt{})
		if failure == nil || failure.Kind != NeverSent || failure.Cause != want || failure.Proxy != proxy.Host || strings.Contains(failure.Error(), "secret") {
			t.Errorf("%d: the error is %+v", status, failure)
		}
	}
}

// refusing is a transport that cannot connect.
type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

func TestTheContextsEndIsTheCauseOfABrokenExchange(t *testing.T) {
	for cause, want := range map[error]Cause{errTimeout: CauseTimeout, context.Canceled: CauseInterrupted} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		failure := exchanging(refusing{errors.New("broken")}).handle(ctx, &attempt{})
		if failure == nil || failure.Cause != want {
			t.Errorf("%v: the error is %v", cause, failure)
		}
	}
}

func TestOnlyTheDateOfAnAnswerOfTheAPICounts(t *testing.T) {
	for name, c := range map[string]struct {
		answer answered
		counts bool
	}{
		"success":            {answered{200, `{"errorCode":0}`, nil}, true},
		"documented refusal": {answered{403, `{"errorCode":7}`, nil}, true},
		"a page":             {answered{503, "<html></html>", nil}, false},
		"a page under 200":   {answered{200, "<html></html>", nil}, false},
		"nothing":            {answered{502, "", nil}, false},
	} {
		e := exchanging(c.answer)
		_ = e.handle(t.Context(), &attempt{request: request{op: OpRevoke, decode: decodeRevoked}})
		if ahead := e.time.now().Sub(noon); (ahead == time.Hour) != c.counts || (ahead == 0) == c.counts {
			t.Errorf("%s: the server's clock is %s ahead", name, ahead)
		}
	}
}
