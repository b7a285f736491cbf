// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestDialectsAreEachFieldOnceAndAllAtOnce(t *testing.T) {
	dialects := simulator.Dialects()
	if !reflect.DeepEqual(dialects, simulator.Dialects()) {
		t.Error("the order is not always the same")
	}
	first, last := dialects[0], dialects[len(dialects)-1]
	if first.Name != "default" || first.Dialect != (simulator.Dialect{}) || last.Name != "contrary" {
		t.Errorf("first %+v, last %+v", first, last)
	}
	varied := map[string]int{}
	for _, d := range dialects[1 : len(dialects)-1] {
		fields := nonZero(d.Dialect)
		if len(fields) != 1 {
			t.Errorf("%s varies %v, want one field", d.Name, fields)
			continue
		}
		varied[fields[0]]++
	}
	want := map[string]int{
		"BriefList": 1, "NumericTypes": 1, "ListArray": 1, "ExtraArrays": 1, "HideExpired": 1, "UpdateSecrets": 2,
		"RenewKeepsAccess": 1, "RenewCredential": 2, "MissingID200": 1, "Refusals": 3, "TokensManageTokens": 1,
	}
	if !reflect.DeepEqual(varied, want) {
		t.Errorf("varied %v, want %v", varied, want)
	}
	if got := nonZero(last.Dialect); len(got) != len(want) {
		t.Errorf("contrary varies %v, want all of %v", got, want)
	}
}

// nonZero fields of a dialect.
func nonZero(d simulator.Dialect) []string {
	var names []string
	value := reflect.ValueOf(d)
	for i := range value.NumField() {
		if !value.Field(i).IsZero() {
			names = append(names, value.Type().Field(i).Name)
		}
	}
	return names
}

func TestParseDialect(t *testing.T) {
	for _, d := range simulator.Dialects() {
		if got, err := simulator.ParseDialect(d.Name); err != nil || got != d.Dialect {
			t.Errorf("%s is %+v, error %v", d.Name, got, err)
		}
	}
	got, err := simulator.ParseDialect("brief-list, renew-none,no-list")
	want := simulator.Dialect{BriefList: true, RenewCredential: simulator.RenewNone, NoList: true}
	if err != nil || got != want {
		t.Errorf("combined %+v, error %v", got, err)
	}
	for _, name := range []string{"", "Default", "brief-list,", "x"} {
		if _, err := simulator.ParseDialect(name); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	names := simulator.DialectNames()
	if len(names) != len(simulator.Dialects())+3 || !slices.Contains(names, "no-v4") {
		t.Errorf("names %v", names)
	}
	for name, want := range map[string]simulator.Dialect{
		"no-list": {NoList: true}, "no-v4": {NoV4: true}, "renew-session": {RenewCredential: simulator.RenewSession},
	} {
		if got, err := simulator.ParseDialect(name); err != nil || got != want {
			t.Errorf("%s is %+v, error %v", name, got, err)
		}
	}
}

func TestTheWholeLifeOfATokenInEachDialect(t *testing.T) {
	for _, d := range simulator.Dialects() {
		t.Run(d.Name, func(t *testing.T) {
			b := newBench(t, simulator.Options{Dialect: d.Dialect})
			token := b.create(`{"tokenName":"x","tokenType":2}`)
			b.as(token.AccessToken, "GET", "/Client", "").ok()
			b.admin("PUT", idPath(token), `{"tokenName":"y"}`).ok()
			current, _ := b.Token(token.ID)

			var headers []string
			switch d.Dialect.RenewCredential {
			case simulator.RenewBearer:
				headers = []string{"Authorization", "Bearer " + current.AccessToken}
			case simulator.RenewAuthtoken:
				headers = []string{"Authtoken", current.AccessToken}
			case simulator.RenewNone, simulator.RenewSession:
			}
			r := b.send("POST", renewal, pairBody(pairOf(current)), headers...).ok()
			b.as(r.text("accessToken"), "GET", "/Client", "").ok()

			array := d.Dialect.ListArray
			if array == "" {
				array = "accessTokens"
			}
			list := items(t, b.admin("GET", tokens+"/?userId="+fmt.Sprint(b.UserID()), ""), array)
			if len(list) != 1 || list[0]["accessTokenId"] != float64(token.ID) || list[0]["tokenName"] != "y" {
				t.Errorf("list %v", list)
			}
			b.admin("DELETE", idPath(token), "").ok()
			if len(b.Tokens()) != 0 || len(b.Purged()) != 0 {
				t.Error("the token lives on, or was purged")
			}
		})
	}
}
