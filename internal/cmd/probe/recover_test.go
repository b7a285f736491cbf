// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/acctest"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

// fieldOf maps a question to the field of the dialect that it answers.
var fieldOf = map[string]string{
	"token-calls": "NoV4", "login-form": "StrictLogin", "clock": "ClockOffset", "date": "NoDate", "numbers": "Numbers",
	"list-call": "NoList", "list-array": "ListArray", "list-beside": "ExtraArrays", "list-fields": "BriefList",
	"list-types": "NumericTypes", "list-ends": "ListedEnds", "list-empty": "EmptyList", "list-marks": "PageMark",
	"list-cut": "PageSize", "list-expired": "HideExpired",
	"expiry": "EndUntold", "ends": "Ends", "ends-wrong": "StrictEnds", "ignored-type": "IgnoreTokenType",
	"ignored-ips": "IgnoreAllowedIPs", "update-secrets": "UpdateSecrets", "update-fields": "UpdateIDOnly",
	"names-case": "NamesFoldCase", "names-blanks": "NamesTrim", "refusals": "Refusals", "missing-id": "MissingID200",
	"revoke": "RevokePending", "token-headers": "TokenCredential", "tokens-manage": "TokensManageTokens",
	"renew-credential": "RenewCredential", "renew-access": "RenewKeepsAccess",
	"renew-old-access": "OldAccessLives",
}

// further maps a question to a second field.
var further = map[string]string{"list-call": "NoListStatus", "renew-credential": "RenewWrong403"}

// invisible lists the fields that need another user's tokens.
var invisible = []string{"IgnoreUserID"}

// recovery is what the probe found out about a dialect.
type recovery struct {
	fields int      // known, and all of them correct
	hidden []string // fields that the dialect varies and that are not known
}

// recoverDialect runs the probe against a dialect. Each answer agrees with it.
func recoverDialect(t *testing.T, dialect simulator.Dialect) (r recovery) {
	t.Helper()
	b := newBench(t, simulator.Options{Dialect: dialect}, false)
	o := b.run(t.Context(), t, "-yes", "-destructive")
	got, err := simulator.ParseDialect(o.report.Dialect)
	if err != nil {
		t.Fatalf("the simulator does not take the dialect: %s", err)
	}
	known := map[string]bool{}
	for _, a := range o.report.Questions {
		if a.Known {
			known[fieldOf[a.Name]] = true
			known[further[a.Name]] = true
		}
	}
	found, want := reflect.ValueOf(got), reflect.ValueOf(dialect)
	for i := range want.NumField() {
		name := want.Type().Field(i).Name
		switch {
		case known[name] && !reflect.DeepEqual(found.Field(i).Interface(), want.Field(i).Interface()):
			t.Errorf("%s is reported as %v, and is %v", name, found.Field(i), want.Field(i))
		case known[name]:
			r.fields++
		case !want.Field(i).IsZero():
			r.hidden = append(r.hidden, name)
		}
	}
	if o.report.Ended != "" && !dialect.NoV4 {
		t.Errorf("it ended early: %s", o.report.Ended)
	}
	b.ApproveRevocations()
	if left := b.left(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	return r
}

// TestEveryDialectIsRecovered runs the probe against each dialect of the simulator. Each answer agrees with the dialect, and the answers
// include what the dialect varies, unless no call shows it or another variation hides it.
func TestEveryDialectIsRecovered(t *testing.T) {
	recovered, fields := 0, 0
	for number, d := range simulator.AllDialects() {
		if acctest.RaceDetector && number%9 > 0 {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			r := recoverDialect(t, d.Dialect)
			for _, name := range r.hidden {
				if d.Name != "contrary" && d.Name != "extreme" && !slices.Contains(invisible, name) {
					t.Errorf("%s is not recovered", name)
				}
			}
			recovered++
			fields += r.fields
		})
	}
	acctest.Proves(t, "%d dialects recovered by the probe: %d answers, all correct", recovered, fields)
}

// TestCombinationsAreNotMistaken combines variations at random. Answers can be missing, but those that there are agree with the dialect.
func TestCombinationsAreNotMistaken(t *testing.T) {
	all := simulator.AllDialects()
	chance := rand.New(rand.NewPCG(1, 2))
	combinations, fields, hidden := 300, 0, 0
	switch {
	case acctest.RaceDetector:
		combinations = 10
	case acctest.Sampled():
		combinations = 60
	}
	for range combinations {
		var names []string
		for range 2 + chance.IntN(4) {
			names = append(names, all[chance.IntN(len(all)-2)].Name) // without contrary and extreme
		}
		t.Run(strings.Join(names, ","), func(t *testing.T) {
			dialect, err := simulator.ParseDialect(strings.Join(names, ","))
			if err != nil {
				t.Fatal(err)
			}
			r := recoverDialect(t, dialect)
			fields, hidden = fields+r.fields, hidden+len(r.hidden)
		})
	}
	acctest.Proves(t, "%d combinations of dialects: %d answers of the probe, all correct, %d variations hidden", combinations, fields, hidden)
}

// TestEveryFieldOfADialectHasAQuestion fails if the probe does not ask for a new field.
func TestEveryFieldOfADialectHasAQuestion(t *testing.T) {
	asked := slices.AppendSeq(slices.Clone(invisible), maps.Values(further))
	for name, field := range fieldOf {
		asked = append(asked, field)
		if !slices.ContainsFunc(questions, func(q question) bool { return q.name == name }) {
			t.Errorf("there is no question %s", name)
		}
	}
	fields := reflect.TypeFor[simulator.Dialect]()
	for i := range fields.NumField() {
		if !slices.Contains(asked, fields.Field(i).Name) {
			t.Errorf("no question asks for %s", fields.Field(i).Name)
		}
	}
}
