// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// These benchmarks cover the use of the list in a plan: it is decoded once, and each token is looked up in it.

// manyTokens is the size of a large fleet.
const manyTokens = 10_000

// longList returns the answer to a list of n tokens with every field.
func longList(n int) []byte {
	var items []string
	for i := range n {
		items = append(items, fmt.Sprintf(`{"accessTokenId":%d,"tokenName":"pipeline-%d","userId":11,"tokenType":2,`+
			`"tokenExpiryTimestamp":1795446402,"refreshTokenExpiryTimestamp":1796656002,"renewableUntilTimestamp":1803220602,`+
			`"apiEndpoints":[],"allowedIPs":["10.0.0.0/8"]}`, 1001+i, i))
	}
	return []byte(`{"accessTokens":[` + strings.Join(items, ",") + `]}`)
}

func BenchmarkListIsDecoded(b *testing.B) {
	body := longList(manyTokens)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if list, err := decodeList(body); err != nil || len(list.tokens) != manyTokens {
			b.Fatalf("%d tokens, %v", len(list.tokens), err)
		}
	}
}

func BenchmarkListIsIndexed(b *testing.B) {
	answer := decodedList(b, manyTokens)
	b.ReportAllocs()
	for b.Loop() {
		if list := newList(0, answer, time.Time{}); len(list.tokens) != manyTokens {
			b.Fatal("tokens are missing")
		}
	}
}

// BenchmarkTokenIsFound shows that the duration of a lookup does not depend on the size of the list.
func BenchmarkTokenIsFound(b *testing.B) {
	for _, n := range []int{100, 1000, manyTokens} {
		b.Run(fmt.Sprintf("of %d", n), func(b *testing.B) {
			c := clientWith(b, n)
			ids := idsOf(n)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if seen, err := c.Find(b.Context(), Wanted{ID: ids[i%n], Owner: Owner{Caller: true}}); !seen.Found || err != nil {
					b.Fatalf("the token is not found: %v", err)
				}
				i++
			}
		})
	}
}

// TestALookupDoesNotDependOnTheSizeOfTheList guards the measurable part of that: a lookup does not allocate memory for each token of
// the list.
func TestALookupDoesNotDependOnTheSizeOfTheList(t *testing.T) {
	if testing.Short() {
		t.Skip("it counts allocations of one lookup after the other")
	}
	c := clientWith(t, manyTokens)
	if allocated := testing.AllocsPerRun(100, func() {
		if seen, err := c.Find(context.Background(), Wanted{ID: 1001 + manyTokens/2, Owner: Owner{Caller: true}}); !seen.Found || err != nil {
			t.Errorf("the token is not found: %v", err)
		}
	}); allocated > 2 {
		t.Errorf("a lookup allocates %v times", allocated)
	}
}

// clientWith returns a client that has received its list of n tokens.
func clientWith(tb testing.TB, n int) *Client {
	tb.Helper()
	c := &Client{inventory: newInventory()}
	o := c.inventory.of(0)
	l := o.walk()
	if l.lead() {
		o.end(l, newList(0, decodedList(tb, n), time.Time{}), nil)
	}
	return c
}

func decodedList(tb testing.TB, n int) listAnswer {
	tb.Helper()
	answer, err := decodeList(longList(n))
	if err != nil {
		tb.Fatal(err)
	}
	return answer
}

func idsOf(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(1001 + i)
	}
	return ids
}
