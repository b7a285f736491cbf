// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// askedAndGot is one field as requested and as answered.
type askedAndGot[T any] struct{ asked, got T }

// These pairs cover every field, with and without a contradiction.
var (
	userPairs = map[string][]askedAndGot[int64]{"fine": {{0, 0}, {0, 7}, {9, 0}, {9, 9}}, "contradicts": {{9, 7}}}
	typePairs = map[string][]askedAndGot[TokenType]{
		"fine":        {{"", ""}, {"", TypeCustom}, {TypeCustom, ""}, {TypeCustom, TypeCustom}, {TypeDefault, TypeAll}, {TypeAll, TypeDefault}},
		"contradicts": {{TypeCustom, TypeAll}, {TypeDefault, TypeCustom}, {TypeSCIM, TypeHyperscale}},
	}
	setPairs = map[string][]askedAndGot[[]string]{
		"fine": {
			{nil, nil}, {nil, []string{}}, {nil, []string{"a"}}, {[]string{"a"}, nil}, {[]string{"a", "b"}, []string{"b", "a"}},
			{[]string{"A"}, []string{"a/"}}, {[]string{"10.0.0.1/8"}, []string{"10.0.0.0/8"}},
		},
		"contradicts": {{[]string{"a"}, []string{}}},
	}
)

func TestContradiction(t *testing.T) {
	either := []string{"fine", "contradicts"}
	truth{
		[]fact{{"user", either}, {"type", either}, {"endpoints", either}, {"addresses", either}},
		[]string{
			"contradicts *           *           *           userId",
			"fine        contradicts *           *           tokenType",
			"fine        fine        contradicts *           apiEndpoints",
			"fine        fine        fine        contradicts allowedIPs",
			"fine        fine        fine        fine        none",
		},
	}.check(t, func(is map[string]string) string {
		fields := map[string]struct{}{}
		for _, user := range userPairs[is["user"]] {
			for _, kind := range typePairs[is["type"]] {
				for _, endpoints := range setPairs[is["endpoints"]] {
					for _, addresses := range setPairs[is["addresses"]] {
						asked := Spec{UserID: user.asked, Type: kind.asked, APIEndpoints: endpoints.asked, AllowedIPs: addresses.asked}
						got := Token{UserID: user.got, Type: kind.got, APIEndpoints: endpoints.got, AllowedIPs: addresses.got}
						field, _, _ := strings.Cut(contradiction(asked, got), " ")
						fields[field] = struct{}{}
					}
				}
			}
		}
		if all := strings.Join(slices.Sorted(maps.Keys(fields)), "+"); all != "" {
			return all
		}
		return "none"
	})
}

func TestAChangeContradictsInChangedAndUnchangedFields(t *testing.T) {
	set, none := []string{"a"}, []string{}
	for name, c := range map[string]struct {
		change Change
		before Token
		got    Token
		want   string
	}{
		"nothing":                   {Change{}, Token{}, Token{Type: TypeAll, UserID: 7, APIEndpoints: none, AllowedIPs: none}, ""},
		"endpoints":                 {Change{APIEndpoints: &set}, Token{}, Token{APIEndpoints: none}, "apiEndpoints"},
		"addresses":                 {Change{AllowedIPs: &set}, Token{}, Token{AllowedIPs: none}, "allowedIPs"},
		"no addresses":              {Change{AllowedIPs: &none}, Token{}, Token{AllowedIPs: none}, ""},
		"addresses, of none":        {Change{AllowedIPs: &set}, Token{}, Token{}, ""},
		"the same":                  {Change{}, Token{Type: TypeDefault, UserID: 7}, Token{Type: TypeAll, UserID: 7}, ""},
		"another type":              {Change{}, Token{Type: TypeCustom}, Token{Type: TypeAll}, "tokenType"},
		"another owner":             {Change{}, Token{UserID: 9}, Token{UserID: 7}, "userId"},
		"an answer of its id":       {Change{}, Token{Type: TypeCustom, UserID: 9}, Token{ID: 1}, ""},
		"addresses spelled another": {Change{AllowedIPs: &set}, Token{}, Token{AllowedIPs: []string{"b"}}, ""},
	} {
		if got, _, _ := strings.Cut(c.change.Contradicts(c.before, c.got), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
