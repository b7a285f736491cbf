// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestTheFormOfAnEmptyList(t *testing.T) {
	for form, want := range map[simulator.EmptyList]string{
		simulator.EmptyArray: `{"accessTokens":[]}`, simulator.EmptyNull: `{"accessTokens":null}`, simulator.EmptyLeftOut: `{}`,
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{EmptyList: form}})
		if got := b.admin("GET", tokens, "").ok().body; got != want {
			t.Errorf("form %d: %s, want %s", form, got, want)
		}
		b.create(`{"tokenName":"a"}`)
		if got := items(t, b.admin("GET", tokens, ""), "accessTokens"); len(got) != 1 {
			t.Errorf("form %d: %v, want one token", form, got)
		}
	}
}

func TestAListMayOmitTokens(t *testing.T) {
	cases := map[string]struct {
		dialect        simulator.Dialect
		complete, held string // the marks of a list of two and of three tokens
	}{
		"silent": {simulator.Dialect{PageSize: 2}, ``, ``},
		"total":  {simulator.Dialect{PageSize: 2, PageMark: simulator.PageTotal}, `"totalCount":2`, `"totalCount":3`},
		"next":   {simulator.Dialect{PageSize: 2, PageMark: simulator.PageNext}, `"hasMore":false}`, `"hasMore":true,"nextPage":2`},
	}
	for name, c := range cases {
		b := newBench(t, simulator.Options{Dialect: c.dialect})
		for i, mark := range []string{"", c.complete, c.held} {
			b.create(fmt.Sprintf(`{"tokenName":"t%d"}`, i))
			r := b.admin("GET", tokens, "")
			if got := items(t, r, "accessTokens"); len(got) != min(i+1, 2) || got[0]["tokenName"] != "t0" {
				t.Errorf("%s: %d tokens are listed as %v", name, i+1, got)
			}
			if !strings.Contains(r.body, mark) {
				t.Errorf("%s: %s, want %s in it", name, r.body, mark)
			}
		}
	}
}

func TestAWholeListMayHaveMarks(t *testing.T) {
	for mark, want := range map[simulator.PageMark]string{
		simulator.PageUnmarked: `]}`, simulator.PageTotal: `],"totalCount":1}`, simulator.PageNext: `],"hasMore":false}`,
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{PageMark: mark}})
		b.create(`{"tokenName":"a"}`)
		if got := b.admin("GET", tokens, "").ok().body; !strings.HasSuffix(got, want) {
			t.Errorf("mark %d: %s, want it to end with %s", mark, got, want)
		}
	}
}

func TestListedEndsAreRoundedSeparately(t *testing.T) {
	for rounding, want := range map[simulator.Rounding]time.Duration{
		simulator.RoundNone: 0, simulator.RoundMinuteEarlier: -42 * time.Second, simulator.RoundMinuteLater: 18 * time.Second,
	} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{ListedEnds: rounding}})
		b.create(`{"tokenName":"a"}`)
		token := b.Tokens()[0]
		item := items(t, b.admin("GET", tokens, ""), "accessTokens")[0]
		for name, end := range map[string]time.Time{
			"tokenExpiryTimestamp": token.ExpiresAt, "refreshTokenExpiryTimestamp": token.RefreshExpiresAt,
			"renewableUntilTimestamp": token.RenewableUntil,
		} {
			if got := integer(item[name]); got != end.Add(want).Unix() {
				t.Errorf("rounding %d: %s is %d, want %s after %s", rounding, name, got, want, end)
			}
		}
	}
}

func TestTheStatusOfAMissingListCall(t *testing.T) {
	for status, title := range map[int]string{0: "404 Not Found", 405: "405 Method Not Allowed", 501: "501 Not Implemented"} {
		b := newBench(t, simulator.Options{Dialect: simulator.Dialect{NoList: true, NoListStatus: status}})
		b.admin("GET", tokens, "").html(max(status, 404), title)
		b.create(`{"tokenName":"a"}`)
	}
}
