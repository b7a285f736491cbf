// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Package timestamp is the attribute type for every instant at which a token ends. It is a string in RFC 3339 with whole seconds.
// Values are compared by instant and not by notation.
package timestamp

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// The API stores int32 Unix seconds, of which 0 means "none". Both bounds are inclusive.
var (
	earliest = time.Unix(1, 0).UTC()
	latest   = time.Unix(math.MaxInt32, 0).UTC()
)

// the value must be the end of every error. It is a single clause, so that it can follow any reason.
const accepted = `the value must be in RFC 3339 format, with a zone and whole seconds, such as "2027-06-30T22:00:00Z" or ` +
	`"2027-07-01T00:00:00+02:00", after 1970-01-01T00:00:00Z and up to 2038-01-19T03:14:07Z`

var (
	errEmpty    = errors.New("it is empty")
	errShape    = errors.New("it is not of the form YYYY-MM-DDThh:mm:ssZ or YYYY-MM-DDThh:mm:ss+hh:mm")
	errCase     = errors.New("the letters T and Z must be upper case")
	errNoZone   = errors.New("it has no zone")
	errFraction = errors.New("it has a fraction of a second")
	errNoDate   = errors.New("the date, time or zone does not exist")
	errTooEarly = errors.New("it is not after 1970-01-01T00:00:00Z")
	errTooLate  = errors.New("it is after 2038-01-19T03:14:07Z, the last second that the API can represent")
)

// Parse parses an instant and returns it in UTC. The error quotes s, and contains the problem and the accepted form. It can be
// shown to a user without a prefix.
func Parse(s string) (time.Time, error) {
	t, err := parse(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q cannot be used as a timestamp: %w; %s", s, err, accepted)
	}
	return t, nil
}

func parse(s string) (time.Time, error) {
	// Go's own parser accepts more than RFC 3339 allows, such as one-digit hours, a comma before a fraction, and zones beyond a
	// day. The shape is therefore checked first.
	if err := checkShape(s); err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, errNoDate
	}
	t = t.UTC()
	switch {
	case t.Before(earliest):
		return time.Time{}, errTooEarly
	case t.After(latest):
		return time.Time{}, errTooLate
	}
	return t, nil
}

const (
	dateTime = "0000-00-00T00:00:00" // 0 stands for any digit, every other character for itself
	offset   = "00:00"
)

func checkShape(s string) error {
	if s == "" {
		return errEmpty
	}
	if len(s) < len(dateTime) || !fits(s[:len(dateTime)], dateTime) {
		if len(s) >= len(dateTime) && s[10] == 't' && fits(s[:10]+"T"+s[11:len(dateTime)], dateTime) {
			return errCase
		}
		return errShape
	}
	zone := s[len(dateTime):]
	switch {
	case zone == "Z":
		return nil
	case zone == "z":
		return errCase
	case zone == "":
		return errNoZone
	case len(zone) > 1 && (zone[0] == '.' || zone[0] == ',') && isDigit(zone[1]):
		return errFraction
	case (zone[0] == '+' || zone[0] == '-') && fits(zone[1:], offset):
		if zone[1:3] > "23" || zone[4:6] > "59" {
			return errNoDate
		}
		return nil
	}
	return errShape
}

func fits(s, pattern string) bool {
	if len(s) != len(pattern) {
		return false
	}
	for i := range len(s) {
		if pattern[i] == '0' {
			if !isDigit(s[i]) {
				return false
			}
		} else if s[i] != pattern[i] {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
