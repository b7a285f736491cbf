// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestEachDialectVariesOneQuestion(t *testing.T) {
	all := simulator.AllDialects()
	if !slices.Equal(all, simulator.AllDialects()) {
		t.Error("the order is not always the same")
	}
	if all[0] != (simulator.NamedDialect{Name: "default"}) || all[len(all)-1].Name != "extreme" {
		t.Errorf("first %+v, last %+v", all[0], all[len(all)-1])
	}
	varied := map[string]bool{}
	for _, d := range all[1 : len(all)-2] {
		fields := nonZero(d.Dialect)
		for _, field := range fields {
			varied[field] = true
		}
		if pairs := []string{"PageSize", "PageMark", "NoList", "NoListStatus", "RenewCredential", "RenewWrong403"}; len(fields) != 1 &&
			(len(fields) != 2 || !slices.Contains(pairs, fields[0]) || !slices.Contains(pairs, fields[1])) {
			t.Errorf("%s varies %v, want one question", d.Name, fields)
		}
	}
	if value := reflect.TypeFor[simulator.Dialect](); len(varied) != value.NumField() {
		t.Errorf("%d fields are varied, want all %d", len(varied), value.NumField())
	}
}

func TestDialectsAreThoseThatEveryTestPasses(t *testing.T) {
	dialects, all := simulator.Dialects(), simulator.AllDialects()
	if dialects[0].Name != "default" || dialects[len(dialects)-1].Name != "contrary" || len(dialects) != 17 {
		t.Errorf("%d dialects: %v", len(dialects), dialects)
	}
	for _, d := range dialects {
		if d.Outlier || !slices.Contains(all, d) {
			t.Errorf("%s is an outlier, or not among all dialects", d.Name)
		}
	}
	if extreme := all[len(all)-1].Dialect; extreme.NoList || extreme.NoV4 {
		t.Error("extreme contains outliers")
	}
}

// nonZero returns the names of the nonzero fields of a dialect.
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
	for _, d := range simulator.AllDialects() {
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
	for words, want := range map[string]simulator.Dialect{
		"no-list":                        {NoList: true},
		"clock=-90m":                     {ClockOffset: -90 * time.Minute},
		"page-size=7,list-array=x":       {PageSize: 7, ListArray: "x"},
		"page-next,page-size=9,no-date":  {PageSize: 9, PageMark: simulator.PageNext, NoDate: true},
		"renew-session-403, no-list-405": {RenewCredential: simulator.RenewSession, RenewWrong403: true, NoList: true, NoListStatus: 405},
	} {
		if got, err := simulator.ParseDialect(words); err != nil || got != want {
			t.Errorf("%s is %+v, error %v", words, got, err)
		}
	}
	for words, text := range map[string]string{
		"clock=soon": "dialect clock: ", "page-size=x": "dialect page-size: ", "brief-list=1": `unknown dialect "brief-list"`,
		"clock": "clock=DURATION",
	} {
		if _, err := simulator.ParseDialect(words); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: error %v, want %q in it", words, err, text)
		}
	}
}

func TestTheWholeLifeOfATokenInEachDialect(t *testing.T) {
	for _, d := range simulator.AllDialects() {
		if d.Outlier {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			b := newBench(t, simulator.Options{Dialect: d.Dialect})
			token := b.make(`{"tokenName":"x","tokenType":2}`)
			headers := renewalHeaders(simulator.RenewAuthtoken, token.AccessToken, "")
			if d.Dialect.TokenCredential == simulator.TokenBearer {
				headers = renewalHeaders(simulator.RenewBearer, token.AccessToken, "")
			}
			b.send("GET", "/Client", "", headers...).ok()
			b.admin("PUT", idPath(token), `{"tokenName":"y"}`).ok()

			current, _ := b.Token(token.ID)
			headers = renewalHeaders(d.Dialect.RenewCredential, current.AccessToken, b.session)
			r := b.send("POST", renewal, pairBody(pairOf(current)), headers...).ok()
			if access := r.text("accessToken"); !b.Works(access) {
				t.Error("the access token that the renewal returned does not work")
			}

			array := cmp.Or(d.Dialect.ListArray, "accessTokens")
			list := items(t, b.admin("GET", tokens+"/?userId="+fmt.Sprint(b.UserID()), ""), array)
			if len(list) != 1 || integer(list[0]["accessTokenId"]) != token.ID || list[0]["tokenName"] != "y" {
				t.Errorf("list %v", list)
			}
			if r := b.admin("DELETE", idPath(token), ""); d.Dialect.RevokePending {
				b.ApproveRevocations()
			} else {
				r.ok()
			}
			if len(b.Tokens()) != 0 || len(b.Purged()) != 0 {
				t.Error("the token lives on, or was purged")
			}
		})
	}
}
