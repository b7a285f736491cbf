// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/clock"
)

// canned answers every list with an empty one, and every other call with the same body.
type canned struct {
	status int
	body   []byte
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := c.status, c.body
	if r.Method == http.MethodGet {
		status, body = http.StatusOK, []byte(`{"accessTokens":[]}`)
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// clientOver returns a client that uses the given transport.
func clientOver(t *testing.T, transport http.RoundTripper) *Client {
	t.Helper()
	cfg := Config{
		Base: &url.URL{Scheme: "https", Host: "cc.example", Path: "/api"}, Authtoken: "QSDK fixed", Clock: clock.NewFake(noon),
		Log: func(context.Context, string, map[string]any) {},
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.chain = c.newChain(cfg, transport)
	return c
}

// salvageStatuses are those under which a token may arrive. A 401 is not one of them, because the request is repeated.
var salvageStatuses = []int{200, 201, 202, 204, 302, 400, 403, 404, 407, 408, 429, 450, 500, 501, 502, 503, 504}

// FuzzMutatedAnswerThroughTheClient checks that a secret in an answer to create or Renew is preserved through the whole client
// under every status if the id and the secrets are intact.
func FuzzMutatedAnswerThroughTheClient(f *testing.F) {
	for at := range byte(12) {
		for what := range byte(6) {
			f.Add(at&1 == 0, at+what, []byte{at, what, at * what})
			f.Add(at&1 == 0, at*what, []byte{1 | at<<2, 0x80 | what, at, at, what, what + 1})
		}
	}
	f.Fuzz(func(t *testing.T, nested bool, status byte, script []byte) {
		script = script[:min(len(script), 60)]
		m := mutation{intact: true}
		fields := flatAnswer()
		if nested {
			fields = nestedAnswer()
		}
		answer := canned{salvageStatuses[int(status)%len(salvageStatuses)], []byte(render(m.apply(fields, script)))}
		if !m.intact || m.mangled && m.otherID {
			return
		}
		pair := Pair{AccessToken: "an-old-access", RefreshToken: "an-old-refresh"}
		for name, call := range map[string]func(c *Client) (Token, error){
			"create": func(c *Client) (Token, error) { return c.Issue(t.Context(), Spec{Name: "n"}) },
			"renew":  func(c *Client) (Token, error) { return c.Renew(t.Context(), 7, pair) },
		} {
			c := clientOver(t, answer)
			got, err := call(c)
			if err != nil || got.ID != 7 || got.AccessToken != "the-access" || got.RefreshToken != "the-refresh" {
				t.Errorf("%s: %d with %s is read as %+v, %v", name, answer.status, answer.body, got, err)
			}
			if !m.failing && (got.Reported == nil) != succeeds(answer.status) {
				t.Errorf("%s: %d with %s reports %v", name, answer.status, answer.body, got.Reported)
			}
			if hiddenText := c.mask.Hide("the-access the-refresh"); hiddenText != "(hidden) (hidden)" {
				t.Errorf("%s: %d with %s: the mask makes %q", name, answer.status, answer.body, hiddenText)
			}
		}
	})
}
