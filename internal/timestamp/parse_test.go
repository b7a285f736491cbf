// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package timestamp_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/timestamp"
)

func TestParseReadsEverySpellingOfAnInstant(t *testing.T) {
	want := time.Date(2027, 6, 30, 22, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"2027-06-30T22:00:00Z",
		"2027-06-30T22:00:00+00:00",
		"2027-06-30T22:00:00-00:00",
		"2027-07-01T00:00:00+02:00",
		"2027-06-30T16:30:00-05:30",
		"2027-07-01T21:59:00+23:59",
	} {
		got, err := timestamp.Parse(s)
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("Parse(%q) = %v, %v; want %v in UTC", s, got, err, want)
		}
	}
}

func TestParseKeepsTheBoundsOfTheWire(t *testing.T) {
	for s, want := range map[string]int64{
		"1970-01-01T00:00:01Z":      1,
		"1970-01-01T02:00:01+02:00": 1,
		"2038-01-19T03:14:07Z":      math.MaxInt32,
		"2038-01-19T04:14:07+01:00": math.MaxInt32,
	} {
		got, err := timestamp.Parse(s)
		if err != nil || got.Unix() != want {
			t.Errorf("Parse(%q) = %v, %v; want Unix second %d", s, got, err, want)
		}
	}
}

func TestParseRefusesAndSaysWhy(t *testing.T) {
	for _, c := range []struct{ name, give, reason string }{
		{"empty", "", "it is empty"},
		{"blank", " ", "not of the form"},
		{"blank before", " 2027-06-30T22:00:00Z", "not of the form"},
		{"blank after", "2027-06-30T22:00:00Z ", "not of the form"},
		{"line break after", "2027-06-30T22:00:00Z\n", "not of the form"},
		{"date only", "2027-06-30", "not of the form"},
		{"Unix seconds", "1814392800", "not of the form"},
		{"blank for T", "2027-06-30 22:00:00Z", "not of the form"},
		{"hour of one digit", "2027-06-30T2:00:00Z", "not of the form"},
		{"no seconds", "2027-06-30T22:00Z", "not of the form"},
		{"zone of hours", "2027-06-30T22:00:00+02", "not of the form"},
		{"zone without colon", "2027-06-30T22:00:00+0200", "not of the form"},
		{"zone by name", "2027-06-30T22:00:00 CET", "not of the form"},
		{"Z and more", "2027-06-30T22:00:00ZZ", "not of the form"},
		{"fraction without digits", "2027-06-30T22:00:00.Z", "not of the form"},
		{"lone point", "2027-06-30T22:00:00.", "not of the form"},
		{"lone plus", "2027-06-30T22:00:00+", "not of the form"},
		{"digits beyond ASCII", "２027-06-30T22:00:00Z", "not of the form"},
		{"no zone", "2027-06-30T22:00:00", "no zone"},
		{"lower-case t", "2027-06-30t22:00:00Z", "upper case"},
		{"lower-case z", "2027-06-30T22:00:00z", "upper case"},
		{"both lower-case", "2027-06-30t22:00:00z", "upper case"},
		{"fraction", "2027-06-30T22:00:00.5Z", "fraction"},
		{"fraction of zero", "2027-06-30T22:00:00.000Z", "fraction"},
		{"fraction with zone", "2027-06-30T22:00:00.000+02:00", "fraction"},
		{"fraction with comma", "2027-06-30T22:00:00,5Z", "fraction"},
		{"month 13", "2027-13-30T22:00:00Z", "does not exist"},
		{"30 February", "2027-02-30T22:00:00Z", "does not exist"},
		{"29 February of a common year", "2027-02-29T22:00:00Z", "does not exist"},
		{"hour 24", "2027-06-30T24:00:00Z", "does not exist"},
		{"leap second", "2027-06-30T23:59:60Z", "does not exist"},
		{"zone of 24 hours", "2027-06-30T22:00:00+24:00", "does not exist"},
		{"zone of 60 minutes", "2027-06-30T22:00:00+02:60", "does not exist"},
		{"0 on the wire", "1970-01-01T00:00:00Z", "is not after"},
		{"0 on the wire, respelt", "1970-01-01T02:00:00+02:00", "is not after"},
		{"before 1970", "1969-12-31T23:59:59Z", "is not after"},
		{"year 0", "0000-01-01T00:00:00Z", "is not after"},
		{"Go's zero time", "0001-01-01T00:00:00Z", "is not after"},
		{"beyond int32", "2038-01-19T03:14:08Z", "is after 2038"},
		{"beyond int32 by its zone", "2038-01-19T03:14:07-00:01", "is after 2038"},
		{"year 9999", "9999-12-31T23:59:59Z", "is after 2038"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := timestamp.Parse(c.give)
			if err == nil {
				t.Fatalf("Parse(%q) = %v, want an error", c.give, got)
			}
			if !got.IsZero() {
				t.Errorf("the time beside the error is %v", got)
			}
			if !strings.Contains(err.Error(), c.reason) {
				t.Errorf("the error gives another reason than %q: %v", c.reason, err)
			}
			if !strings.Contains(err.Error(), "the value must be in RFC 3339 format, with a zone and whole seconds") {
				t.Errorf("the error does not say what is accepted: %v", err)
			}
		})
	}
}

func TestParseErrorQuotesWhatWasGiven(t *testing.T) {
	_, err := timestamp.Parse("next\nweek")
	if err == nil || !strings.HasPrefix(err.Error(), `"next\nweek" `) {
		t.Errorf("the error does not begin with what was given, quoted: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "2027-06-30T22:00:00Z", "2027-07-01T00:00:00+02:00", "2027-06-30T22:00:00.000Z", "1970-01-01T00:00:00Z",
		"2038-01-19T03:14:07Z", "2027-06-30T22:00:00-00:00", "2027-06-30T2:00:00,5+24:60", "2027-06-30t22:00:00z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := timestamp.Parse(s)
		if err != nil {
			return
		}
		// Every accepted value must be RFC 3339 for other parsers too.
		reference, err := time.Parse(time.RFC3339, s)
		if err != nil || !reference.Equal(got) {
			t.Fatalf("Parse(%q) = %v, the reference says %v, %v", s, got, reference, err)
		}
		if got.Unix() <= 0 || got.Unix() > math.MaxInt32 || got.Nanosecond() != 0 {
			t.Fatalf("Parse(%q) = %v, which the wire cannot hold", s, got)
		}
		// The canonical notation must parse to the same instant and must not change again.
		ours := timestamp.FromTime(got)
		again, err := timestamp.Parse(ours.ValueString())
		if err != nil || !again.Equal(got) {
			t.Fatalf("%q became %q, which Parse reads as %v, %v", s, ours.ValueString(), again, err)
		}
		if !timestamp.FromTime(again).Equal(ours) || !timestamp.FromUnix(got.Unix()).Equal(ours) {
			t.Fatalf("%q is spelt in two ways", s)
		}
		if !timestamp.SameInstant(timestamp.FromString(s), ours) {
			t.Fatalf("%q and %s count as two instants", s, ours)
		}
	})
}
